"""Lengths of fills: all infills up to a size, of which a profile keeps those that are as long."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.formats.letters import letters_of
from logos_grammar.infill import Infill
from logos_grammar.molecule import Molecule

Sentence = tuple[int, ...]

LARGEST = {
    "<ProteinS> Met <NameS> 'M <NameE> <ProteinE>": 14,
    "<RnaS> nt:A nt:C <RnaE>": 12,
    "<AntibodyS> <Heavy> <FR1> <CDR1> <FR2> <CDR2> <FR3> <CDR3> <FR4> Met <AntibodyE>": 17,
    "<MoleculeS> C ( ) = <MoleculeE>": 14,
    "<MoleculeS> C open1 close1 . <MoleculeE>": 14,
    "<MoleculeS> C [ H H1 ] <MoleculeE>": 14,
}
"""How many tokens are at most in the infills over an alphabet."""

PROFILES = [
    lg.Profile(fill_length=0),
    lg.Profile(fill_length=1),
    lg.Profile(fill_length=2),
    lg.Profile(fill_length=(0, 1)),
    lg.Profile(fill_length=(1, 3)),
    lg.Profile(fill_lengths=[]),
    lg.Profile(fill_lengths=[1]),
    lg.Profile(fill_lengths=[(2, 3)]),
    lg.Profile(fill_lengths=[2, 0]),
    lg.Profile(fill_lengths=[0, (1, 2)]),
    lg.Profile(fill_lengths=[(0, 1), 0, 1]),
]


def alphabet(names: str) -> frozenset[int]:
    """The ids of names, and of the tokens of every infill."""
    every = (*names.split(), "<InfillS>", "<Hole>", "<Fill>", "<InfillE>")
    return frozenset(map(lg.vocabulary.id, every))


@cache
def infills(names: str) -> dict[Sentence, tuple[int, ...]]:
    """All infills over an alphabet, and how many units each of their fills has."""
    recognizer, ids = lg.Recognizer("infill", budget=LARGEST[names]), alphabet(names)
    found: dict[Sentence, tuple[int, ...]] = {}

    def go_on(word: Sentence) -> None:
        if recognizer.is_done:
            found[word] = lengths(word)
        for id in ids.intersection(recognizer.allowed().tolist()):
            assert recognizer.accept(id)
            go_on((*word, id))
            recognizer.rollback(1)

    go_on(())
    return found


def lengths(word: Sentence) -> tuple[int, ...]:
    """How many residues, nucleotides or atoms each fill of a sentence has."""
    thing = lg.decode(np.array(word, np.uint16))
    assert isinstance(thing, Infill)
    return tuple(
        # The wildcard stands for the template's atom.
        len(fill) - 1 if isinstance(fill, Molecule) else len(letters_of(fill))
        for fill in thing.fills
    )


def fits(profile: lg.Profile, found: tuple[int, ...]) -> bool:
    """Whether a profile allows fills of some lengths."""
    wanted = profile.fill_lengths
    if wanted is None:
        assert profile.fill_length is not None
        wanted = [profile.fill_length] * len(found)
    pairs = [(one, one) if isinstance(one, int) else one for one in wanted]
    return len(pairs) == len(found) and all(
        fewest <= length <= most for (fewest, most), length in zip(pairs, found, strict=True)
    )


@pytest.mark.parametrize("profile", PROFILES, ids=lambda it: f"{it.fill_length, it.fill_lengths}")
@pytest.mark.parametrize("names", LARGEST)
def test_masks_under_lengths_of_fills_are_what_enumeration_says(
    names: str, profile: lg.Profile
) -> None:
    kept = [word for word, found in infills(names).items() if fits(profile, found)]
    assert len(kept) < len(infills(names))
    following, shortest = defaultdict[Sentence, set[int]](set), dict[Sentence, int]()
    for word in kept:
        for place in range(len(word) + 1):
            prefix = word[:place]
            following[prefix].update(word[place : place + 1])
            shortest[prefix] = min(shortest.get(prefix, 99), len(word) - place)
    ids = alphabet(names)
    recognizer = lg.Recognizer("infill", profile=profile, budget=LARGEST[names])
    if not kept:  # for this template; another is shorter
        begun = [lg.vocabulary.id("<InfillS>"), lg.vocabulary.id(names.split(maxsplit=1)[0])]
        assert recognizer.accept_many(begun) == 1
    for prefix, expected in following.items():
        recognizer.reset()
        assert recognizer.accept_many(list(prefix)) == len(prefix)
        assert ids.intersection(recognizer.allowed().tolist()) == expected, prefix
        assert recognizer.is_done == (not expected), prefix
        if len(prefix) > 1:  # until then another template may be shorter
            assert recognizer.min_tokens_to_complete() == shortest[prefix], prefix
