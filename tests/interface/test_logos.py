"""LOGOS' published text form: what it holds comes back, and nothing else gets in or out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.object_types import ScientificObject
from logos_grammar.protein import Protein
from logos_grammar.protein.strategies import proteins
from logos_grammar.reaction import Reaction
from logos_grammar.reaction.strategies import reactions

ESTER = "CCO.CC(=O)O>>CCOC(C)=O"
HEAVY = Chain("heavy", "EVQ", "GFT", "W", "IS", "R", "AR", "WG", constant="AST")
KAPPA = Chain("kappa", "DIQ", "QS", "W", "AA", "G", "QQ", "FG")

PUBLISHED = [
    ("<MoleculeS>CCO<MoleculeE>", Molecule.from_smiles("CCO")),
    (
        "<MoleculeS>CCO<MoleculeE><MoleculeS>CC(=O)O<MoleculeE><React>"
        "<MoleculeS>CCOC(C)=O<MoleculeE>",
        Reaction.from_smiles(ESTER),
    ),
    (
        "<MoleculeS>CCOC(C)=O<MoleculeE><ReverseReact>"
        "<MoleculeS>CCO<MoleculeE><MoleculeS>CC(=O)O<MoleculeE>",
        Reaction.from_smiles(ESTER).retro(),
    ),
    (
        "<MoleculeS>CCOC(C)=O<MoleculeE><ReverseReact>",
        Reaction((), (), (Molecule.from_smiles("CCOC(C)=O"),), direction="retro"),
    ),
    ("<ProteinS>MKLVUOXBZJ<ProteinE>", Protein("MKLVUOXBZJ")),
]


@pytest.mark.parametrize(("text", "thing"), PUBLISHED, ids=[text for text, _ in PUBLISHED])
def test_published_texts_are_read_and_written(text: str, thing: ScientificObject) -> None:
    assert lg.from_logos(text) == thing
    assert lg.to_logos(thing) == text


@given(molecules() | proteins(modified=False) | reactions().map(Reaction.without_agents))
def test_what_the_form_holds_comes_back(thing: Molecule | Protein | Reaction) -> None:
    assert lg.from_logos(lg.to_logos(thing)) == thing


REFUSED_OBJECTS: list[tuple[ScientificObject, str, int]] = [
    (NucleicAcid("dna", "ACGT"), "no text form for a nucleic acid", 0),
    (Infill(Protein("M_"), ("K",)), "no text form for an infill", 0),
    (Edit(Protein("[M]K"), Protein("LK")), "no text form for an edit", 0),
    (Reaction.from_smiles("CCO>O>CC"), "no place for agents", 0),
    (Protein("MK(MSE)L"), "no place for the modified residue (MSE) at character 2", 2),
    (Antibody(HEAVY), "no place for the regions", 0),
    (Antibody(HEAVY, KAPPA), "no text form for two chains", 0),
]


@pytest.mark.parametrize(
    ("thing", "reason", "position"), REFUSED_OBJECTS, ids=lambda x: str(x)[:40]
)
def test_what_the_form_cannot_hold_is_refused(
    thing: ScientificObject, reason: str, position: int
) -> None:
    with pytest.raises(lg.ConversionError) as caught:
        lg.to_logos(thing)
    assert reason in str(caught.value)
    assert caught.value.position == position


def test_an_antibody_loses_its_regions_only_when_told_to() -> None:
    text = lg.to_logos(Antibody(HEAVY), drop="regions")
    assert text == "<AntibodyS>EVQGFTWISRARWGAST<AntibodyE>"
    assert lg.from_logos(text, antibody="protein") == HEAVY.protein()
    with pytest.raises(lg.ConversionError, match="two chains"):
        lg.to_logos(Antibody(HEAVY, KAPPA), drop="regions")


@pytest.mark.parametrize("sequence", ["M<ProteinE><ProteinS>K", "<ProteinE>", "M<React>"])
def test_an_object_cannot_forge_a_tag(sequence: str) -> None:
    with pytest.raises(lg.GrammarError):
        lg.to_logos(Protein(sequence))


REFUSED_TEXTS = [
    ("", 0),
    ("CCO", 0),
    (" <MoleculeS>CCO<MoleculeE>", 0),
    ("<Molecules>CCO<MoleculeE>", 0),
    ("<MoleculeE>", 0),
    ("<MoleculeS>CCO", 14),
    ("<MoleculeS>CCO<ProteinE>", 14),
    ("<MoleculeS><MoleculeE>", 11),
    ("<MoleculeS>C1CO<MoleculeE>", 12),
    ("<MoleculeS>C name<MoleculeE>", 12),
    ("<MoleculeS>C\n<MoleculeE>", 12),
    ("<MoleculeS>C<MoleculeS>C<MoleculeE><MoleculeE>", 12),
    ("<MoleculeS>CCO<MoleculeE> ", 25),
    ("<MoleculeS>CCO<MoleculeE></s>", 25),
    ("<MoleculeS>CCO<MoleculeE><ProteinS>M<ProteinE>", 25),
    ("<MoleculeS>C<MoleculeE><MoleculeS>C<MoleculeE>", 46),
    ("<MoleculeS>C<MoleculeE><React><React>", 30),
    ("<MoleculeS>C<MoleculeE><React><MoleculeS>C(<MoleculeE>", 43),
    ("<MoleculeS>C<MoleculeE><React><ProteinS>M<ProteinE>", 30),
    ("<ProteinS>MK(MSE)<ProteinE>", 12),
    ("<ProteinS>M1L<ProteinE>", 11),
    ("<ProteinS>M L<ProteinE>", 11),
    ("<ProteinS>MK<ProteinE><Search>", 30),
    ("<AntibodyS>EVQ<AntibodyE>", 0),
    ("<PocketS>A<PocketE>", 0),
    ("<MaterialS>", 0),
    ("<Search>", 0),
]


def test_an_option_that_is_none_is_refused_with_the_choice() -> None:
    call: Any = lg.to_logos
    with pytest.raises(ValueError, match="expected drop=\"regions\" or drop=None, found 'x'"):
        call(Molecule.from_smiles("C"), drop="x")
    call = lg.from_logos
    with pytest.raises(ValueError, match='expected antibody="protein" or antibody=None, found 3'):
        call("<MoleculeS>C<MoleculeE>", antibody=3)


@pytest.mark.parametrize(
    ("text", "position"), REFUSED_TEXTS, ids=[repr(t) for t, _ in REFUSED_TEXTS]
)
def test_what_is_no_text_is_refused_where_it_goes_wrong(text: str, position: int) -> None:
    with pytest.raises(lg.ConversionError) as caught:
        lg.from_logos(text)
    assert caught.value.position == position
    assert str(caught.value).endswith(f"at character {position}")


@given(st.lists(st.sampled_from(["<MoleculeS>", "<MoleculeE>", "<React>", "C", "(", ">", "<"])))
def test_any_text_is_one_object_or_refused_within_its_length(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        thing = lg.from_logos(text)
    except lg.ConversionError as refused:
        error = refused
    else:
        assert lg.from_logos(lg.to_logos(thing)) == thing
        return
    assert 0 <= error.position <= len(text)
