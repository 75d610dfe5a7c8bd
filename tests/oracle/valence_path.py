"""What valences keep of a molecule sentence: atoms on the path, and what they owe."""

from __future__ import annotations

from dataclasses import dataclass, field

from oracle.valence_table import is_aromatic, is_aromatic_bond


@dataclass(eq=False, slots=True)
class Atom:
    """An atom on the path; `free` is what it may still bear beyond what it owes.

    It owes one to each ring that it opened and that is open, and one to its last child when it has
    branches.
    """

    symbol: str
    charged: bool
    free: int
    parent: Atom | None
    in_ring: bool = False
    aromatic_bonds: int = 0
    branched: bool = False
    labels: list[int] = field(default_factory=list)
    joined: list[Atom] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Branch:
    """A component or a branch that has not ended: its host, and the rings that it must close."""

    host: Atom | None
    rings: int = 0
    atoms: list[Atom] = field(default_factory=list)

    def unringed(self) -> list[Atom]:
        """Its aromatic atoms that are in no ring."""
        return [atom for atom in self.atoms if is_aromatic(atom.symbol) and not atom.in_ring]


@dataclass(eq=False, slots=True)
class Bracket:
    """An atom in brackets that has not ended."""

    symbol: str = ""
    hydrogens: int = 0
    charge: int = 0
    has_charge: bool = False
    has_map: bool = False


@dataclass(eq=False, slots=True)
class Path:
    """Where a reader stands: `tip` is the atom to which what comes is joined."""

    tip: Atom | None = None
    branches: list[Branch] = field(default_factory=lambda: [Branch(None)])
    openers: dict[int, tuple[Atom, Branch]] = field(default_factory=dict)
    bracket: Bracket | None = None
    bond: str = ""
    ring_bond: str = "ring"
    begins_branch: bool = False

    def pays_last_child(self) -> bool:
        """Whether what comes is the last child of an atom that has kept one for it."""
        return self.tip is not None and self.tip.branched and not self.begins_branch

    def begin_atom(self, atom: Atom, at_parent: int) -> None:
        """Go on to an atom whose bond takes so much of its parent."""
        if self.tip is not None:
            if self.pays_last_child():
                self.tip.branched = False
                self.tip.free += 1
            self.tip.free -= at_parent
            self._join(self.bond, self.tip, atom)
        self.tip, self.bond, self.begins_branch = atom, "", False
        self.branches[-1].atoms.append(atom)

    def begin_branch(self) -> None:
        """Keep one for the last child, unless that is done, and begin a branch."""
        assert self.tip is not None
        if not self.tip.branched:
            self.tip.branched = True
            self.tip.free -= 1
        self.branches.append(Branch(self.tip))
        self.begins_branch = True

    def end_branch(self) -> None:
        """Go back to the host."""
        self.tip = self.branches.pop().host

    def open_ring(self, label: int) -> None:
        """Keep one for a ring."""
        assert self.tip is not None
        self.tip.free -= 1
        self.tip.labels.append(label)
        self.branches[-1].rings += 1
        self.openers[label] = self.tip, self.branches[-1]

    def close_ring(self, label: int, at_opener: int, here: int) -> None:
        """Close a ring with a bond that takes so much of both atoms."""
        assert self.tip is not None
        for atom in self.ring(label):
            atom.in_ring = True
        opener, branch = self.openers.pop(label)
        opener.free += 1 - at_opener
        opener.labels.remove(label)
        branch.rings -= 1
        self.tip.free -= here
        self._join(self.ring_bond, opener, self.tip)
        self.tip.joined.append(opener)
        self.ring_bond = "ring"

    def _join(self, bond: str, *atoms: Atom) -> None:
        if is_aromatic_bond(bond, *(atom.symbol for atom in atoms)):
            for atom in atoms:
                atom.aromatic_bonds += 1

    def ring(self, label: int) -> list[Atom]:
        """The atoms of the ring that would close here, up to the one that opened it."""
        opener, _ = self.openers[label]
        way = self.way()
        return way[: way.index(opener) + 1]

    def way(self) -> list[Atom]:
        """The present atom, its parent, and so on."""
        way, atom = [], self.tip
        while atom is not None:
            way.append(atom)
            atom = atom.parent
        return way

    def closable(self) -> list[int]:
        """Labels that the grammar lets close here."""
        return [
            label
            for label, (opener, _) in self.openers.items()
            if opener.labels[0] == label
            and self.tip is not None
            and opener is not self.tip.parent
            and opener not in self.tip.joined
        ]
