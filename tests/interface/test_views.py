"""Views, plots and what they are made of: bonds, ribbons and torsion angles."""

from __future__ import annotations

import json
import re
import time
import tracemalloc
import zlib
from base64 import b64decode
from math import cos, radians, sin
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings

from logos_grammar.conformer import Conformer
from logos_grammar.conformer.strategies import conformers
from logos_grammar.display import HUGE, drawing, plots
from logos_grammar.display.bonds import bonds_of
from logos_grammar.display.plots import contact_map, ramachandran
from logos_grammar.display.view import frame, view
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.structure import Structure
from logos_grammar.structure.ribbons import COIL, HELIX, STRAND, shapes_of
from logos_grammar.structure.strategies import structures
from logos_grammar.structure.torsions import backbone_torsions

LINE = "{record:6}{i:5}  {name:3} {component:>3} {chain}{number:4}    {x:8.3f}{y:8.3f}{z:8.3f}"


def chain_of(phi: float, psi: float, count: int, *, name: str = "A") -> list[str]:
    """Lines of a chain of alanines with ideal bonds and one pair of angles."""
    places = [np.zeros(3), np.array([1.46, 0.0, 0.0]), np.array([2.0, 1.42, 0.0])]
    bonds = {0: (1.33, 116.0), 1: (1.46, 122.0), 2: (1.52, 111.0)}
    angles = {0: psi, 1: 180.0, 2: phi}
    while len(places) < 3 * count:
        at = len(places) % 3
        places.append(_placed(places[-3:], *bonds[at], angles[at]))
    lines = []
    for row, place in enumerate(places):
        x, y, z = place
        fields = {"record": "ATOM", "component": "ALA", "chain": name, "number": row // 3 + 1}
        line = LINE.format(i=row + 1, name=("N", "CA", "C")[row % 3], x=x, y=y, z=z, **fields)
        lines.append(f"{line}  1.00  0.00           {'N' if row % 3 == 0 else 'C'}")
    return lines


def _placed(
    before: list[npt.NDArray[np.float64]], length: float, angle: float, torsion: float
) -> npt.NDArray[np.float64]:
    """The point at a distance, an angle and a torsion angle from three others."""
    a, b, c = before
    along = (c - b) / np.linalg.norm(c - b)
    up = np.cross(b - a, along)
    up /= np.linalg.norm(up)
    side = np.cross(up, along)
    bend, turn = radians(180 - angle), radians(torsion)
    step = cos(bend) * along + sin(bend) * (cos(turn) * side + sin(turn) * up)
    placed: npt.NDArray[np.float64] = c + length * step
    return placed


def scene(page: str) -> Any:
    found = re.search(r"const SCENE = (\{.*?\});\n", page)
    assert found is not None
    return json.loads(found[1])


HELICAL = Structure.from_pdb("\n".join(chain_of(-57, -47, 12)))


@settings(max_examples=30)
@given(structures())
def test_a_view_of_any_structure_holds_its_first_model(structure: Structure) -> None:
    said = scene(view(structure))
    first = structure.model(0) if len(structure.models) > 1 else structure
    places = np.frombuffer(b64decode(said["atoms"]), "<f4").reshape(-1, 3)
    assert len(places) == said["count"] == len(first)
    assert said["atomNames"] == list(first.atoms.name)
    assert len(said["names"]) == len(first.residues)
    bonds = np.frombuffer(b64decode(said["bonds"]), "<u4")
    assert (bonds < max(len(first), 1)).all()
    for table in said["colours"].values():
        assert len(b64decode(table)) == 3 * len(first)


@settings(max_examples=30)
@given(conformers())
def test_a_view_of_a_conformer_holds_its_poses_and_bonds(conformer: Conformer) -> None:
    said = scene(view(conformer))
    count = len(conformer.x) // conformer.poses
    assert (said["count"], said["frames"]) == (count, conformer.poses)
    assert len(b64decode(said["atoms"])) == 12 * len(conformer.x)
    bonds = np.frombuffer(b64decode(said["bonds"]), "<u4").reshape(-1, 2)
    hydrogens = int(conformer.hydrogens.sum())
    assert len(bonds) == len(conformer.molecule.begin) + hydrogens
    assert len(set(bonds[len(bonds) - hydrogens :, 1].tolist())) == hydrogens


@pytest.mark.parametrize("thing", [HELICAL, "conformer"])
def test_a_page_loads_nothing_and_no_name_ends_its_script(thing: Any) -> None:
    if thing == "conformer":
        zero = Fixed([0], 3)
        thing = Conformer(
            molecule=Molecule.from_smiles("C"),
            hydrogens=np.zeros(1, np.uint32),
            x=zero,
            y=zero,
            z=zero,
            title="</script><b>&",
        )
    page = view(thing, title="<i>")
    assert "<title>&lt;i&gt;</title>" in page
    assert page.count("</script>") == page.count("<script>") == 1
    outside = re.findall(r"https?:|//[a-z]+\.|\bsrc=|href=|@import|fetch\(|import\(", page)
    assert outside == []
    framed = frame(thing)
    assert framed.count("<") == framed.count(">") == 2
    assert 'sandbox="allow-scripts"' in framed


def test_notebooks_show_views() -> None:
    assert "<iframe" in HELICAL._repr_html_()
    many = HUGE // len(HELICAL) + 1
    huge = Structure.from_pdb("\n".join(chain_of(-57, -47, 12) * many))
    assert f"not drawn: {len(huge):,} atoms" in drawing(huge)


def test_torsions_are_those_of_the_chain() -> None:
    found = backbone_torsions(HELICAL)
    np.testing.assert_allclose(found.phi[1:], -57, atol=0.2)
    np.testing.assert_allclose(found.psi[:-1], -47, atol=0.2)
    np.testing.assert_allclose(np.abs(found.omega[:-1]), 180, atol=0.2)
    assert np.isnan([found.phi[0], found.psi[-1], found.omega[-1]]).all()


def test_a_gap_has_no_torsions() -> None:
    lines = chain_of(-57, -47, 6)
    found = backbone_torsions(Structure.from_pdb("\n".join(lines[:9] + lines[12:])))
    assert np.isnan(found.phi[[0, 3]]).all()
    assert np.isnan(found.psi[[2, 4]]).all()
    assert len(found.residue) == 5


@pytest.mark.parametrize(
    ("phi", "psi", "shape"), [(-57, -47, HELIX), (-120, 130, STRAND), (60, 60, COIL)]
)
def test_shapes_follow_from_alpha_carbons(phi: float, psi: float, shape: int) -> None:
    structure = Structure.from_pdb("\n".join(chain_of(phi, psi, 12))).alpha_carbons()
    columns = (structure.atoms.x, structure.atoms.y, structure.atoms.z)
    places = np.stack([np.asarray(column.to_float()) for column in columns], axis=1)
    assert set(shapes_of(places).tolist()) == {shape}


def test_a_strand_alone_is_drawn_as_coil() -> None:
    (trace,) = scene(view(Structure.from_pdb("\n".join(chain_of(-120, 130, 12)))))["traces"]
    assert set(trace["shapes"]) == {COIL}
    (helix,) = scene(view(HELICAL))["traces"]
    assert set(helix["shapes"]) == {HELIX}


def test_bonds_are_between_near_atoms() -> None:
    water = np.array([[0.0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0], [3.0, 0, 0], [1.9, 1.9, 0]])
    assert sorted(bonds_of(water, ["O", "H", "H", "C", "Zn"]).tolist()) == [[0, 1], [0, 2]]
    random = np.random.default_rng(1).uniform(-6, 6, (200, 3))
    apart = np.linalg.norm(random[:, None] - random[None], axis=2)
    near = np.argwhere(np.triu(apart <= 2 * 0.76 + 0.4, 1)).tolist()
    assert sorted(bonds_of(random, ["C"] * 200).tolist()) == near
    assert bonds_of(np.zeros((0, 3)), []).shape == (0, 2)


@pytest.mark.parametrize("side", [0.0, 0.5, 2.0])
def test_a_crowd_of_atoms_has_no_bonds_and_takes_no_squares(side: float) -> None:
    count = 20_000
    crowd = np.random.default_rng(2).uniform(0.1, 0.1 + side, (count, 3))
    pair = np.array([[-50.0, 0, 0], [-51.4, 0, 0]])
    begin = time.process_time()
    tracemalloc.start()
    found = bonds_of(np.concatenate([pair, crowd]), ["C"] * (count + 2))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.tolist() == [[0, 1]]
    assert most < 20 << 20
    assert time.process_time() - begin < 5


def test_a_large_contact_map_is_the_nearest_of_several_in_bounded_memory() -> None:
    count = 5_000
    places = np.random.default_rng(3).uniform(0, 100, (count, 3))
    tracemalloc.start()
    shades = plots._shades(places, 8.0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40 << 20
    assert shades.shape == (1_667, 1_667)
    apart = np.linalg.norm(places[:, None, :] - places[None, :120], axis=2)
    for row, column in ((0, 1), (0, 30), (30, 2), (7, 39), (39, 7)):
        nearest = apart[3 * column : 3 * column + 3, 3 * row : 3 * row + 3].min()
        if row < column:
            assert (shades[row, column] < 128) == (nearest < 8)
        else:
            share = min(max((nearest - 4) / 16, 0), 1)
            assert shades[row, column] == int(255 * (0.08 + 0.92 * share))


def test_a_ramachandran_plot_has_a_mark_for_each_residue_with_both_angles() -> None:
    svg = ramachandran(HELICAL)
    marks = re.findall(r"<title>A ALA (\d+): phi (-?[\d.]+), psi (-?[\d.]+)</title>", svg)
    assert [int(number) for number, *_ in marks] == list(range(2, 12))
    assert all(abs(float(phi) + 57) < 0.2 and abs(float(psi) + 47) < 0.2 for _, phi, psi in marks)
    assert "10 residues" in svg


def test_a_contact_map_is_black_where_residues_are_near() -> None:
    svg = contact_map(HELICAL)
    found = re.search(r"base64,([^\"]+)", svg)
    assert found is not None
    data = b64decode(found[1])
    at = data.index(b"IDAT") + 4
    pixels = np.frombuffer(zlib.decompress(data[at:-16]), np.uint8).reshape(12, 13)[:, 1:]
    columns = [HELICAL.alpha_carbons().atoms.x, HELICAL.alpha_carbons().atoms.y]
    columns.append(HELICAL.alpha_carbons().atoms.z)
    places = np.stack([np.asarray(column.to_float()) for column in columns], axis=1)
    near = np.linalg.norm(places[:, None] - places[None], axis=2) < 8
    upper = np.triu_indices(12, 1)
    assert np.array_equal(pixels[upper] < 128, near[upper])


def test_plots_of_nothing_are_empty() -> None:
    nothing = HELICAL.chain("A").crop([])
    assert "0 residues" in ramachandran(nothing)
    assert "<image" not in contact_map(nothing)
    assert scene(view(nothing))["count"] == 0
