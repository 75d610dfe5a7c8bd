"""Hypothesis strategies for molecules.

A molecule is drawn as a program of single bytes (see `logos_grammar.testing.programs`): each adds
an atom to the present one, changes the present one, goes up towards the first one, closes a ring
to an atom on the way there, or begins a new component.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeAlias

from hypothesis import strategies as st

from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.sketch import Sketch
from logos_grammar.molecule.symbols import SYMBOLS
from logos_grammar.testing.programs import choice, instructions, positive, programs

_Instruction: TypeAlias = Callable[[Sketch, Iterator[int]], None]

_COMMON: Final = {6: 40, 7: 12, 8: 12, 16: 2, 9: 2, 17: 2, 35: 2, 53: 2, 15: 2, 5: 2, 0: 2, 1: 2}
_AROMATIC: Final = {6: 24, 7: 8, 8: 4, 16: 4, 5: 1, 15: 1, 14: 1, 33: 1, 34: 1, 52: 1}
_CHARGES: Final = tuple(sign * size for size in range(1, 16) for sign in (1, -1))
_STEREO: Final = tuple(range(1, 58))
_TETRAHEDRAL: Final = (1, 2)
_COVALENT: Final = frozenset(
    (BondOrder.SINGLE, BondOrder.DOUBLE, BondOrder.TRIPLE, BondOrder.UP, BondOrder.DOWN)
)
_VALENCES: Final = {6: 4, 7: 3, 8: 2, 16: 2, 9: 1, 17: 1, 35: 1, 53: 1, 15: 3, 5: 3, 14: 4}
_VALENT: Final = tuple(SYMBOLS[number] for number in _VALENCES)


def molecules(  # noqa: PLR0913 (each keyword narrows one thing)
    *,
    max_atoms: int | None = None,
    elements: Collection[str] | None = None,
    orders: Collection[BondOrder] | None = None,
    aromatic: bool = True,
    isotopes: bool = True,
    stereo: bool = True,
    hydrogens: bool = True,
    charges: bool = True,
    maps: bool = True,
    rings: bool = True,
    components: bool = True,
    valence: bool = False,
) -> st.SearchStrategy[Molecule]:
    """Draw molecules: by default every molecule that has a sentence, whatever its chemistry.

    Parameters
    ----------
    max_atoms
        The most atoms of a molecule, at least 1.
    elements
        Symbols that may occur (``{"C", "N", "*"}``), default all. Molecules shrink to the earliest
        of C N O S F Cl Br I P B * H, then by atomic number.
    orders
        Bond orders that may be set, default all. A bond for which none is set is aromatic
        between aromatic atoms and else single.
    aromatic, isotopes, stereo, hydrogens, charges, maps, rings, components
        Whether aromatic atoms, isotopes, stereo of atoms, stated hydrogens, charges, map numbers,
        rings and more than one component may occur. Without `hydrogens` an atom that must state
        them (a metal, a charged atom) has none.
    valence
        Keep to the one usual valence of B, C, N, O, F, Si, P, S, Cl, Br and I, so that RDKit
        sanitizes every molecule: no other elements, no aromatic atoms and charges, bonds up to
        triple ones, tetrahedral stereo, isotopes up to 300, hydrogens as many as there is room for.

    Returns
    -------
    SearchStrategy[Molecule]
        Shrinks to methane, one carbon whose hydrogens are implied.

    Raises
    ------
    ValueError
        For `max_atoms` below 1, no element, an element that is not a symbol and, with `valence`,
        one that has no usual valence.
    """
    if max_atoms is not None and max_atoms < 1:
        raise ValueError(f"expected max_atoms of 1 or more, found {max_atoms}")
    numbers = _numbers(_VALENT if valence and elements is None else elements)
    if valence and not set(numbers) <= set(_VALENCES):
        raise ValueError(f"expected elements of {', '.join(_VALENT)}")
    aromatic, hydrogens, charges = (
        narrowed and not valence for narrowed in (aromatic, hydrogens, charges)
    )
    codes = _TETRAHEDRAL if valence else _STEREO
    mass_number = _small if valence else positive
    cyclic = tuple(number for number in _AROMATIC if aromatic and number in numbers)
    asked = sorted(BondOrder if orders is None else orders)
    asked = [order for order in asked if order in _COVALENT or not valence]
    table = instructions(
        [
            *((_COMMON[number], _atom(number)) for number in numbers if number in _COMMON),
            (6, lambda sketch, code: sketch.add(choice(code, numbers))),
            *((weight, _up(count)) for count, weight in ((1, 16), (2, 8), (3, 4))),
            (2, lambda sketch, code: sketch.go_up(next(code, 0))),
            *((_AROMATIC[number], _atom(number, aromatic=True)) for number in cyclic),
            *((6 if order is BondOrder.DOUBLE else 2, _bond(order)) for order in asked),
            *((weight, _ring(count)) for count, weight in ((2, 2), (5, 10), (4, 6)) if rings),
            (6 * rings, lambda sketch, code: sketch.close(2 + next(code, 0))),
            (5 * components, lambda sketch, _: sketch.begin_component()),
            (5 * hydrogens, lambda sketch, code: sketch.set_hydrogens(choice(code, range(10)))),
            (8 * charges, lambda sketch, code: sketch.set_charge(choice(code, _CHARGES))),
            (9 * stereo, lambda sketch, code: sketch.set_stereo(choice(code, codes))),
            (6 * maps, lambda sketch, code: sketch.set_map(positive(code))),
            (4 * isotopes, lambda sketch, code: sketch.set_isotope(mass_number(code))),
        ]
    )

    def grow(program: bytes) -> Molecule:
        sketch = Sketch(max_atoms, _VALENCES if valence else None)
        code = iter(program)
        for byte in code:
            table[byte](sketch, code)
        if not len(sketch):
            sketch.add(numbers[0])
        return sketch.molecule()

    return programs().map(grow)


def _numbers(elements: Collection[str] | None) -> tuple[int, ...]:
    """Atomic numbers of the symbols, the simplest first."""
    unknown = sorted(set(elements or ()).difference(SYMBOLS))
    if unknown:
        raise ValueError(f"expected symbols of elements or *, found {', '.join(unknown)}")
    allowed = SYMBOLS if elements is None else elements
    if not allowed:
        raise ValueError("expected at least one element, found none")
    others = (number for number in range(len(SYMBOLS)) if number not in _COMMON)
    return tuple(number for number in (*_COMMON, *others) if SYMBOLS[number] in allowed)


def _small(code: Iterator[int]) -> int:
    """Read a mass number from 1 to 300."""
    return 1 + next(code, 0) * 300 // 256


def _atom(number: int, aromatic: bool = False) -> _Instruction:
    return lambda sketch, _: sketch.add(number, aromatic)


def _up(generations: int) -> _Instruction:
    return lambda sketch, _: sketch.go_up(generations)


def _bond(order: BondOrder) -> _Instruction:
    return lambda sketch, _: sketch.ask(order)


def _ring(generations: int) -> _Instruction:
    return lambda sketch, _: sketch.close(generations)
