"""Generation with vLLM, through either of its interfaces; vLLM itself is loaded on first use.

``logos_grammar.serving.vllm:GrammarLogitsProcessor`` is what ``--logits-processors`` takes. The
class is made on first use, from the abstract classes that the installed vLLM has: that of
its first model runner, that of its second, or both. A vLLM older than these takes a
:class:`RequestProcessor` in ``SamplingParams(logits_processors=[...])``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

try:
    import torch
except ImportError as error:
    raise ImportError("serving needs torch: pip install 'logos-grammar[serving]'") from error

from logos_grammar.serving import vllm_http
from logos_grammar.serving.follower import Follower, ending_one_request
from logos_grammar.serving.sentence import (
    EOS,
    FIRST_ID,
    checked_stop_ids,
    unpacked,
    words_of,
)
from logos_grammar.serving.terms import Terms, read_terms

ARGUMENT = vllm_http.ARGUMENT

INTERFACES = (
    "vllm.v1.sample.logits_processor",
    "vllm.v1.worker.gpu.sample.logits_processor",
)
"""Where vLLM keeps the abstract class of its first and of its second model runner."""

_NOTHING: tuple[Any, ...] = (None, False, 0, [])
CONTRARY: Mapping[str, tuple[Any, ...]] = {
    "ignore_eos": _NOTHING,
    "min_tokens": _NOTHING,
    "allowed_token_ids": (None,),
    "bad_words": _NOTHING,
    "structured_outputs": (None,),
    "thinking_token_budget": (None,),
    "trace_decode_token_ids": (None,),
}
"""What else decides which tokens come and when they end, and the values with which it does not."""

PLACEHOLDER = -1
"""What the first runner holds for a token that is not known yet, when it schedules ahead."""


_Output: TypeAlias = tuple[int, Follower, list[int]]
"""A row, who follows it, and its tokens after the prompt."""


class RequestProcessor:
    """The processor of one request: ``(prompt_ids, output_ids, logits) -> logits``.

    Parameters
    ----------
    terms
        What to generate, as :func:`logos_grammar.serving.read_terms` reads it.
    max_tokens
        How many tokens are generated at most; the sentence is complete within them.
    stop_ids
        What ends generation; by default the ``<eos>`` of the grammar.
    first_id
        The model's id of the grammar's id 0.
    """

    def __init__(
        self,
        terms: str | Mapping[str, Any] | Terms,
        *,
        max_tokens: int | None = None,
        stop_ids: Collection[int] | None = None,
        first_id: int = 0,
    ) -> None:
        self._terms = terms if isinstance(terms, Terms) else read_terms(terms)
        self._max_tokens = max_tokens
        given = (first_id + EOS,) if stop_ids is None else stop_ids
        self._stop_ids = checked_stop_ids(given, first_id=first_id)
        self._first_id = first_id
        self._prompt: list[int] | None = None
        self._follower: Follower | None = None

    def __call__(
        self, prompt_ids: Sequence[int] | None, output_ids: Sequence[int], logits: torch.Tensor
    ) -> torch.Tensor:
        """Mask the logits of the next token, shape [width], in place."""
        prompt = list(prompt_ids or ())
        if self._follower is None or prompt != self._prompt:
            self._prompt = prompt
            self._follower = Follower(
                self._terms,
                prompt,
                max_new_tokens=self._max_tokens,
                stop_ids=self._stop_ids,
                first_id=self._first_id,
            )
        words = np.zeros((1, words_of(logits.shape[-1])), dtype=np.int32)
        self._follower.fill(output_ids, words, 0)
        _masked(logits.view(1, -1), [0], words)
        return logits

    def clone(self) -> RequestProcessor:
        """A processor of the same terms for another request."""
        return RequestProcessor(
            self._terms,
            max_tokens=self._max_tokens,
            stop_ids=self._stop_ids,
            first_id=self._first_id,
        )


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

    def __init__(self, vllm_config: Any, states: Any, is_pin_memory: bool | None = None) -> None:
        """Take (configuration, device, is_pin_memory) or (configuration, state of the requests)."""
        self._max_model_len = int(vllm_config.model_config.max_model_len)
        configuration = getattr(vllm_config.model_config, "hf_config", None)
        self._first_id = int(getattr(configuration, FIRST_ID, 0))
        self._states = states
        self._requests: dict[int, _Request] = {}

    @classmethod
    def validate_params(cls, sampling_params: Any) -> None:
        """Refuse a request whose terms cannot be read, or whose other wishes contradict them.

        The engine has not yet added its own stop ids to the parameters, and the prompt is not
        known: terms that name no prefix have it in the prompt, and are refused only when the
        shortest sentence is longer than ``max_tokens``.

        Raises
        ------
        ValueError
            With the name of the field and what was expected; the server answers 400.
        """
        if not _has_opted_in(sampling_params):
            return
        for name, neutral in CONTRARY.items():
            if getattr(sampling_params, name, None) not in neutral:
                raise ValueError(f"{name}: expected none beside {ARGUMENT}: the sentence decides")
        stop_ids = _stop_ids_of(sampling_params)
        checked_stop_ids(stop_ids)
        terms, most = read_terms(_asked_of(sampling_params)), sampling_params.max_tokens
        if terms.prefix is not None:
            limit = None if most is None else len(terms.prefix) + most
            terms.sentence(terms.prefix, limit=limit, stop_ids=stop_ids)
        elif most is not None and most < (least := terms.min_tokens()):
            raise ValueError(
                f"max_tokens: expected at least {least}, the shortest sentence, got {most}; a "
                "prompt that holds the beginning of one names it as the prefix of the terms"
            )

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
            if _has_opted_in(params):
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
        return _masked(logits, [row for row, _, _ in outputs], words)

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
        opted_in = _has_opted_in(sampling_params)
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
        asked = _asked_of(params)
        ends: dict[str, Any] = {
            "stop_ids": _stop_ids_of(params, first_id=self._first_id),
            "first_id": self._first_id,
        }
        return Follower(asked, prompt_ids, max_new_tokens=limit, **ends)


def __getattr__(name: str) -> Any:
    """Make the class that vLLM loads, on first use."""
    if name == "GrammarLogitsProcessor":
        return _processor_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _processor_class() -> type:
    interfaces = []
    for module in INTERFACES:
        try:
            interfaces.append(import_module(module).LogitsProcessor)
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("vllm"):
                raise
    if not interfaces:
        raise ImportError(f"expected a vLLM that has {' or '.join(INTERFACES)}, found none")
    contents = {"__doc__": _Processor.__doc__, "__module__": __name__}
    return type("GrammarLogitsProcessor", (_Processor, *interfaces), contents)


def _has_opted_in(params: Any) -> bool:
    return ARGUMENT in (params.extra_args or ())


def _asked_of(params: Any) -> Any:
    return params.extra_args[ARGUMENT]


def _stop_ids_of(params: Any, *, first_id: int = 0) -> frozenset[int]:
    return frozenset(params.all_stop_token_ids) or frozenset((first_id + EOS,))


def _masked(
    logits: torch.Tensor, rows: Sequence[int], words: npt.NDArray[np.int32]
) -> torch.Tensor:
    """Put -inf, in place, where the masks of some rows say so."""
    refused = torch.from_numpy(~unpacked(words, logits.shape[-1])).to(logits.device)
    if len(rows) == len(logits):
        return logits.masked_fill_(refused, -torch.inf)
    at = torch.tensor(rows, dtype=torch.int64, device=logits.device)
    return logits.index_copy_(0, at, logits[at].masked_fill_(refused, -torch.inf))
