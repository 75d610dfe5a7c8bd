"""Objects whose fields are not what their class says: an error names the class and the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.complex import Complex, Contacts
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.kinds import OBJECT_TYPES
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.pocket import LinedChain, Pocket
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction

LINED = LinedChain(Protein("MK"))
NO_CONTACTS = Contacts(
    first=np.empty(0, np.uint32),
    second=np.empty(0, np.uint32),
    distance=np.empty(0, np.int8),
    kind=np.empty(0, np.uint16),
)
CHAIN = Chain("heavy", "Q", "G", "W", "I", "C", "A", "W", "S")
WHOLE: dict[str, Any] = {
    "protein": Protein("MK"),
    "nucleic_acid": NucleicAcid("dna", "ACGT"),
    "antibody": Antibody(CHAIN, replace(CHAIN, locus="kappa")),
    "infill": Infill(Protein("M_"), ("K",)),
    "edit": Edit(Protein("M[K]"), Protein("MR")),
    "pocket": Pocket((LINED,), given=(LINED,), task="search"),
    "complex": Complex((LINED, Molecule.from_smiles("CO")), NO_CONTACTS),
    "reaction": Reaction((Molecule.from_smiles("CO"),), (), (Molecule.from_smiles("C=O"),)),
}
MALFORMED: list[object] = [5, b"MK", object(), ["MK", 5], Molecule, (None,), None, "MK"]
OPTIONAL = ("heavy", "light", "constant", "contacts")


def test_every_object_type_is_here() -> None:
    """Those that are columns are checked by their class when one is made."""
    assert set(WHOLE) == set(OBJECT_TYPES) - {"molecule", "conformer", "structure"}
    for each in WHOLE.values():
        assert len(lg.encode(each))


def malformed(whole: Any) -> Iterator[tuple[str, Any]]:
    """Every object that has one field of another type, and the name of that field."""
    for field in fields(whole):
        held = getattr(whole, field.name)
        for value in MALFORMED:
            if type(value) is type(held) is str or (value is None and field.name in OPTIONAL):
                continue
            try:
                changed = replace(whole, **{field.name: value})
            except (TypeError, ValueError):
                continue  # Refused by its class.
            yield field.name, changed
        if is_dataclass(held):
            for name, part in malformed(held):
                yield name, replace(whole, **{field.name: part})


@pytest.mark.parametrize("kind", WHOLE)
def test_a_field_of_another_type_is_named(kind: str) -> None:
    tried = 0
    for name, changed in malformed(WHOLE[kind]):
        tried += 1
        named = rf"expected \w+\.{name}(\[\d\])? to be an? \w+.*, not \w+"
        with pytest.raises(TypeError, match=f"^{named}$"):
            lg.encode(changed)
        with pytest.raises(TypeError, match=f"^{named} of record 1$"):
            lg.encode_many([WHOLE[kind], changed])
    assert tried >= len(MALFORMED) - 1


@pytest.mark.parametrize(
    ("malformed", "message"),
    [
        (NucleicAcid("DNA", "A"), 'NucleicAcid.kind to be dna or rna, not "DNA"'),  # type: ignore[arg-type]
        (
            Infill(NucleicAcid("", "_"), ("A",)),  # type: ignore[arg-type]
            'NucleicAcid.kind to be dna or rna, not ""',
        ),
        (Antibody(replace(CHAIN, locus="kappa")), 'Chain.locus to be heavy, not "kappa"'),
        (
            Antibody(None, CHAIN),
            'Chain.locus to be light or kappa or lambda, not "heavy"',
        ),
        (
            replace(WHOLE["reaction"], direction="back"),
            'Reaction.direction to be forward or retro, not "back"',
        ),
    ],
)
def test_a_word_that_a_field_does_not_have_is_named(malformed: object, message: str) -> None:
    with pytest.raises(lg.GrammarError) as refused:
        lg.encode(malformed)
    assert str(refused.value) == f"cannot be written at token 0: expected {message}"
    assert refused.value.condition == f"expected {message}"
    with pytest.raises(lg.GrammarError) as refused:
        lg.encode_many([Protein("M"), malformed])
    assert refused.value.record == 1
    assert "at token 0 of record 1: expected" in str(refused.value)


@pytest.mark.parametrize("malformed", [None, "CCO", 5, [Protein("M")], Protein, Chain, CHAIN])
def test_what_is_not_an_object_is_named_among_many(malformed: object) -> None:
    with pytest.raises(TypeError, match=r"^expected one of .*Reaction.*, not \w+$"):
        lg.encode(malformed)
    with pytest.raises(TypeError, match=r"^expected one of .*, not \w+ of record 300$"):
        lg.encode_many([Protein("M")] * 300 + [malformed])


@pytest.mark.parametrize("given", [None, 5, object()])
def test_what_is_not_several_is_named(given: Any) -> None:
    found = type(given).__name__
    with pytest.raises(TypeError, match=f"^expected an iterable of objects, not {found}$"):
        lg.encode_many(given)
    with pytest.raises(TypeError, match=f"^expected a column of texts, not {found}$"):
        lg.encode_texts("molecule", given)


@pytest.mark.parametrize("given", [None, 5, Molecule.from_smiles("C")])
@pytest.mark.parametrize("side", ["reactants", "agents", "products"])
def test_a_side_of_a_reaction_is_several_molecules(side: str, given: Any) -> None:
    named = f"^expected an iterable of molecules as {side}, not {type(given).__name__}$"
    with pytest.raises(TypeError, match=named):
        replace(WHOLE["reaction"], **{side: given})


def test_the_record_comes_behind_the_token() -> None:
    """And before what was expected there, whose list would hide it."""
    column = lg.encode_many([Protein("M"), Protein("MK")])
    ids = column.ids.copy()
    ids[column.offsets[1] + 1] = 384
    with pytest.raises(lg.GrammarError, match=r"^unexpected C at token 1 of record 1; expected "):
        lg.decode_many(lg.Encoded(ids, column.offsets))
