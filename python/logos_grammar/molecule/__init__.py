"""Molecule: an ordered molecular graph, as columns of its atoms and bonds."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import IntEnum
from typing import Annotated, Any, NamedTuple, Self, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.columns import Columns
from logos_grammar.displayed import Displayed
from logos_grammar.molecule.brackets import implied_hydrogens

__all__ = ["BondOrder", "Molecule", "Reading"]


class BondOrder(IntEnum):
    """What a bond is, read from its ``begin`` to its ``end``."""

    SINGLE = 0
    DOUBLE = 1
    TRIPLE = 2
    QUADRUPLE = 3
    AROMATIC = 4
    UP = 5
    """Single, or aromatic between aromatic atoms; ``end`` is above ``begin`` (``/`` in SMILES)."""
    DOWN = 6
    """Single or aromatic as `UP`; ``end`` is below ``begin`` (a backslash in SMILES)."""
    ANY = 7
    """Any or zero order (``~``)."""
    DATIVE = 8
    """``begin`` donates to ``end`` (``->``)."""
    DATIVE_BACK = 9
    """``end`` donates to ``begin`` (``<-``)."""


_T = TypeVar("_T", bound=np.generic)
_OfAtoms: TypeAlias = Annotated[npt.NDArray[_T], "atom"]
_OfBonds: TypeAlias = Annotated[npt.NDArray[_T], "bond"]


class Molecule(Columns, Displayed):
    """An ordered molecular graph: n atoms and m bonds, as read-only columns.

    Atoms are in a depth-first order. Bonds are sorted by ``end``; the first bond of an atom
    leads to its parent, its nearest earlier neighbour; the others close rings to earlier atoms on
    the path from the root, in the order in which SMILES writes them, which is part of the
    molecule. An atom with no earlier neighbour begins a component. `from_smiles` and the
    converters make such molecules; `encode` refuses others.

    Attributes
    ----------
    element
        uint8 [n]: atomic number; 0 is the wildcard.
    aromatic
        bool [n]: whether it is written as aromatic.
    isotope
        uint32 [n]: mass number; 0 when not given.
    stereo
        uint8 [n]: 0 none; 1-2 ``@ @@``; 3-4 ``@AL1-2``; 5-7 ``@SP1-3``; 8-27 ``@TB1-20``;
        28-57 ``@OH1-30``.
    hydrogens
        int8 [n]: hydrogens stated in brackets; -1 when they are implied.
    charge
        int8 [n]: formal charge.
    map
        uint32 [n]: map number; 0 for none.
    begin, end
        uint32 [m]: the earlier and the later atom of each bond.
    order
        uint8 [m]: a `BondOrder`, read from ``begin`` to ``end``.

    Raises
    ------
    ValueError
        When columns differ in length or hold what their type cannot.
    """

    element: _OfAtoms[np.uint8]
    aromatic: _OfAtoms[np.bool_]
    isotope: _OfAtoms[np.uint32]
    stereo: _OfAtoms[np.uint8]
    hydrogens: _OfAtoms[np.int8]
    charge: _OfAtoms[np.int8]
    map: _OfAtoms[np.uint32]
    begin: _OfBonds[np.uint32]
    end: _OfBonds[np.uint32]
    order: _OfBonds[np.uint8]

    @classmethod
    def from_smiles(cls, text: str) -> Molecule:
        """Read one SMILES, all of OpenSMILES and RDKit's dative and any bonds.

        A map number of 0 means no map number, as in OpenSMILES.

        Raises
        ------
        ConversionError
            At the first character that no SMILES has there.
        """
        return cls.read_smiles(text).molecule

    @classmethod
    def read_smiles(cls, text: str) -> Reading:
        """Read one SMILES, with the place of each atom in the text.

        The order differs from the text's only where a ring bond does not lead to an ancestor, or
        a dot is in a branch.

        Raises
        ------
        ConversionError
            At the first character that no SMILES has there.
        """
        return Reading(*_core.molecule_from_smiles(text))

    @classmethod
    def from_graph(
        cls, molecule: Molecule, *, double_bonds: npt.ArrayLike | None = None
    ) -> Reading:
        """Put a graph, whose atoms and bonds are in any order, in the order of a molecule.

        From each atom the order goes on to the neighbour with the lowest row, and components begin
        with their atom of the lowest row: atoms that are in a depth-first order already stay so.
        Rings that close at one atom are in the order of the atoms at which they open. No SMILES is
        written on the way.

        Parameters
        ----------
        molecule
            The columns of n atoms and m bonds. ``order`` is read from ``begin`` to ``end``,
            whichever is the earlier. ``stereo`` names the neighbours of an atom in the order of the
            rows of its bonds, a hydrogen or a missing neighbour last: with neighbours a, b, c, d
            in this order, 1 says that b, c, d are counterclockwise seen from a.
        double_bonds
            int [k, 4]: for each double bond with stereo its row, a neighbour of its ``begin``, a
            neighbour of its ``end``, and 1 when these two are on the same side, else 0. Single
            bonds beside it get directions that say this.

        Returns
        -------
        Reading
            The molecule, and the row in the graph of each of its atoms: where ``xyz`` are
            coordinates in the order of the graph, ``xyz[reading.atom_order]`` are those of the
            molecule.

        Raises
        ------
        ConversionError
            For bonds that do not join two atoms once, stereo that has not the neighbours of its
            class, and stereo of double bonds that directions cannot say, with the row.
        ValueError
            When `double_bonds` has another shape.
        """
        columns = {field.name: getattr(molecule, field.name).tolist() for field in fields(molecule)}
        stereo = np.asarray(() if double_bonds is None else double_bonds, np.int64)
        if stereo.size and (stereo.ndim != 2 or stereo.shape[1] != 4 or (stereo < 0).any()):
            raise ValueError(f"expected double_bonds of shape [k, 4], found {list(stereo.shape)}")
        rows = [(row, first, last, bool(cis)) for row, first, last, cis in stereo.tolist()]
        made, order, _ = _core.molecule_from_graph(columns, rows)
        return Reading(made, order)

    def to_smiles(self) -> str:
        """The SMILES of this molecule, its atoms in their order.

        Raises
        ------
        GrammarError
            When the columns are not a molecule of the grammar.
        """
        return _core.molecule_to_smiles(self)

    def without_maps(self) -> Self:
        """The molecule without map numbers; hydrogens that were stated stay stated.

        `without_brackets` takes the brackets away that only the map numbers needed.
        """
        return replace(self, map=np.zeros_like(self.map))

    def without_brackets(self) -> Self:
        """The molecule with bare atoms, where the hydrogens that are stated go without saying.

        An atom stays in brackets where it has an isotope, stereo, a charge or a map number, where
        a bare atom would have other hydrogens (a radical, ``[nH]``), or where OpenSMILES and RDKit
        do not agree on them.

        Examples
        --------
        >>> mapped = Molecule.from_smiles("[CH3:1][CH:2]([NH3+:3])[CH2:4]")
        >>> mapped.without_maps().without_brackets().to_smiles()
        'CC([NH3+])[CH2]'
        """
        ends = np.stack([self.begin, self.end])
        implied = implied_hydrogens(self.element, self.aromatic, ends, self.order)
        stated = (self.isotope > 0) | (self.stereo > 0) | (self.charge != 0) | (self.map > 0)
        bare = ~stated & (self.hydrogens == implied)
        return replace(self, hydrogens=np.where(bare, -1, self.hydrogens).astype(np.int8))

    def without_stereo(self) -> Self:
        """The molecule without stereo of atoms and directions of bonds.

        A directed bond between two aromatic atoms is aromatic, as one without a symbol is; RDKit
        makes either of them single where it is in no ring.
        """
        directed = (self.order == BondOrder.UP) | (self.order == BondOrder.DOWN)
        aromatic = self.aromatic[self.begin] & self.aromatic[self.end]
        plain = np.where(aromatic, BondOrder.AROMATIC, BondOrder.SINGLE)
        order = np.where(directed, plain, self.order)
        return replace(self, stereo=np.zeros_like(self.stereo), order=order.astype(np.uint8))

    def without_isotopes(self) -> Self:
        """The molecule without mass numbers."""
        return replace(self, isotope=np.zeros_like(self.isotope))

    def __repr__(self) -> str:
        try:
            return f"Molecule.from_smiles({self.to_smiles()!r})"
        except ValueError as error:
            return f"<Molecule of {len(self)} atoms, {len(self.begin)} bonds: {error}>"


class Reading(NamedTuple):
    """A molecule that was read, and where its atoms came from.

    Attributes
    ----------
    molecule
        The molecule.
    atom_order
        uint32 [n]: of each of its atoms the position in what was read.
    """

    molecule: Molecule
    atom_order: npt.NDArray[np.uint32]


def _remade(cls: type[Molecule], columns: dict[str, Any]) -> Molecule:
    """A molecule of a pickle that version 0.1.0 wrote: it names this function."""
    return cls(**columns)
