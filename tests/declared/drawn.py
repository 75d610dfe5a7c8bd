"""Conditions that grammars at random state, each with what it means for a whole sentence.

To try a condition: a class with the clauses that its holder states, the parts that it puts into the
rules, and whether a sentence keeps it. It looks at whole sentences and knows nothing of prefixes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

import logos_grammar as lg
from declared.random_grammars import Node, Rules, Word, used_by
from declared.shapes import ONE, TWO

LARGEST: Final = 999_999_999
_INDEX: Final = lg.vocabulary.id("#0")
_SEVERAL: Final = {groups: lg.vocabulary.id(f"#x{groups}") for groups in (2, 3)}


class Drawn(ABC):
    """A condition, or several that belong together, of a rule."""

    holder: str
    sections: str = ""
    """The tokens that it needs beside those of every grammar."""

    @property
    @abstractmethod
    def clauses(self) -> str:
        """What the holder states, a line each."""

    @abstractmethod
    def keeps(self, word: Word) -> bool:
        """Whether a whole sentence, with the marks of its rules, keeps them."""

    def put_into(self, rules: Rules, random: Random) -> None:  # noqa: B027
        """Put what they are about into the rules; nothing where it is in all rules."""


@dataclass(frozen=True)
class Labels(Drawn):
    """Labels that open and close in the items of a rule, and all of them before it ends."""

    holder: str
    item: str
    opens: str
    closes: str
    first: int

    @property
    def sections(self) -> str:  # type: ignore[override]
        """Two labels."""
        first = f"tokens: {self.opens} at {self.first}\n    {self.opens[0]}{{1..2}}\n"
        return f"{first}tokens: {self.closes} at {self.first + 8}\n    {self.closes[0]}{{1..2}}\n"

    @property
    def clauses(self) -> str:
        return (
            f"    where: lowest_free({self.opens}, {self.closes}, {self.item})\n"
            f"    where: opened({self.closes}, {self.opens})\n"
            f"    where: closes_within({self.opens}, {self.closes}, {self.holder})\n"
        )

    def put_into(self, rules: Rules, random: Random) -> None:
        open_, close = self._ids
        opens: Node = ("one of", self.opens, tuple((id,) for id in open_))
        closes: Node = ("one of", self.closes, tuple((id,) for id in close))
        either = ("either", opens, closes)
        label = (random.choice(("maybe", "many")), random.choice([opens, closes, either, either]))
        item = rules[self.item]
        first = random.random() < 0.25
        rules[self.item] = ("row", label, item) if first else ("row", item, label)

    @property
    def _ids(self) -> tuple[range, range]:
        return range(self.first, self.first + 2), range(self.first + 8, self.first + 10)

    def keeps(self, word: Word) -> bool:
        """Whether labels are the lowest ones free, are open when they close, and all close."""
        open_, close = self._ids
        opened, freed = set[int](), set[int]()
        for each in word:
            if each in (f"end {self.item}", f"begin {self.holder}"):
                freed.clear()
            elif each == f"end {self.holder}" and opened:
                return False
            elif isinstance(each, int) and each in open_:
                lowest = min({0, 1} - opened - freed, default=None)
                if lowest != open_.index(each):
                    return False
                opened.add(lowest)
            elif isinstance(each, int) and each in close:
                label = close.index(each)
                if label not in opened:
                    return False
                opened.remove(label)
                freed.add(label)
        return not opened


@dataclass(frozen=True)
class Counts(Drawn):
    """Never more `two` than `one` in the holder, and as many at its end."""

    holder: str
    clauses = '    where: as_many("two", "one")\n'

    def keeps(self, word: Word) -> bool:
        for instance in instances(word, self.holder):
            more = 0
            for each in instance:
                more += (each == ONE) - (each == TWO)
                if more < 0:
                    return False
            if more:
                return False
        return True


@dataclass(frozen=True)
class After(Drawn):
    """The `rule` only where `one` was read before it in the holder, or where it was not."""

    holder: str
    rule: str
    is_behind: bool = True

    @property
    def clauses(self) -> str:
        name = "only_after" if self.is_behind else "not_after"
        return f'    where: {name}({self.rule}, "one")\n'

    def keeps(self, word: Word) -> bool:
        """Whether no instance of the rule comes on the wrong side of the first `one`."""
        for instance in instances(word, self.holder):
            first = instance.index(ONE) if ONE in instance else len(instance)
            if f"begin {self.rule}" in (instance[:first] if self.is_behind else instance[first:]):
                return False
        return True


@dataclass(frozen=True, kw_only=True)
class Indices(Drawn):
    """Indices that ascend, lie within a count, or both.

    Sentences have these `values` and `counts` alone: some of the least, and the greatest of each
    number of tokens, so that they say which may come next and how few tokens are needed.
    """

    holder: str = "tried"
    kind: str
    ascend: bool
    counts: tuple[int, ...]
    """Empty where there is no count."""
    values: tuple[int, ...]

    @classmethod
    def at_random(cls, random: Random) -> Indices:
        """Conditions with few indices, or with some up to where there are no more."""
        kind = random.choice(["index", "positive"])
        first = 0 if kind == "index" else 1
        ascend, counted = random.choice([(True, True), (True, False), (False, True)])
        last = random.choice([3, 3, 1_001, 1_000_001]) if counted else LARGEST
        tops = (top for top in (999, 999_999) if top < last)
        window = {at - back for at in (*tops, last) for back in (0, 1)}
        # How many indices there are.
        counts = {*range(first, 4), last + 1 - first} if counted else set[int]()
        return cls(
            kind=kind,
            ascend=ascend,
            counts=tuple(sorted(counts)),
            values=tuple(sorted({first, first + 1, first + 2} | window)),
        )

    @property
    def first(self) -> int:
        """The first index."""
        return 0 if self.kind == "index" else 1

    @property
    def clauses(self) -> str:
        clauses = "    where: ascending(site)\n" if self.ascend else ""
        return clauses + ("    where: within(site, total)\n" if self.counts else "")

    def put_into(self, rules: Rules, random: Random) -> None:
        rules["site"] = ("one of", self.kind, tuple(map(tokens_of, self.values)))
        begin, *rest = rules[self.holder][1:]
        if self.counts:
            rules["total"] = ("one of", self.kind, tuple(map(tokens_of, self.counts)))
            rest = [("rule", "total"), *rest]
        rules[self.holder] = ("row", begin, *rest)
        for name in ("tried", "unit", "part"):
            rules[name] = self._with_sites(rules[name], random)
        if "site" not in used_by(rules, self.holder):
            *before, end = rules[self.holder][1:]
            rules[self.holder] = ("row", *before, ("many", ("rule", "site")), end)

    def _with_sites(self, node: Node, random: Random) -> Node:
        """A node with an index in the place of some tokens, or after them."""
        kind, *parts = node
        if kind == "token" and parts[0] < ONE:
            return node
        if kind == "token":
            site = ("rule", "site")
            return random.choice([node, node, site, ("row", node, site)])
        if kind in ("row", "either", "maybe", "many"):
            return (kind, *(self._with_sites(part, random) for part in parts))
        return node

    def keeps(self, word: Word) -> bool:
        for instance in instances(word, self.holder):
            sites = [index_of(tokens) for tokens in instances(instance, "site")]
            totals = [index_of(tokens) for tokens in instances(instance, "total")]
            if self.ascend and any(a >= b for a, b in pairwise(sites)):
                return False
            if self.counts and any(site >= self.first + totals[0] for site in sites):
                return False
        return True


def instances(word: Word, rule: str) -> Iterator[Word]:
    """What is read in each instance of a rule that does not use itself."""
    begun = 0
    for at, each in enumerate(word):
        if each == f"begin {rule}":
            begun = at + 1
        elif each == f"end {rule}":
            yield word[begun:at]


def tokens_of(index: int) -> tuple[int, ...]:
    """The tokens of an index."""
    if index < 1000:
        return (_INDEX + index,)
    groups = [index // 1_000_000, index // 1000 % 1000, index % 1000]
    groups = groups if groups[0] else groups[1:]
    return (_SEVERAL[len(groups)], *(_INDEX + group for group in groups))


def index_of(word: Word) -> int:
    """The index that tokens say."""
    groups = [each - _INDEX for each in word if isinstance(each, int) and each - _INDEX < 1000]
    value = 0
    for group in groups:
        value = value * 1000 + group
    return value
