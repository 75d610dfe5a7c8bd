"""Lengths of structures: all sentences up to a size, of which a profile keeps those as long."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from random import Random

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.structure import Structure

Sentence = tuple[int, ...]

LARGEST = {
    "Ala <NameS> 'M <NameE>": 10,
    "Ala #1 <Back> <OtherRecord>": 10,
    "Ala c000 1. +x2 #1": 11,
    "<Insertion> 'A nt:A <OtherSugar>": 10,
}
"""How many tokens are at most in the structures over an alphabet."""

PROFILES = [lg.Profile(length=each) for each in (0, 1, 2, (0, 1), (1, 3), (2, 3))]


def alphabet(names: str) -> frozenset[int]:
    """The ids of names, and of the tokens of every structure."""
    every = ["<StructureS>", "names:pdb", "grid0", "<Model>", "<ProteinStrand>", "<StructureE>"]
    return frozenset(map(lg.vocabulary.id, (*names.split(), *every)))


@cache
def structures(names: str) -> dict[Sentence, int]:
    """All structures over an alphabet, and how many residues each has."""
    recognizer, ids = lg.Recognizer("structure", budget=LARGEST[names]), alphabet(names)
    found: dict[Sentence, int] = {}

    def go_on(word: Sentence) -> None:
        if recognizer.is_done:
            thing = lg.decode(np.array(word, np.uint16))
            assert isinstance(thing, Structure)
            found[word] = len(thing.residues)
        for id in ids.intersection(recognizer.allowed().tolist()):
            assert recognizer.accept(id)
            go_on((*word, id))
            recognizer.rollback(1)

    go_on(())
    return found


@pytest.mark.parametrize("profile", PROFILES, ids=lambda it: str(it.length))
@pytest.mark.parametrize("names", LARGEST)
def test_masks_under_a_length_are_what_enumeration_says(names: str, profile: lg.Profile) -> None:
    length = profile.length
    assert length is not None
    fewest, most = length if isinstance(length, tuple) else (length, length)
    kept = [word for word, count in structures(names).items() if fewest <= count <= most]
    assert 0 < len(kept) < len(structures(names))
    following, shortest = defaultdict[Sentence, set[int]](set), dict[Sentence, int]()
    for word in kept:
        for place in range(len(word) + 1):
            prefix = word[:place]
            following[prefix].update(word[place : place + 1])
            shortest[prefix] = min(shortest.get(prefix, 99), len(word) - place)
    ids = alphabet(names)
    recognizer = lg.Recognizer("structure", profile=profile, budget=LARGEST[names])
    for prefix, expected in following.items():
        recognizer.reset()
        assert recognizer.accept_many(list(prefix)) == len(prefix)
        assert ids.intersection(recognizer.allowed().tolist()) == expected, prefix
        assert recognizer.is_done == (not expected), prefix
        assert recognizer.min_tokens_to_complete() == shortest[prefix], prefix


@pytest.mark.parametrize("length", [0, 1, 3, (2, 4)])
def test_walks_end_with_so_many_residues(length: int | tuple[int, int]) -> None:
    fewest, most = length if isinstance(length, tuple) else (length, length)
    chosen = Random(fewest)
    marks = "<StructureE> <Model> <ProteinStrand> <NameS> #x3 <Insertion> Ala c000 -x2"
    likely = frozenset(map(lg.vocabulary.id, marks.split()))
    for budget in (12, 30, 60, 120):
        one = lg.Recognizer("structure", profile=lg.Profile(length=length), budget=budget)
        while not one.is_done:
            assert len(one.closing_tokens()) == one.min_tokens_to_complete(), one.ids.tolist()
            allowed = one.allowed().tolist()
            wanted = [id for id in allowed if id in likely]
            one.accept(chosen.choice(wanted if wanted and chosen.random() < 0.5 else allowed))
        found = lg.decode(one.ids)
        assert isinstance(found, Structure)
        assert fewest <= len(found.residues) <= most
        assert len(one.ids) <= budget


def test_a_composition_of_a_structure_is_refused() -> None:
    with pytest.raises(ValueError, match="or structure for a length"):
        lg.Recognizer("structure", profile=lg.Profile(composition={"Ala": 1}))


@pytest.mark.parametrize("back", ["#0", "#7", "#x2 #1 #5"])
def test_how_far_back_a_link_goes_is_not_the_number_of_a_residue(back: str) -> None:
    one = lg.Recognizer("structure", profile=lg.Profile(length=1))
    atom = "<StructureS> names:pdb grid0 <Model> <ProteinStrand> Ala 1. 1. 1. link:metal"
    atoms = atom.replace(" link", " c000" * 1_005 + " link")
    for name in f"{atoms} {back}".split():
        assert one.accept(lg.vocabulary.id(name)), name
    assert (one.min_tokens_to_complete(), len(one.closing_tokens())) == (1, 1)
    assert not one.accept(lg.vocabulary.id("#1"))
    two = lg.Recognizer("structure", profile=lg.Profile(length=2))
    assert two.accept_many(one.ids) == len(one.ids)
    assert (two.min_tokens_to_complete(), len(two.closing_tokens())) == (2, 2)
