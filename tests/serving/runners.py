"""vLLM's two runners in small: what they tell a processor, step by step, of requests that come.

After vLLM's docs/features/custom_logitsprocs.md (which requests take which rows, and when they
move) and, for the second runner, the words of the interface that `interfaces.py` names.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from logos_grammar.serving.sentence import FIRST_ID
from serving.interfaces import (
    BatchUpdate,
    Buffer,
    LogitsContext,
    LogitsProcRequestState,
    ModelConfig,
    MoveDirectionality,
    SamplingParams,
)

EOS = 2
WIDTH, MAX_MODEL_LEN = 8200, 96
CPU = torch.device("cpu")


def config(*, first_id: int = 0, width: int = WIDTH) -> Any:
    """The engine's configuration; a model that is not extended has no field for a first id."""
    hf_config = SimpleNamespace(**({FIRST_ID: first_id} if first_id else {}))
    return SimpleNamespace(model_config=ModelConfig(MAX_MODEL_LEN, hf_config, width))


CONFIG = config()


@dataclass
class Request:
    """A request and what it generated; `begun` is what its prompt holds of the sentence."""

    prompt_ids: list[int]
    params: SamplingParams
    begun: list[int]
    wanted: str
    output_ids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Add the model's stop ids, as the engine does behind `validate_params`."""
        self.params.update_from_generation_config({}, EOS)

    @property
    def ids(self) -> list[int]:
        return [*self.prompt_ids, *self.output_ids]

    @property
    def has_ended(self) -> bool:
        room = MAX_MODEL_LEN - len(self.prompt_ids)
        limit = room if self.params.max_tokens is None else min(room, self.params.max_tokens)
        return self.output_ids[-1:] == [EOS] or len(self.output_ids) >= limit


Make = Callable[..., type]
"""Makes the processor's class as it is where vLLM has the one runner, the other, or both."""

Source = Callable[[random.Random], Request]


class FirstRunner:
    """One row for each request, in order; those that leave are replaced or the last ones move."""

    def __init__(self, processor: Any, source: Source, seed: int) -> None:
        self.finished: list[Request] = []
        self.batch: list[Request | None] = []
        self._processor = processor
        self._source = source
        self._rng = random.Random(seed)

    def step(self, *, coming: int) -> None:
        """One step, with so many requests that come."""
        update = self._changes(coming)
        self._processor.update_state(update)
        requests = [request for request in self.batch if request is not None]
        assert len(requests) == len(self.batch)
        if not requests:
            return
        logits = torch.randn(len(requests), WIDTH) * 3
        masked = self._processor.apply(logits.clone())
        for row, (request, token) in enumerate(zip(requests, drawn(masked), strict=True)):
            assert request.wanted != "anything" or torch.equal(logits[row], masked[row])
            request.output_ids.append(token)

    def _changes(self, coming: int) -> BatchUpdate | None:
        removed, added, moved = [], [], []
        for row, request in enumerate(self.batch):
            if request is not None and request.has_ended:
                self.finished.append(request)
                self.batch[row] = None
                removed.append(row)
        for _ in range(coming):
            row = removed.pop(0) if removed else len(self.batch)
            request = self._source(self._rng)
            self.batch[row : row + 1] = [request]
            added.append((row, request.params, request.prompt_ids, request.output_ids))
        for row in removed:
            while self.batch and self.batch[-1] is None:
                self.batch.pop()
            if row < len(self.batch):
                self.batch[row] = self.batch.pop()
                moved.append((len(self.batch), row, MoveDirectionality.UNIDIRECTIONAL))
        if len(self.batch) > 1 and self._rng.random() < 0.5:
            one, other = self._rng.sample(range(len(self.batch)), 2)
            self.batch[one], self.batch[other] = self.batch[other], self.batch[one]
            moved.append((one, other, MoveDirectionality.SWAP))
        if not (removed or added or moved):
            return None
        return BatchUpdate(len(self.batch), removed[::-1], added, moved)


class SecondRunner:
    """A slot for each request, and rows in any order: one more for each draft token."""

    def __init__(self, make: Any, config: Any, source: Source, seed: int, *, drafts: int) -> None:
        slots = 5
        lengths = {
            name: Buffer(torch.zeros(slots, dtype=torch.int32))
            for name in ("prompt_len", "prefill_len", "total_len")
        }
        self.states = LogitsProcRequestState(
            device=CPU,
            max_num_reqs=slots,
            vocab_size=WIDTH,
            all_token_ids=Buffer(torch.zeros(slots, MAX_MODEL_LEN, dtype=torch.int32)),
            **lengths,
        )
        self.finished: list[Request] = []
        self.running: dict[int, Request] = {}
        self._processor = make(config, self.states)
        self._source = source
        self._rng = random.Random(seed)
        self._drafts = drafts
        self._computed: dict[int, int] = {}

    def step(self, *, fill: bool) -> None:
        """One step; free slots are filled, or not."""
        self._come_and_go(fill)
        rows = self._rows()
        if not rows:
            return
        slots, offsets, positions, inputs = torch.tensor(rows).T
        order = list(dict.fromkeys(slots.tolist()))
        context = LogitsContext(
            expanded_idx_mapping=slots,
            idx_mapping=torch.tensor(order),
            idx_mapping_np=np.array(order),
            expanded_local_pos=offsets,
            input_ids=inputs,
            pos=positions,
            seq_lens_upper_bound_np=np.zeros(len(order)),
        )
        logits = torch.randn(len(rows), WIDTH) * 3
        masked = self._processor.apply(logits.clone(), context)
        tokens = drawn(masked)
        for slot in order:
            mine = (slots == slot).nonzero().flatten().tolist()
            if self.running[slot].wanted == "anything":
                assert torch.equal(logits[mine], masked[mine])
            self._take(slot, [(rows[at][3], tokens[at]) for at in mine])

    def _come_and_go(self, fill: bool) -> None:
        for slot in [slot for slot, request in self.running.items() if request.has_ended]:
            self.finished.append(self.running.pop(slot))
        for slot in range(self.states.max_num_reqs):
            preempted = slot in self.running and self._rng.random() < 0.03
            if preempted or (fill and slot not in self.running):
                request = self.running.setdefault(slot, self._source(self._rng))
                ids = request.ids
                self.states.all_token_ids.gpu[slot, : len(ids)] = torch.tensor(ids)
                self.states.prompt_len.np[slot] = len(request.prompt_ids)
                self._computed[slot] = 0
                masks = self._processor.add_request(slot, request.params)
                assert masks == (request.wanted != "anything")

    def _rows(self) -> list[tuple[int, int, int, int]]:
        """Slot, offset among the rows of the slot, position, token fed."""
        rows = []
        for slot in self._rng.sample(sorted(self.running), len(self.running)):
            ids = self.running[slot].ids
            whole = self._computed[slot] or self._rng.random() < 0.5
            length = len(ids) if whole else self._rng.randrange(len(ids)) + 1
            self._computed[slot] = length
            rows.append((slot, 0, length - 1, ids[length - 1]))
            if length == len(ids):
                count = self._rng.randrange(min(self._drafts, MAX_MODEL_LEN - length - 1) + 1)
                for offset in range(1, count + 1):
                    draft = self._rng.choice([384, 388, 193, EOS, 34, 9, WIDTH - 1])
                    rows.append((slot, offset, length - 1 + offset, draft))
        return rows

    def _take(self, slot: int, steps: list[tuple[int, int]]) -> None:
        """Take what was drawn, and on from a draft that is what was drawn before it."""
        request = self.running[slot]
        if self._computed[slot] < len(request.ids):
            return
        for at, (_, token) in enumerate(steps):
            request.output_ids.append(token)
            self.states.all_token_ids.gpu[slot, len(request.ids) - 1] = token
            if request.has_ended or at + 1 == len(steps) or steps[at + 1][0] != token:
                break


def drawn(logits: torch.Tensor) -> list[int]:
    """One token of each row."""
    return [int(id) for id in torch.multinomial(logits.softmax(-1), 1).flatten()]
