"""Encoding has no option by which it could lose something: less is another object."""

from __future__ import annotations

from inspect import Parameter, signature

import pytest

import logos_grammar as lg


@pytest.mark.parametrize("road", [lg.encode, lg.encode_many, lg.decode, lg.decode_many])
def test_encoding_takes_the_object_and_nothing_else(road: object) -> None:
    assert callable(road)
    taken = dict(signature(road).parameters)
    taken.pop("threads", None)  # how fast, not what
    (only,) = taken.values()
    assert only.default is Parameter.empty
