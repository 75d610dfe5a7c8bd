"""Every cell that a writer of shards takes is read back; what no file holds is refused at once."""

from __future__ import annotations

import math
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logos_grammar.prep import ShardReader, Shards, side_car
from logos_grammar.protein import Protein

OBJECT = Protein("MK")


class Level(int, Enum):
    HIGH = 1 << 60


class Split(StrEnum):
    TRAIN = "train"


CELLS: list[Any] = [
    *(None, True, "", "\0", "x" * 9999, 0, -0.0, 0.5, 1e300, math.inf, math.nan, Level.HIGH),
    *(2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 2**63, 2**70, b"x", 1j, [1], {}),
    *(Split.TRAIN, "\udcff", "\ud800x", np.int64(2**60), np.uint64(2**64 - 1), np.float32(0.1)),
    *(np.longdouble(0.1), np.str_("s"), np.bytes_(b"s"), np.datetime64("2020-01-01"), np.bool_(1)),
]
NAMES = ["a", "b", "", ".", "a.b", "\0", "A", "x" * 9999, "\ud800", "\udcff", "é", "tokens"]


@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(CELLS), max_size=3)),
    st.sampled_from([1, 2, 1000]),
    st.booleans(),
)
@settings(deadline=None, max_examples=300)
def test_every_cell_that_is_taken_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, metas: list[dict[str, Any]], group: int, resume: bool
) -> None:
    out, taken = tmp_path_factory.mktemp("cells"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(side_car, "ROW_GROUP", group)
        with Shards(out, resume=resume) as shards:
            for meta in metas:
                try:
                    shards.add(OBJECT, meta=meta)
                except (TypeError, ValueError):
                    continue
                taken.append(meta)
    found = ShardReader(out)
    assert len(found) == len(taken)
    for row, meta in enumerate(taken):
        for name, cell in meta.items():
            back = found.meta(row).get(name)
            assert repr(back) == repr(cell) or back == cell


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ({"a": 0.5}, {"a": 2**53 + 1}, "2\\*\\*53 beside the floats of column 'a', found 900719"),
        ({"a": 2**53 + 1}, {"a": 0.5}, "2\\*\\*53 beside the floats of column 'a', found 900719"),
        ({}, {"a": "\udcff"}, "expected text in column 'a', found the lone surrogate"),
        ({}, {"\ud800": 1}, "expected text as the name of a column, found the lone surrogate"),
    ],
)
def test_a_cell_that_no_file_holds_is_refused_at_once(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], message: str
) -> None:
    with Shards(tmp_path) as shards:
        shards.add(OBJECT, meta=first)
        with pytest.raises(ValueError, match=message):
            shards.add(OBJECT, meta=second)
        with pytest.raises(ValueError, match=message):
            shards.add_many([OBJECT], meta={name: [cell] for name, cell in second.items()})
    assert len(ShardReader(tmp_path)) == 1
