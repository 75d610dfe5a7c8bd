"""The closed list of side conditions of spec/README.md."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Final

from oracle.condition import BROKEN, Broken, Condition, Register
from oracle.indices import Ascending, Pairs, SoFar, Within
from oracle.joins import JoinsNot, JoinsOnly
from oracle.labels import ClosesWithin, InTurn, LowestFree, Opened, Unjoined
from oracle.notation import Spec, tokens_within
from oracle.residues import OutOfTurn, words
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

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None


class NotOneOf(Condition):
    """The tokens of RULE do not spell one of the words. Register: the tokens so far."""

    def __init__(self, text: str, spec: Spec, rule: str, *some: str) -> None:
        super().__init__(text)
        self.rules = frozenset({rule})
        self.tokens = tokens_within(spec, rule)
        ids = spec.vocabulary.ids
        spelled = [("", word.strip('"')) for word in some if word != "atom_word"]
        if "atom_word" in some:
            spelled += words()
        self.words = frozenset(
            (*([ids[element]] if element else []), *(ids[f"'{c}"] for c in word))
            for element, word in spelled
        )

    def start(self, in_force: Mapping[str, int]) -> Register:
        return None

    def enter(self, register: Register, rule: str) -> Register:
        return ()

    def leave(self, register: Register, rule: str) -> Register | Broken:
        return BROKEN if register in self.words else None

    def read(self, register: Register, token: int, rule: str) -> Register | Broken:
        return register if register is None else (*register, token)

    def tells(self, register: Register) -> bool:
        return register is not None

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None


class OnlyAfter(Condition):
    """RULE begins only after one of the tokens. Register: whether one was read."""

    def __init__(self, text: str, spec: Spec, rule: str, *tokens: str) -> None:
        super().__init__(text)
        self.rules = frozenset({rule})
        self.tokens = frozenset(spec.vocabulary.ids[token.strip('"')] for token in tokens)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return False

    def enter(self, register: bool, rule: str) -> Register | Broken:
        return register or BROKEN

    def read(self, register: bool, token: int, rule: str) -> Register | Broken:
        return True

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None


class NotAfter(OnlyAfter):
    """RULE begins only before the first of the tokens. Register: whether one was read."""

    def enter(self, register: bool, rule: str) -> Register | Broken:
        return BROKEN if register else register


class Rising(Condition):
    """The tokens of BLOCK ascend. Register: the last of them."""

    def __init__(self, text: str, spec: Spec, block: str) -> None:
        super().__init__(text)
        self.tokens = frozenset(spec.vocabulary.blocks[block].ids)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return -1

    def read(self, register: int, token: int, rule: str) -> Register | Broken:
        return token if token > register else BROKEN

    def kind(self, token: int, rule: str) -> Hashable:
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

    def kind(self, token: int, rule: str) -> Hashable:
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


class OtherThan(Condition):
    """RULE does not say a whole number. Register: D, and the number as it is written so far."""

    def __init__(self, text: str, spec: Spec, rule: str, decimals: str, whole: str) -> None:
        super().__init__(text)
        self.block = decimals
        self.whole = whole.strip('"')
        self.none = spec.vocabulary.ids["places0"]
        self.names = spec.vocabulary.names
        self.tokens = tokens_within(spec, rule)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return int(self.names[in_force.get(self.block, self.none)][-1]), ""

    def read(self, register: tuple[int, str], token: int, rule: str) -> Register | Broken:
        places, written = register
        written += self.names[token].removeprefix("." if written else "")
        is_whole, digits = written.startswith(self.whole), written[len(self.whole) :]
        if is_whole and len(digits) >= places and not digits.strip("0"):
            return BROKEN
        return places, written

    def kind(self, token: int, rule: str) -> Hashable:
        name = self.names[token]
        return name if token in self.tokens and name in (self.whole, ".000") else None


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
    "only_after": OnlyAfter,
    "other_than": OtherThan,
    "out_of_turn": OutOfTurn,
    "so_far": SoFar,
    "not_after": NotAfter,
    "rising": Rising,
    "pairs": Pairs,
    "one_each": OneEach,
    "alike": Alike,
    "permutation": Permutation,
}
