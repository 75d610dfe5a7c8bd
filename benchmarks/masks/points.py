"""Masks where a token of a coordinate may come next: of a conformer, the only engine is `logos`."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from benchmarks.masks.engines import WIDTH
from benchmarks.masks.measures import Found, timed

import logos_grammar as lg

_POSE: Final = (
    "<ConformerS> <MoleculeS> C C O <MoleculeE> grid3 "
    "<Pose> 0. 0. 0. .000 .000 .000 h000 .100 .200 .300 c+00 .400 .100 .000 c0+0 .300 .200 .100 "
)
_AGAIN: Final = "<Pose> 0. 0. 0. .000 .000 .000 h000 .100 .200 .300"
_PREFIXES: Final = {
    "points, floors": f"{_POSE} <Pose> 0.",
    "points, decimals": f"{_POSE} <Pose> 0. 0. 0. .000",
    "points, a step": f"{_POSE} {_AGAIN}",
    "points, the end": _POSE,
}
"""What was read before the mask, by what may come next."""

_TIMES: Final = 20_000


def points() -> Found:
    """Times of masks within a pose and after it."""
    mask = np.zeros((1, WIDTH // 32), np.int32)
    for measure, names in _PREFIXES.items():
        recognizer = lg.Recognizer("conformer")
        ids = [lg.vocabulary.id(name) for name in names.split()]
        assert recognizer.accept_many(ids) == len(ids)
        fill = partial(recognizer.fill, mask, 0)
        yield measure, [timed(fill) for _ in range(_TIMES)]
