"""Molecules from RDKit and back, and the projections that need RDKit.

Kept: elements and dummies, aromatic atoms and bonds, isotopes, charges, hydrogens, map numbers,
stereo of atoms in every class that RDKit writes, stereo of double bonds, dative bonds, components,
and the order of the atoms wherever that is a depth-first order.

Normalised: atoms in another order are put in the order in which RDKit writes them; queries that
any atom matches (R groups of MOL files) are wildcards; aromatic dummies are wildcards with single
bonds, as RDKit writes them; hydrogens are stated where RDKit states them or the atom has no
implicit ones, else implied; zero-order bonds and bonds that match any are one, of order ANY;
several rings that close at one atom are in the order of the atoms at which they open, unless the
atom has stereo beyond tetrahedral; directions of bonds are where RDKit writes them; radicals
follow from stated hydrogens; double bonds of unknown stereo have none; groups of absolute stereo
centres are left out, for that is what stereo in SMILES says.

Refused: other query atoms and bonds, bonds of other types, aromatic atoms without an aromatic
symbol, numbers beyond the grammar's, stereo of allenes, which RDKit does not write, and radicals
that do not follow from the hydrogens. Atropisomers, conformers, relative and racemic stereo groups
and substance groups are refused unless an option that names them leaves them out.

Not read, because they are not the molecule's: names, properties, atom and bond properties,
residue information, layouts in the plane, what RDKit computed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from logos_grammar.error import ConversionError
from logos_grammar.molecule import BondOrder, Molecule, Reading

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

_BONDS: Final = frozenset(
    {
        Chem.BondType.SINGLE,
        Chem.BondType.DOUBLE,
        Chem.BondType.TRIPLE,
        Chem.BondType.QUADRUPLE,
        Chem.BondType.AROMATIC,
        Chem.BondType.DATIVE,
        Chem.BondType.ZERO,
        Chem.BondType.UNSPECIFIED,
    }
)
_AROMATIC: Final = frozenset((0, 5, 6, 7, 8, 14, 15, 16, 33, 34, 52))
_UNWRITTEN: Final = {
    Chem.ChiralType.CHI_ALLENE: "allene-like stereo",
    Chem.ChiralType.CHI_OTHER: "stereo of an unnamed class",
}
_ATROPISOMERS: Final = (Chem.BondStereo.STEREOATROPCW, Chem.BondStereo.STEREOATROPCCW)
_TETRAHEDRAL: Final = 2
_LIGANDS: Final = {range(5, 8): 4, range(8, 28): 5, range(28, 58): 6}
_LIGANDS_FROM: Final = 5
_LARGEST_ISOTOPE: Final = 65_535
_LARGEST: Final = 999_999_999


def from_rdkit(
    mol: Chem.Mol,
    *,
    without_atropisomers: bool = False,
    without_conformers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
) -> Reading:
    """Make a molecule of an RDKit molecule, sanitized or not; the page above says what is kept.

    Parameters
    ----------
    mol
        At least one atom. It is not changed.
    without_atropisomers
        Leave out the stereo of single bonds that cannot turn.
    without_conformers
        Leave out coordinates in space instead of refusing them.
    without_stereo_groups
        Leave out which stereo centres are relative or racemic (enhanced stereo).
    without_substance_groups
        Leave out substance groups (polymer brackets, data attached to atoms).

    Returns
    -------
    Reading
        The molecule, and the RDKit index of each of its atoms.

    Raises
    ------
    ConversionError
        For what a molecule of the grammar cannot hold.
    TypeError
        For anything but an RDKit molecule, such as the None that RDKit's readers return.
    """
    if not isinstance(mol, Chem.Mol):
        none = "; RDKit's readers return None for what they refuse" if mol is None else ""
        raise TypeError(f"expected an RDKit molecule, found {type(mol).__name__}{none}")
    with rdBase.BlockLogs():
        if mol.NeedsUpdatePropertyCache():
            mol = Chem.Mol(mol)
            mol.UpdatePropertyCache(strict=False)
        if mol.GetNumAtoms() == 0:
            raise ConversionError("expected at least one atom, found none")
        if not without_conformers and any(each.Is3D() for each in mol.GetConformers()):
            raise ConversionError("expected no conformers, or without_conformers=True")
        if not without_stereo_groups and any(
            group.GetGroupType() != Chem.StereoGroupType.STEREO_ABSOLUTE
            for group in mol.GetStereoGroups()
        ):
            raise ConversionError("expected no stereo groups, or without_stereo_groups=True")
        if Chem.GetMolSubstanceGroups(mol) and not without_substance_groups:
            raise ConversionError("expected no substance groups, or without_substance_groups=True")
        atoms, bonds = list(mol.GetAtoms()), list(mol.GetBonds())
        for bond in bonds:
            _check_bond(bond)
            if bond.GetStereo() in _ATROPISOMERS and not without_atropisomers:
                raise ConversionError(
                    f"expected no atropisomer at bond {bond.GetIdx()}, or without_atropisomers=True"
                )
        for atom in atoms:
            _check_atom(atom)
        return _read_written(mol, atoms, bonds)


def to_rdkit(molecule: Molecule, *, sanitize: bool = True) -> Chem.Mol:
    """Make an RDKit molecule with its atoms in the same order, explicit hydrogens included.

    Parameters
    ----------
    molecule
        A molecule of n atoms.
    sanitize
        Whether RDKit checks valences, perceives aromaticity and stereo and cleans up, as it does
        when it reads SMILES; without, the atoms and bonds are as they are in `molecule`.

    Returns
    -------
    rdkit.Chem.Mol
        n atoms; atom i is atom i of `molecule`. Bonds of order ANY have order zero.

    Raises
    ------
    ConversionError
        For isotopes above 65,535 and for square planar, trigonal bipyramidal and octahedral stereo
        of atoms that lack more than one neighbour, which RDKit misreads; and with `sanitize`
        for what RDKit refuses, with its reason.
    TypeError
        For anything but a `Molecule`.
    """
    if not isinstance(molecule, Molecule):
        raise TypeError(f"expected a Molecule, found {type(molecule).__name__}")
    if (large := np.flatnonzero(molecule.isotope > _LARGEST_ISOTOPE)).size:
        raise ConversionError(f"expected isotopes of {_LARGEST_ISOTOPE} or less at atom {large[0]}")
    _check_ligands(molecule)
    parameters: Any = Chem.SmilesParserParams()
    parameters.sanitize = False
    parameters.removeHs = False
    parameters.parseName = False
    parameters.allowCXSMILES = False
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(molecule.to_smiles(), parameters)
        if mol is None:
            raise ConversionError(f"expected what RDKit can read, found {molecule.to_smiles()}")
        mol = _with_plain_bonds(mol, molecule)
        if sanitize:
            sanitize_as_smiles(mol)
    return mol


def sanitize_as_smiles(mol: Chem.Mol) -> None:
    """Sanitize an RDKit molecule in place, and perceive its stereo, as RDKit does with SMILES.

    Raises
    ------
    ConversionError
        With the reason of RDKit.
    """
    try:
        Chem.SanitizeMol(mol)
    except Chem.MolSanitizeException as error:
        raise ConversionError(f"expected a molecule that RDKit sanitizes: {error}") from error
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)


def canonical(molecule: Molecule) -> Reading:
    """Write a molecule in RDKit's canonical order, with RDKit's aromaticity and stereo.

    Parameters
    ----------
    molecule
        A molecule of n atoms that RDKit can sanitize.

    Returns
    -------
    Reading
        The molecule that RDKit's canonical SMILES says, and the index in `molecule` of each atom.

    Raises
    ------
    ConversionError
        As `to_rdkit`.
    """
    mol = to_rdkit(molecule)
    written, read = Molecule.read_smiles(Chem.MolToSmiles(mol))
    return Reading(molecule=written, atom_order=_order(mol)[read])


def kekulized(molecule: Molecule) -> Molecule:
    """Replace aromatic bonds by alternating single and double ones; the atoms keep their order.

    Parameters
    ----------
    molecule
        A molecule whose aromatic rings RDKit can write with single and double bonds.

    Returns
    -------
    Molecule
        The same without aromatic atoms and bonds.

    Raises
    ------
    ConversionError
        When there is no such assignment of bonds, and as `to_rdkit`.
    """
    mol = to_rdkit(molecule, sanitize=False)
    with rdBase.BlockLogs():
        mol.UpdatePropertyCache(strict=False)
        try:
            Chem.Kekulize(mol, clearAromaticFlags=True)
        except Chem.KekulizeException as error:
            raise ConversionError(f"expected alternating bonds: {error}") from error
    order = molecule.order.copy()
    for i in np.flatnonzero(order == BondOrder.AROMATIC):
        bond = mol.GetBondBetweenAtoms(int(molecule.begin[i]), int(molecule.end[i]))
        double = bond.GetBondType() == Chem.BondType.DOUBLE
        order[i] = BondOrder.DOUBLE if double else BondOrder.SINGLE
    return replace(molecule, aromatic=np.zeros_like(molecule.aromatic), order=order)


def _check_bond(bond: Any) -> None:
    kind = bond.GetBondType()
    any_bond = kind == Chem.BondType.UNSPECIFIED and bond.GetSmarts() == "~"
    if kind not in _BONDS or (bond.HasQuery() and not any_bond):
        # SMARTS writes nothing for the query that bonds have by default
        query = bond.GetSmarts() or "for single or aromatic"
        found = f"the query {query}" if bond.HasQuery() else str(kind)
        raise ConversionError(f"expected a bond of SMILES at bond {bond.GetIdx()}, found {found}")


def _check_atom(atom: Any) -> None:
    def refuse(wanted: str, found: object) -> ConversionError:
        return ConversionError(f"expected {wanted} at atom {atom.GetIdx()}, found {found}")

    if atom.HasQuery() and not atom.DescribeQuery().startswith("AtomNull"):
        raise refuse("no query", atom.GetSmarts())
    if atom.GetIsAromatic() and atom.GetAtomicNum() not in _AROMATIC:
        raise refuse("an element with an aromatic symbol", atom.GetSymbol())
    if abs(atom.GetFormalCharge()) > 15:
        raise refuse("a charge from -15 to 15", atom.GetFormalCharge())
    if atom.GetTotalNumHs() > 9:
        raise refuse("at most 9 hydrogens", atom.GetTotalNumHs())
    if not 0 <= atom.GetAtomMapNum() <= _LARGEST:
        raise refuse(f"a map number from 0 to {_LARGEST:,}", atom.GetAtomMapNum())
    if atom.GetChiralTag() in _UNWRITTEN:
        raise refuse("stereo that RDKit writes", _UNWRITTEN[atom.GetChiralTag()])


def _read_written(mol: Chem.Mol, atoms: list[Chem.Atom], bonds: list[Chem.Bond]) -> Reading:
    """Let RDKit write the molecule, and take from its atoms what writing leaves out."""
    parameters: Any = Chem.SmilesWriteParams()
    parameters.canonical = False
    parameters.cleanStereo = False
    writable = _with_explicit_hydrogens(mol, atoms)
    written, read = Molecule.read_smiles(Chem.MolToSmiles(writable, parameters))
    order = _order(writable)[read]
    atoms = [atoms[i] for i in order.tolist()]
    hydrogens = np.array([atom.GetTotalNumHs() for atom in atoms], np.int8)
    implied = written.hydrogens < 0
    implied &= np.array([not atom.GetNoImplicit() for atom in atoms])
    molecule = replace(written, hydrogens=np.where(implied, np.int8(-1), hydrogens))
    molecule = _rings_in_order(molecule)
    _check_stereo(molecule, atoms, bonds)
    _check_radicals(molecule, atoms)
    return Reading(molecule=molecule, atom_order=order)


def _with_explicit_hydrogens(mol: Chem.Mol, atoms: list[Chem.Atom]) -> Chem.Mol:
    """Make implicit hydrogens of stereo centres explicit.

    RDKit mirrors a centre that it writes first when its hydrogen is implicit.
    """
    centres = [
        atom
        for atom in atoms
        if atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED and atom.GetNumImplicitHs()
    ]
    if not centres:
        return mol
    copy = Chem.Mol(mol)
    for atom in centres:
        twin = copy.GetAtomWithIdx(atom.GetIdx())
        twin.SetNumExplicitHs(atom.GetTotalNumHs())
        twin.SetNoImplicit(True)
    copy.UpdatePropertyCache(strict=False)
    return copy


def _with_plain_bonds(mol: Chem.Mol, molecule: Molecule) -> Chem.Mol:
    """Make bonds of order ANY zero-order ones, and directed ones single.

    RDKit reads the former as queries and, where a ring closes, does not heed either symbol.
    """
    directed = np.isin(molecule.order, (BondOrder.UP, BondOrder.DOWN))
    directed &= molecule.aromatic[molecule.begin] & molecule.aromatic[molecule.end]
    changed = np.flatnonzero(directed | (molecule.order == BondOrder.ANY))
    if not changed.size:
        return mol
    template = Chem.RWMol(Chem.MolFromSmiles("*.*"))
    template.AddBond(0, 1, Chem.BondType.ZERO)
    editable = Chem.RWMol(mol)
    for i in changed:
        bond = editable.GetBondBetweenAtoms(int(molecule.begin[i]), int(molecule.end[i]))
        if molecule.order[i] == BondOrder.ANY:
            editable.ReplaceBond(bond.GetIdx(), template.GetBondWithIdx(0))
        else:
            bond.SetBondType(Chem.BondType.SINGLE)
            bond.SetIsAromatic(False)
    return editable.GetMol()


def _rings_in_order(molecule: Molecule) -> Molecule:
    """Sort the rings that close at an atom by where they open; RDKit's order changes each time."""
    begin, order, stereo = molecule.begin.copy(), molecule.order.copy(), molecule.stereo.copy()
    for atom in np.flatnonzero(np.bincount(molecule.end, minlength=len(molecule)) > 2):
        if stereo[atom] > _TETRAHEDRAL:
            continue
        rings = np.flatnonzero(molecule.end == atom)[1:]
        turn = np.argsort(begin[rings])
        begin[rings], order[rings] = begin[rings][turn], order[rings][turn]
        swaps = sum(earlier > later for earlier, later in combinations(turn.tolist(), 2))
        if stereo[atom] and swaps % 2:
            stereo[atom] = 3 - stereo[atom]
    return replace(molecule, begin=begin, order=order, stereo=stereo)


def _order(mol: Chem.Mol) -> NDArray[np.uint32]:
    """The index of each atom of the SMILES that RDKit wrote last."""
    written = mol.GetProp("_smilesAtomOutputOrder").strip("[],")
    return np.array(written.split(","), np.uint32)


def _check_stereo(molecule: Molecule, atoms: list[Chem.Atom], bonds: list[Chem.Bond]) -> None:
    for code, atom in zip(molecule.stereo.tolist(), atoms, strict=True):
        if code == 0 and atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED:
            raise ConversionError(
                f"expected stereo that RDKit writes at atom {atom.GetIdx()}, "
                f"found {atom.GetChiralTag()}"
            )
    _check_ligands(molecule)
    if np.isin(molecule.order, (BondOrder.UP, BondOrder.DOWN)).any():
        return
    for bond in bonds:
        if bond.GetStereo() > Chem.BondStereo.STEREOANY and bond.GetStereo() not in _ATROPISOMERS:
            raise ConversionError(f"expected stereo that RDKit writes at bond {bond.GetIdx()}")


def _check_ligands(molecule: Molecule) -> None:
    """Refuse what RDKit turns into another permutation each time it reads or writes it."""
    for i in np.flatnonzero(molecule.stereo >= _LIGANDS_FROM):
        full = next(size for codes, size in _LIGANDS.items() if molecule.stereo[i] in codes)
        found = int((molecule.begin == i).sum() + (molecule.end == i).sum())
        if found not in (full - 1, full):
            raise ConversionError(f"expected {full} neighbours or one less at atom {i}")


def _check_radicals(molecule: Molecule, atoms: list[Chem.Atom]) -> None:
    """Refuse radicals other than those that RDKit infers from hydrogens and bonds."""
    counts = [atom.GetNumRadicalElectrons() for atom in atoms]
    if not any(counts):
        return
    inferred = [atom.GetNumRadicalElectrons() for atom in to_rdkit(molecule).GetAtoms()]
    for atom, count, read in zip(atoms, counts, inferred, strict=True):
        if count != read:
            raise ConversionError(
                f"expected {read} radical electrons at atom {atom.GetIdx()}, as its hydrogens and "
                f"bonds leave, found {count}"
            )
