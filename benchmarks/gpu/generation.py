"""Generation at 1b: tokens a second by slots, with grammar and without, beside what memory allows.

The weights are random: they change how long a sample is, and nothing else that is timed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

import torch
from benchmarks.gpu.settings import Record, Settings
from benchmarks.gpu.training import with_rows

from logos_model.decoder import Decoder
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import LogosGrammar

_SLOTS = (64, 1, 1024)
_LIMIT = 128
_SECONDS = 5.0
_BANDWIDTH = {"H200": 4.8e12, "H100": 3.35e12}
"""Bytes a second by a part of the GPU's name, as the vendor states them."""


class _EnoughError(Exception):
    """The time of one measurement is over."""


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield a record for each number of slots."""
    config = with_rows(settings.config("1b"))
    with torch.device(settings.device):
        model = Decoder(config.model)
    model.initialize(seed=0)
    if settings.device.type == "cuda":
        model = model.to(torch.bfloat16)
    for slots in (4,) if settings.small else _SLOTS:
        record: Record = {}
        for with_grammar in (True, False):
            speed = _tokens_a_second(model, slots=slots, with_grammar=with_grammar)
            record["with grammar" if with_grammar else "without"] = round(speed)
        record["with over without"] = round(record["with grammar"] / record["without"], 3)
        bound = _bound(model, slots)
        if bound is not None:
            record["weights and cache allow"] = round(bound)
            record["share of it"] = round(record["with grammar"] / bound, 3)
        yield f"{slots} slots, tokens/s", record


def _tokens_a_second(model: Decoder, *, slots: int, with_grammar: bool) -> float:
    """Return the speed once graphs are recorded, over some seconds or all samples."""
    marks: list[tuple[float, int]] = []

    def note(done: int, tokens: int) -> None:
        now = time.perf_counter()
        marks.append((now, tokens))
        begun = next((at for at, drawn in marks if drawn > slots * _LIMIT), None)
        if begun is not None and now - begun > _SECONDS:
            raise _EnoughError

    grammar = LogosGrammar()
    opening = grammar.kinds()["molecule"]
    sampling = Sampling(top_p=0.95, with_grammar=with_grammar)
    with suppress(_EnoughError):
        draw(
            model, grammar, count=64 * slots, limit=_LIMIT, prefix=[opening], sampling=sampling,
            slots=slots, on_progress=note,
        )  # fmt: skip
    warm = [mark for mark in marks if mark[1] > slots * _LIMIT]
    (first, begun), (last, ended) = warm[0], warm[-1]
    return (ended - begun) / (last - first)


def _bound(model: Decoder, slots: int) -> float | None:
    """Return the tokens a second at which weights and half-full caches are read."""
    if not torch.cuda.is_available():
        return None
    name = torch.cuda.get_device_name()
    bandwidth = next((one for part, one in _BANDWIDTH.items() if part in name), None)
    shape = model.config
    weights = sum(x.numel() * x.element_size() for x in model.parameters())
    weights -= 2 * shape.vocab_size * shape.hidden_size  # of the embedding single rows are read
    width = shape.num_key_value_heads * shape.head_dim
    cache = 2 * 2 * shape.num_hidden_layers * width * slots * _LIMIT // 2
    return None if bandwidth is None else slots * bandwidth / (weights + cache)
