"""Rounds that grammars at random have, and what their conditions mean for a whole sentence."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

import logos_grammar as lg
from declared.drawn import Drawn, instances
from declared.random_grammars import Node, Rules, Word
from declared.shapes import BEGINS, ENDS, FOUR, ONE, THREE, TWO

_GRID: Final = tuple(lg.vocabulary.id(f"grid{decimals}") for decimals in range(10))
_FRACTION: Final = lg.vocabulary.id(".000")
_RANK: Final = lg.vocabulary.id("#0")
_RANKS: Final = 4
_ROWS: Final = range(_RANKS)
_MORE: Final = ("five", "six", "seven", "eight")

TRIED: Final = frozenset({*_GRID[:2], _FRACTION})
"""The tokens of large blocks that sentences have; the others are like them."""
BESIDE: Final = frozenset({*_GRID, *range(_FRACTION, _FRACTION + 1000)}) - TRIED


def _token(name: str) -> Node:
    """A token beside those of every grammar."""
    return ("one of", f'"{name}"', ((7200 + _MORE.index(name),),))


@dataclass(frozen=True, kw_only=True)
class Rounds(Drawn):
    """A round has an item for each unit but the first; rounds have like shares, and an order."""

    holder: str = "tried"
    grid: bool
    """Whether items, shares and heads have decimals."""
    share: bool
    order: bool
    nested: bool
    """Whether what is counted lies within itself."""
    sections = "tokens: more at 7200\n" + "".join(f"    {name}\n" for name in _MORE)

    @classmethod
    def at_random(cls, random: Random) -> Rounds:
        """Any of the conditions together."""
        grid, share, order, nested = (random.random() < 0.5 for _ in range(4))
        return cls(grid=grid, share=share, order=order, nested=nested)

    @property
    def clauses(self) -> str:
        clauses = "    where: one_each(item, unit, round)\n"
        clauses += "    where: alike(share, round)\n" if self.share else ""
        return clauses + ("    where: permutation(rank, order)\n" if self.order else "")

    def rules(self, random: Random) -> Rules:
        """Rules that have rounds, with what else may stand there at random."""
        one, two, three, four = (("token", id) for id in (ONE, TWO, THREE, FOUR))
        unit: Node = ("rule", "unit")
        within = ("maybe", ("row", _token("seven"), ("rule", "tree"), _token("eight")))
        counted = [("many", unit), ("row", unit, ("many", unit)), ("row", ("maybe", two), unit)]
        parts: list[Node] = [("token", BEGINS)]
        parts.append(("rule", "tree") if self.nested else random.choice(counted))
        if self.grid:
            parts.append(("one of", "grid", tuple((id,) for id in _GRID[:2])))
        parts += [("rule", "round"), ("many", ("rule", "round"))]
        if self.order:
            parts.append(("maybe", ("rule", "order")))
        if random.random() < 0.3:
            parts.append(("maybe", _token("eight")))
        share: list[Node] = [("many", ("rule", "share"))] if self.share else []
        turn: Node = ("row", ("rule", "item"), *share) if self.share else ("rule", "item")
        head: list[Node] = [("rule", "head")] if random.random() < 0.6 else []
        ranks = ("many", ("rule", "rank"))
        rules: Rules = {
            "tried": ("row", *parts, ("token", ENDS)),
            "tree": random.choice([("row", unit, within), ("row", unit, within, two)]),
            "unit": random.choice([one, ("row", one, ("maybe", _token("six")))]),
            "round": ("row", three, *head, *share, ("many", turn)),
            "head": self._point(two),
            "item": self._point(random.choice([four, ("row", four, two)])),
            "share": self._point(_token("five")),
            "order": ("row", _token("six"), *random.choice([(("rule", "rank"),), ()]), ranks),
            "rank": (
                "one of",
                f'"#0".."#{_RANKS - 1}"',
                tuple((_RANK + n,) for n in range(_RANKS)),
            ),
        }
        return rules

    def _point(self, node: Node) -> Node:
        if not self.grid:
            return node
        return ("row", node, ("many", ("one of", "number_fraction", ((_FRACTION,),))))

    def points(self) -> tuple[Together, ...]:
        """The conditions on decimals."""
        return tuple(map(Together, ("head", "item", "share"))) if self.grid else ()

    def keeps(self, word: Word) -> bool:
        units = word.count("begin unit")
        rounds = list(instances(word, "round"))
        if any(each.count("begin item") != max(0, units - 1) for each in rounds):
            return False
        shares = [_shares(each) for each in rounds]
        if any(each != shares[0] for each in shares):
            return False
        ranks = range(max(1, units) + sum(shares[0]))
        orders = instances(word, "order")
        read = [[each - _RANK for each in one if isinstance(each, int)][1:] for one in orders]
        return all(sorted(one) == list(ranks) for one in read)


def _shares(word: Word) -> list[int]:
    """How many shares a round has before its first item, and after each."""
    found = [0]
    for each in word:
        if each == "begin item":
            found.append(0)
        elif each == "begin share":
            found[-1] += 1
    return found


@dataclass(frozen=True)
class Together(Drawn):
    """A rule has as many fractions as the count in force says."""

    holder: str

    @property
    def clauses(self) -> str:
        return f"    where: together({self.holder}, grid)\n"

    def keeps(self, word: Word) -> bool:
        counts = [_GRID.index(each) for each in word if isinstance(each, int) and each in _GRID]
        return all(one.count(_FRACTION) == counts[0] for one in instances(word, self.holder))
