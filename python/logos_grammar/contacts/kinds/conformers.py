"""The chemistry of a conformer: by the graph of its molecule, without a library.

Groups are charged that are so at neutral pH, whether their charge is drawn or not: carboxylic
acids, phosphates, sulfonates, guanidines, amidines and aliphatic amines, and other atoms with a
charge that no neighbour balances. PLIP (Salentin et al., Nucleic Acids Research 2015, 43, W443) has
no amidines, takes esters for acids, aromatic carbons of three nitrogens for guanidines, and a
secondary amine for neutral where it has no hydrogens. Rings are the aromatic ones of 5 and 6 atoms;
PLIP takes other planar rings too.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer import Conformer
from logos_grammar.contacts.kinds.chemistry import MASKS, Chemistry, Group
from logos_grammar.contacts.kinds.structures import METALS
from logos_grammar.contacts.points import Points
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.brackets import implied_hydrogens

__all__ = ["of_conformer"]

_CARBON: Final = 6
_NITROGEN: Final = 7
_OXYGEN: Final = 8
_PHOSPHORUS: Final = 15
_SULFUR: Final = 16
_HALOGENS: Final = (17, 35, 53)
"""Fluorine is not a donor of halogen bonds (Auffinger et al., PNAS 2004, 101, 16789)."""
_MULTIPLE: Final = (BondOrder.DOUBLE, BondOrder.TRIPLE, BondOrder.QUADRUPLE, BondOrder.AROMATIC)
_OXYGENS: Final = {_PHOSPHORUS: 2, _SULFUR: 3}
"""How many oxygens with one bond make an acid."""
_RING_SIZES: Final = (5, 6)
_GUANIDINE: Final = 3
_AMIDINE: Final = 2


def of_conformer(conformer: Conformer, points: Points) -> Chemistry:
    """The chemistry of the points of one conformer, hydrogens among them."""
    graph = _Graph(conformer.molecule, conformer.hydrogens)
    first = conformer.atom_rows()
    is_atom = np.zeros(len(points.unit), np.bool_)
    is_atom[first] = True
    element = np.where(is_atom, graph.element[points.unit], 1).astype(np.uint8)
    folded = np.flatnonzero(~is_atom)
    bonds = np.concatenate(
        [
            first[np.stack([graph.molecule.begin, graph.molecule.end], axis=1)],
            np.stack([first[points.unit[folded]], folded], axis=1),
        ]
    )
    masks = {name: is_atom & mask[points.unit] for name, mask in graph.masks().items()}

    def groups(found: list[tuple[list[int], list[int]]]) -> tuple[Group, ...]:
        return tuple(
            Group(tuple(first[centre].tolist()), tuple(first[atoms].tolist()))
            for centre, atoms in found
        )

    return Chemistry(
        points=points,
        element=element,
        bonds=bonds.astype(np.int64),
        masks=masks,
        cations=groups(graph.cations()),
        anions=groups(graph.anions()),
        rings=groups([(ring, ring) for ring in graph.rings()]),
    )


class _Graph:
    """The atoms of a molecule with what they are bonded to."""

    def __init__(self, molecule: Molecule, folded: npt.NDArray[np.uint32]) -> None:
        count = len(molecule)
        self.molecule = molecule
        self.element: npt.NDArray[np.uint8] = molecule.element
        self.charge = molecule.charge.tolist()
        ends = np.stack([molecule.begin, molecule.end])
        self.bonded: list[list[int]] = [[] for _ in range(count)]
        self.multiple = np.zeros(count, np.bool_)
        stated = molecule.hydrogens.astype(np.int64)
        implied = implied_hydrogens(molecule.element, molecule.aromatic, ends, molecule.order)
        hydrogens = np.maximum(np.where(stated >= 0, stated, implied), folded)
        for one, other, order in zip(*ends.tolist(), molecule.order.tolist(), strict=True):
            for atom, neighbour in ((one, other), (other, one)):
                if self.element[neighbour] == 1:
                    hydrogens[atom] += 1
                else:
                    self.bonded[atom].append(neighbour)
                self.multiple[atom] |= order in _MULTIPLE
        self.hydrogens = hydrogens.tolist()

    def masks(self) -> dict[str, npt.NDArray[np.bool_]]:
        """What the atoms are, by `MASKS`."""
        count = len(self.element)
        found = {name: np.zeros(count, np.bool_) for name in MASKS}
        found["metal"] = np.isin(self.element, list(METALS))
        for atom, (element, bonded) in enumerate(
            zip(self.element.tolist(), self.bonded, strict=True)
        ):
            others = {int(self.element[other]) for other in bonded}
            carbon = bonded[0] if len(bonded) == 1 and others == {_CARBON} else None
            found["hydrophobic"][atom] = element == _CARBON and others <= {_CARBON}
            found["donor"][atom] = element in (_NITROGEN, _OXYGEN) and self.hydrogens[atom] > 0
            found["acceptor"][atom] = self._is_acceptor(atom)
            found["halogen"][atom] = element in _HALOGENS and carbon is not None
            is_lone = element == _SULFUR and len(bonded) <= 2 and self.charge[atom] <= 0
            found["binder"][atom] = found["acceptor"][atom] or is_lone
            found["halogen_acceptor"][atom] = found["binder"][atom] and len(bonded) == 1
            found["water"][atom] = element == _OXYGEN and not bonded and self.charge[atom] == 0
        return found

    def cations(self) -> list[tuple[list[int], list[int]]]:
        """The centre and the atoms of each group that is positive at neutral pH."""
        found, taken = [], set()
        for atom in self._of(_CARBON):
            nitrogens = self._neighbours(atom, _NITROGEN)
            ends = [each for each in nitrogens if len(self.bonded[each]) == 1]
            is_group = len(nitrogens) == _GUANIDINE or (
                len(nitrogens) == _AMIDINE and len(ends) == _AMIDINE
            )
            if is_group and ends and not self.molecule.aromatic[atom]:
                found.append((nitrogens, nitrogens))
                taken |= set(nitrogens)
        for atom, charge in enumerate(self.charge):
            if atom in taken or self.element[atom] in METALS:
                continue
            if (charge > 0 and not self._is_balanced(atom)) or self._is_amine(atom):
                found.append(([atom], [atom]))
        return found

    def anions(self) -> list[tuple[list[int], list[int]]]:
        """The centre and the atoms of each group that is negative at neutral pH."""
        found, taken = [], set()
        for atom in self._of(_CARBON, _PHOSPHORUS, _SULFUR):
            ends = [each for each in self._neighbours(atom, _OXYGEN) if len(self.bonded[each]) == 1]
            element = int(self.element[atom])
            is_acid = len(ends) == 2 and any(
                self.hydrogens[each] or self.charge[each] < 0 for each in ends
            )
            if element == _CARBON and is_acid:
                found.append((ends, ends))
            elif len(ends) >= _OXYGENS.get(element, len(ends) + 1):
                found.append(([atom], ends))
            else:
                continue
            taken |= set(ends)
        for atom, charge in enumerate(self.charge):
            if atom not in taken and charge < 0 and not self._is_balanced(atom):
                found.append(([atom], [atom]))
        return found

    def rings(self) -> list[list[int]]:
        """The aromatic rings of 5 and 6 atoms, each from its lowest atom on."""
        aromatic = self.molecule.aromatic
        found: list[list[int]] = []
        most = max(_RING_SIZES)

        def walk(path: list[int]) -> None:
            for atom in self.bonded[path[-1]]:
                if atom == path[0] and len(path) in _RING_SIZES and path[1] < path[-1]:
                    found.append(list(path))
                elif atom > path[0] and aromatic[atom] and atom not in path and len(path) < most:
                    walk([*path, atom])

        for atom in np.flatnonzero(aromatic).tolist():
            walk([atom])
        # A ring of six around two smaller ones has a bond across.
        return [
            ring
            for ring in found
            if sum(self._is_bonded(a, b) for a in ring for b in ring) == 2 * len(ring)
        ]

    def _is_acceptor(self, atom: int) -> bool:
        """Oxygen that is not aromatic, nitrogen with a lone pair that no neighbour shares."""
        if self.charge[atom] > 0:
            return False
        if self.element[atom] == _OXYGEN:
            return not bool(self.molecule.aromatic[atom])
        if self.element[atom] != _NITROGEN:
            return False
        if self.multiple[atom]:
            return bool(len(self.bonded[atom]) + self.hydrogens[atom] <= 2)
        return not self._is_conjugated(atom)

    def _is_amine(self, atom: int) -> bool:
        """Nitrogen with bonds to carbons and hydrogens, none of which is conjugated with it."""
        return (
            bool(self.element[atom] == _NITROGEN)
            and not self.multiple[atom]
            and self.charge[atom] == 0
            and all(self.element[other] == _CARBON for other in self.bonded[atom])
            and bool(self.bonded[atom])
            and not self._is_conjugated(atom)
        )

    def _is_conjugated(self, atom: int) -> bool:
        """Whether a neighbour has a multiple bond, or is an acid of sulfur or phosphorus."""
        return any(bool(self.multiple[other]) for other in self.bonded[atom])

    def _is_balanced(self, atom: int) -> bool:
        """Whether a neighbour has a charge of the other sign, as in a nitro group."""
        return any(self.charge[other] * self.charge[atom] < 0 for other in self.bonded[atom])

    def _is_bonded(self, one: int, other: int) -> bool:
        return other in self.bonded[one]

    def _of(self, *elements: int) -> list[int]:
        return np.flatnonzero(np.isin(self.element, elements)).tolist()

    def _neighbours(self, atom: int, element: int) -> list[int]:
        return [other for other in self.bonded[atom] if self.element[other] == element]
