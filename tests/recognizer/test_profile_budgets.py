"""Under a profile a budget is kept as well: what phi says is enough, everywhere on a walk."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from recognizer.states import FAST

PROFILES: list[tuple[str, str | lg.Profile]] = [
    ("edit", "copy"),
    ("pocket", "copy"),
    ("protein", lg.Profile(composition={"<NameS>": 2, "Ala": 1})),
    ("nucleic_acid", lg.Profile(composition={"<NameS>": 1, "nt:A": 2})),
    ("molecule", lg.Profile(composition={"Pt": 1, "B": 2})),
    ("molecule", lg.Profile(composition={"Se": 2, "C": 1, "Pt": 1})),
    ("molecule", lg.Profile(composition={"Te": 2})),
    ("molecule", lg.Profile(length=(3, 5))),
    ("protein", lg.Profile(length=4)),
    ("infill", lg.Profile(fill_length=(2, 4))),
    ("infill", lg.Profile(fill_lengths=[3, (0, 2)])),
]
_HARD = "- : = [ ( open1 open2 b c n p se te <MarkS> <NameS> <Hole> <Search> <MoleculeS>"
HARD = frozenset(map(lg.vocabulary.id, _HARD.split()))
"""Tokens that ask for more to come; walks prefer them."""


@pytest.mark.parametrize(("kind", "profile"), PROFILES)
def test_a_completion_has_as_many_tokens_as_phi(kind: str, profile: str | lg.Profile) -> None:
    chosen = Random(5)
    shortest = lg.Recognizer(kind, profile=profile).min_tokens_to_complete()
    for more in [0, 1, 2, 4, 9, 20, 40] * (3 if FAST else 300):
        one = lg.Recognizer(kind, profile=profile, budget=shortest + more)
        while not one.is_done:
            assert len(one.closing_tokens()) == one.min_tokens_to_complete(), one.ids.tolist()
            allowed = one.allowed().tolist()
            assert allowed, one.ids.tolist()
            hard = [token for token in allowed if token in HARD]
            one.accept(chosen.choice(hard if hard and chosen.random() < 0.6 else allowed))
        assert lg.check(one.ids) is None


@pytest.mark.parametrize(
    ("kind", "profile", "tokens", "needed"),
    [
        ("edit", "copy", "<EditS> <ProteinS> <ProteinE>", 3),
        ("pocket", "copy", "<PocketS> <ProteinS> Ala Gly <ProteinE>", 1),
        ("pocket", "copy", "<PocketS> <ProteinS> Ala Gly <ProteinE> <Search>", 5),
        ("pocket", "copy", "<PocketS> <DnaS> nt:A <DnaE> <Trans> <DnaS> nt:A <MoleculeS>", 4),
        ("protein", lg.Profile(composition={"<NameS>": 1}), "", 5),
        # The bracket has to hold an aromatic atom, which platinum is not.
        ("molecule", lg.Profile(composition={"Pt": 1, "B": 2}), "<MoleculeS> b - [", 6),
    ],
)
def test_phi_counts_what_the_profile_asks(
    kind: str, profile: str | lg.Profile, tokens: str, needed: int
) -> None:
    one = lg.Recognizer(kind, profile=profile)
    assert one.accept_many([lg.vocabulary.id(name) for name in tokens.split()]) == len(
        tokens.split()
    )
    assert (one.min_tokens_to_complete(), len(one.closing_tokens())) == (needed, needed)


def test_what_is_planned_after_a_token_is_the_rest_of_the_plan() -> None:
    tokens = "<MoleculeS> C open1 open2 C open3 C open4 C close3 S open3 open5 ( S open6 C close1"
    names = tokens.split()
    one = lg.Recognizer("molecule", profile="kekule+valence", budget=27)
    for name in names:
        if not one.accept(lg.vocabulary.id(name)):
            break
        # A shortest completion is found by trying what brings the end nearer: there is always one.
        assert len(one.closing_tokens()) == one.min_tokens_to_complete()
    assert one.position > 12


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"length": (4, 3)}, r"expected length to be the fewest, then the most, not \(4, 3\)"),
        ({"fill_length": (6, 5)}, r"expected fill_length to be the fewest, then the most"),
        ({"fill_lengths": [3, (6, 5)]}, r"expected fill_lengths\[1\] to be the fewest, then"),
        ({"fill_length": [3, 4]}, r"fill_length to be a number .* or a tuple of two.* \[3, 4\]"),
        ({"fill_lengths": [None]}, r"expected fill_lengths\[0\] to be a number of 0 to 1,000,000"),
        ({"length": np.True_}, "expected length to be a number"),
    ],
)
def test_a_length_is_refused_with_its_name(asked: dict[str, Any], said: str) -> None:
    """When the profile is made: it was when a recognizer was."""
    with pytest.raises(ValueError, match=said):
        lg.Profile(**asked)


def test_lengths_may_be_numbers_of_numpy() -> None:
    three, pair = np.int64(3), (np.uint8(3), np.int32(4))
    assert lg.Profile(length=three) == lg.Profile(length=3)  # type: ignore[arg-type]
    assert repr(lg.Profile(fill_length=pair)) == repr(lg.Profile(fill_length=(3, 4)))  # type: ignore[arg-type]
    lengths = lg.Profile(fill_lengths=[three, pair])  # type: ignore[list-item]
    assert lengths == lg.Profile(fill_lengths=[3, (3, 4)])
    lg.Recognizer("infill", profile=lengths)


def test_profiles_that_say_the_same_are_equal() -> None:
    """One count, however it is written."""
    counts: list[Any] = [0, 3, np.int64(3)]
    for count in counts:
        for one, two in (
            (lg.Profile(length=count), lg.Profile(length=(count, count))),
            (lg.Profile(fill_length=count), lg.Profile(fill_length=(count, count))),
            (lg.Profile(fill_lengths=[count]), lg.Profile(fill_lengths=[(count, count)])),
        ):
            assert one == two
            assert hash(one) == hash(two)
            assert repr(one) == repr(two)
