"""SDF and MOL files: every digit, name and atom comes back, and what does not is refused."""

from __future__ import annotations

import pickle
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.comparison import difference
from logos_grammar.conformer.record import Record, records_of
from logos_grammar.error import ConversionError

Chem = pytest.importorskip("rdkit.Chem", reason="SDF needs the extra rdkit")
AllChem = pytest.importorskip("rdkit.Chem.AllChem", reason="SDF needs the extra rdkit")

WATER = """water
  -TEST-            3D
a comment
  3  2  0  0  0  0            999 V2000
   -0.5000    0.8000    0.0010 H   0  0
    0.0000   -0.0000    1.2500 O   0  0
    1.0500    0.0000    0.0000 H   0  0
  1  2  1  0
  3  2  1  0
M  END
"""
CHFCLBR = """
  -TEST-            3D

  4  3  0  0  1  0            999 V2000
    0.0000    0.0000{z:>10} C   0  0
    1.0000    0.0000    0.0000 F   0  0
   -0.5000    0.8660    0.0000 Cl  0  0
   -0.5000   -0.8660    0.0000 Br  0  0
  1  2  1  {wedge}
  1  3  1  0
  1  4  1  0
M  END
"""


def embedded(smiles: str, *, conformers: int = 1, seed: int = 7) -> Any:
    """An RDKit molecule with hydrogens and coordinates."""
    mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
    AllChem.EmbedMultipleConfs(mol, conformers, randomSeed=seed)
    return mol


def one(text: str | bytes, **options: Any) -> Conformer:
    (conformer,) = Conformer.from_sdf(text, **options)
    assert lg.decode(lg.encode(conformer)) == conformer
    return conformer


def coordinates(conformer: Conformer) -> list[list[str]]:
    """The coordinates in the order of the record."""
    assert conformer.order is not None
    rows = np.argsort(conformer.order)
    columns = [each[rows].to_text() for each in (conformer.x, conformer.y, conformer.z)]
    return [list(row) for row in zip(*columns, strict=True)]


def test_hydrogens_are_folded_and_the_order_of_the_record_is_held() -> None:
    water = one(WATER)
    assert water.molecule == lg.molecule.Molecule.from_smiles("O")
    assert water.hydrogens.tolist() == [2]
    assert water.order is not None
    assert water.order.tolist() == [1, 0, 2]
    assert coordinates(water) == [
        ["-0.500", "0.800", "0.001"],
        ["0.000", "0.000", "1.250"],
        ["1.050", "0.000", "0.000"],
    ]
    assert water.title == "water"


def test_a_record_is_written_with_four_decimals_in_its_order() -> None:
    lines = one(WATER).to_sdf().split("\n")
    assert lines[0] == "water"
    assert lines[3].endswith("V2000")
    assert [line[:34].rstrip() for line in lines[4:7]] == [
        "   -0.5000    0.8000    0.0010 H",
        "    0.0000    0.0000    1.2500 O",
        "    1.0500    0.0000    0.0000 H",
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("as_bytes", [False, True])
def test_line_ends_and_bytes_do_not_matter(ends: str, as_bytes: bool) -> None:
    text = (WATER + "> <a>\n1\n2\n\n$$$$\n").replace("\n", ends)
    found = one(text.encode() if as_bytes else text)
    assert found.properties == (("a", "1\n2"),)
    assert found.without_properties() == one(WATER)


def test_data_items_are_held_by_name() -> None:
    items = (
        ">  <ID>\n7\n\n"
        "> 25 <with > and <> (3)\nfirst\n\nnot the last\n\n"
        "> <empty>\n\n"
        "> DT12\n> no header\n\n"
        ">  <\u00e4>\n\xff \n\n"
    ).encode("latin-1")
    found = one(WATER.encode() + items + b"$$$$ and the rest\n")
    assert found.properties == (
        ("ID", "7"),
        ("with > and <", "first\n\nnot the last"),
        ("empty", ""),
        ("DT12", "> no header"),
        ("\udce4", "\udcff "),
    )
    again = one(found.to_sdf())
    assert again == found
    assert one(WATER.encode() + items, without_properties=True).properties == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("a\nb", "1"), ("a", "1\n\n> <b>\n2"), ("a", "$$$$"), ("a", "1\n"), ("a", "\n1\r")],
)
def test_what_would_not_be_read_back_is_not_written(name: str, value: str) -> None:
    names, values = lg.columns.Words([name]), lg.columns.Words([value])
    conformer = replace(one(WATER), property_name=names, property_value=values)
    with pytest.raises(ConversionError, match="expected a data item"):
        conformer.to_sdf()
    with pytest.raises(ConversionError, match="expected a title"):
        replace(one(WATER), title="a\nb").to_sdf()


def test_records_that_differ_in_coordinates_only_are_poses() -> None:
    mol = embedded("C[C@H](N)C(=O)O", conformers=3)
    blocks = [Chem.MolToMolBlock(mol, confId=i) + "$$$$\n" for i in range(3)]
    other = Chem.MolToMolBlock(embedded("C[C@@H](N)C(=O)O")) + "$$$$\n"
    found = Conformer.from_sdf("".join([*blocks, other, blocks[0]]))
    assert [each.poses for each in found] == [3, 1, 1]
    assert found[0].pose(0) == found[2]
    assert found[0].molecule != found[1].molecule
    assert Conformer.from_sdf("".join(each.to_sdf() for each in found)) == found


def test_records_with_titles_or_items_of_their_own_are_conformers() -> None:
    moved = WATER.replace("1.2500", "1.3000").replace("water", "moved")
    texts = [f"{WATER}> <e>\n1\n\n$$$$\n", f"{moved}> <e>\n2\n\n$$$$\n"]
    assert len(Conformer.from_sdf("".join(texts))) == 2
    assert len(Conformer.from_sdf("".join(texts), without_title=True)) == 2
    assert len(Conformer.from_sdf("".join(texts), without_properties=True)) == 2
    found = one("".join(texts), without_title=True, without_properties=True)
    assert found.poses == 2
    assert found.z.to_text() == ["1.250", "0.001", "0.000", "1.300", "0.001", "0.000"]


@pytest.mark.parametrize("z", ["-0.3000", "0.3000"])
@pytest.mark.parametrize("wedge", [0, 1, 6])
def test_stereo_is_that_of_the_coordinates_or_of_the_wedges(z: str, wedge: int) -> None:
    text = CHFCLBR.format(z=z, wedge=wedge)
    # Seen from above, where the wedge of the first bond points, the others are counterclockwise.
    assert one(text).molecule.stereo[0] == (1 if z == "0.3000" else 2)
    assert one(text, stereo="wedges").molecule.stereo[0] == {0: 0, 1: 2, 6: 1}[wedge]


def test_wedges_of_two_kinds_are_two_handednesses() -> None:
    texts = [CHFCLBR.format(z="0.3000", wedge=wedge) for wedge in (1, 6)]
    up, down = (one(text, stereo="wedges") for text in texts)
    assert {int(each.molecule.stereo[0]) for each in (up, down)} == {1, 2}
    assert len({int(one(text).molecule.stereo[0]) for text in texts}) == 1
    assert one(up.to_sdf(), stereo="wedges") == up
    assert one(down.to_sdf(), stereo="wedges") == down


@pytest.mark.parametrize("dimension", ["2D", "  "])
def test_layouts_are_refused_by_name_unless_asked_for(dimension: str) -> None:
    mol = Chem.MolFromSmiles("C[C@H](F)Cl")
    AllChem.Compute2DCoords(mol)
    text = Chem.MolToMolBlock(mol).replace("2D", dimension, 1)
    with pytest.raises(ConversionError, match='found a layout: layouts="keep": line 1, record 0'):
        Conformer.from_sdf(text)
    kept = one(text, layouts="keep")
    assert kept.molecule.stereo.tolist() == [0, kept.molecule.stereo[1], 0, 0]
    assert kept.molecule.stereo.any()
    assert one(kept.to_sdf()) == kept


def test_double_bonds_without_stereo_get_none_by_writing() -> None:
    mol = Chem.MolFromSmiles("FC(Cl)=C(F)Cl")
    AllChem.Compute2DCoords(mol)
    mol.GetBondWithIdx(2).SetStereo(Chem.BondStereo.STEREOANY)
    text = Chem.MolToMolBlock(mol)
    kept = one(text, layouts="keep")
    assert kept.molecule == kept.molecule.without_stereo()
    assert one(kept.to_sdf()) == kept
    uncrossed = one(text.replace("  2  4  2  3", "  2  4  2  0"), layouts="keep")
    assert uncrossed.molecule != kept.molecule
    assert one(uncrossed.to_sdf()) == uncrossed


def test_a_flag_of_two_dimensions_is_not_relied_on() -> None:
    assert one(WATER.replace("3D", "2D")) == one(WATER)
    flat = WATER.replace("1.2500", "0.0000").replace("0.0010", "0.0000")
    assert one(flat).z.scaled.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("was", "now", "reason", "line", "column"),
    [
        ("M  END", "", "expected M  END", 10, 1),
        ("  3  2  0", "  x  2  0", "expected the number of atoms", 4, 3),
        ("  3  2  0", " 30  2  0", "expected 30 lines of atoms", 10, 1),
        ("V2000", "V4000", "expected V2000 or V3000", 4, 35),
        ("    1.0500", "   1.05e+0", "expected a coordinate", 7, 4),
        ("    1.0500", "       nan", "expected a coordinate", 7, 8),
        ("    1.0500", "1.0123456789", "expected a coordinate", 7, 11),
        (" O   0", " Zz  0", "RDKit can read", 1, None),
        (" O   0", " CO  0", "an element such as Cl, found CO", 6, 32),
        ("  3  2  1  0", "  3  2  3  0", "RDKit sanitizes", 1, None),
        (" O   0", " Q   0", "expected no query", 1, None),
        ("  1  2  1", "  1  4  1", "expected the number of an atom from 1 to 3", 8, 6),
        ("  3  2  0", "  3  9  0", "expected 9 lines of bonds", 10, 1),
        ("M  END\n", "M  END\nrubbish\n", "expected a data item", 11, 1),
    ],
)
def test_errors_say_their_line_and_record(
    was: str, now: str, reason: str, line: int, column: int | None
) -> None:
    assert was in WATER
    text = f"{WATER}$$$$\n{WATER.replace(was, now, 1)}$$$$\n"
    with pytest.raises(ConversionError, match=reason) as caught:
        Conformer.from_sdf(text)
    assert caught.value.record == 1
    assert str(caught.value).endswith(f"line {line + 11}, record 1")
    error = pickle.loads(pickle.dumps(caught.value))
    assert (str(error), error.line) == (str(caught.value), line + 11)
    assert error.line_column == column
    assert column is None or f": column {column}, line" in str(error)


def test_what_a_record_says_is_in_columns() -> None:
    mol = embedded("[13CH3][N+](C)(C)C[C@H](F)[CH2]")
    Chem.WedgeMolBonds(mol, mol.GetConformer())
    for write in (Chem.MolToMolBlock, Chem.MolToV3KMolBlock):
        (record,) = records_of(write(mol).encode())
        assert isinstance(record, Record)
        atoms, bonds = record.atoms, record.bonds
        assert list(atoms.element) == [atom.GetSymbol() for atom in mol.GetAtoms()]
        assert atoms.charge.tolist() == [atom.GetFormalCharge() for atom in mol.GetAtoms()]
        assert atoms.isotope.tolist() == [atom.GetIsotope() for atom in mol.GetAtoms()]
        radicals = [2 * atom.GetNumRadicalElectrons() for atom in mol.GetAtoms()]
        assert atoms.radical.tolist() == radicals
        pairs = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
        assert {frozenset(pair) for pair in zip(bonds.begin, bonds.end, strict=True)} == set(
            map(frozenset, pairs)
        )
        assert set(bonds.kind) == {1}
        assert set(bonds.wedge) - {0} <= {1, 6}
        assert bonds.wedge.any()


def test_v3000_has_its_own_decimals_and_continued_lines() -> None:
    mol = embedded("CC(=O)[O-].[Na+]")
    text = Chem.MolToV3KMolBlock(mol)
    held = one(text)
    for atom, cells in enumerate(coordinates(held)):
        place = mol.GetConformer().GetAtomPosition(atom)
        for cell, found in zip(cells, (place.x, place.y, place.z), strict=True):
            assert abs(Decimal(cell) - Decimal(found)) < Decimal("1e-5")
    assert held.x.decimals > 4
    assert "V3000" in held.to_sdf()
    assert one(held.to_sdf()) == held
    lines = text.split("\n")
    at = lines.index("M  V30 BEGIN ATOM") + 1
    half = len(lines[at]) // 2
    lines[at : at + 1] = [lines[at][:half] + "-", "M  V30 " + lines[at][half:]]
    assert one("\n".join(lines)) == held
    rounded = held.rounded(4)
    assert "V2000" in rounded.to_sdf()
    assert one(rounded.to_sdf()) == rounded


@pytest.mark.parametrize(
    "smiles",
    [
        "[2H]C([2H])O", "[13CH3][NH3+]", "[CH2]C", "C[N+](C)(C)CC(=O)[O-]", "c1ccc2[nH]ccc2c1",
        "F/C=C/C=C\\F", "[H][H]", "[Na+].[Cl-]", "C[S@](=O)CC", "OB(O)c1ccccc1", "[O]O",
        "C1CC1[C@H]1C[C@@H]1F", "N=C=O", "CC#N", "C[Si](C)(C)C", "O=[N+]([O-])c1ccccc1",
    ],
)  # fmt: skip
def test_charges_isotopes_radicals_and_stereo_come_back(smiles: str) -> None:
    mol = embedded(smiles)
    conformer = one(Chem.MolToMolBlock(mol))
    again = one(conformer.to_sdf())
    assert again == conformer
    without = conformer.without_order()
    assert one(without.to_sdf()).without_order() == without
    assert len(conformer.x) == mol.GetNumAtoms()


METHANOL = """
  -TEST-            3D

  2  1  0  0  0  0            999 V2000
    0.0000    0.0000    0.1000 C   0  {c}  0  0  0  0
    1.4000    0.0000    0.0000 O   0  {o}  0  0  0  0
  1  2  1  0
{lines}M  END
"""


@pytest.mark.parametrize(
    ("code", "oxygen", "lines", "smiles"),
    [
        (4, 0, "", "[CH2]O"),
        (4, 5, "", "[CH2][O-]"),
        (0, 4, "", "C[O]"),
        (4, 4, "", "[CH2][O]"),
        (0, 0, "M  RAD  1   1   2\n", "[CH2]O"),
        (0, 0, "M  RAD  1   1   3\n", "[CH]O"),
        (4, 0, "M  RAD  1   2   2\n", "C[O]"),
        (4, 0, "M  CHG  1   2  -1\n", "C[O-]"),
        (5, 4, "", "[CH2-][O]"),
    ],
)
def test_radicals_are_held_however_they_are_said(
    code: int, oxygen: int, lines: str, smiles: str
) -> None:
    text = METHANOL.format(c=code, o=oxygen, lines=lines)
    found = one(text)
    assert found.molecule == lg.molecule.Molecule.from_smiles(smiles)
    assert one(found.to_sdf()) == found
    assert difference(text.split("\n"), found) is None
    other = replace(found, molecule=lg.molecule.Molecule.from_smiles("CO"))
    if smiles != "CO":
        assert difference(text.split("\n"), other) is not None


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("M  END", "M  RAD  1   1   1\nM  END", "no singlet is held, found '1': column 17, line 8"),
        ("M  END", "M  APO  1   1   1\nM  END", "expected no attachment point"),
        ("M  END", "M  LIN  1   1   3   2   2\nM  END", "expected no link node"),
        (" C   ", " R#  ", "found R#, an R group: column 32, line 5"),
        (" C   ", " R1  ", "found R1, an R group"),
        (" C   ", " R   ", "found R, an R group"),
        (" C   ", " Pol ", r"expected an element or \* at atom 0, found Pol"),
        ("  1  2  1", "  1  2  5", "expected a bond of SMILES at bond 0"),
        ("  -TEST-            3D\n", "  -TEST-            3D\r\r\n", "found CR alone"),
        ("\n", "\r", "found CR alone: column 1, line 1"),
        ("\n", "\r\r\n", "found CR alone: column 1, line 1"),
    ],
)
def test_what_a_molecule_does_not_hold_is_refused(was: str, now: str, reason: str) -> None:
    text = METHANOL.format(c=0, o=0, lines="")
    assert was in text
    with pytest.raises(ConversionError, match=reason):
        Conformer.from_sdf(text.replace(was, now))


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("CHG=-1", "CHG=-1 ATTCHPT=1", "expected no attachment point"),
        ("CHG=-1", "CHG=-1 RAD=1", "no singlet is held, found 'RAD=1'"),
        ("M  V30 BEGIN ATOM", "M  V30 LINKNODE 1 3 2 1 2 1 3\nM  V30 BEGIN ATOM", "link node"),
        (" O ", " R# ", "an R group"),
    ],
)
def test_nor_is_it_in_v3000(was: str, now: str, reason: str) -> None:
    text = Chem.MolToV3KMolBlock(embedded("C[O-]"))
    assert was in text
    with pytest.raises(ConversionError, match=reason):
        Conformer.from_sdf(text.replace(was, now))


def test_check_compares_the_molecule_with_the_text() -> None:
    smiles = "C[C@H]([NH3+])c1ccccc1C(=O)[O-].[13CH4].[2H]O[CH2]"
    mol = embedded(smiles)
    for text in (Chem.MolToMolBlock(mol), Chem.MolToV3KMolBlock(mol)):
        lines = text.split("\n")
        found = one(text)
        assert difference(lines, found) is None
        for row in range(len(found.molecule.element)):
            for column, step in (("charge", 1), ("isotope", 3), ("element", 1)):
                values = getattr(found.molecule, column).copy()
                values[row] += step
                changed = replace(found.molecule, **{column: values})
                assert difference(lines, replace(found, molecule=changed)) is not None
        for row in range(len(found.molecule.order)):
            orders = found.molecule.order.copy()
            orders[row] = 2
            changed = replace(found.molecule, order=orders)
            assert difference(lines, replace(found, molecule=changed)) is not None
        stated = found.molecule.hydrogens.copy()
        of_radical = (stated == 2) & (found.molecule.element == 6)
        assert of_radical.sum() == 1
        stated[of_radical] = 3
        changed = replace(found.molecule, hydrogens=stated)
        assert "electron of atom" in str(difference(lines, replace(found, molecule=changed)))


@pytest.mark.parametrize("smiles", ["CN(=O)=O", "OCl(=O)(=O)=O", "CN=N#N", "C1=CC=CN=C1N(=O)=O"])
def test_charges_that_rdkit_parts_are_not_a_difference(smiles: str) -> None:
    mol = Chem.MolFromSmiles(smiles, sanitize=False)
    mol.UpdatePropertyCache(strict=False)
    AllChem.Compute2DCoords(mol)
    text = Chem.MolToMolBlock(mol, kekulize=False)
    found = one(text, layouts="keep")
    assert found.molecule.charge.any()
    assert difference(text.split("\n"), found) is None


def test_a_large_molecule_is_written_in_v3000() -> None:
    smiles = "C" * 1001
    mol = Chem.MolFromSmiles(smiles)
    conformer = Conformer(
        molecule=lg.molecule.Molecule.from_smiles(smiles),
        hydrogens=np.zeros(mol.GetNumAtoms(), np.uint32),
        x=lg.fixed.Fixed(np.arange(1001) * 15, 1),
        y=lg.fixed.Fixed(np.arange(1001) % 2 * 5, 1),
        z=lg.fixed.Fixed(np.ones(1001, np.int64), 1),
    )
    text = conformer.to_sdf()
    assert "V3000" in text
    (again,) = Conformer.from_sdf(text)
    assert again.without_order() == conformer


@pytest.mark.parametrize("option", ["stereo", "layouts"])
def test_choices_that_there_are_not_are_refused(option: Literal["stereo", "layouts"]) -> None:
    with pytest.raises(ValueError, match=f"expected {option} as"):
        Conformer.from_sdf(WATER, **{option: "no"})  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "\n\n", "$$$$\n"])
def test_a_file_without_records(text: str) -> None:
    if text == "$$$$\n":
        with pytest.raises(ConversionError, match="counts line"):
            Conformer.from_sdf(text)
    else:
        assert Conformer.from_sdf(text) == []


def test_real_records_come_back(real_data: Path) -> None:
    import lzma  # noqa: PLC0415

    with lzma.open(real_data / "conformers" / "MiniDrugBank.sdf.xz") as file:
        records = file.read().split(b"$$$$\n")[:60]
    read = 0
    for record in records:
        try:
            conformer = one(record)
        except ConversionError:
            continue
        read += 1
        assert one(conformer.to_sdf()) == conformer
    assert read > 50


def test_words_that_open_and_do_not_close_are_passed_once() -> None:
    atoms = "M  V30 BEGIN CTAB\nM  V30 COUNTS 1 0 0 0 0\nM  V30 BEGIN ATOM\n"
    line = "M  V30 1 O 0 0 1 0" + 100_000 * " ["
    end = "\nM  V30 END ATOM\nM  V30 END CTAB\nM  END\n"
    counts = "  0  0  0  0  0  0            999 V3000\n"
    begin = time.process_time()
    with pytest.raises(ConversionError):
        Conformer.from_sdf(f"x\n  -TEST-            3D\n\n{counts}{atoms}{line}{end}")
    assert time.process_time() - begin < 5
