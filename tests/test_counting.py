"""As many sentences as ordered molecular graphs: what the grammar cannot say would be missing.

The graphs are enumerated by brute force from their definition, without the grammar. The atoms of
an ordered graph are numbered in a depth-first order: an atom's parent is its nearest earlier
neighbour, which lies on the path to the atom before it; its other earlier neighbours are
ancestors, joined by ring bonds in any order, which is part of the graph; an atom without earlier
neighbours begins a new component.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement, permutations, product
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.infill import Infill
from logos_grammar.molecule import BondOrder, Molecule
from oracle import Recogniser, read_spec, words

spec = read_spec()
names = spec.vocabulary.ids
blocks = spec.vocabulary.blocks
recogniser = Recogniser(spec)

Bond = tuple[int, int]
Graph = tuple[Bond, ...]


def ordered_graphs(atoms: int) -> Iterator[Graph]:
    """Every graph on atoms 0, 1, … in depth-first order, its bonds in every order allowed."""
    pairs = [(begin, end) for end in range(atoms) for begin in range(end)]
    for chosen in product((False, True), repeat=len(pairs)):
        bonds = [pair for pair, there in zip(pairs, chosen, strict=True) if there]
        earlier = [[begin for begin, end in bonds if end == atom] for atom in range(atoms)]
        if is_depth_first(earlier):
            ways = [
                [(max(some), *rings) for rings in permutations(sorted(some)[:-1])] if some else [()]
                for some in earlier
            ]
            for way in product(*ways):
                yield tuple((begin, end) for end, some in enumerate(way) for begin in some)


def is_depth_first(earlier: list[list[int]]) -> bool:
    """Say whether parents lie on the path to the atom before, and ring bonds go to ancestors."""
    path: list[int] = []
    for atom, neighbours in enumerate(earlier):
        if neighbours:
            parent = max(neighbours)
            if parent not in path:
                return False
            path = path[: path.index(parent) + 1]
            if not set(neighbours) <= set(path):
                return False
        else:
            path = []
        path.append(atom)
    return True


def sentences(atoms: int, alphabet: set[int]) -> list[tuple[int, ...]]:
    """Every molecule of so many atoms over the alphabet."""
    found = words(recogniser, 100, alphabet, keep=lambda word: atoms_suffice(word, atoms))
    return [word for word in found if sum(token in SYMBOLS for token in word) == atoms]


SYMBOLS = {*blocks["element"].ids, *blocks["aromatic"].ids}
DEMAND_AN_ATOM = {names["."], names["("], *blocks["bond"].ids}


def atoms_suffice(word: tuple[int, ...], atoms: int) -> bool:
    """Say whether this number of atoms suffices for the bonds and the open rings of a prefix."""
    placed, openers = 0, dict[int, int]()
    for token in word:
        placed += token in SYMBOLS
        if token in blocks["ring_open"].ids:
            openers[token - blocks["ring_open"].base] = placed
        elif token in blocks["ring_close"].ids:
            openers.pop(token - blocks["ring_close"].base, None)
    left = atoms - placed
    rings = Counter(openers.values())
    enough = all(open <= left + (atom < placed) for atom, open in rings.items())
    return left >= (word[-1] in DEMAND_AN_ATOM) and enough


def named(*some: str) -> set[int]:
    """Ids of these names, with those that every molecule needs."""
    labels = [f"{kind}{n}" for kind in ("open", "close") for n in range(1, 8)]
    return {names[n] for n in (*some, *labels, "<MoleculeS>", "<MoleculeE>", ".", "(", ")")}


def bonds_of(molecule: Molecule) -> Graph:
    """The bonds in their order."""
    return tuple(zip(molecule.begin.tolist(), molecule.end.tolist(), strict=True))


def decoded(word: tuple[int, ...]) -> Molecule:
    """The molecule of a sentence."""
    molecule = lg.decode(np.array(word, np.uint16))
    assert isinstance(molecule, Molecule)
    return molecule


@pytest.mark.parametrize("atoms", [1, 2, 3, 4, pytest.param(5, marks=pytest.mark.slow)])
def test_as_many_sentences_as_ordered_graphs(atoms: int) -> None:
    graphs = Counter(ordered_graphs(atoms))
    assert set(graphs.values()) == {1}
    found = Counter(bonds_of(decoded(word)) for word in sentences(atoms, named("C")))
    assert found == graphs


@pytest.mark.parametrize(("atoms", "holes"), [(1, 3), (2, 2), (3, 2), (4, 1)])
def test_as_many_infills_as_graphs_with_holes(atoms: int, holes: int) -> None:
    """Every molecule with holes, and its fills, up to a number of atoms in all."""
    alphabet = named("C") | {names[n] for n in ("<InfillS>", "<Hole>", "<Fill>", "<InfillE>")}
    recognizer = lg.Recognizer("infill")
    found: list[Infill] = []

    def go_on(word: tuple[int, ...]) -> None:
        if recognizer.is_done:
            found.append(lg.decode(recognizer.ids))
        for id in alphabet.intersection(recognizer.allowed().tolist()):
            longer = (*word, id)
            if longer.count(names["<Hole>"]) <= holes and atoms_suffice(longer, atoms):
                assert recognizer.accept(id)
                go_on(longer)
                recognizer.rollback(1)

    go_on(())
    expected = Counter(holed_graphs(atoms, holes))
    assert set(expected.values()) == {1}
    assert Counter(found) == expected


def holed_graphs(atoms: int, most_holes: int) -> Iterator[Infill]:
    """Every ordered graph with holes at its atoms, and what fills them."""
    for own in range(1, atoms + 1):
        for graph, holes in product(ordered_graphs(own), range(most_holes + 1)):
            for where in combinations_with_replacement(range(own), holes):
                for fills in fills_of(holes, atoms - own):
                    yield Infill(of_carbon(graph, own), fills, where)


def fills_of(holes: int, most: int) -> Iterator[tuple[Molecule, ...]]:
    """All fills of some holes up to a number of atoms: each is a connected graph, or nothing."""
    if not holes:
        yield ()
        return
    for atoms in range(most + 1):
        for graph in ordered_graphs(atoms):
            if len({end for _, end in graph}) == max(atoms - 1, 0):
                joined = ((0, 1), *((begin + 1, end + 1) for begin, end in graph))
                fill = of_carbon(joined if atoms else (), atoms + 1)
                fill = replace(fill, element=np.array([0] + [6] * atoms))
                for others in fills_of(holes - 1, most - atoms):
                    yield (fill, *others)


def of_carbon(graph: Graph, atoms: int) -> Molecule:
    """An ordered graph of carbon atoms and single bonds."""
    columns: dict[str, Any] = dict.fromkeys(
        ("aromatic", "isotope", "stereo", "charge", "map"), [0] * atoms
    )
    columns |= {"element": [6] * atoms, "hydrogens": [-1] * atoms, "order": [0] * len(graph)}
    columns |= {"begin": [begin for begin, _ in graph], "end": [end for _, end in graph]}
    return Molecule(**columns)


SIGNS = {
    BondOrder.SINGLE: "-",
    BondOrder.DOUBLE: "=",
    BondOrder.TRIPLE: "#",
    BondOrder.QUADRUPLE: "$",
    BondOrder.AROMATIC: ":",
    BondOrder.UP: "/",
    BondOrder.DOWN: "\\",
    BondOrder.ANY: "~",
    BondOrder.DATIVE: "->",
    BondOrder.DATIVE_BACK: "<-",
}


@pytest.mark.parametrize(
    ("atoms", "orders"),
    [
        (1, list(SIGNS)),
        (2, list(SIGNS)),
        (3, [BondOrder.SINGLE, BondOrder.AROMATIC, BondOrder.DATIVE, BondOrder.DATIVE_BACK]),
        (3, [BondOrder.SINGLE, BondOrder.AROMATIC, BondOrder.UP, BondOrder.DOWN]),
    ],
)
def test_every_bond_is_said_in_one_way(atoms: int, orders: list[BondOrder]) -> None:
    bonds = [f"{where}{SIGNS[order]}" for order in orders for where in ("", "ring")]
    alphabet = named("C", "c", *bonds) - {names["."], names["("]}
    chains = (graph for graph in ordered_graphs(atoms) if in_a_chain(graph, atoms))
    expected = Counter(
        (aromatic, graph, order)
        for graph in chains
        for aromatic in product((False, True), repeat=atoms)
        for order in product(map(int, orders), repeat=len(graph))
    )
    found = Counter(
        (tuple(molecule.aromatic.tolist()), bonds_of(molecule), tuple(molecule.order.tolist()))
        for molecule in map(decoded, sentences(atoms, alphabet))
    )
    assert found == expected


def in_a_chain(graph: Graph, atoms: int) -> bool:
    """Say whether every atom is bonded to the one before it: no branch and no dot is needed."""
    return {(atom, atom + 1) for atom in range(atoms - 1)} <= set(graph)


def test_every_atom_is_said_in_one_way() -> None:
    some = ("C", "Si", "*", "H", "c", "se", "[", "]", "#1", "H1", "H2", "+1", "-1", "@", "@OH30")
    alphabet = {names[n] for n in (*some, "map", "<MoleculeS>", "<MoleculeE>")}
    found = [fields(decoded(word)) for word in sentences(1, alphabet)]
    symbols = [(6, False), (14, False), (0, False), (1, False), (6, True), (34, True)]
    implied = [(s, 0, 0, -1, 0, 0) for s in [(6, False), (0, False), (6, True)]]
    stated = list(product(symbols, (0, 1), (0, 1, 57), (0, 1, 2), (0, 1, -1), (0, 1)))
    assert len(found) == len(implied) + len(stated)
    assert set(found) == {*implied, *stated}


def fields(molecule: Molecule) -> tuple[tuple[int, bool], int, int, int, int, int]:
    """What is said of the one atom: symbol, isotope, stereo, hydrogens, charge, map."""
    symbol = int(molecule.element[0]), bool(molecule.aromatic[0])
    rest = (getattr(molecule, n) for n in ("isotope", "stereo", "hydrogens", "charge", "map"))
    isotope, stereo, hydrogens, charge, number = (int(column[0]) for column in rest)
    return symbol, isotope, stereo, hydrogens, charge, number
