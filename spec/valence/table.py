"""The text of spec/valence/rdkit.toml, from what measure.py found."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rdkit import Chem

CHARGES: Final = range(-15, 16)
MOST: Final = 127
REFUSED: Final = -1
"""The limit of an atom that RDKit refuses even alone."""
MOST_AROMATIC_BONDS: Final = 3
_ELEMENTS: Final = Chem.GetPeriodicTable()
SYMBOLS: Final = ("*", *(_ELEMENTS.GetElementSymbol(number) for number in range(1, 119)))


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What was found.

    Attributes
    ----------
    brackets
        The limit of an atom in brackets by its atomic number and charge; `MOST` for none.
    bare
        The limit of a bare atom by its symbol.
    bonds, ring_bonds
        What a bond takes of the atom before it and of that after it; of the atom that opened the
        ring and of that which closes it.
    never_aromatic
        The charges with which no atom may be aromatic, by its element.
    """

    brackets: dict[tuple[int, int], int]
    bare: dict[str, int]
    bonds: dict[str, tuple[int, int]]
    ring_bonds: dict[str, tuple[int, int]]
    never_aromatic: dict[str, list[int]]


def table(found: Measurement, versions: Iterable[str]) -> str:
    """The text of the file, for what was found alike in these versions of RDKit."""
    *others, version = sorted(set(versions), key=lambda each: [int(n) for n in each.split(".")])
    neutral = {symbol: found.brackets[number, 0] for number, symbol in enumerate(SYMBOLS)}
    limits = sorted(set(neutral.values()) - {MOST})
    named = {limit: [s for s in neutral if neutral[s] == limit] for limit in limits}
    text = _TABLE
    for name, written in {
        "version": json.dumps(version),
        "same_in": json.dumps(others),
        "unlimited": str(MOST),
        "neutral": _lines(named),
        "charged": "\n".join(_exceptions(found.brackets)),
        "bare": _lines(found.bare),
        "bonds": _lines(found.bonds),
        "ring_bonds": _lines(found.ring_bonds),
        "most_aromatic_bonds": str(MOST_AROMATIC_BONDS),
        "never_aromatic": _lines(found.never_aromatic),
    }.items():
        text = text.replace(f"<{name}>", written)
    return text


def versions_of(written: str) -> list[str]:
    """The versions of RDKit that the text of a file names."""
    before = tomllib.loads(written)
    return [before["version"], *before["same_in"]]


def _lines(entries: Mapping[Any, object]) -> str:
    """Lines of TOML, which writes keys that are no words, texts and lists as JSON does."""
    lines = []
    for key, value in entries.items():
        written = str(key) if str(key).isalnum() else json.dumps(key)
        lines.append(f"{written} = {json.dumps(value)}")
    return "\n".join(lines)


def _exceptions(brackets: dict[tuple[int, int], int]) -> Iterator[str]:
    """Lines for the charges at which an element is not limited as the table says of all."""
    for number, symbol in enumerate(SYMBOLS):
        runs: list[tuple[int, int, int]] = []
        for charge in sorted(CHARGES, key=lambda charge: (abs(charge), charge)):
            limit = brackets[number, charge]
            if limit == _by_rule(brackets, number, charge):
                continue
            if runs and runs[-1][1:] in ((charge - 1, limit), (charge + 1, limit)):
                runs[-1] = runs[-1][0], charge, limit
            else:
                runs.append((charge, charge, limit))
        if runs:
            cells = [
                f'"{first if first == last else f"{first}..{last}"}" = '
                f"{json.dumps('refused') if limit == REFUSED else limit}"
                for first, last, limit in runs
            ]
            yield f"{symbol} = {{ {', '.join(cells)} }}"


def _by_rule(brackets: dict[tuple[int, int], int], number: int, charge: int) -> int:
    return MOST if brackets[number, 0] == MOST else brackets.get((number - charge, 0), MOST)


_TABLE: Final = """\
# The valence limit of an atom, above which RDKit rejects it: its bonds, each by its order, and its
# stated hydrogens. Nothing else about the atom matters: however a total is made up, it is accepted
# up to the limit and refused above it (except what RDKit rewrites before it counts: N(=O)=O, N=N#N,
# OCl(=O)=O, nonmetals with too many bonds to metals), and isotopes and map numbers change nothing.
# Measured by spec/valence/measure.py.
name = "rdkit"
version = <version>
# Other versions in which the measurement said the same.
same_in = <same_in>

# The limit of an atom without one: RDKit counts in eight bits.
unlimited = <unlimited>

# Atoms in brackets without charge, by limit. All others, and `*`, have none.
[neutral]
<neutral>

# Atoms in brackets with a charge. What has no limit without a charge has none with one. The others
# have the limit of the neutral element with as many electrons (its number is theirs less the
# charge; 0 is `*`, as for H+). Except for these; with a charge above its number, an element sends
# RDKit beyond its own tables in some rings.
[charged]
<charged>

# Atoms without brackets.
[bare]
<bare>

# What a bond takes of the atom before it and of the atom after it. `""` is a bond without symbol.
# No others: `~` and dative bonds take nothing of one atom or both, until RDKit removes a hydrogen
# that has one and counts it after all (CCl~[H] is refused).
[bonds]
<bonds>

# What it takes where it closes a ring: of the atom that opened the ring, of the one that closes it.
[ring_bonds]
<ring_bonds>

# What may not be joined although neither exceeds its limit: when all neighbours of an iodine are
# oxygen, RDKit makes those that are joined by a double bond O-, whatever they were, and then
# refuses them.
[[apart]]
bonds = ["=", "ring="]
atoms = [{ element = "I", charged = false }, { element = "O", charged = true }]

# Aromatic atoms. A bond between two of them without symbol is aromatic, and with `/` or `\\` RDKit
# reads it so. It counts 1.5 for it and forgives an aromatic atom 1.5 above its limit; but when it
# has found a Kekulé structure it counts again: C=c1=CCC1 passes the first count and not the second.
# So an aromatic bond is counted here as the single bond that it is at least, with the limits above.
# Up to this number of aromatic bonds that never exceeds the limit of the first count,
[aromatic]
most_bonds = <most_aromatic_bonds>

# except at these charges, at which it forgives nothing, or finds Kekulé structures in which the
# atom exceeds its limit.
[aromatic.refused]
<never_aromatic>
"""
