"""What does a part of the work: partialsmiles checks prefixes, numpy masks logits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module

import numpy as np
from benchmarks.masks.engines import WIDTH
from benchmarks.masks.measures import LAST, ROWS, Found, new_logits, prefixes, repeated, timed

import logos_grammar as lg


def checks(molecules: Sequence[list[int]], long: dict[int, list[int]]) -> Found:
    """Times of partialsmiles, for those molecules that it takes."""
    library = import_module("partialsmiles")
    check = partial(library.ParseSmiles, partial=True)
    for measure, sentences in (
        ("accept", molecules),
        *((f"length {n:,}", [long[n]]) for n in long),
    ):
        times: list[float] = []
        for ids in sentences:
            glyphs = [lg.vocabulary.text(id) for id in ids]
            first = 2 if measure == "accept" else len(ids) - LAST
            texts = ["".join(glyphs[:end]) for end in range(max(2, first), len(ids))]
            with suppress(library.Error):
                times += [timed(partial(check, text)) for text in texts]
        yield measure, times


def unpacked(molecules: Sequence[list[int]]) -> Found:
    """Times of numpy masking logits."""
    fresh, logits = new_logits()
    array = logits.numpy()
    allowed = np.zeros((ROWS, WIDTH), np.bool_)
    for row, ids in enumerate(prefixes(molecules)):
        allowed[row, lg.next_ids(ids)] = True
    mask = np.packbits(allowed, axis=1, bitorder="little")

    def apply() -> None:
        unpacked = np.unpackbits(mask, axis=1, bitorder="little").view(np.bool_)
        np.copyto(array, -np.inf, where=~unpacked)

    yield f"{ROWS} rows, apply", repeated(apply, lambda: logits.copy_(fresh))
