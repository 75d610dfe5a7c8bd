"""The public strategies: they shrink to the simplest object, and reach what there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.strategies import antibodies
from logos_grammar.edit import Edit
from logos_grammar.edit.strategies import edits
from logos_grammar.infill import Infill
from logos_grammar.infill.strategies import infills
from logos_grammar.kinds import OBJECT_TYPES
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.sketch import Sketch
from logos_grammar.molecule.strategies import molecules
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.nucleic_acid.strategies import nucleic_acids
from logos_grammar.protein import Protein
from logos_grammar.protein.strategies import proteins
from logos_grammar.reaction import Reaction
from logos_grammar.reaction.strategies import reactions
from logos_grammar.testing.strategies import near_misses, objects

SEARCH = settings(
    max_examples=20_000,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
EMPTY = Chain("heavy", "", "", "", "", "", "", "")

SIMPLEST = {
    "molecule": Molecule.from_smiles("C"),
    "reaction": Reaction((), (), ()),
    "protein": Protein(""),
    "nucleic_acid": NucleicAcid("dna", ""),
    "antibody": Antibody(EMPTY, None),
    "infill": Infill(Protein("_"), ("",)),
    "edit": Edit(Protein(""), Protein("")),
}


def simplest(strategy: Any, wanted: Callable[[Any], bool]) -> Any:
    """The object to which the strategy shrinks one that is wanted."""
    return find(strategy, wanted, settings=SEARCH, random=Random(0))


@pytest.mark.parametrize("kind", OBJECT_TYPES)
def test_every_strategy_shrinks_to_its_simplest_object(kind: str) -> None:
    found = simplest(objects(kind), lambda _: True)
    if kind in SIMPLEST:
        assert found == SIMPLEST[kind]
    else:
        assert len(lg.encode(found)) == lg.Recognizer(kind).min_tokens_to_complete()


MOLECULES: dict[str, Callable[[Molecule], bool]] = {
    "CC": lambda molecule: len(molecule) > 1,
    "C.C": lambda molecule: len(np.unique(molecule.end)) < len(molecule) - 1,
    "C(C)C": lambda molecule: bool((np.bincount(molecule.begin, minlength=1) > 1).any()),
    "C1CC1": lambda molecule: len(molecule.begin) >= len(molecule),
    "C=C": lambda molecule: bool((molecule.order == BondOrder.DOUBLE).any()),
    "C<-C": lambda molecule: bool((molecule.order == BondOrder.DATIVE_BACK).any()),
    "cc": lambda molecule: int(molecule.aromatic.sum()) == 2,
    "[te]": lambda molecule: bool((molecule.aromatic & (molecule.element == 52)).any()),
    "[Og]": lambda molecule: bool((molecule.element == 118).any()),
    "*": lambda molecule: bool((molecule.element == 0).any()),
    "[CH9]": lambda molecule: bool((molecule.hydrogens == 9).any()),
    "[C-15]": lambda molecule: bool((molecule.charge == -15).any()),
    "[C+15]": lambda molecule: bool((molecule.charge == 15).any()),
    "[C@]": lambda molecule: bool((molecule.stereo > 0).any()),
    "[C@OH30]": lambda molecule: bool((molecule.stereo == 57).any()),
    "[1C]": lambda molecule: bool((molecule.isotope > 0).any()),
    "[C:999999999]": lambda molecule: bool((molecule.map == 999_999_999).any()),
}


@pytest.mark.parametrize("text", MOLECULES)
def test_molecules_shrink_to_the_feature_that_is_looked_for(text: str) -> None:
    assert simplest(molecules(), MOLECULES[text]).to_smiles() == text


@pytest.mark.parametrize("order", BondOrder)
def test_every_bond_order_closes_rings_too(order: BondOrder) -> None:
    def wanted(molecule: Molecule) -> bool:
        ring = np.flatnonzero(np.diff(molecule.end, prepend=0) == 0)
        return bool((molecule.order[ring[ring > 0]] == order).any())

    assert len(simplest(molecules(), wanted)) == 3


def test_narrow_molecules_keep_to_what_was_asked() -> None:
    strategy = molecules(
        max_atoms=5,
        elements={"N", "Si"},
        orders=(BondOrder.SINGLE,),
        aromatic=False,
        isotopes=False,
        stereo=False,
        hydrogens=False,
        charges=False,
        maps=False,
        rings=False,
        components=False,
    )

    @given(strategy)
    def law(molecule: Molecule) -> None:
        assert 1 <= len(molecule) <= 5
        assert set(molecule.element.tolist()) <= {7, 14}
        assert set(molecule.order.tolist()) <= {BondOrder.SINGLE}
        assert len(molecule.begin) == len(molecule) - 1
        for column in ("aromatic", "isotope", "stereo", "charge", "map"):
            assert not getattr(molecule, column).any()
        assert set(molecule.hydrogens.tolist()) <= {-1, 0}

    law()
    assert simplest(strategy, lambda _: True).to_smiles() == "N"


def test_molecules_of_usual_valence_have_it() -> None:
    valence = {5: 3, 6: 4, 7: 3, 8: 2, 9: 1, 14: 4, 15: 3, 16: 2, 17: 1, 35: 1, 53: 1}
    orders = {0: 1, 1: 2, 2: 3, 5: 1, 6: 1}

    @given(molecules(valence=True))
    def law(molecule: Molecule) -> None:
        room = [valence[number] for number in molecule.element.tolist()]
        for ends in (molecule.begin, molecule.end):
            for atom, order in zip(ends.tolist(), molecule.order.tolist(), strict=True):
                room[atom] -= orders[order]
        for left, stated in zip(room, molecule.hydrogens.tolist(), strict=True):
            assert left >= 0
            assert stated in (-1, left)
        lg.encode(molecule)

    law()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_atoms": 0}, "expected max_atoms of 1 or more, found 0"),
        ({"elements": ()}, "expected at least one element, found none"),
        ({"elements": {"C", "Xx"}}, "expected symbols of elements or *, found Xx"),
        ({"elements": {"C", "Fe"}, "valence": True}, "expected elements of C, N, O"),
    ],
)
def test_molecules_that_cannot_be_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        molecules(**options)


def test_as_many_rings_are_drawn_as_there_are_labels() -> None:
    sketch = Sketch()
    for _ in range(300):
        sketch.add(6)
    for generations in range(2, 300):
        sketch.close(generations)
    molecule = sketch.molecule()
    assert len(molecule.begin) == 299 + 255
    assert lg.decode(lg.encode(molecule)) == molecule
    one_more = {"begin": np.append(molecule.begin, 1), "end": np.append(molecule.end, 299)}
    with pytest.raises(lg.GrammarError):
        lg.encode(replace(molecule, **one_more, order=np.append(molecule.order, 0)))


def test_sequences_shrink_to_what_is_looked_for() -> None:
    assert simplest(proteins(), lambda p: "(" in p.sequence) == Protein("(MSE)")
    # Beside three letters, one name of one character is as long.
    letters = simplest(proteins(modified=False), lambda p: len(p.sequence) == 3)
    assert letters == Protein("AAA")
    assert simplest(proteins(letters="W"), lambda p: p.sequence != "") == Protein("W")
    assert simplest(nucleic_acids(), lambda n: n.kind == "rna") == NucleicAcid("rna", "")
    assert simplest(nucleic_acids(), lambda n: "X" in n.sequence) == NucleicAcid("dna", "X")
    named = simplest(proteins(), lambda p: len(p.sequence) == 7 and "(" in p.sequence)
    lg.encode(named)


def test_sequences_keep_to_what_was_asked() -> None:
    @given(proteins(max_residues=3, letters="GAX", modified=False))
    def law(protein: Protein) -> None:
        assert len(protein.sequence) <= 3
        assert set(protein.sequence) <= set("GAX")

    law()


def test_holes_shrink_together_with_what_fills_them() -> None:
    # Of one kind: two holes of an antibody do not become two of a protein step by step.
    proteins = infills(nucleic_acids=False, antibodies=False, molecules=False)
    filled = simplest(proteins, lambda infill: any(infill.fills))
    assert filled == Infill(Protein("_"), ("A",))
    two = simplest(proteins, lambda infill: len(infill.fills) == 2)
    assert two == Infill(Protein("__"), ("", ""))
    light = simplest(
        infills(proteins=False, nucleic_acids=False),
        lambda infill: infill.template.heavy is not None and infill.template.light is not None,
    )
    assert light.fills == ("",)


def test_marks_shrink_to_one_pair() -> None:
    assert simplest(edits(), lambda edit: "[" in edit.before.sequence).before == Protein("[]")


def test_chains_reach_every_region() -> None:
    whole = simplest(
        antibodies(), lambda antibody: antibody.light is not None and antibody.light.constant
    )
    assert whole == Antibody(None, replace(EMPTY, locus="light", constant="A"))


def test_reactions_keep_to_what_was_asked() -> None:
    @given(reactions(molecule=molecules(max_atoms=1), max_molecules=1, agents=False, retro=False))
    def law(reaction: Reaction) -> None:
        assert reaction.direction == "forward"
        assert reaction.agents == ()
        assert len(reaction.reactants) <= 1

    law()


@pytest.mark.parametrize("kind", SIMPLEST)
def test_near_misses_are_sentences_and_others(kind: str) -> None:
    assert simplest(near_misses(kind), lambda ids: lg.check(ids) is not None) is not None
    assert simplest(near_misses(kind), lambda ids: lg.check(ids) is None) is not None
