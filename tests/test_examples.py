"""The examples of spec/ hold in the core: what is a sentence, and where and why another is not."""

from __future__ import annotations

import numpy as np
import pytest

import logos_grammar as lg
from oracle import EXPECTED, Example, read_spec

spec = read_spec()
accepted = [e for e in spec.examples if e.position is None and e.rule in spec.objects]
refused = [e for e in spec.examples if e.position is not None and e.rule in spec.objects]


def each(examples: list[Example]) -> pytest.MarkDecorator:
    """Run a test for every example."""
    names = [f"{e.rule}-{e.text or n}" for n, e in enumerate(examples)]
    return pytest.mark.parametrize("example", examples, ids=names)


@each(accepted)
def test_an_accepted_example_is_the_encoding_of_its_object(example: Example) -> None:
    ids = np.array(example.ids, np.uint16)
    assert lg.check(ids) is None
    thing = lg.decode(ids)
    assert lg.encode(thing).tolist() == list(example.ids)
    assert type(thing).__module__.startswith(f"logos_grammar.{example.rule}")


@each(accepted)
def test_every_part_of_an_accepted_example_can_be_continued(example: Example) -> None:
    for cut, token in enumerate(example.ids):
        prefix = np.array(example.ids[:cut], np.uint16)
        error = lg.check(prefix)
        assert error is not None
        assert error.position == cut
        assert error.condition is None
        assert token in lg.next_ids(prefix)


@each(refused)
def test_a_refused_example_is_refused_where_and_why_it_says(example: Example) -> None:
    ids = np.array(example.ids, np.uint16)
    error = lg.check(ids)
    assert error is not None
    assert error.position == example.position
    assert (error.condition or EXPECTED) == example.reason
    assert error.expected or error.condition
    with pytest.raises(lg.GrammarError) as raised:
        lg.decode(ids)
    assert raised.value.position == example.position
    assert (raised.value.condition or EXPECTED) == example.reason


@each(refused)
def test_what_stands_before_the_first_bad_token_can_be_continued(example: Example) -> None:
    before = example.ids[: example.position]
    following = lg.next_ids(np.array(before, np.uint16)).tolist()
    complete = lg.check(np.array(before, np.uint16)) is None
    assert complete == (following == [])
    assert set(example.ids[len(before) : len(before) + 1]).isdisjoint(following)
