"""Meaning: what a SMILES says, read without the core and without a chemistry library.

Atoms and bonds are facts about atoms by number; a stereo mark becomes the arrangement of named
neighbours around its atom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from smiles.arrangement import ARRANGED, Name, handed

SYMBOL = re.compile(
    r"\[(?P<isotope>\d*)(?P<symbol>[A-Z][a-z]?|[a-z]{1,2}|\*)"
    r"(?P<stereo>@(?:TH\d|AL\d|SP\d|TB\d{1,2}|OH\d{1,2}|@)?)?"
    r"(?P<hydrogens>H\d?)?(?P<charge>\+\+|--|[+-]\d{0,2})?(?::(?P<map>\d+))?\]"
    r"|(?P<bare>Cl|Br|[BCNOPSFI*bcnops])"
)
BOND = re.compile(r"->|<-|[-=#$:/\\~]")
LABEL = re.compile(r"%\((\d{1,5})\)|%(\d\d)|(\d)")
Fact = tuple[object, object]
REVERSED = {"/": "\\", "\\": "/", "->": "<-", "<-": "->"}


@dataclass
class Atom:
    """One atom as it is written, and its neighbours in the order in which they are named."""

    text: str
    symbol: str
    isotope: int
    stereo: str
    hydrogens: int | None
    charge: int
    map: int
    has_parent: bool
    neighbours: list[int] = field(default_factory=list)
    labels: int = 0

    @property
    def aromatic(self) -> bool:
        """Whether the symbol is that of an aromatic atom."""
        return self.symbol[0].islower()


@dataclass
class Graph:
    """Atoms in the order of the text, and the symbol of each bond read from either end."""

    atoms: list[Atom] = field(default_factory=list)
    bonds: dict[tuple[int, int], str] = field(default_factory=dict)

    def add_bond(self, begin: int, end: int, symbol: str) -> None:
        """Add a bond whose symbol is read from begin to end; none is what is implied."""
        both = self.atoms[begin].aromatic and self.atoms[end].aromatic
        symbol = symbol or (":" if both else "-")
        self.bonds[begin, end] = symbol
        self.bonds[end, begin] = REVERSED.get(symbol, symbol)


def read(text: str) -> Graph:
    """Read a SMILES that is known to be well formed."""
    graph = Graph()
    stack: list[int] = []
    open_labels: dict[int, tuple[int, int, str]] = {}
    parent: int | None = None
    bond = ""
    at = 0
    while at < len(text):
        if found := BOND.match(text, at):
            bond = found[0]
        elif found := LABEL.match(text, at):
            assert parent is not None
            label = int(found[1] or found[2] or found[3])
            atom = graph.atoms[parent]
            atom.labels += 1
            if label not in open_labels:
                open_labels[label] = (parent, len(atom.neighbours), bond)
                atom.neighbours.append(-1)
            else:
                opener, place, symbol = open_labels.pop(label)
                graph.atoms[opener].neighbours[place] = parent
                atom.neighbours.append(opener)
                graph.add_bond(opener, parent, symbol or REVERSED.get(bond, bond))
            bond = ""
        elif found := SYMBOL.match(text, at):
            graph.atoms.append(_atom(found, has_parent=parent is not None))
            number = len(graph.atoms) - 1
            if parent is not None:
                graph.add_bond(parent, number, bond)
                graph.atoms[parent].neighbours.append(number)
                graph.atoms[number].neighbours.append(parent)
            parent = number
            bond = ""
        elif text[at] == "(":
            assert parent is not None
            stack.append(parent)
        elif text[at] == ")":
            parent = stack.pop()
        else:
            assert text[at] == ".", text[at:]
            parent = None
        at = found.end() if found else at + 1
    return graph


def _atom(found: re.Match[str], *, has_parent: bool) -> Atom:
    if bare := found["bare"]:
        return Atom(bare, bare, 0, "", None, 0, 0, has_parent)
    hydrogens = found["hydrogens"] or "H0"
    charge = found["charge"] or "+0"
    size = 2 if charge in {"++", "--"} else int(charge[1:] or 1)
    return Atom(
        text=found[0],
        symbol=found["symbol"],
        isotope=int(found["isotope"] or 0),
        stereo=found["stereo"] or "",
        hydrogens=int(hydrogens[1:] or 1),
        charge=-size if charge[0] == "-" else size,
        map=int(found["map"] or 0),
        has_parent=has_parent,
    )


def facts(text: str, numbers: list[int] | None = None) -> dict[int | tuple[int, int], Fact]:
    """All that a SMILES says, its i-th atom being called `numbers[i]`.

    Of each atom the properties and the stereo; of each two bonded atoms the symbol.
    """
    graph = read(text)
    called = numbers if numbers is not None else list(range(len(graph.atoms)))
    said: dict[int | tuple[int, int], Fact] = {
        (called[i], called[j]): (symbol, None) for (i, j), symbol in graph.bonds.items()
    }
    for i, atom in enumerate(graph.atoms):
        properties = (atom.symbol, atom.isotope, atom.hydrogens, atom.charge, atom.map)
        said[called[i]] = (properties, _stereo(graph, i, called))
    return said


def _stereo(graph: Graph, number: int, called: list[int]) -> object:
    """The arrangement around an atom, the same for every way to write it."""
    atom = graph.atoms[number]
    if not atom.stereo:
        return None
    mark = atom.stereo.removeprefix("@")
    code = {"": 1, "@": 2}.get(mark) or int(mark[2:])
    bonds, hydrogens = len(atom.neighbours), atom.hydrogens or 0
    if mark[:2] in {"", "@", "TH", "AL"}:
        if hydrogens == 0 and (ends := _ends(graph, number)):
            return handed(
                [name for end in ends for name in _named_at_end(graph, end, called)], code
            )
        if bonds + hydrogens in {5, 6} and mark[:2] in {"", "@", "TH"}:
            kind = "TB" if bonds + hydrogens == 5 else "OH"
            return ARRANGED[kind](_named(graph, number, called, 5 if kind == "TB" else 6), code)
        names = _named(graph, number, called, 4 if (bonds, hydrogens) == (3, 1) else bonds)
        return handed(names, code + _is_mirrored(graph, number))
    places = {"SP": 4, "TB": 5, "OH": 6}[mark[:2]]
    return ARRANGED[mark[:2]](_named(graph, number, called, places), code)


def _is_mirrored(graph: Graph, number: int) -> bool:
    """Whether RDKit reads the mirror image: a lone pair, single bonds and one ring label."""
    atom = graph.atoms[number]
    manifold = {"=", "#", "$", ":"}
    for other in atom.neighbours:
        aromatic = atom.aromatic and graph.atoms[other].aromatic
        # Between aromatic atoms RDKit holds these for aromatic bonds.
        if graph.bonds[number, other] in (manifold | {"/", "\\"} if aromatic else manifold):
            return False
    return len(atom.neighbours) == 3 and atom.hydrogens != 1 and atom.labels == 1


def _named(graph: Graph, number: int, called: list[int], places: int) -> list[Name]:
    """The neighbours by name; hydrogens and missing ones after the parent, or first."""
    atom = graph.atoms[number]
    names: list[Name] = [called[other] for other in atom.neighbours]
    at = int(atom.has_parent)
    names[at:at] = [f"unnamed {i}" for i in range(places - len(names))]
    return names


def _named_at_end(graph: Graph, end: tuple[int, int], called: list[int]) -> list[Name]:
    atom, before = end
    names = _named(graph, atom, called, 3)
    names.remove(called[before])
    return [f"{name} of {called[atom]}" for name in names]


def _ends(graph: Graph, number: int) -> list[tuple[int, int]] | None:
    """Both ends of cumulated double bonds, each with the atom before it."""
    if not _is_between(graph, number):
        return None
    ends = []
    for other in graph.atoms[number].neighbours:
        before, end = number, other
        while end != number and _is_between(graph, end):
            ahead = [each for each in graph.atoms[end].neighbours if each != before]
            before, end = end, ahead[0]
        ends.append((end, before))
    plain = all(len(graph.atoms[end].neighbours) <= 3 for end, _ in ends)
    return ends if plain and ends[0][0] != ends[1][0] else None


def _is_between(graph: Graph, number: int) -> bool:
    others = graph.atoms[number].neighbours
    return len(others) == 2 and all(graph.bonds[number, other] == "=" for other in others)
