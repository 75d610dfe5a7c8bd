"""Free coordinates: sentences that are those of an object, its points aside."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.strategies import conformers
from logos_grammar.structure import Structure
from logos_grammar.structure.strategies import structures

_LINE = "ATOM      {i}  {name:3} GLY A   7    {x:8.3f}   0.000   0.000  1.00 {i}0.00           {e}"
_ATOMS = [("N", 0.0), ("CA", 1.5), ("C", 3.0), ("CB", 1500.0)]
GLYCINE = Structure.from_pdb(
    "\n".join(_LINE.format(i=i, name=name, x=x, e=name[0]) for i, (name, x) in enumerate(_ATOMS, 1))
)


def started(thing: Any, budget: int | None = None) -> lg.Recognizer:
    """A recognizer of the sentences of an object with other coordinates."""
    kind = "conformer" if isinstance(thing, Conformer) else "structure"
    profile = lg.Profile(coordinates_of=lg.encode(thing))
    return lg.Recognizer(kind, profile=profile, budget=budget)


def elsewhere(thing: Any, other: Any) -> Any:
    """An object with the coordinates of another."""
    if isinstance(thing, Conformer):
        return replace(thing, x=other.x, y=other.y, z=other.z)
    atoms = replace(thing.atoms, x=other.atoms.x, y=other.atoms.y, z=other.atoms.z)
    return replace(thing, atoms=atoms)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(structures() | conformers(), st.randoms(use_true_random=False))
def test_a_walk_ends_in_the_object_with_other_coordinates(thing: Any, chosen: Random) -> None:
    one = started(thing)
    while not one.is_done:
        allowed = one.allowed().tolist()
        if chosen.random() < 0.02:
            assert len(one.closing_tokens()) == one.min_tokens_to_complete()
        assert one.accept(chosen.choice(allowed))
    found = lg.decode(one.ids)
    assert elsewhere(thing, found) == found
    assert elsewhere(found, thing) == thing


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(structures() | conformers(), st.data())
def test_the_object_with_any_coordinates_is_accepted(thing: Any, data: st.DataObject) -> None:
    columns = thing if isinstance(thing, Conformer) else thing.atoms
    unit = 10**columns.x.decimals
    numbers = st.integers(-3 * unit, 3 * unit) | st.integers(-(10**8) * unit, 10**8 * unit)
    axes = {
        axis: type(columns.x)(
            data.draw(st.lists(numbers, min_size=len(columns.x), max_size=len(columns.x))),
            columns.x.decimals,
        )
        for axis in "xyz"
    }
    moved = replace(columns, **axes)
    other = moved if isinstance(thing, Conformer) else replace(thing, atoms=moved)
    ids = lg.encode(other)
    one = started(thing, budget=len(ids))
    assert one.accept_many(ids) == len(ids)
    assert one.is_done


@pytest.mark.parametrize("more", [0, 1, 2, 3, 4, 7, 20])
def test_budgets_are_kept(more: int) -> None:
    shortest = started(GLYCINE).min_tokens_to_complete()
    assert shortest == len(lg.encode(GLYCINE)) - 5  # a far step has 5 more than a near one
    one, chosen = started(GLYCINE, budget=shortest + more), Random(more)
    far = {lg.vocabulary.id(name) for name in ("<Far>", "+x2", "-x3", "+x3")}
    while not one.is_done:
        assert len(one.closing_tokens()) == one.min_tokens_to_complete()
        allowed = one.allowed().tolist()
        one.accept(chosen.choice([id for id in allowed if id in far] or allowed))
    assert len(one.ids) <= shortest + more
    assert lg.check(one.ids) is None


def test_masks_are_what_trying_says_and_rolling_back_restores_them() -> None:
    """A token is in the mask just where the sentence can go on with it to an end."""
    ids = lg.encode(GLYCINE).tolist()
    one, chosen = started(GLYCINE), Random(1)
    while not one.is_done:
        before = one.allowed().tolist()
        for id in {before[0], before[-1], *chosen.sample(before, min(5, len(before)))}:
            assert one.accept(id)
            assert one.min_tokens_to_complete() == len(one.closing_tokens())
            one.rollback(1)
        assert one.allowed().tolist() == before
        refused = set(range(0, lg.vocabulary.size, 7)) - set(before)
        assert not any(one.accept(id) for id in refused)
        one.accept(chosen.choice(before))
    steps = one.position
    one.rollback(steps)
    assert one.accept_many(ids) == len(ids)


def test_what_is_fixed_is_the_only_token_allowed() -> None:
    one, ids = started(GLYCINE), lg.encode(GLYCINE)
    first = np.flatnonzero(ids == lg.vocabulary.id("Gly"))[0]
    for id in ids[: first + 1]:
        assert one.allowed().tolist() == [id]
        one.accept(int(id))
    whole = range(lg.vocabulary.id("-999."), lg.vocabulary.id("999.") + 5)
    assert set(one.allowed().tolist()) <= set(whole)


@pytest.mark.parametrize(
    ("kind", "profile", "said"),
    [
        ("protein", lg.Profile(coordinates_of=lg.encode(GLYCINE)), "kind structure or conformer"),
        ("conformer", lg.Profile(coordinates_of=lg.encode(GLYCINE)), "the sentence of a conformer"),
        (
            "structure",
            lg.Profile(coordinates_of=lg.encode(lg.protein.Protein("M"))),
            "the sentence of a structure in",
        ),
        ("structure", lg.Profile(coordinates_of=[1, 2]), "the sentence of a structure in"),
        (
            "structure",
            lg.Profile(coordinates_of=lg.encode(GLYCINE), length=1),
            "expected no other profile beside",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(kind: str, profile: lg.Profile, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lg.Recognizer(kind, profile=profile)


def test_equal_sentences_are_equal_profiles() -> None:
    ids = lg.encode(GLYCINE)
    one, two = lg.Profile(coordinates_of=ids), lg.Profile(coordinates_of=ids.tolist())
    assert one == two
    assert hash(one) == hash(two)


@pytest.mark.parametrize("given", [GLYCINE, "C", b"C", 7])
def test_coordinates_are_of_ids(given: object) -> None:
    with pytest.raises(TypeError, match=r"ids of a sentence, such as lg\.encode\(structure\), not"):
        lg.Profile(coordinates_of=given)  # type: ignore[arg-type]
