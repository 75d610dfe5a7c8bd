"""Configuration of a run: the shape of a decoder, its data, and how it is trained.

Every field is a key of the TOML files in `presets/`; `logos_model.presets` reads and writes them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args

from logos_model.config_error import ConfigError as ConfigError  # noqa: PLC0414 (re-exported)
from logos_model.config_error import check_least
from logos_model.data_config import DataConfig

BOS = 1
EOS = 2
PAD = 0

IGNORED = -100
"""Target of a place where nothing is predicted."""

Architecture = Literal["llama", "qwen3"]
Schedule = Literal["stable", "cosine"]
Method = Literal["adamw", "muon"]
Checkpointing = Literal["none", "selective", "full"]
DType = Literal["float32", "bfloat16"]
Attention = Literal["documents", "varlen"]


@dataclass(frozen=True, kw_only=True)
class RopeScaling:
    """Scaling of the rotary frequencies as Llama 3 has it, with Hugging Face's field names."""

    factor: float
    low_freq_factor: float
    high_freq_factor: float
    original_max_position_embeddings: int

    def __post_init__(self) -> None:
        if not 0 < self.low_freq_factor < self.high_freq_factor:
            raise ConfigError(
                "expected rope_scaling.low_freq_factor above 0 and below high_freq_factor, got "
                f"{self.low_freq_factor} and {self.high_freq_factor}"
            )


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The shape of a decoder, with the field names of Hugging Face's `LlamaConfig`.

    `architecture` "qwen3" normalizes queries and keys of each head, "llama" does not.
    `vocabulary_rows` "auto" is as many as the kinds of object in the data need.
    `first_id` is the row of the grammar's id 0: behind a language model's vocabulary, or 0.

    Raises
    ------
    ConfigError
        If a size is below 1, the head width is odd, or the key-value heads do not divide the heads.
    """

    architecture: Architecture = "llama"
    vocabulary_rows: int | Literal["auto"] = "auto"
    first_id: int = 0
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    max_position_embeddings: int
    rope_theta: float = 10_000.0
    rope_scaling: RopeScaling | None = None
    rms_norm_eps: float = 1e-5
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False

    def __post_init__(self) -> None:
        check_least("model", self, "vocabulary_rows", *_SIZES, least=1)
        if self.head_dim % 2:
            raise ConfigError(f"expected an even model.head_dim, got {self.head_dim}")
        if self.num_attention_heads % self.num_key_value_heads:
            raise ConfigError(
                f"expected model.num_key_value_heads that divides {self.num_attention_heads} "
                f"heads, got {self.num_key_value_heads}"
            )

    @property
    def vocab_size(self) -> int:
        """Rows of the embedding and of the head; ConfigError while they are "auto"."""
        if self.vocabulary_rows == "auto":
            raise ConfigError('expected model.vocabulary_rows as a number, got "auto"')
        return self.vocabulary_rows

    def to_hugging_face(self) -> dict[str, Any]:
        """Return the `config.json` of the model class of this shape (transformers 4 and 5)."""
        scaling: dict[str, Any] = {"rope_type": "default"}
        if self.rope_scaling is not None:
            scaling = {"rope_type": "llama3", **vars(self.rope_scaling)}
        names = {"llama": "LlamaForCausalLM", "qwen3": "Qwen3ForCausalLM"}
        shape = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in _OURS
        }
        return {
            "architectures": [names[self.architecture]],
            "model_type": self.architecture,
            "hidden_act": "silu",
            "attention_bias": False,
            "attention_dropout": 0.0,
            "mlp_bias": False,
            "pad_token_id": PAD,
            "bos_token_id": BOS,
            "eos_token_id": EOS,
            "vocab_size": self.vocab_size,
            "logos_first_id": self.first_id,
            "rope_parameters": {**scaling, "rope_theta": self.rope_theta},
            # transformers 4 reads the scaling here, transformers 5 above.
            "rope_scaling": None if self.rope_scaling is None else scaling,
            **shape,
        }

    @classmethod
    def from_hugging_face(cls, config: dict[str, Any]) -> Self:
        """Return the shape in a `config.json`; ConfigError for anything that is not supported."""
        rope = {**(config.get("rope_scaling") or {}), **(config.get("rope_parameters") or {})}
        given = {"rope_theta": 10_000.0, **config, **rope}
        kind = given.get("rope_type", "default")
        if given.get("model_type") not in get_args(Architecture):
            raise ConfigError(
                f"expected model_type llama or qwen3 in config.json, got {given.get('model_type')}"
            )
        if kind not in ("default", "llama3"):
            raise ConfigError(f"expected rope_type default or llama3 in config.json, got {kind!r}")
        if any(given.get(name) for name in ("attention_bias", "mlp_bias", "use_sliding_window")):
            raise ConfigError("expected a model without biases and without a sliding window")
        names = [field.name for field in fields(cls) if field.name not in _OURS]
        if "head_dim" not in given and {"hidden_size", "num_attention_heads"} <= given.keys():
            given["head_dim"] = given["hidden_size"] // given["num_attention_heads"]
        missing = [name for name in ("vocab_size", *names) if name not in given]
        if missing:
            raise ConfigError(f"expected {', '.join(missing)} in the model's config.json")
        scaling = None
        if kind == "llama3":
            scaling = RopeScaling(
                **{field.name: given[field.name] for field in fields(RopeScaling)}
            )
        return cls(
            architecture=given["model_type"],
            vocabulary_rows=given["vocab_size"],
            first_id=given.get("logos_first_id", 0),
            rope_scaling=scaling,
            **{name: given[name] for name in names},
        )


_OURS = ("architecture", "vocabulary_rows", "first_id", "rope_scaling")
"""Fields that a `config.json` has under another name or in another form."""

_SIZES = (
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "max_position_embeddings",
)


@dataclass(frozen=True, kw_only=True)
class OptimizerConfig:
    """Optimizer and learning rate.

    "muon" takes `torch.optim.Muon` for the matrices of the layers and AdamW for the rest. The rate
    climbs for `warmup_steps`. With the schedule "stable" it stays, and falls linearly over the last
    `decay_share` of the steps; with "cosine" it falls at once. It ends at `final_share` of its
    height. `base_width` is the width at which `learning_rate` was found: matrices that read a
    wider stream take a rate smaller in proportion; 0 leaves all rates equal.
    """

    method: Method = "adamw"
    learning_rate: float
    schedule: Schedule = "stable"
    warmup_steps: int
    decay_share: float = 0.2
    final_share: float = 0.1
    base_width: int = 0
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.95
    momentum: float = 0.95
    clip_norm: float = 1.0

    def __post_init__(self) -> None:
        for name in ("learning_rate", "clip_norm"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"expected optimizer.{name} above 0, got {getattr(self, name)}")
        for name in ("decay_share", "final_share"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ConfigError(f"expected optimizer.{name} in [0, 1], got {getattr(self, name)}")
        check_least("optimizer", self, "warmup_steps", "base_width", "weight_decay", least=0)


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Length of a run, its steps and its checkpoints.

    A step takes `batch_rows` rows of `context` tokens, which the ranks share; a rank takes
    `pass_rows` of them in one pass forward and backward, "auto" all of its share. `z_loss` weighs
    the squared log-sum-exp of the logits. The exported model has `export_dtype`.
    """

    steps: int
    context: int
    batch_rows: int
    pass_rows: int | Literal["auto"] = "auto"
    z_loss: float = 0.0
    seed: int = 0
    validate_every: int = 100
    checkpoint_every: int = 100
    keep_checkpoints: int = 2
    export_dtype: DType = "float32"

    def __post_init__(self) -> None:
        check_least("training", self, "steps", "context", "batch_rows", "pass_rows", least=1)
        every = ("validate_every", "checkpoint_every", "keep_checkpoints")
        check_least("training", self, *every, least=1)
        check_least("training", self, "seed", "z_loss", least=0)

    def rows_of_a_pass(self, ranks: int) -> int:
        """Return the rows that each of `ranks` ranks takes in one pass.

        Raises
        ------
        ConfigError
            If the ranks do not divide the rows of a step, or the passes those of a rank.
        """
        share, left = divmod(self.batch_rows, ranks)
        if left or not share:
            raise ConfigError(
                f"expected training.batch_rows divisible by {ranks} ranks, got {self.batch_rows}"
            )
        rows = share if self.pass_rows == "auto" else min(self.pass_rows, share)
        if share % rows:
            raise ConfigError(
                f"expected training.pass_rows that divides the {share} rows of a rank, got {rows}"
            )
        return rows


@dataclass(frozen=True, kw_only=True)
class ExtensionConfig:
    """How a model that `logos_model.extend` made goes on learning.

    Training begins with the weights, the shape and the tokenizer of the folder `base`. In the first
    `new_rows_steps` steps only the rows of the grammar's block change. With the head "sampled" the
    rows of the base's vocabulary are multiplied for every 16th token only.
    """

    base: str = ""
    new_rows_steps: int = 0
    head: Literal["full", "sampled"] = "full"

    def __post_init__(self) -> None:
        check_least("extension", self, "new_rows_steps", least=0)


@dataclass(frozen=True, kw_only=True)
class SystemConfig:
    """How a run computes; none of it changes what is trained, apart from rounding.

    `precision` is the type of products; parameters and sums are always float32. "auto" is bfloat16
    on a GPU and float32 elsewhere; `compile` "auto" compiles the layers on a GPU.
    `activation_checkpointing` "selective" keeps the products of attention and every second matrix
    product, "full" keeps the inputs of the layers. `float8` needs torchao. `attention` "documents"
    is the kernel of this package, "varlen" torch's `varlen_attn`, which needs a GPU; "auto" takes
    the latter where documents are long, see `logos_model.attention`.
    """

    precision: DType | Literal["auto"] = "auto"
    compile: bool | Literal["auto"] = "auto"
    activation_checkpointing: Checkpointing = "none"
    attention: Attention | Literal["auto"] = "auto"
    deterministic: bool = False
    float8: bool = False


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that a run follows from, beside the bytes of its data."""

    model: ModelConfig
    data: DataConfig = DataConfig()  # noqa: RUF009 (it is frozen)
    optimizer: OptimizerConfig
    training: TrainingConfig
    extension: ExtensionConfig = ExtensionConfig()
    system: SystemConfig = SystemConfig()

    def __post_init__(self) -> None:
        if self.training.context > self.model.max_position_embeddings:
            raise ConfigError(
                "expected training.context of at most model.max_position_embeddings "
                f"{self.model.max_position_embeddings}, got {self.training.context}"
            )
        if self.extension != ExtensionConfig() and not self.extension.base:
            raise ConfigError("expected extension.base, the folder of an extended model")
