"""Objects in a notebook: a drawing where there is one, and tokens in the colour of their blocks."""

from __future__ import annotations

import importlib.util
import itertools
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.display import LARGE, MANY, html
from logos_grammar.display.palette import colour
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.object_types import ScientificObject
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction

THINGS: list[ScientificObject] = [
    Molecule.from_smiles("CC(=O)Oc1ccccc1C(=O)O"),
    Reaction.from_smiles("CCO.CC(=O)O>[H+]>CCOC(C)=O.O"),
    Reaction.from_smiles("CCO.CC(=O)O>>CCOC(C)=O.O").retro(),
    Protein("MK(MSE)L"),
    NucleicAcid("rna", "ACGU"),
    Antibody(Chain("heavy", "E", "G", "W", "I", "R", "A", "W")),
    Infill(Protein("M_K"), ("L",)),
    Edit(Protein("M[K]"), Protein("ML")),
]


def tangle(atoms: int) -> str:
    """Wildcards, each bound to each."""
    labels = {
        pair: number for number, pair in enumerate(itertools.combinations(range(atoms), 2), 1)
    }
    return ".".join(
        "*" + "".join(f"%({labels[pair]})" for pair in labels if atom in pair)
        for atom in range(atoms)
    )


class Page(HTMLParser):
    """Checks that tags are balanced, and keeps the texts and titles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.titles: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.titles += [value or "" for name, value in attrs if name == "title"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: type(thing).__name__)
def test_a_notebook_shows_every_token_with_id_and_gloss(thing: ScientificObject) -> None:
    page = html(thing)
    assert thing._repr_html_() == page
    shown = Page(page)
    ids = lg.encode(thing).tolist()
    names = [text for text in shown.texts if text in lg.vocabulary]
    assert names == [lg.vocabulary.name(id) for id in ids]
    for id, title in zip(ids, shown.titles, strict=True):
        assert title.startswith(f"{id} · {lg.vocabulary.gloss(id)} · block ")
        assert colour(lg.vocabulary.block_of(id).name).paper in page


def test_molecules_and_reactions_are_drawn() -> None:
    molecule, forward, retro, protein = map(html, THINGS[:4])
    assert molecule.count("<svg") == 1
    assert forward.count("<svg") == 5
    assert "⟶" in forward
    assert "⇒" in retro
    assert "<svg" not in protein


@pytest.mark.parametrize(
    "smiles",
    ["c1ccc1", "N->[Fe]<-N", "*c1cc[nH]c1", "[H][H]", "F/C=C/F", "[Xe]~C"],
)
def test_what_no_chemist_would_write_is_drawn_too(smiles: str) -> None:
    assert "<svg" in html(Molecule.from_smiles(smiles))


@pytest.mark.parametrize("smiles", ["C(C)(C)(C)(C)(C)C", "c1cccc1"])
def test_what_rdkit_refuses_is_not_drawn_and_a_sentence_says_so(smiles: str) -> None:
    page = html(Molecule.from_smiles(smiles))
    assert "<svg" not in page
    assert f"{smiles} is not drawn: RDKit refuses it" in page


@settings(max_examples=25)
@given(molecules())
def test_every_molecule_is_shown(molecule: Molecule) -> None:
    Page(html(molecule))


def test_a_long_sequence_is_cut_and_the_rest_is_counted() -> None:
    page = html(Protein("A" * 5000))
    assert page.count(">Ala<") == MANY - 1
    assert f"and {5002 - MANY:,} more" in page


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("C" * (LARGE + 1), "not drawn: 301 atoms, and at most 300 are drawn"),
        ("C(" * 1999 + "C" + ")" * 1999, "not drawn: 2,000 atoms, and at most 300 are drawn"),
        (tangle(30), "not drawn: 435 bonds, and at most 400 are drawn"),
    ],
    ids=["chain", "branches", "rings"],
)
def test_what_would_take_minutes_to_draw_is_not_drawn(smiles: str, reason: str) -> None:
    page = html(Molecule.from_smiles(smiles))
    assert "<svg" not in page
    assert reason in page
    assert len(page) < 200_000


def test_the_largest_that_is_drawn_is_drawn() -> None:
    assert "<svg" in html(Molecule.from_smiles("C" * LARGE))


def test_the_atoms_of_a_reaction_are_counted_together() -> None:
    page = html(Reaction.from_smiles(".".join(["C" * 100] * 3) + ">>C"))
    assert "<svg" not in page
    assert "not drawn: 301 atoms" in page


def test_without_rdkit_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str, *args: Any) -> Any:
        return None if name == "rdkit" else importlib.util.find_spec(name, *args)

    monkeypatch.setattr("logos_grammar.display.find_spec", find_spec)
    page = html(THINGS[0])
    assert "<svg" not in page
    assert "pip install &#x27;logos-grammar[rdkit]&#x27;" in page


def test_an_object_without_a_sentence_is_not_shown() -> None:
    with pytest.raises(lg.GrammarError):
        html(Protein("<script>"))
