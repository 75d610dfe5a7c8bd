"""Infills of molecules: what grows on a scaffold joins it, and what is cut off grows again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.infill import Infill
from logos_grammar.infill.strategies import infills
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import to_rdkit

TESTS = Path(__file__).parent
SAMPLE = TESTS.parent / "python" / "logos_model" / "sample_data" / "molecules.smi"


def molecule(smiles: str) -> Molecule:
    return Molecule.from_smiles(smiles)


def test_a_template_may_be_a_molecule() -> None:
    """It was a TypeError."""
    benzoic = Infill(molecule("c1ccccc1"), (molecule("*C(=O)O"),), (0,))
    assert lg.decode(lg.encode(benzoic)) == benzoic
    assert benzoic.whole() == molecule("c1(C(=O)O)ccccc1")
    names = [lg.vocabulary.name(id) for id in lg.encode(benzoic)]
    assert " ".join(names) == (
        "<InfillS> <MoleculeS> c open1 <Hole> c c c c c close1 <MoleculeE> "
        "<Fill> C ( = O ) O <InfillE>"
    )


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ((molecule("C"), ("C",), (0,)), TypeError, r"fills\[0\].*a Molecule"),
        ((lg.protein.Protein("_"), (molecule("*"),)), TypeError, r"fills\[0\].*a str"),
        ((lg.protein.Protein("_"), ("K",), (0,)), TypeError, "holes for a Molecule only"),
        ((molecule("C"), (molecule("*"),), (-1,)), ValueError, "rows of atoms"),
    ],
)
def test_what_is_no_infill_is_refused(
    fields: tuple[object, ...], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        lg.encode(Infill(*fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("holes", "fills", "said"),
    [
        ((2,), ["*"], "one of the 2 atoms"),
        ((1, 0), ["*", "*"], "in the order of their atoms"),
        ((0,), ["C"], "begins with a bare wildcard"),
        ((0,), [], "as_many"),
        ((0,), ["*", "*"], "as_many"),
        ((0,), ["*.C"], "expected"),
        ((0,), ["*(C)C"], "expected"),
        ((0,), ["*:c"], "expected"),
    ],
)
def test_an_infill_without_a_sentence_says_why(
    holes: tuple[int, ...], fills: list[str], said: str
) -> None:
    thing = Infill(molecule("CC"), tuple(map(molecule, fills)), holes)
    for act in (lg.encode, Infill.whole):
        with pytest.raises(lg.GrammarError, match=said):
            act(thing)


@pytest.mark.parametrize(
    ("smiles", "bonds", "hydrogens", "said"),
    [
        ("C1CC1", [(0, 1)], [], "no ring"),
        ("CCC", [(0, 1), (1, 2)], [], "no other cut takes away at cut 1"),
        ("CCC", [(0, 2)], [], "a bond of the molecule, cut once at cut 0"),
        ("[Na+]", [], [0], "an atom that has a hydrogen at cut 0"),
        ("C(F)(F)(F)F", [], [0], "an atom that has a hydrogen at cut 0"),
        ("C", [], [0] * 6, "an atom that has a hydrogen at cut 4"),
        ("[CH4]", [], [0] * 6, "an atom that has a hydrogen at cut 4"),
        ("c1ccccc1C", [], [0, 5], "an atom that has a hydrogen at cut 1"),
        ("CC", [(0, 1)], [0, 0, 0, 0], "an atom that has a hydrogen at cut 4"),
        ("CCC", [(0, 2)], [9, 1, 1, 1], "a bond of the molecule, cut once at cut 0"),
        ("CC(C)(C)(C)C", [], [1], "an atom that has a hydrogen at cut 0"),
        ("*", [], [0], "an atom that has a hydrogen at cut 0"),
        ("O=C", [], [1, 1, 0], "an atom that has a hydrogen at cut 2"),
        ("CC", [(0, 5)], [], "rows of the 2 atoms"),
    ],
)
def test_what_cannot_be_cut_is_named(
    smiles: str, bonds: list[tuple[int, int]], hydrogens: list[int], said: str
) -> None:
    with pytest.raises(lg.ConversionError, match=said):
        Infill.from_molecule(molecule(smiles), bonds=bonds, hydrogens=hydrogens)
    with pytest.raises(ValueError, match="from 0 on"):
        Infill.from_molecule(molecule(smiles), hydrogens=[-1])


def test_as_many_holes_as_hydrogens() -> None:
    """Every hydrogen of an atom is a hole, and not one more, stated or implied."""
    for line in SAMPLE.read_text("utf-8").splitlines()[::100]:
        whole = molecule(line.split()[0])
        for atom in to_rdkit(whole).GetAtoms():
            row, count = atom.GetIdx(), atom.GetTotalNumHs()
            assert len(Infill.from_molecule(whole, hydrogens=[row] * count).holes) == count
            with pytest.raises(lg.ConversionError, match=f"has a hydrogen at cut {count}"):
                Infill.from_molecule(whole, hydrogens=[row] * (count + 1))


UNTYPED: Any = Infill  # as a caller without types has it
HOLED = lg.protein.Protein("M_K")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: UNTYPED.from_molecule(None), TypeError, "molecule to be a Molecule, not NoneType"),
        (lambda: UNTYPED.from_molecule("CC", bonds=[(0, 1)]), TypeError, "a Molecule, not str"),
        (
            lambda: UNTYPED.from_molecule(HOLED, bonds=[(0, 1)]),
            TypeError,
            "a Molecule, not Protein",
        ),
        (lambda: cut(bonds=5), TypeError, "expected bonds to be a list, not int"),
        (lambda: cut(bonds=[5]), TypeError, r"expected bonds\[0\] to be a list, not int"),
        (lambda: cut(bonds=[(0, 1, 2)]), ValueError, r"bonds\[0\] to be two rows of atoms, not \("),
        (lambda: cut(bonds=[("a", 1)]), TypeError, r"bonds\[0\] to be the row of an atom, not str"),
        (lambda: cut(bonds=[(2**70, 1)]), ValueError, r"bonds\[0\] to be the row of an atom"),
        (lambda: cut(hydrogens=[2**70]), ValueError, r"hydrogens\[0\] to be the row of an atom"),
        (lambda: cut(hydrogens=5), TypeError, "expected hydrogens to be a list, not int"),
        (lambda: UNTYPED("x", ("a",)).whole(), TypeError, "Infill.template to be a .*, not str"),
        (
            lambda: UNTYPED(HOLED, (5,)).whole(),
            TypeError,
            r"Infill.fills\[0\] to be a str, not int",
        ),
        (lambda: UNTYPED(HOLED, 5), TypeError, "expected fills to be a list, not int"),
        (lambda: UNTYPED(HOLED, ("a",), 5), TypeError, "expected holes to be a list, not int"),
        (lambda: UNTYPED(HOLED, ("_",)).whole(), ValueError, r"Infill.fills\[0\] without a hole"),
        (lambda: UNTYPED.of_cdr3(None), TypeError, "expected an Antibody, not NoneType"),
        (lambda: UNTYPED.from_scaffold("C*", None), TypeError, "fills to be a list, not NoneType"),
        (lambda: UNTYPED.from_scaffold("C*", "C*"), TypeError, "fills to be a list, not one text"),
        (
            lambda: UNTYPED.from_scaffold("C*", [5]),
            TypeError,
            r"fills\[0\] to be a SMILES, not int",
        ),
        (
            lambda: UNTYPED.from_scaffold(None, []),
            TypeError,
            "template to be a SMILES, not NoneType",
        ),
    ],
)
def test_arguments_of_another_type_are_named(
    call: Callable[[], object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        call()


def cut(**cuts: Any) -> Infill:
    return Infill.from_molecule(molecule("CC"), **cuts)


@given(infills(proteins=False, nucleic_acids=False, antibodies=False))
def test_what_is_whole_is_a_molecule(infill: Infill) -> None:
    """And a fill that is cut off again is the fill, where its atom has no other stereo."""
    try:
        whole = infill.whole()
    except lg.ConversionError:
        assert (infill.template.stereo > 0).any()  # type: ignore[union-attr]
        return
    assert isinstance(whole, Molecule)
    grown = [fill for fill in infill.fills if isinstance(fill, Molecule)]
    assert len(whole) == len(infill.template) + sum(len(fill) - 1 for fill in grown)  # type: ignore[arg-type]
    if (whole.hydrogens <= 9).all():
        assert lg.decode(lg.encode(whole)) == whole


@given(infills(proteins=False, nucleic_acids=False, antibodies=False))
def test_fills_are_cut_off_again(infill: Infill) -> None:
    template = infill.template
    assert isinstance(template, Molecule)
    grown = [fill for fill in infill.fills if isinstance(fill, Molecule)]
    whole_rows, cuts, at = [], [], 0
    for atom in range(len(template)):
        whole_rows.append(at)
        at += 1
        for hole, fill in zip(infill.holes, grown, strict=True):
            if hole == atom and len(fill) > 1:
                cuts.append((whole_rows[atom], at))
                at += len(fill) - 1
    if any(len(fill) == 1 for fill in grown):
        return
    whole = infill.whole()
    assert isinstance(whole, Molecule)
    assert Infill.from_molecule(whole, bonds=cuts) == infill


def test_cut_molecules_are_whole_again() -> None:
    """By RDKit's canonical SMILES, at random bonds in no ring and at random hydrogens."""
    rdkit = pytest.importorskip("rdkit.Chem")
    chosen = Random(9)
    cut = 0
    listed = (TESTS / "smiles" / "molecules.smi").read_text(encoding="utf-8").splitlines()
    sampled = SAMPLE.read_text(encoding="utf-8").splitlines()
    for text in (*listed, *sampled[::10]):
        whole = Molecule.from_smiles(text.split()[0]) if text else None
        # RDKit writes one complex in several ways: the next test has those.
        if whole is None or len(whole) < 2 or (whole.stereo > 4).any():
            continue
        bonds = list(zip(whole.begin.tolist(), whole.end.tolist(), strict=True))
        chosen.shuffle(bonds)
        for stays, goes in bonds[:4]:
            pair = (stays, goes) if chosen.random() < 0.5 else (goes, stays)
            hydrogens = [atom for atom in [pair[0]] if whole.hydrogens[atom] > 0]
            try:
                infill = Infill.from_molecule(whole, bonds=[pair], hydrogens=hydrogens)
            except lg.ConversionError as error:
                assert "no ring" in str(error) or "not aromatic" in str(error)  # noqa: PT017
                continue
            assert lg.decode(lg.encode(infill)) == infill
            again = infill.whole()
            assert isinstance(again, Molecule)
            before, after = (rdkit.CanonSmiles(one.to_smiles()) for one in (whole, again))
            assert before == after, (text, pair)
            cut += 1
    assert cut > 500


@pytest.mark.parametrize("stereo", range(1, 58))
def test_stereo_of_every_class_survives_a_cut(stereo: int) -> None:
    """Cutting off each neighbour in turn and joining it again is one permutation of neighbours."""
    neighbours = {range(1, 5): 4, range(5, 8): 4, range(8, 28): 5, range(28, 58): 6}
    count = next(n for codes, n in neighbours.items() if stereo in codes)
    if stereo in (3, 4):
        pytest.skip("an allene has its neighbours elsewhere")
    columns: dict[str, Any] = {
        "element": [26, *range(7, 7 + count)],
        "aromatic": [False] * (count + 1),
        "stereo": [stereo, *[0] * count],
        "begin": [0] * count,
        "end": range(1, count + 1),
        "order": [0] * count,
    }
    columns |= {name: [0] * (count + 1) for name in ("isotope", "hydrogens", "charge", "map")}
    whole = Molecule(**columns)
    for away in range(1, count + 1):
        once = Infill.from_molecule(whole, bonds=[(0, away)]).whole()
        assert isinstance(once, Molecule)
        # The neighbour now comes first; put back by cutting those that were before it.
        for _ in range(away - 1):
            last_before = int(np.flatnonzero(once.element == 7 + away - 2 - _)[0])
            once = Infill.from_molecule(once, bonds=[(0, last_before)]).whole()
            assert isinstance(once, Molecule)
        assert once == whole
