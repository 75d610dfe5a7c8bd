"""The open instances of rules with side conditions, and what each of their conditions hears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from oracle.condition import Broken, Condition, Register


class Scope(NamedTuple):
    """An open instance of a rule with side conditions, and what encloses it."""

    rule: str
    registers: tuple[Register, ...]
    outer: Scope | None
    depth: int


class Break(NamedTuple):
    """The condition in that line of the rule of the scope at that depth is broken."""

    depth: int
    line: int


Kept = Callable[[int, int], bool]
"""Whether the condition of a scope at that depth, in that line, is kept."""

Lines = tuple[tuple[int, Condition], ...]
"""Some of the conditions of a rule, each with the number of its line."""


def every(depth: int, line: int) -> bool:
    """Keep every condition."""
    return True


class Scopes:
    """Tells conditions what happens.

    Most conditions hear nothing of most tokens and rules, so who hears is found once and kept.
    """

    def __init__(self, conditions: Mapping[str, tuple[Condition, ...]]) -> None:
        self._conditions = conditions
        self._hears: dict[tuple[str, int | str], Lines] = {}
        self._owing = self._those(lambda c: type(c).owes is not Condition.owes)
        self._in_debt = self._those(lambda c: type(c).debt is not Condition.debt)
        self._choosing = self._those(
            lambda c: type(c).kind is not Condition.kind or bool(c.picks_of)
        )

    def enter(
        self, scope: Scope | None, rule: str, in_force: Mapping[str, int], kept: Kept
    ) -> Scope | Break | None:
        """Begin a rule."""
        if self._conditions[rule]:
            registers = tuple(c.start(in_force) for c in self._conditions[rule])
            scope = Scope(rule, registers, scope, scope.depth + 1 if scope else 1)
        return self._tell(scope, rule, lambda c, register: c.enter(register, rule), kept)

    def leave(self, scope: Scope | None, rule: str, kept: Kept) -> Scope | Break | None:
        """End a rule."""
        told = self._tell(scope, rule, lambda c, register: c.leave(register, rule), kept)
        if isinstance(told, Break) or not self._conditions[rule] or told is None:
            return told
        for line, condition in enumerate(self._conditions[rule]):
            if kept(told.depth, line) and not condition.finish(told.registers[line]):
                return Break(told.depth, line)
        return told.outer

    def read(self, scope: Scope | None, token: int, rule: str, kept: Kept) -> Scope | Break | None:
        """Read a token that stands in the text of the rule."""
        return self._tell(scope, token, lambda c, register: c.read(register, token, rule), kept)

    def owes(self, scope: Scope | None, kept: Kept) -> bool:
        """Say whether some condition demands what may be impossible."""
        return any(c.owes(register) for c, register in self._of(scope, self._owing, kept))

    def debt(self, scope: Scope | None) -> int:
        """How many tokens must still come at least, beside those that the rules demand."""
        owed = 0
        while scope is not None:
            lines = self._in_debt[scope.rule]
            owed += max((c.debt(scope.registers[line]) for line, c in lines), default=0)
            scope = scope.outer
        return owed

    def choosing(self, scope: Scope | None, kept: Kept) -> Iterator[tuple[Condition, Register]]:
        """Conditions that may tell two tokens apart, and their registers, innermost first."""
        return self._of(scope, self._choosing, kept)

    def _of(
        self, scope: Scope | None, lines_of: Mapping[str, Lines], kept: Kept
    ) -> Iterator[tuple[Condition, Register]]:
        while scope is not None:
            for line, condition in lines_of[scope.rule]:
                if kept(scope.depth, line):
                    yield condition, scope.registers[line]
            scope = scope.outer

    def _tell(
        self,
        scope: Scope | None,
        what: int | str,
        act: Callable[[Condition, Register], Register | Broken],
        kept: Kept,
    ) -> Scope | Break | None:
        """Tell the conditions of every open scope that hear of this token, or of this rule."""
        if scope is None:
            return None
        outer = self._tell(scope.outer, what, act, kept)
        if isinstance(outer, Break):
            return outer
        lines = self._hears.get((scope.rule, what))
        if lines is None:
            lines = self._hears[scope.rule, what] = self._hearing(scope.rule, what)
        if not lines and outer is scope.outer:
            return scope
        registers = list(scope.registers)
        for line, condition in lines:
            if kept(scope.depth, line):
                register = act(condition, registers[line])
                if isinstance(register, Broken):
                    return Break(scope.depth, line)
                registers[line] = register
        return Scope(scope.rule, tuple(registers), outer, scope.depth)

    def _hearing(self, rule: str, what: int | str) -> Lines:
        return tuple(
            (line, condition)
            for line, condition in enumerate(self._conditions[rule])
            if what in (condition.rules if isinstance(what, str) else condition.tokens)
        )

    def _those(self, does: Callable[[Condition], bool]) -> dict[str, Lines]:
        return {
            rule: tuple(each for each in enumerate(conditions) if does(each[1]))
            for rule, conditions in self._conditions.items()
        }
