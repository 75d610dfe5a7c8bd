"""A prompt is the beginning of an object; a sample is written in the formats of its kind."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.formats.written import formats_of, written
from logos_grammar.kinds import FORMS, OBJECT_TYPES, openings
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.reaction import Reaction
from logos_grammar.structure import Structure
from logos_grammar.structure.strategies import structures

KINDS = sorted({*OBJECT_TYPES, *FORMS} - {*FORMS.values()})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_begins_with_its_tag(kind: str) -> None:
    begun = lg.prompt(kind)
    assert begun.ids == openings(kind)
    lg.Recognizer(kind, profile=begun.profile)
    assert "ids" in formats_of(kind)


def test_of_a_type_with_forms_one_is_to_be_said() -> None:
    with pytest.raises(ValueError, match="expected a form of nucleic_acid, dna or rna"):
        lg.prompt("nucleic_acid")


def test_a_conformer_goes_on_with_a_pose_of_its_molecule() -> None:
    recognizer = lg.Recognizer("conformer")
    ids = lg.prompt("conformer", "CO").ids
    assert recognizer.accept_many(ids) == len(ids)
    sentence = [*ids, *recognizer.closing_tokens().tolist()]
    conformer = lg.decode(sentence)
    assert conformer.molecule == Molecule.from_smiles("CO")
    assert conformer.x.decimals == 3


@pytest.mark.parametrize("hydrogens", [[0, 0], [3, 1]])
def test_a_conformer_is_begun_whatever_hydrogens_its_pose_has(hydrogens: list[int]) -> None:
    count = 2 + sum(hydrogens)
    x = Fixed(np.arange(count, dtype=np.int64) * 1234, 3)
    zeros = Fixed(np.zeros(count, np.int64), 3)
    conformer = Conformer(
        molecule=Molecule.from_smiles("CO"),
        hydrogens=np.array(hydrogens, np.uint32),
        x=x,
        y=zeros,
        z=zeros,
    )
    ids = lg.encode(conformer)
    begun = lg.prompt("conformer", "CO").ids
    assert tuple(ids[: len(begun)].tolist()) == begun
    text = written(ids, kind="conformer", format="sdf")
    assert Conformer.from_sdf(text, layouts="keep")[0].x == conformer.x


@given(structures())
def test_a_structure_is_written_as_files_hold_it(structure: Structure) -> None:
    ids = lg.encode(structure)
    for format, write in (("mmcif", Structure.to_mmcif), ("pdb", Structure.to_pdb)):
        try:
            wanted = write(structure)
        except ConversionError as error:
            with pytest.raises(ConversionError, match=re.escape(str(error))):
                written(ids, kind="structure", format=format)
        else:
            assert written(ids, kind="structure", format=format) == wanted.removesuffix("\n")


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("molecule", "CC=O", lg.encode(Molecule.from_smiles("CC=O"))),
        (None, "<MoleculeS>CCO<MoleculeE>", lg.encode(Molecule.from_smiles("CCO"))),
        ("reaction", "CCO.CC(=O)O", lg.encode(Reaction.from_smiles("CCO.CC(=O)O>>"))),
        ("reaction", "CCO>[H+]", lg.encode(Reaction.from_smiles("CCO>[H+]>"))),
        ("reaction", "CCO>>", lg.encode(Reaction.from_smiles("CCO>>"))),
        ("reaction", ">>CCO", lg.encode(Reaction.from_smiles(">>CCO").retro())),
        (
            "reaction",
            "<MoleculeS>CCO<MoleculeE><ReverseReact>",
            lg.encode(Reaction.from_smiles(">>CCO").retro()),
        ),
        ("protein", "MKT", lg.encode_texts("protein", ["MKT"])[0]),
        ("protein", ">x y\nMK\nT\n", lg.encode_texts("protein", ["MKT"])[0]),
        ("rna", "ACGU", lg.encode_texts("rna", ["ACGU"])[0]),
        ("molecule", "192, 384 384", [192, 384, 384, 193]),
    ],
)
def test_a_text_is_the_beginning_of_a_sentence(
    kind: str | None, text: str, sentence: list[int]
) -> None:
    begun = lg.prompt(kind, text)
    assert list(begun.ids) == list(sentence[:-1])
    assert len(lg.next_ids(list(begun.ids)))


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("C1CC(", "C open1 C C ("),
        ("CC(=O)", "C C ( = O )"),
        ("C1CC", "C open1 C C"),
        ("CC=", "C C ="),
        ("CC.", "C C ."),
        ("C(C1", "C ( C open1"),
        ("C%12CC1", "C open1 C C open2"),
        ("*C2CC2(", "* C open1 C C close1 ("),
        ("F/C=C/", "F / C = C /"),
        ("c1ccc2c(", "c open1 c c c open2 c ("),
        ("[*]CC1", "[ * ] C C open1"),
    ],
)
def test_smiles_may_be_cut_where_branches_rings_and_bonds_are_open(text: str, begun: str) -> None:
    ids = lg.prompt("molecule", text).ids
    assert " ".join(map(lg.vocabulary.name, ids[1:])) == begun
    recognizer = lg.Recognizer("molecule")
    assert recognizer.accept_many(ids) == len(ids)


@given(molecules(), st.integers(1, 99))
def test_the_beginning_of_smiles_is_the_beginning_of_their_sentence(
    molecule: Molecule, share: int
) -> None:
    text, ids = molecule.to_smiles(), lg.encode(molecule).tolist()
    begun, rest = text[: len(text) * share // 100], text[len(text) * share // 100 :]
    if not begun:
        return
    try:
        found = lg.prompt("molecule", begun).ids
    except ValueError:
        return
    if begun[-1].isdigit() or begun[-1] in "%>-~" or rest[0] in "0123456789%-lr":
        return  # more of a label, or another symbol, may follow
    assert list(found) == ids[: len(found)], begun


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("cheese", None, "expected a kind of object, one of .*molecule.*, not .cheese"),
        ("molecule", "CC)", r"expected the beginning of a molecule: .*closes no branch at .* 2$"),
        ("molecule", "C1CC[N", r"this \[ is never closed at character 4$"),
        ("molecule", "c1ccccc1-", "an atom at its end: the grammar does not write - there"),
        ("protein", "MK1", "expected the beginning of a protein: "),
        ("reaction", "C>>C", "one side of a reaction, got both"),
        ("antibody", "EVQ", "a prompt of ids in digits, or of LOGOS text, got 'EVQ'"),
        (None, "CCO", "a prompt of ids in digits"),
        ("protein", "<MoleculeS>CCO<MoleculeE>", "expected a prompt that begins a protein"),
    ],
)
def test_what_begins_nothing_is_refused(kind: str | None, text: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lg.prompt(kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("molecule", "CCO", {"smiles": "CCO", "logos": "<MoleculeS>CCO<MoleculeE>"}),
        ("reaction", "CCO>>CC", {"smiles": "CCO>>CC"}),
        ("protein", "M" * 70, {"fasta": f">sample_7\n{'M' * 60}\n{'M' * 10}"}),
        ("dna", "ACGT", {"fasta": ">sample_7\nACGT"}),
    ],
)
def test_a_sample_is_written_in_the_formats_of_its_kind(
    kind: str, text: str, expected: dict[str, str]
) -> None:
    ids = lg.encode_texts(kind, [text])[0]  # type: ignore[arg-type]  # a kind of texts
    found = {
        name: written(ids, kind=kind, format=name, name="sample_7") for name in formats_of(kind)
    }
    assert found["ids"] == " ".join(map(str, ids.tolist()))
    assert found["tokens"].split(" ")[0] == lg.vocabulary.name(int(ids[0]))
    for name, wanted in expected.items():
        assert found[name] == wanted
    with pytest.raises(ValueError, match=f"expected a format of a {kind}, .*got 'sdf'"):
        written(ids, kind=kind, format="sdf")


MARKED = "<ProteinS>A<PocketS>G<PocketE><ProteinE>"


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        ("pocket", "AG", "<PocketS> <ProteinS> Ala Gly <ProteinE> <Search>"),
        (
            "pocket",
            ">one\nA\nG\n>two\nV\n",
            "<PocketS> <ProteinS> Ala Gly <ProteinE> <ProteinS> Val <ProteinE> <Search>",
        ),
        (
            "pocket",
            "<ProteinS>AG<ProteinE><Search>",
            "<PocketS> <ProteinS> Ala Gly <ProteinE> <Search>",
        ),
        ("pocket", f"{MARKED}<Trans>", "<PocketS> <ProteinS> Ala Gly site1 <ProteinE> <Trans>"),
        ("pocket", MARKED, "<PocketS> <ProteinS> Ala Gly site1 <ProteinE>"),
        ("complex", MARKED, "<ComplexS> <ProteinS> Ala Gly site1 <ProteinE> <MoleculeS>"),
        (
            "complex",
            "<ProteinS>AG<ProteinE>",
            "<ComplexS> <ProteinS> Ala Gly <ProteinE> <MoleculeS>",
        ),
        (
            "complex",
            "<MoleculeS>CO<MoleculeE>",
            "<ComplexS> <MoleculeS> C O <MoleculeE> <ProteinS>",
        ),
        ("complex", "AG", "<ComplexS> <ProteinS> Ala Gly <ProteinE> <ProteinS>"),
        (
            "complex",
            f"{MARKED}<MoleculeS>CO<MoleculeE>",
            "<ComplexS> <ProteinS> Ala Gly site1 <ProteinE> <MoleculeS> C O <MoleculeE>",
        ),
    ],
)
def test_a_relation_is_begun_by_what_is_known_of_it(kind: str, text: str, names: str) -> None:
    ids = lg.prompt(kind, text).ids
    assert " ".join(lg.vocabulary.name(id) for id in ids) == names
    recognizer = lg.Recognizer(kind)
    assert recognizer.accept_many(ids) == len(ids)
    lg.decode([*ids, *recognizer.closing_tokens().tolist()])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("pocket", "<MoleculeS>C<MoleculeE><Search>"),
        ("pocket", "A1"),
        ("complex", "<ProteinS>A<ProteinE><Search><ProteinS><PocketS>A<PocketE><ProteinE>"),
        ("complex", "<React>"),
    ],
)
def test_what_begins_no_relation_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"expected the beginning of a {kind}: "):
        lg.prompt(kind, text)
