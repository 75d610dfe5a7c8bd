"""Side conditions on indices: which one may come next, and how many there are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping
from typing import Final, NamedTuple

from oracle.condition import BROKEN, Broken, Condition, Register
from oracle.expression import Call
from oracle.notation import Spec, written_tokens

LARGEST: Final = 999_999_999
GROUPS: Final = {"x2": 2, "x3": 3}
SCARCE: Final = 3
"""So few indices left may be fewer than the rules demand."""


class _Read(NamedTuple):
    """What was read: of the present rule its groups, and how many are to come; before it the rest.

    `groups` are those read so far, `left` is None before the first token.
    """

    rule: str = ""
    groups: tuple[int, ...] = ()
    left: int | None = None
    last: int = -1
    total: int | None = None


class OnIndices(Condition):
    """A condition on the indices that RULE says, with COUNT where there is one.

    Register: the last index, the count in force, and the groups of the index that is being read.
    """

    def __init__(self, text: str, spec: Spec, rule: str, count: str | None) -> None:
        super().__init__(text)
        self.rule, self.count = rule, count
        self.names = spec.vocabulary.names
        self.tokens = frozenset(spec.vocabulary.blocks["index_group"].ids)
        self.rules = frozenset({rule} if count is None else {rule, count})
        self.first = _first(spec, rule)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Read(last=self.first - 1)

    def enter(self, register: _Read, rule: str) -> Register:
        return register._replace(rule=rule, groups=(), left=None)

    def leave(self, register: _Read, rule: str) -> Register:
        value = 0
        for group in register.groups:
            value = value * 1000 + group
        if rule == self.rule:
            register = register._replace(last=value)
        else:
            register = register._replace(total=value)
        return register._replace(rule="", groups=(), left=None)

    def read(self, register: _Read, token: int, rule: str) -> Register | Broken:
        if register.rule not in self.rules:
            return register
        register = _taken(register, self.names[token][1:])
        if register.rule == self.rule and not self.keeps(register, *_span(register)):
            return BROKEN
        return register

    @abstractmethod
    def keeps(self, register: _Read, least: int, most: int) -> bool:
        """Whether some index between these two may stand here."""

    def highest(self, register: _Read) -> int:
        """The highest index that COUNT allows."""
        if self.count is None:
            return LARGEST
        return self.first + (register.total or 0) - 1

    def owes(self, register: _Read) -> bool:
        return self.highest(register) - register.last < SCARCE

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None


class Ascending(OnIndices):
    """The indices that RULE says ascend strictly. Register: as above."""

    def __init__(self, text: str, spec: Spec, rule: str) -> None:
        beside = (
            where.arguments[1]
            for other in spec.rules.values()
            if any(where.text == text for where in other.wheres)
            for where in other.wheres
            if where.name == "within" and where.arguments[0] == rule
        )
        super().__init__(text, spec, rule, next(beside, None))

    def keeps(self, register: _Read, least: int, most: int) -> bool:
        return most > register.last


class Within(OnIndices):
    """An index that RULE says is one of as many as COUNT says. Register: as above."""

    def keeps(self, register: _Read, least: int, most: int) -> bool:
        return least <= self.highest(register)

    def owes(self, register: _Read) -> bool:
        return self.highest(register) < self.first


class _Counted(NamedTuple):
    """How many parts there are, and what was read of an index; None outside of one."""

    parts: int = 0
    read: _Read | None = None


class SoFar(Condition):
    """An index that RULE says is below the count of PART so far. Register: as above."""

    def __init__(self, text: str, spec: Spec, rule: str, *parts: str) -> None:
        super().__init__(text)
        self.rule = rule
        self.rules = frozenset({rule, *parts})
        self.names = spec.vocabulary.names
        self.tokens = frozenset(spec.vocabulary.blocks["index_group"].ids)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Counted()

    def enter(self, register: _Counted, rule: str) -> Register:
        if rule == self.rule:
            return register._replace(read=_Read())
        return register._replace(parts=register.parts + 1)

    def leave(self, register: _Counted, rule: str) -> Register:
        return register._replace(read=None) if rule == self.rule else register

    def read(self, register: _Counted, token: int, rule: str) -> Register | Broken:
        if register.read is None:
            return register
        read = _taken(register.read, self.names[token][1:])
        least, _ = _span(read)
        return BROKEN if least >= register.parts else register._replace(read=read)

    def tells(self, register: _Counted) -> bool:
        return register.read is not None

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None


def _taken(register: _Read, name: str) -> _Read:
    """The register after one more token of an index."""
    if register.left is None and name in GROUPS:
        return register._replace(left=GROUPS[name])
    left = 0 if register.left is None else register.left - 1
    return register._replace(groups=(*register.groups, int(name)), left=left)


def _span(register: _Read) -> tuple[int, int]:
    """The least and the greatest index that begins so."""
    value = 0
    for group in register.groups:
        value = value * 1000 + group
    unit = 1000 ** (register.left or 0)
    if not register.groups:
        # The first of several groups is not zero.
        return unit // 1000, unit - 1
    return value * unit, value * unit + unit - 1


def _first(spec: Spec, rule: str) -> int:
    """The first index that a rule can say."""
    body = spec.rules[rule].body
    while isinstance(body, Call):
        rule = body.rule
        body = spec.rules[rule].body
    return 0 if spec.vocabulary.ids["#0"] in written_tokens(spec.rules[rule]) else 1


class _Paired(NamedTuple):
    """How many parts there are, the last of each index, and what was read of one; None outside."""

    parts: int = 0
    first: int = -1
    second: int = -1
    read: _Read | None = None


class Pairs(Condition):
    """FIRST ascend, the SECOND after one ascend above it, all below the count of PART."""

    def __init__(self, text: str, spec: Spec, first: str, second: str, *parts: str) -> None:
        super().__init__(text)
        self.first, self.second = first, second
        self.rules = frozenset({first, second, *parts})
        self.names = spec.vocabulary.names
        self.tokens = frozenset(spec.vocabulary.blocks["index_group"].ids)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Paired()

    def enter(self, register: _Paired, rule: str) -> Register:
        if rule in (self.first, self.second):
            return register._replace(read=_Read(rule=rule))
        return register._replace(parts=register.parts + 1)

    def leave(self, register: _Paired, rule: str) -> Register:
        if register.read is None or rule not in (self.first, self.second):
            return register
        value, _ = _span(register.read)
        if rule == self.first:
            return register._replace(first=value, second=value, read=None)
        return register._replace(second=value, read=None)

    def read(self, register: _Paired, token: int, rule: str) -> Register | Broken:
        if register.read is None:
            return register
        read = _taken(register.read, self.names[token][1:])
        least, most = _span(read)
        of_first = read.rule == self.first
        last = register.first if of_first else register.second
        highest = register.parts - (2 if of_first else 1)
        possible = max(least, last + 1) <= min(most, highest)
        return register._replace(read=read) if possible else BROKEN

    def owes(self, register: _Paired) -> bool:
        return register.parts - register.first <= SCARCE

    def tells(self, register: _Paired) -> bool:
        return register.read is not None

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None
