"""Ligands of a structure as conformers: atoms matched with a molecule by graph, through RDKit.

A residue has atoms and coordinates and no bond orders; a molecule, from SMILES or a dictionary, has
these. Bonds of the residue are perceived from distances: two atoms are bonded that are nearer than
their covalent radii and 0.45 Å. The molecule matches where each of its bonds is one of these, of
atoms of the same elements. Of several ways (symmetry) the first is taken under which the stereo of
the molecule is that of the coordinates.

*Kept*: coordinates and their decimals, of alternative locations the first; the molecule as it is.
*Left out*: hydrogens of the residue, names of its atoms, occupancies and B factors.
*Refused*: molecules with hydrogens that are atoms, and wildcards.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import to_rdkit
from logos_grammar.structure import Structure
from logos_grammar.structure.altlocs import rows_of_the_first
from logos_grammar.structure.sequence import WATERS, rows_of_sequences

try:
    from rdkit import Chem
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

__all__ = ["Matched", "ligands_of"]

_SLACK: Final = 0.45
"""How much longer a bond may be than the sum of the covalent radii, in ångström."""
_MOST_WAYS: Final = 1000
"""Ways to match that are tried for one whose stereo agrees."""


class Matched(NamedTuple):
    """A residue that is a molecule."""

    residue: int
    """Its row."""
    conformer: Conformer
    """The molecule with the coordinates of the residue."""
    other_stereo: tuple[int, ...]
    """Atoms of the molecule whose stereo is another one in the coordinates."""


class _Residue(NamedTuple):
    """A residue that may be a ligand."""

    row: int
    atoms: npt.NDArray[np.int64]
    """The rows of its heavy atoms."""
    numbers: list[int]
    """Their elements."""
    bonds: npt.NDArray[np.int64]
    """Pairs of them that are near enough for a bond."""


def ligands_of(
    structure: Structure, molecule: Molecule, *, component: str | None = None
) -> list[Matched]:
    """Find the residues of a structure that are a molecule.

    Parameters
    ----------
    structure
        Of whose first model the residues are that are in no chain.
    molecule
        What they are.
    component
        The name of the component that is looked at; None looks at each.

    Returns
    -------
    list of Matched
        In the order of the residues.

    Raises
    ------
    ConversionError
        For a molecule that no residue is: says of the residue with the name, or else of the one
        that has the most of its atoms, what is missing or which atom is bonded otherwise.
    """
    _check(molecule)
    wanted = _graph(_numbers(molecule), np.stack([molecule.begin, molecule.end], axis=1))
    found: list[Matched] = []
    others: list[_Residue] = []
    for row, atoms in _candidates(structure, component):
        numbers = _elements(structure, atoms)
        residue = _Residue(row, atoms, numbers, _bonds(structure, atoms, numbers))
        ways = ()
        if len(numbers) == len(molecule.element):
            graph = _graph(numbers, residue.bonds)
            ways = graph.GetSubstructMatches(wanted, uniquify=False, maxMatches=_MOST_WAYS)
        if ways:
            found.append(_best(residue, molecule, structure, ways))
        else:
            others.append(residue)
    if found:
        return found
    if not others:
        of_name = "that is in no chain" if component is None else f"named {component}"
        raise ConversionError(f"expected a residue {of_name}")
    elements = Counter(_numbers(molecule))
    nearest = max(others, key=lambda one: sum((Counter(one.numbers) & elements).values()))
    raise ConversionError(_reason(nearest, molecule, structure))


def _check(molecule: Molecule) -> None:
    for atom in np.flatnonzero(molecule.element <= 1).tolist():
        what = "a hydrogen" if molecule.element[atom] else "a wildcard"
        raise ConversionError(f"expected a molecule of heavy atoms, found {what}, atom {atom}")


def _numbers(molecule: Molecule) -> list[int]:
    numbers: list[int] = molecule.element.tolist()
    return numbers


def _candidates(
    structure: Structure, component: str | None
) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Residues of the first model that may be ligands, and the rows of their heavy atoms."""
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    wanted = rows_of_the_first(structure) & ~atoms.element.isin(("H", "D"))
    may_be = (strands.model == 0)[residues.strand] & ~residues.component.isin(WATERS)
    if component is None:
        for rows in rows_of_sequences(structure).values():
            may_be[rows] = False
    else:
        may_be &= np.asarray(residues.component == component)
    found = []
    for row in np.flatnonzero(may_be).tolist():
        begin, end = np.searchsorted(atoms.residue, [row, row + 1])
        heavy = begin + np.flatnonzero(wanted[begin:end])
        if len(heavy):
            found.append((row, heavy))
    return found


def _elements(structure: Structure, atoms: npt.NDArray[np.int64]) -> list[int]:
    table = Chem.GetPeriodicTable()
    symbols = [structure.atoms.element[row] for row in atoms.tolist()]
    return [0 if symbol == "X" else table.GetAtomicNumber(symbol) for symbol in symbols]


def _bonds(
    structure: Structure, atoms: npt.NDArray[np.int64], numbers: list[int]
) -> npt.NDArray[np.int64]:
    """Pairs of atoms that are near enough for a bond."""
    table = Chem.GetPeriodicTable()
    radii = np.array([table.GetRcovalent(number) for number in numbers])
    points = _points(structure, atoms)
    lengths = np.linalg.norm(points[:, None] - points[None], axis=-1)
    near = lengths < radii[:, None] + radii[None] + _SLACK
    return np.argwhere(np.triu(near, 1))


def _points(structure: Structure, atoms: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    columns = (structure.atoms.x, structure.atoms.y, structure.atoms.z)
    unit = float(10**structure.atoms.x.decimals)
    points: npt.NDArray[np.float64] = np.stack([c.scaled[atoms] for c in columns], axis=1) / unit
    return points


def _graph(numbers: list[int], bonds: npt.NDArray[Any]) -> Chem.Mol:
    """Atoms by their elements and bonds without orders."""
    graph = Chem.RWMol()
    for number in numbers:
        atom = Chem.Atom(number)
        atom.SetNoImplicit(True)
        graph.AddAtom(atom)
    for begin, end in bonds.tolist():
        graph.AddBond(begin, end, Chem.BondType.SINGLE)
    return graph.GetMol()


def _best(
    residue: _Residue, molecule: Molecule, structure: Structure, ways: tuple[tuple[int, ...], ...]
) -> Matched:
    """The first way under which the stereo agrees, else the first of those that agree most."""
    mol = to_rdkit(molecule)
    points = _points(structure, residue.atoms)
    best: tuple[tuple[int, ...], list[int]] | None = None
    for way in ways:
        other = _other_stereo(mol, points[list(way)])
        if best is None or len(other) < len(best[1]):
            best = way, other
        if not other:
            break
    assert best is not None
    rows = residue.atoms[list(best[0])]
    columns = (structure.atoms.x, structure.atoms.y, structure.atoms.z)
    x, y, z = (Fixed(column.scaled[rows], column.decimals) for column in columns)
    hydrogens = np.zeros(len(rows), np.uint32)
    conformer = Conformer(molecule=molecule, hydrogens=hydrogens, x=x, y=y, z=z)
    return Matched(residue.row, conformer, tuple(best[1]))


def _other_stereo(mol: Chem.Mol, points: npt.NDArray[np.float64]) -> list[int]:
    """Atoms whose stereo is stated and another one in these places."""
    placed = Chem.Mol(mol)
    placed.RemoveAllConformers()
    conformer = Chem.Conformer(placed.GetNumAtoms())
    conformer.Set3D(True)
    for atom, point in enumerate(points.tolist()):
        conformer.SetAtomPosition(atom, point)
    placed.AddConformer(conformer)
    Chem.AssignStereochemistryFrom3D(placed)
    other = [
        atom.GetIdx()
        for atom in mol.GetAtoms()
        if atom.HasProp("_CIPCode")
        and placed.GetAtomWithIdx(atom.GetIdx()).GetChiralTag() != atom.GetChiralTag()
    ]
    either = (Chem.BondStereo.STEREONONE, Chem.BondStereo.STEREOANY)
    same = {
        Chem.BondStereo.STEREOZ: Chem.BondStereo.STEREOCIS,
        Chem.BondStereo.STEREOE: Chem.BondStereo.STEREOTRANS,
    }
    for bond in mol.GetBonds():
        stated = bond.GetStereo()
        seen = placed.GetBondWithIdx(bond.GetIdx()).GetStereo()
        if stated not in either and same.get(seen, seen) != same.get(stated, stated):
            other.append(bond.GetBeginAtomIdx())
    return other


def _reason(residue: _Residue, molecule: Molecule, structure: Structure) -> str:
    """Why a residue is not a molecule."""
    row, atoms, numbers, near = residue
    residues = structure.residues
    chain = structure.strands.chain[int(residues.strand[row])]
    name = f"{residues.component[row]} {residues.number[row]} of chain {chain!r}"
    table = Chem.GetPeriodicTable()
    has, needs = Counter(numbers), Counter(_numbers(molecule))
    if has != needs:
        parts = [
            f"{abs(count)} {table.GetElementSymbol(element)} too {'many' if count > 0 else 'few'}"
            for element in sorted({*has, *needs})
            if (count := has[element] - needs[element])
        ]
        return f"expected the heavy atoms of the molecule, {name} has {', '.join(parts)}"
    degrees = np.bincount(near.ravel(), minlength=len(numbers)).tolist()
    pairs = np.concatenate([molecule.begin, molecule.end]).astype(np.int64)
    wanted = np.bincount(pairs, minlength=len(numbers)).tolist()
    left = Counter(zip(_numbers(molecule), wanted, strict=True))
    for atom, sort in zip(atoms.tolist(), zip(numbers, degrees, strict=True), strict=True):
        left[sort] -= 1
        if left[sort] < 0:
            return (
                f"expected the bonds of the molecule, {name} has {structure.atoms.name[atom]} "
                f"with {sort[1]} neighbours, one more of them than the molecule has"
            )
    return f"expected the bonds of the molecule, {name} has as many, between other atoms"
