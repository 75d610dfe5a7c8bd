"""Generation with vLLM, through either of its interfaces; vLLM itself is loaded on first use.

``logos_grammar.serving.vllm:GrammarLogitsProcessor`` is what ``--logits-processors`` takes; for an
extended language model whose configuration has 128256 as ``logos_first_id``, it is
``logos_grammar.serving.vllm:GrammarLogitsProcessorFrom128256``. The class is made on first use,
from the abstract classes that the installed vLLM has: that of its first model runner, that of its
second, or both. A vLLM older than these takes a :class:`RequestProcessor` in
``SamplingParams(logits_processors=[...])``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any, ClassVar, TypeAlias

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("serving needs torch: pip install 'logos-grammar[serving]'") from error

from logos_grammar.serving.follower import Follower, ending_one_request
from logos_grammar.serving.logits import masked
from logos_grammar.serving.sentence import FIRST_ID, check_width, words_of
from logos_grammar.serving.vllm_params import (
    ARGUMENT,
    check_params,
    first_id_of,
    has_opted_in,
    stop_ids_of,
    terms_of,
)
from logos_grammar.serving.vllm_request import RequestProcessor

__all__ = ["ARGUMENT", "INTERFACES", "RequestProcessor"]

NAME = "GrammarLogitsProcessor"
"""The class that vLLM loads; behind it `From` and the first id, where that is not 0."""

INTERFACES = (
    "vllm.v1.sample.logits_processor",
    "vllm.v1.worker.gpu.sample.logits_processor",
)
"""Where vLLM keeps the abstract class of its first and of its second model runner."""

PLACEHOLDER = -1
"""What the first runner holds for a token that is not known yet, when it schedules ahead."""


_Output: TypeAlias = tuple[int, Follower, list[int]]
"""A row, who follows it, and its tokens after the prompt."""


@dataclass
class _Request:
    """A request that opted in; its sentence is followed once its prompt is there."""

    params: Any
    output_ids: list[int] = field(default_factory=list)
    follower: Follower | None = None


class _Processor:
    """What both interfaces require.

    In the first a batch has one row for each request, which :meth:`update_state` keeps account of.
    In the second a request has a slot, and in each step one row and one more for each draft token.
    """

    first_id: ClassVar[int] = 0
    """The model's id of the grammar's id 0. A server validates requests where it has no model."""

    def __init__(self, vllm_config: Any, states: Any, is_pin_memory: bool | None = None) -> None:
        """Take (configuration, device, is_pin_memory) or (configuration, state of the requests).

        Raises
        ------
        ValueError
            When the model counts from another first id than this class, or is narrower than the
            vocabulary; vLLM does not start then.
        """
        model_config = vllm_config.model_config
        found = first_id_of(model_config)
        if found != self.first_id:
            raise ValueError(
                f"expected the logits processor {__name__}:{name_of(found)}, got "
                f"{type(self).__name__}: the model's configuration has {found} as {FIRST_ID}, and "
                "requests are validated where only the name of the processor is known"
            )
        check_width(model_config.get_vocab_size(), first_id=found)
        self._max_model_len = int(model_config.max_model_len)
        self._states = states
        self._requests: dict[int, _Request] = {}

    @classmethod
    def validate_params(cls, sampling_params: Any) -> None:
        """Refuse a request that cannot be met, as :func:`.vllm_params.check_params` says.

        Raises
        ------
        ValueError
            With the name of the field and what was expected; the server answers 400.
        """
        check_params(sampling_params, first_id=cls.first_id)

    def is_argmax_invariant(self) -> bool:
        """Whether the most likely token stays so: no."""
        return False

    def needs_output_token_ids(self) -> bool:
        """Whether the tokens are read, not only counted: yes."""
        return True

    # The first interface; `apply` is both's.

    def update_state(self, batch_update: Any) -> None:
        """Take note of the requests that left, came and changed their row, in this order."""
        if batch_update is None:
            return
        for row in batch_update.removed:
            self._requests.pop(row, None)
        for row, params, prompt_ids, output_ids in batch_update.added:
            self._requests.pop(row, None)
            if has_opted_in(params):
                follower = self._follower(params, prompt_ids or ())
                self._requests[row] = _Request(params, output_ids, follower)
        for source, target, direction in batch_update.moved:
            moved, replaced = self._requests.pop(source, None), self._requests.pop(target, None)
            if moved is not None:
                self._requests[target] = moved
            if replaced is not None and direction.name == "SWAP":
                self._requests[source] = replaced

    def apply(self, logits: torch.Tensor, ctx: Any = None) -> torch.Tensor:
        """Mask the rows of requests that opted in, shape [rows, width], in place."""
        if not self._requests:
            return logits
        outputs = self._outputs_by_row() if ctx is None else self._outputs_by_slot(ctx)
        words = np.zeros((len(outputs), words_of(logits.shape[-1])), dtype=np.int32)
        for at, (_, follower, output_ids) in enumerate(outputs):
            follower.fill(output_ids, words, at)
        return masked(logits, [row for row, _, _ in outputs], words)

    def _outputs_by_row(self) -> list[_Output]:
        outputs = []
        for row, request in sorted(self._requests.items()):
            assert request.follower is not None
            with ending_one_request(request.follower.end):
                if PLACEHOLDER in request.output_ids[-1:]:
                    raise ValueError(
                        "expected the tokens generated so far, got placeholders: start this "
                        "version of vLLM without asynchronous scheduling"
                    )
            outputs.append((row, request.follower, request.output_ids))
        return outputs

    # The second interface.

    def add_request(self, req_idx: int, sampling_params: Any) -> bool:
        """Take note of the request in a slot; whether its logits will be masked."""
        self._requests.pop(req_idx, None)
        opted_in = has_opted_in(sampling_params)
        if opted_in:
            self._requests[req_idx] = _Request(sampling_params)
        return opted_in

    def _outputs_by_slot(self, ctx: Any) -> list[_Output]:
        slots, offsets = ctx.expanded_idx_mapping.tolist(), ctx.expanded_local_pos.tolist()
        positions, fed = ctx.pos.tolist(), ctx.input_ids.tolist()
        firsts = {
            slot: position + 1
            for slot, offset, position in zip(slots, offsets, positions, strict=True)
            if offset == 0 and slot in self._requests
        }
        self._read_tokens(firsts)
        outputs = []
        for row, (slot, offset) in enumerate(zip(slots, offsets, strict=True)):
            request = self._requests.get(slot)
            if request is not None and request.follower is not None:
                drafts = fed[row - offset + 1 : row + 1]
                outputs.append((row, request.follower, [*request.output_ids, *drafts]))
        return outputs

    def _read_tokens(self, lengths: dict[int, int]) -> None:
        """Fetch what the slots hold by now and was not read yet, all at once.

        A slot whose prompt is not all there yet has nothing to be masked.
        """
        pieces = []
        for slot, length in lengths.items():
            request, prompt_length = self._requests[slot], int(self._states.prompt_len.np[slot])
            if length >= prompt_length:
                read = prompt_length + len(request.output_ids) if request.follower else 0
                pieces.append((request, prompt_length, slot, range(read, length)))
        rows = [slot for _, _, slot, unread in pieces for _ in unread]
        columns = [column for *_, unread in pieces for column in unread]
        tokens = iter(self._states.all_token_ids.gpu[rows, columns].tolist() if rows else ())
        for request, prompt_length, _, unread in pieces:
            ids = list(islice(tokens, len(unread)))
            if request.follower is None:
                prompt_ids, ids = ids[:prompt_length], ids[prompt_length:]
                request.follower = self._follower(request.params, prompt_ids)
            request.output_ids += ids

    def _follower(self, params: Any, prompt_ids: Sequence[int]) -> Follower:
        room = self._max_model_len - len(prompt_ids)
        limit = room if params.max_tokens is None else min(room, params.max_tokens)
        first_id = self.first_id
        ends: dict[str, Any] = {
            "stop_ids": stop_ids_of(params, first_id=first_id),
            "first_id": first_id,
        }
        return Follower(terms_of(params), prompt_ids, max_new_tokens=limit, **ends)


def __getattr__(name: str) -> Any:
    """Make the class that vLLM loads, on first use."""
    found = re.fullmatch(rf"{NAME}(?:From([1-9][0-9]{{0,8}}))?", name)
    if found is not None:
        return _processor_class(int(found[1] or 0))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def name_of(first_id: int) -> str:
    """The name of the class for models that have the grammar's id 0 at this id."""
    return f"{NAME}From{first_id}" if first_id else NAME


@cache
def _processor_class(first_id: int) -> type:
    interfaces = []
    for module in INTERFACES:
        try:
            interfaces.append(import_module(module).LogitsProcessor)
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("vllm"):
                raise
    if not interfaces:
        raise ImportError(f"expected a vLLM that has {' or '.join(INTERFACES)}, found none")
    contents = {"__doc__": _Processor.__doc__, "__module__": __name__, "first_id": first_id}
    return type(name_of(first_id), (_Processor, *interfaces), contents)
