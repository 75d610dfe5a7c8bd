"""An RDKit molecule as a molecule: its columns read, and put in order by the core."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from logos_grammar import _core
from logos_grammar.error import ConversionError
from logos_grammar.molecule import BondOrder, Molecule, Reading
from logos_grammar.molecule.rdkit.write import to_rdkit

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

_ORDERS: Final = {
    Chem.BondType.SINGLE: int(BondOrder.SINGLE),
    Chem.BondType.DOUBLE: int(BondOrder.DOUBLE),
    Chem.BondType.TRIPLE: int(BondOrder.TRIPLE),
    Chem.BondType.QUADRUPLE: int(BondOrder.QUADRUPLE),
    Chem.BondType.AROMATIC: int(BondOrder.AROMATIC),
    Chem.BondType.DATIVE: int(BondOrder.DATIVE),
    Chem.BondType.ZERO: int(BondOrder.ANY),
    Chem.BondType.UNSPECIFIED: int(BondOrder.ANY),
}
_AROMATIC: Final = frozenset((0, 5, 6, 7, 8, 14, 15, 16, 33, 34, 52))
_USUAL_VALENCE: Final = {
    0: -1, 5: 3, 6: 4, 7: 3, 8: 2, 9: 1, 15: 3, 16: 2, 17: 1, 35: 1, 53: 1
}  # fmt: skip
"""By atomic number, of the elements that SMILES writes without brackets."""
_PNICTOGENS: Final = (7, 15)
_OCTET_LESS_OUTER: Final = {
    1: 1, 5: 5, 6: 4, 7: 3, 8: 2, 9: 1, 14: 4, 15: 3, 16: 2, 17: 1, 33: 3, 34: 2, 35: 1, 53: 1
}  # fmt: skip
"""By atomic number, the valence at which an atom without charge has no radical electrons."""
_NONMETALS: Final = frozenset(
    (1, 2, *range(5, 11), *range(14, 19), *range(32, 37), *range(51, 55), 85, 86)
)
"""Metalloids among them."""
_ELEMENTS: Final = Chem.GetPeriodicTable()
_TETRAHEDRAL: Final = {
    Chem.ChiralType.CHI_TETRAHEDRAL_CCW: 1,
    Chem.ChiralType.CHI_TETRAHEDRAL_CW: 2,
}
_PERMUTATIONS: Final = {
    # The name of the class, its first code, how many permutations and neighbours it has.
    Chem.ChiralType.CHI_TETRAHEDRAL: ("tetrahedral", 1, 2, 4),
    Chem.ChiralType.CHI_SQUAREPLANAR: ("square planar", 5, 3, 4),
    Chem.ChiralType.CHI_TRIGONALBIPYRAMIDAL: ("trigonal bipyramidal", 8, 20, 5),
    Chem.ChiralType.CHI_OCTAHEDRAL: ("octahedral", 28, 30, 6),
}
_UNWRITTEN: Final = {
    Chem.ChiralType.CHI_ALLENE: "allene-like stereo",
    Chem.ChiralType.CHI_OTHER: "stereo of an unnamed class",
}
_NO_STEREO: Final = Chem.ChiralType.CHI_UNSPECIFIED
_ATROPISOMERS: Final = (Chem.BondStereo.STEREOATROPCW, Chem.BondStereo.STEREOATROPCCW)
_UNKNOWN: Final = (Chem.BondStereo.STEREONONE, Chem.BondStereo.STEREOANY)
_CIS: Final = (Chem.BondStereo.STEREOZ, Chem.BondStereo.STEREOCIS)
_DIRECTIONS: Final = (Chem.BondDir.ENDUPRIGHT, Chem.BondDir.ENDDOWNRIGHT)
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
        The molecule, and the RDKit index of each of its atoms: row i of a conformer of the
        molecule is row ``atom_order[i]`` of the conformer of `mol`.

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
        if unsanitized := mol.NeedsUpdatePropertyCache():
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
        mol = _with_perceived_double_bonds(mol)
        columns, radicals = _atoms(mol)
        double_bonds = _bonds(mol, columns, without_atropisomers=without_atropisomers)
        molecule, order, doubtful = _core.molecule_from_graph(columns, double_bonds)
        if doubtful:
            _check_double_bonds(molecule, order.tolist(), [mol.GetBondWithIdx(i) for i in doubtful])
        if unsanitized:  # RDKit has not inferred those that are missing
            radicals = {row: count for row, count in radicals.items() if count}
        if radicals:
            _check_radicals(mol, columns["hydrogens"], radicals)
    return Reading(molecule=molecule, atom_order=order)


def _with_perceived_double_bonds(mol: Chem.Mol) -> Chem.Mol:
    """Perceive the stereo of double bonds that so far only directions say."""
    if mol.HasProp("_StereochemDone"):
        return mol
    directed = {
        atom
        for bond in mol.GetBonds()
        if bond.GetBondDir() in _DIRECTIONS
        for atom in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())
    }
    if directed and any(
        bond.GetBondType() == Chem.BondType.DOUBLE
        and bond.GetStereo() == Chem.BondStereo.STEREONONE
        and bond.GetBeginAtomIdx() in directed
        and bond.GetEndAtomIdx() in directed
        for bond in mol.GetBonds()
    ):
        mol = Chem.Mol(mol)
        Chem.AssignStereochemistry(mol, cleanIt=False)
    return mol


def _atoms(mol: Chem.Mol) -> tuple[dict[str, list[Any]], dict[int, int]]:
    """The columns of the atoms, and the radical electrons of those that may need a look at them."""
    element, aromatic, isotope, stereo = [], [], [], []
    hydrogens, charge, maps = [], [], []
    radicals = {}
    for row, atom in enumerate(mol.GetAtoms()):
        number, ringed = atom.GetAtomicNum(), atom.GetIsAromatic()
        charged, mapped = atom.GetFormalCharge(), atom.GetAtomMapNum()
        mass, single = atom.GetIsotope(), atom.GetNumRadicalElectrons()
        count, tag = atom.GetTotalNumHs(), atom.GetChiralTag()
        _check_atom(atom, number, ringed, charged, count, mapped)
        code = 0 if tag == _NO_STEREO else _stereo(atom, tag)
        if (
            charged or mapped or mass or code or single or number not in _USUAL_VALENCE
        ) or atom.GetNoImplicit():
            implied = False
        elif ringed and number in _PNICTOGENS:
            implied = not atom.GetNumExplicitHs()
        else:
            implied = not count or atom.GetTotalValence() == _USUAL_VALENCE[number]
        element.append(number)
        aromatic.append(ringed and number > 0)
        isotope.append(mass)
        stereo.append(code)
        hydrogens.append(-1 if implied else count)
        charge.append(charged)
        maps.append(mapped)
        if single or not (implied or _is_full(atom, number, charged)):
            radicals[row] = single
    columns: dict[str, list[Any]] = {
        "element": element,
        "aromatic": aromatic,
        "isotope": isotope,
        "stereo": stereo,
    }
    return columns | {"hydrogens": hydrogens, "charge": charge, "map": maps}, radicals


def _is_full(atom: Any, number: int, charge: int) -> bool:
    """Whether an atom without radical electrons is surely one that RDKit infers none for."""
    valence = atom.GetTotalValence()
    if number in _NONMETALS:
        return bool(valence - charge == _OCTET_LESS_OUTER.get(number))
    # MOL files say zero of a metal whose radical electrons they do not state.
    stated = number > 0 and atom.GetNoImplicit()
    return not stated or bool(valence + charge == _ELEMENTS.GetNOuterElecs(number))


def _check_atom(  # noqa: PLR0913, PLR0917 (what was read of it, once)
    atom: Any, number: int, aromatic: bool, charge: int, hydrogens: int, mapped: int
) -> None:
    if atom.HasQuery() and not atom.DescribeQuery().startswith("AtomNull"):
        raise _refused(atom, "no query", atom.GetSmarts())
    if aromatic and number not in _AROMATIC:
        raise _refused(atom, "an element with an aromatic symbol", atom.GetSymbol())
    if not -15 <= charge <= 15:
        raise _refused(atom, "a charge from -15 to 15", charge)
    if hydrogens > 9:
        raise _refused(atom, "at most 9 hydrogens", hydrogens)
    if not 0 <= mapped <= _LARGEST:
        raise _refused(atom, f"a map number from 0 to {_LARGEST:,}", mapped)


def _stereo(atom: Any, tag: Any) -> int:
    """The code of an atom's stereo, its neighbours in the order of its bonds."""
    if tag in _UNWRITTEN:
        raise _refused(atom, "stereo that RDKit writes", _UNWRITTEN[tag])
    bonds = atom.GetBonds()
    if tag in _TETRAHEDRAL:
        if len(bonds) == 2 and all(bond.GetBondType() == Chem.BondType.DOUBLE for bond in bonds):
            raise _refused(atom, "stereo that RDKit writes", _UNWRITTEN[Chem.ChiralType.CHI_ALLENE])
        return _TETRAHEDRAL[tag]
    name, first, most, neighbours = _PERMUTATIONS[tag]
    held = atom.HasProp("_chiralPermutation")
    permutation = atom.GetUnsignedProp("_chiralPermutation") if held else 0
    if not 1 <= permutation <= most:
        found = permutation or "none"
        raise _refused(atom, f"the permutation of {name} stereo, from 1 to {most},", found)
    if len(bonds) not in (neighbours - 1, neighbours):
        raise _refused(atom, f"{neighbours} neighbours or one less", len(bonds))
    return first + permutation - 1


def _bonds(
    mol: Chem.Mol, columns: dict[str, list[Any]], *, without_atropisomers: bool
) -> list[tuple[int, int, int, bool]]:
    """Add the columns of the bonds; return the stereo of double bonds."""
    begin, end, order = [], [], []
    double_bonds = []
    aromatic = columns["aromatic"]
    for row, bond in enumerate(mol.GetBonds()):
        first, last, kind = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), bond.GetBondType()
        code = _ORDERS.get(kind)
        if code is None or bond.HasQuery() or kind == Chem.BondType.UNSPECIFIED:
            _check_bond(bond, row, kind)
        if code == BondOrder.AROMATIC and not (aromatic[first] and aromatic[last]):
            elements = columns["element"]
            if not (elements[first] and elements[last]):
                code = int(BondOrder.SINGLE)
        stereo = bond.GetStereo()
        if stereo in _UNKNOWN:
            pass
        elif stereo not in _ATROPISOMERS:
            at = list(bond.GetStereoAtoms())
            if len(at) != 2:
                raise ConversionError(f"expected two neighbours that say the stereo of bond {row}")
            double_bonds.append((row, at[0], at[1], stereo in _CIS))
        elif not without_atropisomers:
            raise ConversionError(
                f"expected no atropisomer at bond {row}, or without_atropisomers=True"
            )
        begin.append(first)
        end.append(last)
        order.append(code)
    columns |= {"begin": begin, "end": end, "order": order}
    return double_bonds


def _check_bond(bond: Any, row: int, kind: Any) -> None:
    any_bond = kind == Chem.BondType.UNSPECIFIED and bond.GetSmarts() == "~"
    if kind not in _ORDERS or (bond.HasQuery() and not any_bond):
        # SMARTS writes nothing for the query that bonds have by default
        query = bond.GetSmarts() or "for single or aromatic"
        found = f"the query {query}" if bond.HasQuery() else str(kind)
        raise ConversionError(f"expected a bond of SMILES at bond {row}, found {found}")


def _check_double_bonds(molecule: Molecule, order: list[int], bonds: Iterable[Any]) -> None:
    """Refuse a molecule in which RDKit reads stereo of double bonds that have none."""
    mol = to_rdkit(molecule, sanitize=False)
    Chem.SanitizeMol(mol, catchErrors=True)
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)
    place = {old: new for new, old in enumerate(order)}
    for bond in bonds:
        twin = mol.GetBondBetweenAtoms(place[bond.GetBeginAtomIdx()], place[bond.GetEndAtomIdx()])
        if twin.GetStereo() not in _UNKNOWN:
            raise ConversionError(
                f"expected stereo at bond {bond.GetIdx()}, as the directions beside it say some"
            )


def _check_radicals(mol: Chem.Mol, hydrogens: list[int], radicals: dict[int, int]) -> None:
    """Refuse radicals other than those that RDKit infers from stated hydrogens and bonds."""
    read = Chem.Mol(mol)
    for atom, count in zip(read.GetAtoms(), hydrogens, strict=True):
        atom.SetNumRadicalElectrons(0)
        if count >= 0:
            atom.SetNoImplicit(True)
            atom.SetNumExplicitHs(count)
    try:
        Chem.Kekulize(read, clearAromaticFlags=True)
    except Chem.MolSanitizeException as error:
        row = max(radicals, key=radicals.__getitem__)
        raise ConversionError(
            f"expected aromatic rings that RDKit kekulizes, to infer the radical electrons of atom "
            f"{row}: {error}"
        ) from error
    Chem.AssignRadicals(read)
    for row, count in radicals.items():
        atom = read.GetAtomWithIdx(row)
        inferred = atom.GetNumRadicalElectrons()
        if count != inferred:
            raise ConversionError(
                f"expected {inferred} radical electrons at atom {row}, as its hydrogens and bonds "
                f"leave, found {count}"
            )


def _refused(atom: Any, wanted: str, found: object) -> ConversionError:
    return ConversionError(f"expected {wanted} at atom {atom.GetIdx()}, found {found}")
