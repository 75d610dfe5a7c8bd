"""Torn SMILES: molecules written in ways that are valid and that nobody would choose.

Any bond may be a ring label, across dots and branches, opened and closed in any order, with its
symbol at either end or at both; the last child may stand in parentheses; numbers may be spelled
with what they need not have. What is drawn follows from the random numbers alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

Bond = tuple[int, int, str]
"""Two atoms and the symbol of their bond, read from the first to the second."""

REVERSED = {"/": "\\", "\\": "/", "->": "<-", "<-": "->"}
BARE = ["C", "N", "O", "S", "P", "F", "Cl", "Br", "I", "B", "*", "c", "n", "o", "s", "p", "b"]
ORDERS = ["", "", "", "", "-", "=", "#", "$", ":", "/", "\\", "->", "<-"]


@dataclass(frozen=True, kw_only=True)
class Freedom:
    """What a torn SMILES may hold that RDKit does not read, or not as one would think."""

    labels_after_branches: bool = True
    dots_in_branches: bool = True
    leading_zeros: bool = True
    any_bonds: bool = True


RDKIT = Freedom(
    labels_after_branches=False, dots_in_branches=False, leading_zeros=False, any_bonds=False
)


def torn_smiles(rng: Random, freedom: Freedom) -> str:
    """A SMILES of random atoms and bonds, with every kind of stereo."""
    bonds = _bonds(rng, freedom)
    n = 1 + max((max(a, b) for a, b, _ in bonds), default=rng.randrange(3))
    degrees = [sum(i in bond[:2] for bond in bonds) for i in range(n)]
    return tear(rng, [_atom(rng, degree, freedom) for degree in degrees], bonds, freedom)


def tear(rng: Random, symbols: list[str], bonds: list[Bond], freedom: Freedom) -> str:
    """Write atoms and bonds in any order, any of the bonds as a ring label."""
    return _Torn(rng, symbols, bonds, freedom).write()


def _bonds(rng: Random, freedom: Freedom) -> list[Bond]:
    n = rng.randrange(1, 12)
    pairs = {(rng.randrange(i), i) for i in range(1, n) if rng.random() < 0.9}
    for _ in range(rng.randrange(6) if n > 2 else 0):
        a, b = sorted(rng.sample(range(n), 2))
        pairs.add((a, b))
    orders = [*ORDERS, "~"] if freedom.any_bonds else ORDERS
    bonds = [(a, b, rng.choice(orders)) for a, b in sorted(pairs)]
    if rng.random() < 0.2:
        bonds = [(a, b, rng.choice(["=", "=", "=", ""])) for a, b, _ in bonds]
    return bonds


def _atom(rng: Random, degree: int, freedom: Freedom) -> str:
    if rng.random() < 0.35:
        return rng.choice(BARE)
    zeros = rng.choice(["", "", "0", "00"]) if freedom.leading_zeros else ""
    isotope = rng.choice(["", "", "", f"{zeros}13", "2", "235"])
    hydrogens = rng.choice(["", "", "H0", "H", "H1", "H2"])
    symbol = rng.choice(["C", "N", "S", "P", "Si", "As", "Pt", "Fe", "Og", "*", "c", "se", "te"])
    stereo = rng.choice(_marks(degree, int(hydrogens[1:] or 1) if hydrogens else 0))
    charge = rng.choice(["", "", "+", "-", "++", "--", "+2", "-3", "+0", "-1", "+15"])
    number = rng.choice(["", "", f":{rng.randrange(1, 99999)}", f":{zeros}7"])
    return f"[{isotope}{symbol}{stereo}{hydrogens}{charge}{number}]"


def _marks(degree: int, hydrogens: int) -> list[str]:
    """The stereo marks that an atom with so many neighbours may have, and none."""
    neighbours = degree + hydrogens
    if hydrogens > 1 or degree < 2:
        return [""]
    marks = ["", "@", "@@", "@TH1", "@TH2"]
    if neighbours == 4:
        marks += [f"@SP{i}" for i in range(1, 4)]
    if neighbours == 5:
        marks = [f"@TB{i}" for i in range(1, 21)]
    if neighbours == 6:
        marks = [f"@OH{i}" for i in range(1, 31)]
    return marks if neighbours <= 6 else [""]


@dataclass
class _Torn:
    """One SMILES while it is written."""

    rng: Random
    symbols: list[str]
    bonds: list[Bond]
    freedom: Freedom
    out: list[str] = field(default_factory=list)
    labels: dict[int, int] = field(default_factory=dict)
    symbols_at_opening: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.symbols)
        self.children: list[list[tuple[int, int]]] = [[] for _ in range(n)]
        self.rings: list[list[int]] = [[] for _ in range(n)]
        self.roots = self._grow()
        for branches in self.children:
            self.rng.shuffle(branches)
        for rings in self.rings:
            self.rng.shuffle(rings)
        self.labelling = self.rng.choice(["lowest", "any", "wide"])

    def _grow(self) -> list[int]:
        """Choose a forest; the bonds that are not in it become ring labels. Gives its roots."""
        chained = self.rng.choice([0.0, 0.3, 0.7, 1.0, 1.0])
        order = list(range(len(self.symbols)))
        self.rng.shuffle(order)
        seen: set[int] = set()
        used: set[int] = set()
        roots = []
        for root in order:
            if root in seen:
                continue
            roots.append(root)
            seen.add(root)
            path = [root]
            while path:
                ways = [
                    (a if b == path[-1] else b, k)
                    for k, (a, b, _) in enumerate(self.bonds)
                    if path[-1] in (a, b)
                ]
                ways = [way for way in ways if way[0] not in seen and self.rng.random() < chained]
                if not ways:
                    path.pop()
                    continue
                child, bond = self.rng.choice(ways)
                seen.add(child)
                used.add(bond)
                self.children[path[-1]].append((child, bond))
                path.append(child)
        for k, (a, b, _) in enumerate(self.bonds):
            if k not in used:
                self.rings[a].append(k)
                self.rings[b].append(k)
        return roots

    def write(self) -> str:
        self._chain(self.roots.pop())
        while self.roots:
            self.out.append(".")
            self._chain(self.roots.pop())
        return "".join(self.out)

    def _symbol(self, bond: int, begin: int) -> str:
        a, _, symbol = self.bonds[bond]
        return symbol if a == begin else REVERSED.get(symbol, symbol)

    def _chain(self, atom: int) -> None:
        self.out.append(self.symbols[atom])
        children = self.children[atom]
        unclear = any(mark in self.symbols[atom] for mark in ("@SP", "@TB", "@OH"))
        may_wait = self.freedom.labels_after_branches and children and not unclear
        waiting = [bond for bond in self.rings[atom] if may_wait and self.rng.random() < 0.1]
        for bond in self.rings[atom]:
            if bond not in waiting:
                self._ring(bond, atom)
        if self.freedom.dots_in_branches and self.roots and self.rng.random() < 0.2:
            self.out.append("(.")
            self._chain(self.roots.pop())
            self.out.append(")")
        for i, (child, bond) in enumerate(children):
            last = i == len(children) - 1 and not waiting
            in_branch = not last or self.rng.random() < 0.2
            self.out.append("(" * in_branch + self._symbol(bond, atom))
            self._chain(child)
            self.out.append(")" * in_branch)
            while waiting and (i == len(children) - 1 or self.rng.random() < 0.5):
                self._ring(waiting.pop(), atom)

    def _ring(self, bond: int, atom: int) -> None:
        symbol = self._symbol(bond, atom)
        if bond in self.labels:
            label = self.labels.pop(bond)
            # Once is enough, twice is allowed.
            written = not self.symbols_at_opening[bond] or self.rng.random() < 0.4
        else:
            label = self._free_label()
            self.labels[bond] = label
            written = self.rng.random() < 0.5
            self.symbols_at_opening[bond] = written
        self.out.append(symbol * written + self._spelled(label))

    def _free_label(self) -> int:
        labels = range({"lowest": 1, "any": 0, "wide": 0}[self.labelling], 120)
        free = [label for label in labels if label not in self.labels.values()]
        if self.labelling == "lowest":
            return free[0]
        return self.rng.choice(free[: 30 if self.labelling == "any" else None])

    def _spelled(self, label: int) -> str:
        spellings = [f"%({label})"]
        if label < 100:
            spellings.append(f"%{label}")
        if label < 10:
            spellings = [str(label), f"%({label})"]
            if self.freedom.leading_zeros:
                spellings.append(f"%0{label}")
        return self.rng.choice(spellings)
