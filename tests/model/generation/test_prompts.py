"""A prompt is the beginning of an object; a sample is written in the formats of its kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.reaction import Reaction
from logos_model.config_error import ConfigError
from logos_model.generation.prompts import formats, prompt, written
from logos_model.grammar import LogosGrammar


@pytest.mark.parametrize("kind", sorted(LogosGrammar().kinds()))
def test_every_kind_begins_with_its_tag(kind: str) -> None:
    assert prompt(kind).ids == (LogosGrammar().kinds()[kind],)
    assert "ids" in formats(kind)


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
    begun = prompt(kind, text)
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
    ids = prompt("molecule", text).ids
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
        found = prompt("molecule", begun).ids
    except ConfigError:
        return
    if begun[-1].isdigit() or begun[-1] in "%>-~" or rest[0] in "0123456789%-lr":
        return  # more of a label, or another symbol, may follow
    assert list(found) == ids[: len(found)], begun


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("cheese", None, "expected a kind among .*molecule.*, got 'cheese'"),
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
    with pytest.raises(ConfigError, match=message):
        prompt(kind, text)


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
    found = {name: written(kind, ids, format=name, number=7) for name in formats(kind)}
    assert found["ids"] == " ".join(map(str, ids.tolist()))
    assert found["tokens"].split(" ")[0] == lg.vocabulary.name(int(ids[0]))
    for name, wanted in expected.items():
        assert found[name] == wanted
    with pytest.raises(ConfigError, match=f"expected a format of a {kind}, .*got 'sdf'"):
        written(kind, ids, format="sdf", number=7)
