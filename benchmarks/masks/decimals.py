"""Masks where decimals may come next: of a declared list of numbers, the only engine is `logos`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

import numpy as np
from benchmarks.masks.engines import WIDTH
from benchmarks.masks.measures import Found, timed

import logos_grammar as lg

_NUMBERS: Final = """
tokens: numbers_bracket at 7168
    <ListS>  a list of numbers begins
    <ListE>  the list ends
list_of_numbers = "<ListS>" decimals number* "<ListE>" ;
"""
_PREFIXES: Final = {
    "decimals, any": ["places3", "12."],
    "decimals, one digit": ["places4", "12.", ".345"],
    "decimals, two digits": ["places5", "12.", ".345"],
    "decimals, none": ["places3", "12.", ".345"],
}
"""What was read before the mask, by what may come next."""

_TIMES: Final = 20_000


@dataclass(frozen=True)
class Numbers:
    """Numbers with a given count of decimals."""

    decimals: int
    values: tuple[Decimal, ...]


def decimals() -> Found:
    """Times of masks after a whole part and after a group of decimals."""
    declared = lg.declare(_NUMBERS, Numbers)
    mask = np.zeros((1, WIDTH // 32), np.int32)
    for measure, names in _PREFIXES.items():
        recognizer = lg.Recognizer(declared.kind)
        ids = [lg.vocabulary.id("<ListS>"), *map(lg.vocabulary.id, names)]
        assert recognizer.accept_many(ids) == len(ids)
        fill = partial(recognizer.fill, mask, 0)
        yield measure, [timed(fill) for _ in range(_TIMES)]
