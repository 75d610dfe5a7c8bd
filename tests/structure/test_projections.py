"""Projections of structures: what they keep, that twice is once, and that the rest is written."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.fixed import Fixed
from logos_grammar.motion import Motion
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein
from logos_grammar.structure import Structure
from logos_grammar.structure.strategies import structures

from .test_mmcif import row as mmcif_row
from .test_mmcif import table as mmcif_table
from .test_pdb import atom


def at(x: float, y: float = 0.0, z: float = 0.0) -> str:
    return f"{x:8.3f}{y:8.3f}{z:8.3f}"


def residue(names: str, component: str, number: str, first: float, **fields: str) -> list[str]:
    """Lines of the atoms of a residue, an ångström from each other."""
    return [
        atom(f" {name:3}", component, number=number, element=name[0], xyz=at(first + i), **fields)
        for i, name in enumerate(names.split())
    ]


LINES = [
    *residue("N CA C O CB H", "ALA", "1", 0.0),
    *residue("N CA C O SE", "MSE", "2", 10.0, record="HETATM"),
    *residue("N CA C O CB", "SER", "3", 20.0, altloc="A", occupancy="  0.60"),
    *residue("N CA C O CB", "PRO", "3", 30.0, altloc="B", occupancy="  0.40"),
    *residue("N CA C O", "GLY", "4", 40.0, insertion="A"),
    "TER",
    *residue("P O5' C5' C4' C3' O3' N9", "DA", "1", 50.0, chain="B"),
    *residue("P O5' C5' C4' C3' O3' N1", "DC", "2", 60.0, chain="B"),
    "TER",
    *residue("O", "HOH", "101", 70.0, record="HETATM"),
    atom("CA  ", " CA", "A", "102", record="HETATM", element="CA", xyz=at(80.0)),
    *residue("C1 H1", "LIG", "103", 90.0, record="HETATM", chain="C"),
]


def two_models() -> Structure:
    models = [[f"MODEL     {number:4}", *LINES, "ENDMDL"] for number in (1, 2)]
    return Structure.from_pdb("".join(f"{line}\n" for lines in models for line in lines))


WHOLE = two_models()
NAMED: dict[str, Callable[[Structure], Structure]] = {
    "backbone": Structure.backbone,
    "alpha_carbons": Structure.alpha_carbons,
    "without_hydrogens": Structure.without_hydrogens,
    "without_waters": Structure.without_waters,
    "without_b_factors": Structure.without_b_factors,
    "without_displacements": Structure.without_displacements,
    "first_altloc": Structure.first_altloc,
    "centred": Structure.centred,
    "rounded": lambda structure: structure.rounded(1, occupancy=1, b_factor=0, displacements=3),
    "crop": lambda structure: structure.crop(slice(2)),
    "sphere": lambda structure: structure.crop(centre=(0, 0, 0), radius=10_000),
}
MOVING = {"centred", "rounded"}


def rows(structure: Structure) -> Counter[tuple[object, ...]]:
    """Every atom with what it belongs to, its letter and its place aside."""
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    of = atoms.residue
    strand = residues.strand[of]
    columns = [
        structure.models.number[strands.model[strand]],
        strands.chain[strand],
        residues.component[of],
        residues.number[of],
        residues.insertion[of],
        residues.hetero[of],
        atoms.name,
        atoms.element,
        atoms.charge,
    ]
    return Counter(zip(*columns, strict=True))


def places(structure: Structure) -> list[tuple[int, ...]]:
    atoms = structure.atoms
    columns = [column.scaled.tolist() for column in (atoms.x, atoms.y, atoms.z)]
    return list(zip(*columns, strict=True))


def is_beyond_places(structure: Structure) -> bool:
    """Whether an atom is so far away that only a step can say where it is."""
    atoms = structure.atoms
    return any(
        (np.abs(each.to_float()) > 999_999_999).any() for each in (atoms.x, atoms.y, atoms.z)
    )


@pytest.mark.parametrize("name", NAMED)
@settings(max_examples=20)
@given(structures())
def test_a_projection_is_a_part_and_twice_is_once(name: str, structure: Structure) -> None:
    projection = NAMED[name]
    try:
        part = projection(structure)
    except IndexError:
        assert name == "crop"
        return
    try:
        ids = lg.encode(part)
    except lg.GrammarError as error:
        # What was just within what a place or an occupancy can say may go beyond it; an atom that
        # was a step from another may have to be placed where no place is.
        if (name in MOVING and "digits" in str(error)) or is_beyond_places(part):
            return
        raise
    assert lg.decode(ids) == part
    again = projection(part)
    assert again == part
    assert rows(part) <= rows(structure)
    if name not in MOVING:
        assert Counter(places(part)) <= Counter(places(structure))
    for number in (part.models.number, part.strands.model, part.residues.strand):
        assert number.dtype.kind in "iu"


@pytest.mark.parametrize("name", NAMED)
def test_the_file_of_a_projection_reads_back(name: str) -> None:
    part = NAMED[name](WHOLE)
    for again in (Structure.from_pdb(part.to_pdb()), Structure.from_mmcif(part.to_mmcif())):
        assert again.atoms == replace(part.atoms, residue=again.atoms.residue)
        assert rows(again) == rows(part)
        assert len(again.residues) == len(part.residues)


def with_all_columns() -> Structure:
    """A structure with every optional column, each of which some atoms or links alone have."""
    waters = {"label_comp_id": "HOH", "type_symbol": "O", "group_PDB": "HETATM", "auth_seq_id": "7"}
    waters |= {"label_asym_id": "B", "label_entity_id": "2", "label_seq_id": "."}
    zinc = {"label_comp_id": "ZN", "label_atom_id": "ZN", "type_symbol": "ZN", "auth_seq_id": "8"}
    zinc |= {"label_asym_id": "C", "label_entity_id": "3", "label_seq_id": "."}
    rows = [
        mmcif_row(id="1"),
        mmcif_row(id="2", label_atom_id="CB", B_iso_or_equiv="?"),
        mmcif_row(id="3", label_atom_id="O", label_alt_id="B", **waters),
        mmcif_row(id="4", group_PDB="HETATM", pdbx_formal_charge="2", **zinc),
    ]
    ends = ["_struct_conn.id", "_struct_conn.conn_type_id", "_struct_conn.pdbx_dist_value"]
    items = [f"label_{item}_id" for item in ("asym", "comp", "seq", "atom")]
    items += ["auth_asym_id", "auth_seq_id", "symmetry"]
    ends += [f"_struct_conn.ptnr{end}_{item}" for end in (1, 2) for item in items]
    links = ["m1 metalc 2.1 A ALA 1 CA A 1 1_555 B HOH . O A 7 2_655"]
    links += ["m2 metalc ? B HOH . O A 7 1_555 C ZN . ZN A 8 1_555"]
    displaced = ["_atom_site_anisotrop.id"]
    displaced += [
        f"_atom_site_anisotrop.U[{a}][{b}]" for a, b in ("11", "22", "33", "12", "13", "23")
    ]
    tables = [mmcif_table(*rows), "loop_", *ends, *links, "loop_", *displaced, "3 1 2 3 4 5 6"]
    text = "\n".join(["data_x", *tables, ""])
    reading = Structure.read_mmcif(text)
    assert not reading.left_out
    return reading.structure


def test_a_column_of_which_nothing_is_left_goes() -> None:
    """As in a file of the rest, which has no such column: a length without links, too."""
    structure = with_all_columns()
    assert structure.links.distance is not None
    assert structure.links.distance_state is not None
    assert structure.links.end_symmetry is not None
    assert structure.atoms.b_factor_state is not None
    assert structure.atoms.anisotropic_state is not None
    parts = [projection(structure) for projection in NAMED.values()]
    parts += [structure.crop([*rows]) for n in (1, 2, 3) for rows in combinations(range(3), n)]
    for part in parts:
        assert Structure.from_mmcif(part.to_mmcif()) == part
        assert lg.decode(lg.encode(part)) == part
    assert structure.crop([]).links.distance is None


def kept(structure: Structure) -> list[str]:
    """The residues of the first model and how many atoms they have."""
    one = structure.model(0)
    counts = np.bincount(one.atoms.residue, minlength=len(one.residues)).tolist()
    return [f"{name}{count}" for name, count in zip(one.residues.component, counts, strict=True)]


def test_what_each_projection_keeps() -> None:
    assert kept(WHOLE.backbone()) == ["ALA4", "MSE4", "SER4", "PRO4", "GLY4", "DA6", "DC6"]
    assert kept(WHOLE.alpha_carbons()) == ["ALA1", "MSE1", "SER1", "PRO1", "GLY1"]
    assert "ALA5" in kept(WHOLE.without_hydrogens())
    assert "LIG1" in kept(WHOLE.without_hydrogens())
    assert "HOH1" not in kept(WHOLE.without_waters())
    assert len(kept(WHOLE.without_waters())) == len(kept(WHOLE)) - 1
    assert kept(WHOLE.chain("B")) == ["DA7", "DC7"]
    assert kept(WHOLE.chain("C", "B")) == ["DA7", "DC7", "LIG2"]
    assert kept(WHOLE.crop([0, 4])) == ["ALA6", "GLY4"]
    assert len(WHOLE.without_waters().models) == 2
    assert WHOLE.without_b_factors().atoms.b_factor is None


def test_one_model_is_that_model() -> None:
    (one, two) = (WHOLE.model(row) for row in (0, 1))
    assert one.atoms == two.atoms
    assert (one.models.number.tolist(), two.models.number.tolist()) == ([1], [2])
    assert len(one) * 2 == len(WHOLE)
    with pytest.raises(IndexError, match="expected a model below 2, not 2"):
        WHOLE.model(2)


def test_a_chain_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match="one of 'A', 'B', 'C', not 'D'"):
        WHOLE.chain("A", "D")


def test_a_residue_of_the_sequence_that_was_not_seen_stays_with_its_strand() -> None:
    text = "SEQRES   1 A    3  ALA GLY SER\n" + "\n".join(
        [*residue("N CA C O CB", "ALA", "1", 0.0), *residue("N CA C O CB", "SER", "3", 20.0)]
    )
    structure = Structure.from_pdb(text)
    assert kept(structure) == ["ALA5", "GLY0", "SER5"]
    assert kept(structure.alpha_carbons()) == ["ALA1", "GLY0", "SER1"]
    assert [each.sequence for each in structure.sequence()] == [Protein("AGS")]
    assert kept(structure.crop([1, 2])) == ["GLY0", "SER5"]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        # By atom, in blocks, and an atom that stands under one letter only.
        ("CA.A CA.B CB.A CB.B", "CA.A CB.A"),
        ("CA.B CB.B CA.A CB.A", "CA.B CB.B"),
        ("N CA.A CA.B CB.B", "N CA.A CB.B"),
        ("CA.2 CA.1", "CA.2"),
        # A letter beside none, and atoms that stand twice without letters.
        ("CA CA.A CB.A", "CA CB.A"),
        ("CA CA CB", "CA CA CB"),
    ],
)
def test_the_first_location_of_an_atom(lines: str, left: str) -> None:
    def written(cells: str) -> list[str]:
        made = []
        for i, cell in enumerate(cells.split()):
            name, _, letter = cell.partition(".")
            made.append(atom(f" {name:3}", altloc=letter or " ", element=name[0], xyz=at(i)))
        return made

    structure = Structure.from_pdb("\n".join(written(lines)))
    wanted = [lines.split().index(cell) if cell in left.split() else None for cell in lines.split()]
    part = structure.first_altloc()
    assert list(part.atoms.name) == [cell.partition(".")[0] for cell in left.split()]
    assert not any(part.atoms.altloc.words)
    at_rows = [row for row, place in enumerate(wanted) if place is not None]
    if len(set(lines.split())) == len(lines.split()):
        assert (part.atoms.x.scaled // 1000).tolist() == at_rows


def test_of_several_components_at_a_position_the_first_letter_stays() -> None:
    assert kept(WHOLE.first_altloc())[:4] == ["ALA6", "MSE5", "SER5", "GLY4"]


BACKBONE = "N CA C O"
APART = {
    # One location of the whole chain after the other.
    "A B|A B": [
        *residue(BACKBONE, "ALA", "1", 0.0, altloc="A"),
        *residue(BACKBONE, "SER", "2", 10.0, altloc="A"),
        *residue(BACKBONE, "ALA", "1", 20.0, altloc="B"),
        *residue(BACKBONE, "THR", "2", 30.0, altloc="B"),
    ],
    # Atoms without a letter first, those with letters behind them all.
    "blank|A B": [
        *residue("N C O", "ALA", "1", 0.0),
        *residue("N C O", "SER", "2", 10.0),
        *residue("CA", "ALA", "1", 20.0, altloc="A"),
        *residue("CA", "ALA", "1", 30.0, altloc="B"),
        *residue("CA", "SER", "2", 40.0, altloc="A"),
    ],
    # Two components atom by atom.
    "interleaved": [
        line
        for name in BACKBONE.split()
        for letter, component in (("A", "ALA"), ("B", "GLY"))
        for line in residue(name, component, "1", 0.0, altloc=letter)
    ]
    + residue(BACKBONE, "SER", "2", 10.0),
}


@pytest.mark.parametrize("case", APART)
def test_locations_that_stand_apart_are_one_residue(case: str) -> None:
    structure = Structure.from_pdb("\n".join(APART[case]))
    assert [each.sequence for each in structure.sequence()] == [Protein("AS")]
    first = structure.first_altloc()
    assert kept(first) == ["ALA4", "SER4"]
    assert [each.sequence for each in first.sequence()] == [Protein("AS")]
    assert first.first_altloc() == first
    assert Structure.from_pdb(first.to_pdb()) == first
    assert lg.decode(lg.encode(first)) == first


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        ([("ILE", " "), ("LEU", "A")], "ILE"),
        ([("LEU", "A"), ("ILE", " ")], "LEU"),
        ([("LEU", "B"), ("ILE", "A"), ("VAL", " ")], "LEU"),
        ([("ILE", " "), ("LEU", " ")], "ILE LEU"),
    ],
)
def test_of_components_with_letters_and_without_the_first_is_there(
    cells: list[tuple[str, str]], left: str
) -> None:
    lines = [
        line for name, letter in cells for line in residue("CA", name, "2", 0.0, altloc=letter)
    ]
    structure = Structure.from_pdb("\n".join(lines))
    first = structure.first_altloc()
    assert [*first.residues.component] == left.split()
    assert structure.sequence()[0].sequence == first.sequence()[0].sequence


def test_a_link_stays_with_atoms_that_come_together() -> None:
    bridge = "SSBOND   1 CYS A    1    CYS A    2"
    lines = [
        *residue("N CA C O", "CYS", "1", 0.0),
        *residue("N CA C O SG", "CYS", "2", 10.0),
        *residue("SG", "CYS", "1", 20.0, altloc="A"),
    ]
    first = Structure.from_pdb("\n".join([bridge, *lines])).first_altloc()
    assert kept(first) == ["CYS5", "CYS5"]
    assert [
        (first.atoms.name[a], first.atoms.residue[a])
        for a in (*first.links.begin, *first.links.end)
    ] == [
        ("SG", 0),
        ("SG", 1),
    ]
    assert lg.decode(lg.encode(first)) == first


def test_residues_that_stand_twice_without_letters_are_two() -> None:
    lines = [line for _ in range(2) for n in "12" for line in residue(BACKBONE, "ALA", n, 0.0)]
    structure = Structure.from_pdb("\n".join(lines))
    assert kept(structure.first_altloc()) == ["ALA4"] * 4
    assert [each.sequence for each in structure.sequence()] == [Protein("AAAA")]


def test_sequences_are_those_of_the_strands() -> None:
    found = [(each.chain, each.sequence) for each in WHOLE.model(0).sequence()]
    assert found == [("A", Protein("A(MSE)SG")), ("B", NucleicAcid("dna", "AC"))]
    for each in WHOLE.sequence():
        lg.encode(each.sequence)
    assert [WHOLE.strands.chain[each.strand] for each in WHOLE.sequence()] == ["A", "B"] * 2


POINTS = st.tuples(*[st.integers(-100_000, 100_000)] * 3)


@given(POINTS, st.integers(0, 100_000))
def test_a_sphere_has_the_residues_with_an_atom_in_it(
    centre: tuple[int, int, int], radius: int
) -> None:
    near = {
        int(row)
        for row, place in zip(WHOLE.atoms.residue, places(WHOLE), strict=True)
        if sum((one - other) ** 2 for one, other in zip(place, centre, strict=True)) < radius**2
    }
    exact = [Fraction(each, 1000) for each in (*centre, radius)]
    part = WHOLE.crop(centre=exact[:3], radius=exact[3])
    assert part == WHOLE.crop(sorted(near))
    written = [Decimal(each) / 1000 for each in (*centre, radius)]
    assert WHOLE.crop(centre=written[:3], radius=written[3]) == part
    fixed = Fixed(radius, 3)
    assert WHOLE.crop(centre=Fixed(list(centre), 3), radius=fixed) == part


def test_the_bound_of_a_sphere_is_outside() -> None:
    """5.000 from the origin is not less than 5, and 0.1 of a float is more than a tenth."""
    one = Structure.from_pdb(atom(xyz=at(3.0, 4.0)))
    assert len(one.crop(centre=(0, 0, 0), radius=5)) == 0
    assert len(one.crop(centre=(0, 0, 0), radius="5.000000000000000000001")) == 1
    assert len(Structure.from_pdb(atom(xyz=at(0.1))).crop(centre=(0, 0, 0), radius=0.1)) == 1
    assert len(Structure.from_pdb(atom(xyz=at(0.1))).crop(centre=(0, 0, 0), radius="0.1")) == 0
    with pytest.raises(ValueError, match="a radius from 0 on"):
        one.crop(centre=(0, 0, 0), radius=-1)
    with pytest.raises(TypeError, match="expected residues, or a centre and a radius"):
        one.crop()  # type: ignore[call-overload]
    with pytest.raises(IndexError):
        one.crop([5])


def test_rounding_is_exact_and_says_its_rule() -> None:
    structure = Structure.from_pdb(atom(xyz=at(0.125, 0.375, -0.125), b_factor=" 10.50"))
    texts = [column.to_text() for column in structure.rounded(2)._points()]
    assert texts == [["0.12"], ["0.38"], ["-0.12"]]
    away = structure.rounded(2, rounding="half_away")
    assert [column.to_text() for column in away._points()] == [["0.13"], ["0.38"], ["-0.13"]]
    assert structure.rounded(5).rounded(3) == structure
    assert structure.rounded(3, b_factor=0).atoms.b_factor == Fixed([10], 0)
    with pytest.raises(ValueError, match=r"expected 2 decimals, not 0\.125 in row 0"):
        structure.rounded(2, rounding="exact")


def test_displacements_are_rounded_as_they_are_asked_to() -> None:
    anisou = f"ANISOU{atom()[6:27]} {'':1}{1:6}{-22:7}{350:7}{450:7}{5:7}{-66666:7}"
    structure = Structure.from_pdb(f"{atom()}\n{anisou}\n{atom(' N  ', element='N')}\n")
    rounded = structure.rounded(3, displacements=3)
    names = ("u11", "u22", "u33", "u12", "u13", "u23")
    texts = [getattr(rounded.atoms, name).to_text() for name in names]
    expected = ["0.000", "-0.002", "0.035", "0.045", "0.000", "-6.667"]
    assert texts == [[text, "0.000"] for text in expected]
    assert structure.rounded(3, displacements=7).rounded(3, displacements=4) == structure
    assert structure.rounded(3, occupancy=2, b_factor=2) == structure
    with pytest.raises(ValueError, match=r"expected 3 decimals, not 0\.0001 in row 0"):
        structure.rounded(3, displacements=3, rounding="exact")
    bare = Structure.from_pdb(atom())
    assert bare.rounded(3, displacements=2) == bare


def test_a_posed_structure_is_written_as_pdb_once_it_is_rounded() -> None:
    anisou = f"ANISOU{atom()[6:27]} {'':1}{100:6}{200:7}{300:7}{10:7}{20:7}{-30:7}"
    structure = Structure.from_pdb(f"{atom()}\n{anisou}\n{atom(' N  ', element='N')}\n")
    posed = structure.posed(3).object
    with pytest.raises(lg.ConversionError, match=r"4 decimals, not the 5 of atoms\.u11"):
        posed.rounded(3).to_pdb()
    rounded = posed.rounded(3, displacements=4)
    assert Structure.from_pdb(rounded.to_pdb()) == rounded


def test_a_structure_is_centred_by_integers() -> None:
    centred = WHOLE.centred()
    for before, after in zip(WHOLE._points(), centred._points(), strict=True):
        assert len(set((before.scaled - after.scaled).tolist())) == 1
        assert abs(Fraction(int(after.scaled.sum()), len(WHOLE))) <= Fraction(1, 2)


def has_room(structure: Structure) -> bool:
    """Whether its points and displacements can have a decimal more."""
    columns = (structure.atoms.x, structure.atoms.u11)
    return all(column is None or column.decimals < 9 for column in columns)


@settings(max_examples=40)
@given(structures().filter(has_room), st.integers(0, 2**32), st.booleans())
def test_a_pose_is_undone_exactly(structure: Structure, seed: int, centred: bool) -> None:
    posed = structure.posed(seed, centred=centred)
    assert posed.object.undone(posed.motion) == structure
    assert posed == structure.posed(seed, centred=centred)


def test_a_pose_says_as_much_and_is_written() -> None:
    structure = WHOLE.model(0)
    posed = structure.posed(5)
    assert posed.object.atoms.x.decimals == 4
    assert lg.decode(lg.encode(posed.object)).undone(posed.motion) == structure
    quarter = Motion(quaternion=(1, 0, 0, 1))
    assert structure.moved(quarter).atoms.y == structure.atoms.x


def test_layouts_are_those_of_readers() -> None:
    lines = [
        *residue("N CA C O", "ALA", "1", 0.0, b_factor="  1.00"),
        *residue("N CA C O", "ALA", "2", 9.0, b_factor="  2.00"),
    ]
    structure = Structure.from_pdb("\n".join(lines))
    for part in (structure, structure.crop([0]), structure.alpha_carbons()):
        assert part.layout == Structure.from_pdb(part.to_pdb()).layout


@pytest.mark.parametrize(
    ("projection", "error", "message"),
    [
        (lambda entry: entry.model(0.5), TypeError, "integer"),
        (lambda entry: entry.model(9), IndexError, "expected a model below"),
        (lambda entry: entry.chain(), ValueError, "expected the name of at least one chain"),
        (
            lambda entry: entry.crop(centre=(0, 0, 0), radius=math.inf),
            ValueError,
            "expected a finite number, not inf",
        ),
        (
            lambda entry: entry.crop(centre=(0, math.nan, 0), radius=1),
            ValueError,
            "expected a finite number, not nan",
        ),
        (
            lambda entry: entry[0:2],
            TypeError,
            "Structure has layouts and models and strands",
        ),
    ],
)
def test_what_selects_nothing_is_refused(
    projection: Callable[[Structure], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        projection(WHOLE)


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_a_centre_has_three_numbers(count: int) -> None:
    with pytest.raises(ValueError, match=f"expected a centre of 3 numbers, not {count}"):
        WHOLE.crop(centre=[0] * count, radius=1)
