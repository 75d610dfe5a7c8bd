"""The rules alone: what is still to be read, and every terminal that may come next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from oracle.expression import Call, Choice, Expression, Many, Maybe, Row, Terminal
from oracle.notation import Rule

END = Terminal(frozenset({-1}), "")
"""The end of the sentence, read as one more token."""


class Ended(NamedTuple):
    """On the stack: an instance of the rule ends here."""

    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """What is still to be read, and the fewest tokens that all of it takes.

    `Rules` makes one object of each, so that two are equal only if they are the same object.
    """

    top: Expression | Ended
    rest: Stack | None
    fewest: int


class Leaf(NamedTuple):
    """A terminal that may come next: what begins and ends before it, and what comes after."""

    terminal: Terminal
    events: tuple[tuple[bool, str], ...]
    rest: Stack | None


class Rules:
    """Steps through the rules without their conditions, from any one of the rules `starts`."""

    def __init__(self, rules: dict[str, Rule], starts: tuple[str, ...]) -> None:
        self._rules = rules
        self._fewest: dict[Expression, int] = {}
        self._stacks: dict[tuple[Expression | Ended, Stack | None], Stack] = {}
        self._leaves: dict[Stack | None, tuple[Leaf, ...]] = {}
        whole = Choice(tuple(Call(name) for name in starts))
        self._count_fewest(whole)
        self.begin = self._push(whole, None)

    def leaves(self, stack: Stack | None) -> tuple[Leaf, ...]:
        """Every terminal that the rules alone allow next, `END` among them."""
        if stack not in self._leaves:
            self._leaves[stack] = self._walk(stack)
        return self._leaves[stack]

    def _walk(self, stack: Stack | None) -> tuple[Leaf, ...]:
        found: list[Leaf] = []
        todo: list[tuple[Stack | None, tuple[tuple[bool, str], ...]]] = [(stack, ())]
        while todo:
            now, events = todo.pop()
            ends = list(events)
            while now is not None and isinstance(now.top, Ended):
                ends.append((False, now.top.rule))
                now = now.rest
            events = tuple(ends)
            if now is None:
                found.append(Leaf(END, events, None))
                continue
            top, rest = now.top, now.rest
            if isinstance(top, Terminal):
                found.append(Leaf(top, events, rest))
            elif isinstance(top, Call):
                body = self._rules[top.rule].body
                end = self._stack(Ended(top.rule), rest, 0)
                todo.append((self._push(body, end), (*events, (True, top.rule))))
            elif isinstance(top, Row):
                for part in reversed(top.parts):
                    rest = self._push(part, rest)
                todo.append((rest, events))
            elif isinstance(top, Choice):
                todo += [(self._push(option, rest), events) for option in top.options]
            elif isinstance(top, Maybe):
                todo += [(rest, events), (self._push(top.part, rest), events)]
            elif isinstance(top, Many):
                todo += [(rest, events), (self._push(top.part, now), events)]
        return tuple(found)

    def _push(self, part: Expression, rest: Stack | None) -> Stack:
        return self._stack(part, rest, self._fewest[part])

    def _stack(self, top: Expression | Ended, rest: Stack | None, fewest: int) -> Stack:
        if (top, rest) not in self._stacks:
            whole = fewest + (rest.fewest if rest else 0)
            self._stacks[top, rest] = Stack(top, rest, whole)
        return self._stacks[top, rest]

    def _count_fewest(self, whole: Expression) -> None:
        """Count the fewest tokens that each part of each rule takes, and of the whole."""
        rules = dict.fromkeys(self._rules, 10**9)

        def count(part: Expression) -> int:
            if isinstance(part, Terminal):
                fewest = 1
            elif isinstance(part, Call):
                fewest = rules[part.rule]
            elif isinstance(part, Row):
                fewest = sum([count(inner) for inner in part.parts])
            elif isinstance(part, Choice):
                fewest = min([count(option) for option in part.options])
            else:
                count(part.part)
                fewest = 0
            self._fewest[part] = fewest
            return fewest

        before: dict[str, int] = {}
        while before != rules:
            before = dict(rules)
            for name, rule in self._rules.items():
                rules[name] = min(count(rule.body), 10**9)
            count(whole)
