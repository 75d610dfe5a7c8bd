"""Conformers: coordinates exactly, poses, projections, and what `encode` refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.strategies import conformers
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from oracle import Recogniser, read_spec

RECOGNISER = Recogniser(read_spec(), "conformer")
FORMALDEHYDE = Conformer(
    molecule=Molecule.from_smiles("C=O"),
    hydrogens=np.array([2, 0], np.uint32),
    x=Fixed.from_text(["0.000", "0.540", "0.540", "-1.203"] * 2),
    y=Fixed.from_text(["0.000", "0.935", "-0.935", "0.000"] * 2),
    z=Fixed.from_text(["0.000"] * 7 + ["0.250"]),
    order=np.array([1, 2, 3, 0], np.uint32),
    title="formaldehyde",
    property_name=Words(["ID", "ID"]),
    property_value=Words(["7", "two\nlines"]),
)


def sentence(conformer: Conformer) -> str:
    return " ".join(lg.vocabulary.name(token) for token in lg.encode(conformer).tolist())


def test_a_sentence_is_the_molecule_the_grid_and_the_poses() -> None:
    whole = sentence(FORMALDEHYDE.pose(0).without_order().without_title().without_properties())
    assert whole == (
        "<ConformerS> <MoleculeS> C = O <MoleculeE> grid3 <Pose> 0. 0. 0. .000 .000 .000 "
        "h000 .540 .935 .000 h0-0 .540 .065 .000 c<00 .797 .000 .000 <ConformerE>"
    )
    assert sentence(FORMALDEHYDE).endswith(
        "<Order> #1 #2 #3 #0 <Title> 'f 'o 'r 'm 'a 'l 'd 'e 'h 'y 'd 'e <TextE> "
        "<Property> 'I 'D <TextE> '7 <TextE> "
        "<Property> 'I 'D <TextE> 't 'w 'o x0A 'l 'i 'n 'e 's <TextE> <ConformerE>"
    )


def test_a_conformer_comes_back() -> None:
    back = lg.decode(lg.encode(FORMALDEHYDE))
    assert back == FORMALDEHYDE
    assert back.poses == 2
    assert back.properties == (("ID", "7"), ("ID", "two\nlines"))
    assert back.coordinates(1)[3].tolist() == [-1.203, 0.0, 0.25]
    assert back.atom_rows().tolist() == [0, 3]
    with pytest.raises(IndexError, match="a pose below 2, not 2"):
        back.coordinates(2)
    odd: tuple[Any, ...] = (0.5, "0", None)
    for pose in odd:
        with pytest.raises(TypeError, match="expected the number of a pose, from 0, not"):
            back.pose(pose)
    assert back.pose(np.int64(1)) == back.pose(1)


def test_steps_are_from_the_parent_in_the_tree() -> None:
    """The atoms of a branch lead back to their atom; a component begins at the atom before it."""
    molecule = Molecule.from_smiles("CC(C)C.O")
    x = Fixed([0, 10, 20, 11, 12], 1)
    zero = Fixed([0] * 5, 1)
    whole = sentence(
        Conformer(molecule=molecule, hydrogens=np.zeros(5, np.uint32), x=x, y=zero, z=zero)
    )
    pose = "<Pose> 0. 0. 0. .000 c+00 .000 c+00 .000 c000 .100 c000 .100 <ConformerE>"
    assert whole.endswith(pose)


@given(conformers(), st.data())
def test_projections_lose_what_they_say(conformer: Conformer, data: st.DataObject) -> None:
    pose = data.draw(st.integers(0, conformer.poses - 1))
    atoms = conformer.heavy()
    assert not atoms.hydrogens.any()
    rows = conformer.atom_rows()
    assert np.array_equal(atoms.coordinates(pose), conformer.coordinates(pose)[rows])
    one = conformer.pose(pose)
    assert one.poses == 1
    assert np.array_equal(one.coordinates(), conformer.coordinates(pose))
    centred = conformer.centred()
    moved = [
        (a.scaled - b.scaled).tolist()
        for a, b in zip(_axes(conformer), _axes(centred), strict=True)
    ]
    assert [len(set(axis)) for axis in moved] == [1, 1, 1]
    count = len(conformer.x) // conformer.poses
    assert all(2 * abs(axis.scaled[:count].sum()) <= count for axis in _axes(centred))
    assert centred.centred() == centred
    if conformer.x.decimals < 9:
        posed = conformer.posed(pose)
        assert posed.object.undone(posed.motion) == conformer
    bare = conformer.without_order().without_title().without_properties()
    assert (bare.order, bare.title, bare.properties) == (None, "", ())
    for each in (atoms, one, bare):
        assert lg.decode(lg.encode(each)) == each


def _axes(conformer: Conformer) -> tuple[Fixed, Fixed, Fixed]:
    return conformer.x, conformer.y, conformer.z


def test_an_order_is_kept_of_the_atoms_that_remain() -> None:
    heavy = FORMALDEHYDE.heavy()
    assert np.array_equal(heavy.order, [1, 0])  # type: ignore[arg-type]
    assert lg.decode(lg.encode(FORMALDEHYDE.heavy())) == FORMALDEHYDE.heavy()


def test_rounding_is_named() -> None:
    assert FORMALDEHYDE.rounded(1).x.to_text()[:4] == ["0.0", "0.5", "0.5", "-1.2"]
    assert FORMALDEHYDE.rounded(5).x.to_text()[3] == "-1.20300"
    with pytest.raises(ValueError, match="expected 2 decimals"):
        FORMALDEHYDE.rounded(2, rounding="exact")


LONG = Fixed([0] * 7 + [10**12], 0)


@pytest.mark.parametrize(
    ("changed", "column", "row", "reason"),
    [
        ({"hydrogens": [2]}, "hydrogens", 1, "a row for each atom"),
        ({"hydrogens": [2, 0, 0]}, "hydrogens", 2, "a row for each atom"),
        ({"hydrogens": [2, 1]}, "x", 8, "here 5"),
        ({"y": Fixed([0] * 8, 2)}, "y", 0, "one count of decimals"),
        ({"x": LONG, "y": LONG, "z": LONG}, "x", 7, "nine digits"),
        ({"order": [0, 1, 2]}, "order", 2, "for each point of a pose, here 4"),
        ({"order": [0, 1, 2, 2]}, "order", 3, "each number from 0 to 3 once"),
        ({"order": [0, 1, 2, 4]}, "order", 3, "each number from 0 to 3 once"),
        (
            {"molecule": replace(FORMALDEHYDE.molecule, charge=np.array([0, 99], np.int8))},
            "molecule.hydrogens",
            1,
            "states its",
        ),
    ],
)
def test_what_no_sentence_says_is_refused(
    changed: dict[str, Any], column: str, row: int, reason: str
) -> None:
    with pytest.raises(lg.GrammarError, match=reason) as error:
        lg.encode(replace(FORMALDEHYDE, **changed))
    assert (error.value.column, error.value.row) == (column, row)


def test_an_order_of_more_than_a_thousand_points_is_refused() -> None:
    count = 1001
    molecule = Molecule.from_smiles("C" * count)
    zero = Fixed([0] * count, 0)
    whole = Conformer(
        molecule=molecule,
        hydrogens=np.zeros(count, np.uint32),
        x=zero,
        y=zero,
        z=zero,
        order=np.arange(count, dtype=np.uint32),
    )
    with pytest.raises(lg.GrammarError, match="without_order"):
        lg.encode(whole)
    bare = whole.without_order()
    ids = lg.encode(bare)
    assert lg.decode(ids) == bare
    recognizer = lg.Recognizer("conformer")
    assert recognizer.accept_many(ids[:-1]) == len(ids) - 1
    assert lg.vocabulary.id("<Order>") not in recognizer.allowed()


def test_no_pose_is_refused() -> None:
    none = Fixed(np.zeros(0, np.int64), 3)
    with pytest.raises(lg.GrammarError, match="one or more poses"):
        lg.encode(replace(FORMALDEHYDE, x=none, y=none, z=none, order=None))


@given(conformers())
def test_what_is_written_is_a_sentence_of_the_oracle(conformer: Conformer) -> None:
    """The writer is trusted, as is that of molecules: the machine does not judge what it wrote."""
    assert RECOGNISER.first_error(lg.encode(conformer).tolist()) is None


@given(conformers(), st.integers(0, 60))
def test_a_budget_is_kept_to_the_last_token(conformer: Conformer, spare: int) -> None:
    ids = lg.encode(conformer).tolist()
    exact = lg.Recognizer("conformer", budget=len(ids) + spare)
    assert exact.accept_many(ids) == len(ids)
    for cut in range(0, len(ids), 7):
        free = lg.Recognizer("conformer")
        assert free.accept_many(ids[:cut]) == cut
        least = cut + free.min_tokens_to_complete()
        tight = lg.Recognizer("conformer", budget=least)
        assert tight.accept_many(ids[:cut]) == cut
        assert tight.accept_many(tight.closing_tokens()) == least - cut
        assert tight.is_done
