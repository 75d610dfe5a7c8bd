"""What objects hold, said outright: for a mistake that the core makes there and undoes back.

Such a mistake loses nothing, so that no round trip shows it: the text is the same, and the object
is another one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.infill import Infill
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.texts import Kind

# The periodic table by periods; symbols and their order as IUPAC has them.
PERIODS = """
    H He
    Li Be B C N O F Ne
    Na Mg Al Si P S Cl Ar
    K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
    Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe
    Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
    Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn
    Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr
    Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
ELEMENTS = PERIODS.split()
BARE = "* B C N O P S F Cl Br I b c n o p s"
AROMATIC = {"b": 5, "c": 6, "n": 7, "o": 8, "si": 14, "p": 15, "s": 16, "as": 33, "se": 34}
AROMATIC["te"] = 52
CHARGES = [charge for charge in range(-15, 16) if charge]
SYMBOLS = {
    "-": BondOrder.SINGLE,
    "=": BondOrder.DOUBLE,
    "#": BondOrder.TRIPLE,
    "$": BondOrder.QUADRUPLE,
    ":": BondOrder.AROMATIC,
    "/": BondOrder.UP,
    "\\": BondOrder.DOWN,
    "~": BondOrder.ANY,
    "->": BondOrder.DATIVE,
    "<-": BondOrder.DATIVE_BACK,
}
TURNED = {"/": BondOrder.DOWN, "\\": BondOrder.UP}
TURNED |= {"->": BondOrder.DATIVE_BACK, "<-": BondOrder.DATIVE}


def both_roads(smiles: str) -> list[Molecule]:
    """Read the text as an object, and as a row of a column whose ids are decoded."""
    of_column = lg.decode(lg.encode_texts("molecule", [smiles])[0])
    assert isinstance(of_column, Molecule)
    return [Molecule.from_smiles(smiles), of_column]


def test_an_element_is_its_atomic_number() -> None:
    assert len(ELEMENTS) == 118
    for number, symbol in enumerate(["*", *ELEMENTS]):
        for molecule in both_roads(f"[{symbol}]"):
            assert (molecule.element.tolist(), molecule.aromatic.tolist()) == ([number], [False])
    for symbol, number in AROMATIC.items():
        for molecule in both_roads(f"[{symbol}]"):
            assert (molecule.element.tolist(), molecule.aromatic.tolist()) == ([number], [True])


def test_a_bare_symbol_is_its_atomic_number() -> None:
    for symbol in BARE.split():
        number = AROMATIC.get(symbol) or ["*", *ELEMENTS].index(symbol)
        for molecule in both_roads(symbol):
            assert molecule.element.tolist() == [number]


def test_an_atom_is_what_its_brackets_say() -> None:
    for charge in CHARGES:
        sign = "+" if charge > 0 else "-"
        text = sign if abs(charge) == 1 else f"{charge:+}"
        for molecule in both_roads(f"[Fe{text}]"):
            assert molecule.charge.tolist() == [charge]
    for hydrogens in range(1, 10):
        text = "H" if hydrogens == 1 else f"H{hydrogens}"
        for molecule in both_roads(f"[C{text}]"):
            assert molecule.hydrogens.tolist() == [hydrogens]
    for number in (1, 13, 999, 1_000, 1_001, 63_064, 100_000, 1_002_003, 999_999_999):
        for molecule in both_roads(f"[{number}C:{number}]"):
            assert (molecule.isotope.tolist(), molecule.map.tolist()) == ([number], [number])
        for molecule in both_roads(f"[{number}C]"):
            assert (molecule.isotope.tolist(), molecule.map.tolist()) == ([number], [0])


def test_a_stereo_code_is_its_mark() -> None:
    marks = ["@", "@@", "@AL1", "@AL2", *(f"@SP{i}" for i in (1, 2, 3))]
    marks += [f"@TB{i}" for i in range(1, 21)] + [f"@OH{i}" for i in range(1, 31)]
    for code, mark in enumerate(marks, start=1):
        for molecule in both_roads(f"[Co{mark}](F)(Cl)(Br)(I)(N)S"):
            assert molecule.stereo[0] == code


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_bond_is_read_from_its_earlier_atom(symbol: str) -> None:
    for molecule in both_roads(f"C{symbol}C"):
        assert molecule.order.tolist() == [SYMBOLS[symbol]]
    # Where a ring closes the symbol is read from the later atom to the earlier one.
    for molecule in both_roads(f"C1CCC{symbol}1"):
        ring = (molecule.begin == 0) & (molecule.end == 3)
        assert molecule.order[ring].tolist() == [TURNED.get(symbol, SYMBOLS[symbol])]


@pytest.mark.parametrize("locus", ["light", "kappa", "lambda"])
def test_a_light_chain_stands_behind_its_own_tag(
    locus: Literal["light", "kappa", "lambda"],
) -> None:
    chain = Chain(locus, "D", "R", "W", "G", "G", "Q", "F")
    whole = Antibody(None, chain)
    holey = Infill(Antibody(None, replace(chain, cdr3="_")), ("Q",))
    for thing, before in ((whole, ["<AntibodyS>"]), (holey, ["<InfillS>", "<AntibodyS>"])):
        names = [lg.vocabulary.name(token) for token in lg.encode(thing).tolist()]
        tag = f"<{locus.capitalize()}>"
        assert names[: len(before) + 2] == [*before, tag, "<FR1>"]
        assert lg.decode(lg.encode(thing)) == thing


@pytest.mark.parametrize("fills", [(), ("A",), ("A", "C", "D")])
def test_an_infill_is_refused_where_its_fills_begin(fills: tuple[str, ...]) -> None:
    for template, written in ((Protein("M_K_"), 7), (NucleicAcid("rna", "_A_"), 6)):
        with pytest.raises(lg.GrammarError) as refused:
            lg.encode(Infill(template, fills))
        assert refused.value.condition == 'as_many("<Fill>", "<Hole>")'
        assert refused.value.position == written
        assert not refused.value.expected_ids.size


def test_the_direction_of_a_reaction_is_in_its_arrow() -> None:
    forward = Reaction.from_smiles("C>O>N")
    retro = forward.retro()
    for reaction, first, arrow in ((forward, "C", "<React>"), (retro, "N", "<ReverseReact>")):
        names = [lg.vocabulary.name(token) for token in lg.encode(reaction).tolist()]
        assert names[:3] == ["<ReactionS>", "<MoleculeS>", first]
        assert arrow in names
        back = lg.decode(lg.encode(reaction))
        assert isinstance(back, Reaction)
        assert back.direction == reaction.direction
        assert [side[0].element.tolist() for side in (back.reactants, back.products)] == [[6], [7]]


def test_a_sentence_ends_at_its_end() -> None:
    texts: dict[Kind, str] = {"molecule": "C", "protein": "MK", "reaction": "C>>O"}
    for ids in [lg.encode_texts(kind, [text])[0] for kind, text in texts.items()]:
        for more in (ids[-1:], ids, ids[:1]):
            error = lg.check(np.concatenate([ids, more]))
            assert error is not None
            assert (error.position, error.expected) == (len(ids), ("the end",))


def test_a_name_that_has_a_letter_is_refused_in_every_alphabet() -> None:
    proteins = "ALA ARG ASN ASP ASX CYS GLN GLU GLX GLY HIS ILE LEU LYS MET PHE PRO PYL SEC SER"
    proteins += " THR TRP TYR UNK VAL XLE"
    forbidden: dict[Kind, str] = {
        "protein": proteins,
        "dna": "DA DC DG DT DU DI DN",
        "rna": "A C G U I N",
    }
    for kind, taken in forbidden.items():
        for name in taken.split():
            refused = lg.encode_texts(kind, [f"({name})", f"({name}X)"], errors="collect")
            assert [row for row, _ in refused.errors] == [0], (kind, name)


def test_a_refused_row_of_any_kind_is_empty() -> None:
    columns: dict[Kind, tuple[str, str, str]] = {
        "molecule": ("CC", "CC(", "O"),
        "reaction": ("C>>O", "CC>C(>", "O>>C"),
        "protein": ("MK", "MKV1", "K"),
        "dna": ("AC", "ACG1", "T"),
        "rna": ("AC", "ACG(A)", "U"),
    }
    for kind, texts in columns.items():
        encoded = lg.encode_texts(kind, texts, errors="collect")
        assert [row for row, _ in encoded.errors] == [1]
        assert len(encoded[1]) == 0
        for row in (0, 2):
            assert encoded[row].tolist() == lg.encode_texts(kind, [texts[row]])[0].tolist()


@pytest.mark.parametrize(
    "text", ["C(C)", "C(C).O", "C(C(C))O", "C12CC2C1", "C12CCC1CC2", "C1CC21CC2", "C2CC2", "C-C"]
)
def test_a_column_holds_the_sentences_of_objects_however_texts_are_written(text: str) -> None:
    ids = lg.encode_texts("molecule", [text])[0]
    assert lg.check(ids) is None
    assert ids.tolist() == lg.encode(Molecule.from_smiles(text)).tolist()


@pytest.mark.parametrize(("text", "again"), [("CC", 0), ("C1CCC1", 3)])
def test_two_bonds_between_two_atoms_are_refused(text: str, again: int) -> None:
    molecule = Molecule.from_smiles(text)
    twice = {
        column: np.append(getattr(molecule, column), getattr(molecule, column)[again])
        for column in ("begin", "end", "order")
    }
    with pytest.raises(lg.GrammarError, match="unjoined"):
        lg.encode(replace(molecule, **twice))


def test_an_atom_is_aromatic_again_after_its_branch() -> None:
    for molecule in both_roads("c1(C)cccc[nH]1"):
        assert molecule.order.tolist().count(BondOrder.AROMATIC) == 6
