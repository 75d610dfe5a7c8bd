"""Reads spec/valence/rdkit.toml: how much an atom may bear, and what may not be joined."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from oracle.notation import SPEC
from oracle.vocabulary import Vocabulary

CHARGES: Final = range(-15, 16)
REFUSED: Final = -1
FILE: Final = SPEC / "valence" / "rdkit.toml"

_BARE: Final = {
    "*": 0,
    "B": 5,
    "C": 6,
    "N": 7,
    "O": 8,
    "F": 9,
    "P": 15,
    "S": 16,
    "Cl": 17,
    "Br": 35,
    "I": 53,
}

Kind = tuple[str, bool]
"""The symbol of an atom, and whether it has a charge."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """How much an atom may bear.

    Attributes
    ----------
    symbols
        The symbol of every atomic number; 0 is the wildcard.
    brackets
        The limit of an atom in brackets, by symbol and charge; `REFUSED` where it may not be.
    bare
        The limit of a bare atom, by symbol.
    takes
        What a bond takes, by the name of its token: of the atom before it and of that after it,
        or of the atom that opened a ring and of that which closes it. "" and "ring" have no token.
    apart
        Bonds, and the two atoms that they may not join.
    most_aromatic_bonds
        How many aromatic bonds an atom may have.
    never_aromatic
        Elements and charges that no aromatic atom may have.
    """

    symbols: tuple[str, ...]
    brackets: dict[tuple[str, int], int]
    bare: dict[str, int]
    takes: dict[str, tuple[int, ...]]
    apart: tuple[tuple[frozenset[str], frozenset[Kind]], ...]
    most_aromatic_bonds: int
    never_aromatic: frozenset[tuple[str, int]]

    def limit(self, symbol: str, charge: int | None) -> int:
        """What an atom bears, by its symbol as it is written; without a charge it is bare."""
        element = symbol.capitalize()
        if charge is None:
            return self.bare[element]
        never = is_aromatic(symbol) and (element, charge) in self.never_aromatic
        return REFUSED if never else self.brackets[element, charge]

    def keeps_apart(self, bond: str, one: Kind, other: Kind) -> bool:
        """Whether this bond may not join these atoms, aromatic or not."""
        one, other = ((symbol.capitalize(), charged) for symbol, charged in (one, other))
        return any(bond in bonds and {one, other} == kinds for bonds, kinds in self.apart)


def is_aromatic(symbol: str) -> bool:
    """Whether an atom is aromatic that is written so."""
    return symbol.islower()


def is_aromatic_bond(bond: str, one: str, other: str) -> bool:
    """Whether a bond between atoms of these symbols is aromatic, as RDKit reads it."""
    directed_or_none = bond.removeprefix("ring") in ("", "/", "\\")
    return directed_or_none and is_aromatic(one) and is_aromatic(other)


def read_table(vocabulary: Vocabulary, file: Path = FILE) -> Table:
    """Read the table for the elements of the vocabulary."""
    tree: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    none = int(tree["unlimited"])
    numbers = _numbers([vocabulary.names[token] for token in vocabulary.blocks["element"].ids])
    neutral = dict.fromkeys(numbers.values(), none)
    for limit, symbols in tree["neutral"].items():
        neutral |= {numbers[symbol]: int(limit) for symbol in symbols}
    brackets = {}
    for symbol, number in numbers.items():
        exceptions = dict(_exceptions(tree["charged"].get(symbol, {})))
        for charge in CHARGES:
            if charge > number > 0:
                limit = REFUSED
            elif neutral[number] == none:
                limit = none
            else:
                limit = neutral[number - charge]
            brackets[symbol, charge] = exceptions.get(charge, limit)
    return Table(
        symbols=tuple(sorted(numbers, key=lambda symbol: numbers[symbol])),
        brackets=brackets,
        bare=dict(tree["bare"]),
        takes={"-": tuple(tree["bonds"][""]), "ring-": tuple(tree["ring_bonds"][""])}
        | {name: tuple(both) for name, both in tree["bonds"].items()}
        | {name or "ring": tuple(both) for name, both in tree["ring_bonds"].items()},
        apart=tuple(
            (
                frozenset(entry["bonds"]),
                frozenset((atom["element"], atom["charged"]) for atom in entry["atoms"]),
            )
            for entry in tree["apart"]
        ),
        most_aromatic_bonds=tree["aromatic"]["most_bonds"],
        never_aromatic=frozenset(
            (symbol, charge)
            for symbol, charges in tree["aromatic"]["refused"].items()
            for charge in charges
        ),
    )


def _numbers(symbols: list[str]) -> dict[str, int]:
    """Atomic numbers; after those that need no brackets the elements stand in their order."""
    others = (number for number in range(119) if number not in _BARE.values())
    return {symbol: _BARE[symbol] if symbol in _BARE else next(others) for symbol in symbols}


def _exceptions(entries: dict[str, int | str]) -> Iterator[tuple[int, int]]:
    for charges, limit in entries.items():
        first, _, last = charges.partition("..")
        bounds = sorted((int(first), int(last or first)))
        for charge in range(bounds[0], bounds[1] + 1):
            yield charge, REFUSED if limit == "refused" else int(limit)
