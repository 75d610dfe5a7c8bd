"""LOGOS' texts of pockets and complexes: read, written, and refused where they go wrong."""

from __future__ import annotations

import re
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.complex import Complex, Contacts
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.pocket import LinedChain, Pocket, Sites
from logos_grammar.protein import Protein

LETTERS = "AGVLIPMFYWSTCNQDEKRHUOXBZJ*-"
GLYCINE, ETHANE = "NCC=O", "CC"

FORMS = {
    "marked": "<ProteinS>AG<PocketS>V<PocketE>K<ProteinE>",
    "expanded": f"<ProteinS>AG<PocketS>{GLYCINE}<PocketE>K<PocketS>{ETHANE}<PocketE><ProteinE>",
    "translated": f"<ProteinS>A<PocketS>G<PocketE><ProteinE><Trans>"
    f"<ProteinS>A<PocketS>{GLYCINE}<PocketE><ProteinE>",
    "searched": "<ProteinS>AG<ProteinE><Search><ProteinS>A<PocketS>G<PocketE><ProteinE>",
    "complex": "<ProteinS>AG<ProteinE><MoleculeS>CCO<MoleculeE>",
    "marked complex": "<ProteinS>A<PocketS>G<PocketE><ProteinE><MoleculeS>CCO<MoleculeE>",
    "expanded complex": f"<ProteinS>A<PocketS>{GLYCINE}<PocketE><ProteinE>"
    "<MoleculeS>CCO<MoleculeE>",
    "published": "<ProteinS>JFDS<PocketS>S<PocketE>KJEF<PocketS>K<PocketE>KSD<ProteinE>",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_back(form: str) -> None:
    thing = lg.from_logos(FORMS[form])
    assert lg.to_logos(thing) == FORMS[form]
    assert lg.decode(lg.encode(thing)) == thing


def test_a_residue_that_is_spelled_out_is_x() -> None:
    pocket = lg.from_logos(FORMS["expanded"])
    assert isinstance(pocket, Pocket)
    (chain,) = pocket.chains
    assert chain.chain == Protein("AGXKX")
    assert [(row, molecule.to_smiles()) for row, molecule in chain.spelled] == [
        (2, GLYCINE),
        (4, ETHANE),
    ]


def lined(sequence: str, rows: set[int], spelled: dict[int, Molecule]) -> LinedChain:
    lining = sorted(row for row in rows if row < len(sequence))
    kept = {row: molecule for row, molecule in spelled.items() if row in lining}
    kept = {row: molecule for row, molecule in kept.items() if len(molecule.to_smiles()) > 1}
    letters = ["X" if row in kept else letter for row, letter in enumerate(sequence)]
    sites = Sites(residue=np.array(lining, np.uint32), site=np.ones(len(lining), np.uint8))
    return LinedChain(Protein("".join(letters)), sites, tuple(sorted(kept.items())))


ROWS = st.sets(st.integers(0, 5), min_size=1)
SEQUENCES = st.text(LETTERS, min_size=6, max_size=9)
SPELLED = st.dictionaries(st.integers(0, 5), molecules(), max_size=3)


@given(SEQUENCES, ROWS, SPELLED, molecules())
def test_drawn_objects_of_every_form_come_back(
    sequence: str, rows: set[int], spelled: dict[int, Molecule], ligand: Molecule
) -> None:
    marked, mixed = lined(sequence, rows, {}), lined(sequence, rows, spelled)
    words = {row: spelled.get(row, Molecule.from_smiles(ETHANE)) for row in rows}
    expanded = lined(sequence, rows, words)
    things: list[Pocket | Complex] = [Pocket((marked,)), Pocket((mixed,)), Pocket((expanded,))]
    things.append(Pocket((marked,)).searched())
    if len(expanded.spelled) == len(expanded.sites):
        things.append(Pocket((expanded,), given=(marked,), task="trans"))
    things += [Complex((each, ligand)) for each in (LinedChain(marked.chain), marked, mixed)]
    for thing in things:
        text = lg.to_logos(thing)
        assert lg.to_logos(lg.from_logos(text)) == text
        if not any(each.spelled for each in chains_of(thing)) and isinstance(thing, Pocket):
            assert lg.from_logos(text) == thing


def chains_of(thing: Pocket | Complex) -> list[LinedChain]:
    if isinstance(thing, Pocket):
        return [*thing.chains]
    return [member for member in thing.members if isinstance(member, LinedChain)]


MARKED = LinedChain(Protein("AG"), Sites(residue=np.array([1]), site=np.array([1])))
OTHER_SITE = LinedChain(Protein("AG"), Sites(residue=np.array([1]), site=np.array([2])))
ETHANOL = Molecule.from_smiles("CCO")
EMPTY = Contacts(
    first=np.empty(0, np.uint32),
    second=np.empty(0, np.uint32),
    distance=np.empty(0, np.int8),
    kind=np.empty(0, np.uint16),
)


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (Pocket((LinedChain(Protein("AG")),)), "is a protein to LOGOS"),
        (Pocket((MARKED, MARKED)), "several chains"),
        (Pocket((OTHER_SITE,)), "no numbers of sites"),
        (Pocket((LinedChain(NucleicAcid("dna", "AC"), MARKED.sites),)), "nucleic acid"),
        (Pocket((LinedChain(Protein("A(MSE)"), MARKED.sites),)), r"modified residue \(MSE\)"),
        (Pocket((LinedChain(Protein("AG"), MARKED.sites, ((1, ETHANOL),)),)), "without_letters"),
        (
            Pocket((LinedChain(Protein("XX"), MARKED.sites, ((0, ETHANOL),)),)),
            "residues that line the pocket only",
        ),
        (
            Pocket((LinedChain(Protein("XX"), MARKED.sites, ((1, Molecule.from_smiles("C")),)),)),
            "C between <PocketS> and <PocketE> is a residue",
        ),
        (Pocket((MARKED,), given=(MARKED,), task="search"), "a protein before <Search>"),
        (Pocket((MARKED,), given=(MARKED,), task="trans"), "as a molecule after <Trans>"),
        (Pocket((MARKED,), given=(LinedChain(Protein("A")),), task="trans"), "before <Trans>"),
        (Complex((MARKED,)), "one protein and one molecule"),
        (Complex((ETHANOL, MARKED)), "one protein and one molecule"),
        (Complex((MARKED, ETHANOL), EMPTY), "without_contacts"),
    ],
)
def test_what_no_text_says_is_refused(thing: Pocket | Complex, reason: str) -> None:
    with pytest.raises(lg.ConversionError, match=reason):
        lg.to_logos(thing)


REFUSED = [
    ("<ProteinS>A<PocketS>G<ProteinE>", 21),
    ("<ProteinS>A<PocketS>G", 21),
    ("<ProteinS>A<PocketS><PocketE><ProteinE>", 20),
    ("<ProteinS>A<PocketS>1<PocketE><ProteinE>", 20),
    ("<ProteinS>A<PocketS>CC(<PocketE><ProteinE>", 23),
    ("<ProteinS>A<PocketE><ProteinE>", 11),
    ("<ProteinS>A<PocketS>G<PocketE>", 30),
    ("<ProteinS>A<PocketS>G<PocketE>a<ProteinE>", 30),
    ("<ProteinS>A<PocketS>G<PocketE><ProteinE>G", 40),
    ("<ProteinS>A<PocketS>G<PocketE><ProteinE><Search>", 40),
    ("<ProteinS>A<PocketS>G<PocketE><ProteinE><Trans>", 47),
    ("<ProteinS>A<ProteinE><Trans><ProteinS>A<ProteinE>", 21),
    ("<ProteinS>A<ProteinE><Search><ProteinS>A<ProteinE>", 29),
    ("<ProteinS>A<ProteinE><Search><ProteinS><PocketS>CC<PocketE><ProteinE>", 48),
    ("<ProteinS><PocketS>A<PocketE><ProteinE><Trans><ProteinS><PocketS>A<PocketE><ProteinE>", 65),
    ("<ProteinS><PocketS>CC<PocketE><ProteinE><Trans><ProteinS><PocketS>CC<PocketE><ProteinE>", 19),
    ("<ProteinS>A<ProteinE><MoleculeS>C<MoleculeE><MoleculeS>C<MoleculeE>", 21),
    ("<ProteinS>A<ProteinE><MoleculeS>C(<MoleculeE>", 34),
    ("<ProteinS>A<ProteinE><ProteinS>A<ProteinE>", 21),
    ("<PocketS>A<PocketE>", 0),
]


@pytest.mark.parametrize(("text", "position"), REFUSED)
def test_what_is_no_text_is_refused_where_it_goes_wrong(text: str, position: int) -> None:
    with pytest.raises(lg.ConversionError) as caught:
        lg.from_logos(text)
    assert caught.value.position == position
    assert str(caught.value).endswith(f"at character {position}")


PIECES = re.compile(r"<\w+>|[^<]")


def test_two_hundred_texts_with_a_piece_changed_are_read_or_refused_where_it_is() -> None:
    """A piece that is left out, doubled or exchanged; what stands before it is not to blame."""
    random = Random(0)
    refused: list[tuple[int, int]] = []
    for _ in range(400):
        pieces = PIECES.findall(random.choice(sorted(FORMS.values())))
        at = random.randrange(len(pieces))
        changed = pieces.copy()
        changed[at : at + 1] = random.choice(
            [[], [pieces[at]] * 2, [random.choice(pieces)], ["("], ["<Search>"], ["<ProteinE>"]]
        )
        text = "".join(changed)
        try:
            thing = lg.from_logos(text)
        except lg.ConversionError as error:
            refused.append((error.position, len(text)))
        else:
            assert lg.to_logos(thing) == text
    assert len(refused) >= 200
    assert all(0 <= position <= length for position, length in refused)
