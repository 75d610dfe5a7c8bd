"""The abstract classes that vLLM and SGLang give, by their signatures, for where they are absent.

Only what a processor or backend is derived from, is handed or has to implement; the names, the
order of the parameters and the fields are theirs, the rest is not.

* vLLM 0.32: vllm/sampling_params.py, vllm/config/model.py
* vLLM 0.32, first runner: vllm/v1/sample/logits_processor/interface.py
* vLLM 0.32, second runner: vllm/v1/worker/gpu/sample/logits_processor/interface.py
* SGLang: python/sglang/srt/constrained/base_grammar_backend.py, the older at 99e1c51; the newer
  as of September 2026, with InvalidGrammarObject, maybe_init_reasoning and reset_vocab_mask
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from types import ModuleType
from typing import Any

import numpy as np
import torch


@dataclass(kw_only=True)
class SamplingParams:
    """What a request of vLLM asks, as far as a processor reads it.

    As a user makes it: `all_stop_token_ids` holds the user's own. The engine adds those of the
    model when it has validated the request (`update_from_generation_config`).
    """

    extra_args: dict[str, Any] | None = None
    max_tokens: int | None = 16
    min_tokens: int = 0
    ignore_eos: bool = False
    stop_token_ids: list[int] = field(default_factory=list)
    allowed_token_ids: list[int] | None = None
    bad_words: list[str] = field(default_factory=list)
    structured_outputs: Any = None
    thinking_token_budget: int | None = None
    trace_decode_token_ids: list[int] | None = None
    _all_stop_token_ids: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self._all_stop_token_ids = set(self.stop_token_ids)

    @property
    def all_stop_token_ids(self) -> set[int]:
        return self._all_stop_token_ids

    def update_from_generation_config(
        self, generation_config: dict[str, Any], eos_token_id: int | None = None
    ) -> None:
        if eos_token_id is not None:
            self._all_stop_token_ids.add(eos_token_id)

    def clone(self) -> SamplingParams:
        return copy.deepcopy(self)


@dataclass(frozen=True)
class ModelConfig:
    """What vLLM knows of a model, as far as a processor reads it; `width` is not vLLM's name."""

    max_model_len: int
    hf_config: Any
    width: int

    def get_vocab_size(self) -> int:
        return self.width


class MoveDirectionality(Enum):
    """Whether a request moves to another row, or two of them change places."""

    UNIDIRECTIONAL = auto()
    SWAP = auto()


@dataclass(frozen=True)
class BatchUpdate:
    """What happened to the batch of the first runner since the last step."""

    batch_size: int
    removed: Sequence[int]
    added: Sequence[tuple[int, SamplingParams, list[int] | None, list[int]]]
    moved: Sequence[tuple[int, int, MoveDirectionality]]


class FirstLogitsProcessor(ABC):
    """`LogitsProcessor` of the first runner."""

    @classmethod  # noqa: B027
    def validate_params(cls, sampling_params: SamplingParams) -> None: ...

    @abstractmethod
    def __init__(self, vllm_config: Any, device: torch.device, is_pin_memory: bool) -> None: ...

    @abstractmethod
    def apply(self, logits: torch.Tensor) -> torch.Tensor: ...

    @abstractmethod
    def is_argmax_invariant(self) -> bool: ...

    @abstractmethod
    def update_state(self, batch_update: BatchUpdate | None) -> None: ...


@dataclass
class Buffer:
    """Stands for both of the second runner's buffers: one has `np` and `gpu`, the other `gpu`."""

    gpu: torch.Tensor

    @property
    def np(self) -> Any:
        return self.gpu.numpy()


@dataclass(frozen=True)
class LogitsProcRequestState:
    """What the second runner keeps of its requests, by slot."""

    device: torch.device
    max_num_reqs: int
    vocab_size: int
    all_token_ids: Buffer
    prompt_len: Buffer
    prefill_len: Buffer
    total_len: Buffer


@dataclass(frozen=True)
class LogitsContext:
    """The rows of one step of the second runner."""

    expanded_idx_mapping: torch.Tensor
    idx_mapping: torch.Tensor
    idx_mapping_np: np.ndarray[Any, Any]
    expanded_local_pos: torch.Tensor
    input_ids: torch.Tensor
    pos: torch.Tensor
    seq_lens_upper_bound_np: np.ndarray[Any, Any]


class SecondLogitsProcessor(ABC):
    """`LogitsProcessor` of the second runner."""

    def __init__(  # noqa: B027
        self, vllm_config: Any, req_states: LogitsProcRequestState
    ) -> None: ...

    @classmethod  # noqa: B027
    def validate_params(cls, sampling_params: SamplingParams) -> None: ...

    def add_request(self, req_idx: int, sampling_params: SamplingParams) -> bool:
        return True

    def apply_staged_writes(self) -> None: ...  # noqa: B027

    @abstractmethod
    def apply(self, logits: torch.Tensor, ctx: LogitsContext) -> torch.Tensor: ...


class BaseGrammarObject:
    """SGLang's grammar of one request."""

    def __init__(self) -> None:
        self._finished = False
        self.grammar_stats = None
        self.current_token: int | None = None

    def maybe_init_reasoning(self, reasoning: bool) -> None: ...

    def accept_token(self, token: int) -> None:
        raise NotImplementedError

    def rollback(self, k: int) -> None:
        raise NotImplementedError

    def is_terminated(self) -> bool:
        return False

    def allocate_vocab_mask(self, vocab_size: int, batch_size: int, device: Any) -> torch.Tensor:
        raise NotImplementedError

    def fill_vocab_mask(self, vocab_mask: torch.Tensor, idx: int) -> None:
        raise NotImplementedError

    @staticmethod
    def reset_vocab_mask(vocab_mask: torch.Tensor) -> None:
        raise NotImplementedError

    @staticmethod
    def move_vocab_mask(vocab_mask: torch.Tensor, device: Any) -> torch.Tensor:
        raise NotImplementedError

    @staticmethod
    def apply_vocab_mask(logits: torch.Tensor, vocab_mask: torch.Tensor) -> None:
        raise NotImplementedError

    def copy(self) -> BaseGrammarObject:
        return self

    @property
    def finished(self) -> bool:
        return self._finished

    @finished.setter
    def finished(self, finished: bool) -> None:
        self._finished = finished

    def try_jump_forward(self, tokenizer: Any) -> tuple[list[int], str] | None:
        raise NotImplementedError

    def jump_forward_str_state(self, helper: tuple[list[int], str]) -> tuple[str, int]:
        raise NotImplementedError

    def jump_and_retokenize(
        self, old_output_ids: list[int], new_output_ids: list[int], next_state: int
    ) -> None:
        raise NotImplementedError


class InvalidGrammarObject(BaseGrammarObject):
    """What the newer SGLang takes for a request that it refuses."""

    def __init__(self, error_message: str = "Unknown grammar error") -> None:
        super().__init__()
        self.error_message = error_message


class BaseGrammarBackend:
    """SGLang's maker of grammars: one for each key; later requests get copies."""

    def __init__(self) -> None:
        self.executor = ThreadPoolExecutor()
        self.cache: dict[tuple[str, str], BaseGrammarObject] = {}

    def dispatch_regex(self, key_string: str) -> BaseGrammarObject:
        return InvalidGrammarObject()

    def dispatch_json(self, key_string: str) -> BaseGrammarObject:
        return InvalidGrammarObject()

    def dispatch_ebnf(self, key_string: str) -> BaseGrammarObject:
        return InvalidGrammarObject()

    def get_cached_or_future_value(
        self, key: tuple[str, str], require_reasoning: bool
    ) -> tuple[BaseGrammarObject | Future[BaseGrammarObject], bool]:
        kept = self.cache.get(key)
        if kept is None:
            return self.executor.submit(getattr(self, f"dispatch_{key[0]}"), key[1]), False
        twin = kept.copy()
        twin.maybe_init_reasoning(require_reasoning)
        return twin, True

    def set_cache(self, key: tuple[str, str], value: BaseGrammarObject) -> None:
        self.cache[key] = value


def vllm_modules(*, first: bool = True, second: bool = True) -> dict[str, ModuleType]:
    """What `sys.modules` has where vLLM is installed, with the runners that it has."""
    modules: dict[str, ModuleType] = {}
    if first:
        modules |= _module(
            "vllm.v1.sample.logits_processor",
            LogitsProcessor=FirstLogitsProcessor,
            BatchUpdate=BatchUpdate,
            MoveDirectionality=MoveDirectionality,
        )
    if second:
        modules |= _module(
            "vllm.v1.worker.gpu.sample.logits_processor", LogitsProcessor=SecondLogitsProcessor
        )
    return modules


def sglang_modules(*, older: bool = False) -> dict[str, ModuleType]:
    """What `sys.modules` has where SGLang is installed, in an older version or a newer one."""
    registry: dict[str, Any] = {}
    choices = ["xgrammar", "outlines", "llguidance", "none"]
    invalid: dict[str, Any] = {"InvalidGrammarObject": InvalidGrammarObject}
    if older:
        invalid = {"INVALID_GRAMMAR_OBJ": BaseGrammarObject()}
    return _module(
        "sglang.srt.constrained.base_grammar_backend",
        BaseGrammarObject=BaseGrammarObject,
        BaseGrammarBackend=BaseGrammarBackend,
        GRAMMAR_BACKEND_REGISTRY=registry,
        register_grammar_backend=registry.__setitem__,
        **invalid,
    ) | _module(
        "sglang.srt.server_args",
        GRAMMAR_BACKEND_CHOICES=choices,
        add_grammar_backend_choices=choices.extend,
    )


def _module(name: str, **contents: Any) -> dict[str, ModuleType]:
    """A module and the packages that it lies in."""
    parts = name.split(".")
    modules = {}
    for end in range(1, len(parts)):
        package = ModuleType(".".join(parts[:end]))
        package.__path__ = []
        modules[package.__name__] = package
    modules[name] = ModuleType(name)
    modules[name].__dict__.update(contents)
    return modules
