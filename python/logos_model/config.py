"""Configurations: the shape of a decoder, how it is trained, and the pairs that have a name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self, get_args

from logos_model.config_error import ConfigError as ConfigError  # noqa: PLC0414 (re-exported)

BOS = 1
EOS = 2
PAD = 0

LongDocuments = Literal["split", "refuse"]


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The shape of a Llama-like decoder, with the field names of Hugging Face's `LlamaConfig`.

    Raises
    ------
    ConfigError
        If the heads do not divide the width, or the key-value heads do not divide the heads.
    """

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    max_position_embeddings: int
    rope_theta: float = 10_000.0
    rms_norm_eps: float = 1e-5
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False

    def __post_init__(self) -> None:
        if self.hidden_size % (2 * self.num_attention_heads):
            raise ConfigError(
                f"expected a width of {self.num_attention_heads} heads of an even width, "
                f"got {self.hidden_size}"
            )
        if self.num_attention_heads % self.num_key_value_heads:
            raise ConfigError(
                f"expected key-value heads that divide {self.num_attention_heads} heads, "
                f"got {self.num_key_value_heads}"
            )

    @property
    def head_dim(self) -> int:
        """Width of one attention head."""
        return self.hidden_size // self.num_attention_heads

    def to_hugging_face(self) -> dict[str, Any]:
        """Return the `config.json` of a `LlamaForCausalLM` of this shape (transformers 4 and 5)."""
        rope = {"rope_type": "default", "rope_theta": self.rope_theta}
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
            "pad_token_id": PAD,
            "bos_token_id": BOS,
            "eos_token_id": EOS,
            "head_dim": self.head_dim,
            "rope_parameters": rope,
            **asdict(self),
        }

    @classmethod
    def from_hugging_face(cls, config: dict[str, Any]) -> Self:
        """Read back what `to_hugging_face` wrote; a missing field is a `ConfigError`."""
        names = [field.name for field in fields(cls)]
        missing = [name for name in names if name not in config]
        if missing:
            raise ConfigError(f"expected {', '.join(missing)} in the model's config.json")
        return cls(**{name: config[name] for name in names})


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How a decoder is trained.

    One step takes `batch_rows` rows of the model's whole context. The learning rate climbs for
    `warmup_steps`, then falls along a cosine to `final_learning_rate` at `steps`. Documents longer
    than the context are split into pieces that are all trained on, or left out ("refuse"); both are
    counted and said. `held_out` is the share of documents kept for validation, up to
    `held_out_limit` documents.
    """

    steps: int
    batch_rows: int
    learning_rate: float
    final_learning_rate: float
    warmup_steps: int
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.95
    clip_norm: float = 1.0
    seed: int = 0
    long_documents: LongDocuments = "split"
    window: int = 65_536
    held_out: float = 0.01
    held_out_limit: int = 512
    validate_every: int = 100
    checkpoint_every: int = 100
    keep_checkpoints: int = 2

    def __post_init__(self) -> None:
        for name in ("steps", "batch_rows", "window", "validate_every", "checkpoint_every"):
            if getattr(self, name) < 1:
                raise ConfigError(f"expected {name} of at least 1, got {getattr(self, name)}")
        if self.keep_checkpoints < 1:
            raise ConfigError(f"expected to keep a checkpoint, got {self.keep_checkpoints}")
        if self.seed < 0:
            raise ConfigError(f"expected a seed of at least 0, got {self.seed}")
        if self.long_documents not in get_args(LongDocuments):
            raise ConfigError(f"expected split or refuse, got {self.long_documents!r}")
        if not 0.0 <= self.held_out < 1.0:
            raise ConfigError(f"expected a held-out share in [0, 1), got {self.held_out}")


@dataclass(frozen=True, kw_only=True)
class Config:
    """A model's shape and its training: what a name such as "tiny" stands for."""

    model: ModelConfig
    training: TrainingConfig


def config_names() -> tuple[str, ...]:
    """Return the names that `named_config` knows."""
    return ("tiny", "small")


def named_config(name: str, *, vocab_size: int) -> Config:
    """Return the configuration called `name` for a vocabulary of `vocab_size` ids.

    "tiny" (1.8 million parameters) learns on two processor cores in a couple of minutes; "small"
    (100 million) is for one GPU.

    Raises
    ------
    ConfigError
        If no configuration has that name.
    """
    if name == "tiny":
        return Config(
            model=ModelConfig(
                vocab_size=vocab_size,
                hidden_size=128,
                intermediate_size=352,
                num_hidden_layers=4,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=256,
                tie_word_embeddings=True,
            ),
            training=TrainingConfig(
                steps=300,
                batch_rows=8,
                learning_rate=3e-3,
                final_learning_rate=3e-4,
                warmup_steps=20,
            ),
        )
    if name == "small":
        return Config(
            model=ModelConfig(
                vocab_size=vocab_size,
                hidden_size=768,
                intermediate_size=2048,
                num_hidden_layers=14,
                num_attention_heads=12,
                num_key_value_heads=4,
                max_position_embeddings=1024,
            ),
            training=TrainingConfig(
                steps=20_000,
                batch_rows=64,
                learning_rate=6e-4,
                final_learning_rate=6e-5,
                warmup_steps=500,
                validate_every=500,
                checkpoint_every=1000,
            ),
        )
    raise ConfigError(f"expected one of {', '.join(config_names())}, got {name!r}")
