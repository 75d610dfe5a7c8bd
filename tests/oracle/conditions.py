"""The closed list of side conditions of spec/README.md."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Final

from oracle.condition import BROKEN, Broken, Condition, Register
from oracle.indices import Ascending, Within
from oracle.joins import JoinsNot, JoinsOnly
from oracle.labels import ClosesWithin, InTurn, LowestFree, Opened, Unjoined
from oracle.notation import Spec, tokens_within
from oracle.rounds import Alike, OneEach, Permutation
from oracle.rule import Where


class AsMany(Condition):
    """Never more A than B, and as many at the end of the rule. Register: how many B are left."""

    def __init__(self, text: str, spec: Spec, a: str, b: str) -> None:
        super().__init__(text)
        self.taker, self.giver = (spec.vocabulary.ids[name.strip('"')] for name in (a, b))
        self.tokens = frozenset((self.taker, self.giver))

    def start(self, in_force: Mapping[str, int]) -> Register:
        return 0

    def read(self, register: int, token: int, rule: str) -> Register | Broken:
        left = register + (1 if token == self.giver else -1)
        return BROKEN if left < 0 else left

    def finish(self, register: int) -> bool:
        return register == 0

    def debt(self, register: int) -> int:
        return register

    def kind(self, token: int) -> Hashable:
        return token if token in self.tokens else None


class NotOneOf(Condition):
    """The characters of RULE do not spell one of the words. Register: the word so far."""

    def __init__(self, text: str, spec: Spec, rule: str, *words: str) -> None:
        super().__init__(text)
        self.rules = frozenset({rule})
        self.words = frozenset(word.strip('"') for word in words)
        self.glyphs = spec.vocabulary.glyphs
        self.tokens = tokens_within(spec, rule)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return None

    def enter(self, register: str | None, rule: str) -> Register:
        return ""

    def leave(self, register: str | None, rule: str) -> Register | Broken:
        return BROKEN if register in self.words else None

    def read(self, register: str | None, token: int, rule: str) -> Register | Broken:
        return register if register is None else register + self.glyphs[token]

    def kind(self, token: int) -> Hashable:
        return token if token in self.tokens else None


class Places(Condition):
    """With placesD in force a RULE has ⌈D/3⌉ fractions, zeros beyond the D-th decimal.

    Register: D, and the decimals written so far.
    """

    def __init__(self, text: str, spec: Spec, rule: str, block: str) -> None:
        super().__init__(text)
        self.block = block
        self.none = spec.vocabulary.ids["places0"]
        self.glyphs = spec.vocabulary.glyphs
        self.names = spec.vocabulary.names
        self.tokens = frozenset(spec.vocabulary.blocks["number_fraction"].ids)

    def start(self, in_force: Mapping[str, int]) -> Register:
        token = in_force.get(self.block, self.none)
        digits = self.names[token].lstrip("abcdefghijklmnopqrstuvwxyz")
        return int(digits), ""

    def read(self, register: tuple[int, str], token: int, rule: str) -> Register | Broken:
        places, written = register
        if len(written) >= places:
            return BROKEN
        written += self.glyphs[token]
        return BROKEN if written[places:].strip("0") else (places, written)

    def finish(self, register: tuple[int, str]) -> bool:
        return len(register[1]) >= register[0]

    def debt(self, register: tuple[int, str]) -> int:
        return max(0, -(-(register[0] - len(register[1])) // 3))

    def kind(self, token: int) -> Hashable:
        if token in self.tokens:
            return len(self.glyphs[token].rstrip("0"))
        return None


class Together(Condition):
    """With D in force a RULE has D fractions. Register: D, and how many are left."""

    def __init__(self, text: str, spec: Spec, rule: str, block: str) -> None:
        super().__init__(text)
        self.block = block
        self.first = min(spec.vocabulary.blocks[block].ids)
        self.tokens = frozenset(spec.vocabulary.blocks["number_fraction"].ids)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return in_force.get(self.block, self.first) - self.first

    def read(self, register: int, token: int, rule: str) -> Register | Broken:
        return register - 1 if register else BROKEN

    def finish(self, register: int) -> bool:
        return register == 0

    def debt(self, register: int) -> int:
        return register


def read_condition(where: Where, spec: Spec) -> Condition:
    """Give the condition of a where: line.

    Raises
    ------
    KeyError
        When it is not in the closed list.
    """
    return CLOSED_LIST[where.name](where.text, spec, *where.arguments)


CLOSED_LIST: Final[Mapping[str, Callable[..., Condition]]] = {
    "lowest_free": LowestFree,
    "opened": Opened,
    "in_turn": InTurn,
    "unjoined": Unjoined,
    "closes_within": ClosesWithin,
    "joins_only": JoinsOnly,
    "joins_not": JoinsNot,
    "as_many": AsMany,
    "not_one_of": NotOneOf,
    "places": Places,
    "ascending": Ascending,
    "within": Within,
    "together": Together,
    "one_each": OneEach,
    "alike": Alike,
    "permutation": Permutation,
}
