"""The vocabulary as Python sees it: what it does not know is refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg

ASKED: list[Callable[[Any], object]] = [
    lg.vocabulary.name,
    lg.vocabulary.text,
    lg.vocabulary.gloss,
    lg.vocabulary.block_of,
]


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize("id", [1.0, True, np.True_, "C", None, np.float32(1)], ids=repr)
def test_what_is_no_integer_is_no_id(ask: Callable[[Any], object], id: Any) -> None:
    with pytest.raises(TypeError, match="expected an integer id, found "):
        ask(id)


@pytest.mark.parametrize("ask", ASKED[:3])
@pytest.mark.parametrize("id", [-1, 3, 8192, np.int64(-100)], ids=repr)
def test_the_id_of_no_token_is_refused_in_a_sentence(ask: Callable[[Any], object], id: Any) -> None:
    with pytest.raises(KeyError, match=f"{id} is the id of no token"):
        ask(id)


def test_an_id_beyond_all_blocks_and_a_strange_name_are_refused_in_a_sentence() -> None:
    for id in (-1, 100_000):
        with pytest.raises(KeyError, match=f"no block reserves the id {id}"):
            lg.vocabulary.block_of(id)
    with pytest.raises(KeyError, match="no token is named 'Qq'"):
        lg.vocabulary.id("Qq")


def test_an_integer_of_any_width_is_an_id() -> None:
    for id in (np.uint16(384), np.int64(384), np.array(384)):
        assert lg.vocabulary.name(id) == "C"  # type: ignore[arg-type]
