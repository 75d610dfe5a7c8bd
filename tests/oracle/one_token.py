"""Which token decides where the rules leave a choice: FIRST and FOLLOW over the whole grammar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from oracle.expression import Call, Choice, Expression, Many, Maybe, Row, Terminal
from oracle.notation import Spec

END = -1


class Lookahead:
    """FIRST and FOLLOW of every part of every rule, in sentences of the rules `starts`."""

    def __init__(self, spec: Spec, starts: Iterable[str]) -> None:
        self.spec = spec
        self._first: dict[str, frozenset[int]] = dict.fromkeys(spec.rules, frozenset())
        self._empty: dict[str, bool] = dict.fromkeys(spec.rules, False)
        self.follow: dict[str, frozenset[int]] = {
            name: frozenset({END} if name in set(starts) else ()) for name in spec.rules
        }
        self._grow()

    def first(self, part: Expression) -> frozenset[int]:
        """Tokens with which the part may begin."""
        if isinstance(part, Terminal):
            return part.ids
        if isinstance(part, Call):
            return self._first[part.rule]
        if isinstance(part, Row):
            return self._first_of_row(part.parts)
        if isinstance(part, Choice):
            return frozenset().union(*(self.first(option) for option in part.options))
        return self.first(part.part)

    def can_be_empty(self, part: Expression) -> bool:
        """Say whether the part may be nothing."""
        if isinstance(part, Terminal):
            return False
        if isinstance(part, Call):
            return self._empty[part.rule]
        if isinstance(part, Row):
            return all(self.can_be_empty(inner) for inner in part.parts)
        if isinstance(part, Choice):
            return any(self.can_be_empty(option) for option in part.options)
        return True

    def conflicts(self) -> Iterator[str]:
        """Every place where one token does not decide, in words."""
        for name, rule in self.spec.rules.items():
            for part, after in self.places(rule.body, self.follow[name]):
                yield from self._conflict(name, part, after)

    def _conflict(self, name: str, part: Expression, after: frozenset[int]) -> Iterator[str]:
        if isinstance(part, Choice):
            begins = [self.first(option) for option in part.options]
            begins += [after for option in part.options if self.can_be_empty(option)]
            for one, other in combinations(begins, 2):
                if one & other:
                    yield f"{name}: two options may begin with {self._names(one & other)}"
        if isinstance(part, Maybe | Many):
            sign = "?" if isinstance(part, Maybe) else "*"
            shared = self.first(part.part) & after
            if shared:
                yield f"{name}: what follows a {sign} may begin as it does, {self._names(shared)}"
            if self.can_be_empty(part.part):
                yield f"{name}: what stands before a {sign} may be nothing"

    def _names(self, ids: frozenset[int]) -> str:
        names = self.spec.vocabulary.names
        return " ".join(names.get(token, "the end") for token in sorted(ids)[:5])

    def _first_of_row(self, parts: Sequence[Expression]) -> frozenset[int]:
        found: frozenset[int] = frozenset()
        for part in parts:
            found |= self.first(part)
            if not self.can_be_empty(part):
                break
        return found

    def places(
        self, part: Expression, after: frozenset[int]
    ) -> Iterator[tuple[Expression, frozenset[int]]]:
        """Every part of the part, and the tokens that may follow it."""
        yield part, after
        if isinstance(part, Row):
            for at, inner in enumerate(part.parts):
                rest = part.parts[at + 1 :]
                follow = self._first_of_row(rest)
                if all(self.can_be_empty(later) for later in rest):
                    follow |= after
                yield from self.places(inner, follow)
        elif isinstance(part, Choice):
            for option in part.options:
                yield from self.places(option, after)
        elif isinstance(part, Maybe):
            yield from self.places(part.part, after)
        elif isinstance(part, Many):
            yield from self.places(part.part, after | self.first(part.part))

    def _grow(self) -> None:
        """Let the sets grow until they do not."""
        before: object = None
        while before != (self._first, self._empty, self.follow):
            before = (dict(self._first), dict(self._empty), dict(self.follow))
            for name, rule in self.spec.rules.items():
                self._first[name] |= self.first(rule.body)
                self._empty[name] |= self.can_be_empty(rule.body)
                for part, after in self.places(rule.body, self.follow[name]):
                    if isinstance(part, Call):
                        self.follow[part.rule] |= after


def branches_taken(look: Lookahead, rule: str, ids: Sequence[int]) -> set[tuple[Expression, int]]:
    """Which option of each choice was taken, and which `?` and `*` were not, once or oftener.

    The number with a choice is the option's; with a `?` it is 0 or 1, with a `*` 0, 1 or 2 for
    more. Only the rules are looked at, not their conditions.

    Raises
    ------
    ValueError
        When the rules do not allow the tokens.
    """
    taken: set[tuple[Expression, int]] = set()
    at = 0

    def begins(part: Expression) -> bool:
        return at < len(ids) and ids[at] in look.first(part)

    def take(part: Expression) -> None:
        nonlocal at
        if isinstance(part, Terminal):
            if not begins(part):
                raise ValueError(f"a token that the rules do not allow at {at}")
            at += 1
        elif isinstance(part, Call):
            take(look.spec.rules[part.rule].body)
        elif isinstance(part, Row):
            for inner in part.parts:
                take(inner)
        elif isinstance(part, Choice):
            can = [n for n, option in enumerate(part.options) if begins(option)]
            can += [n for n, option in enumerate(part.options) if look.can_be_empty(option)]
            if not can:
                raise ValueError(f"a token that the rules do not allow at {at}")
            taken.add((part, can[0]))
            take(part.options[can[0]])
        else:
            times = 0
            while begins(part.part) and (times == 0 or isinstance(part, Many)):
                take(part.part)
                times += 1
            taken.add((part, min(times, 2)))

    take(look.spec.rules[rule].body)
    return taken


def branches(look: Lookahead, rule: str) -> set[tuple[Expression, int]]:
    """Everything that `branches_taken` should give of the rule's own text, in some example."""
    found: set[tuple[Expression, int]] = set()
    for part, _ in look.places(look.spec.rules[rule].body, frozenset()):
        if isinstance(part, Choice):
            found |= {(part, n) for n in range(len(part.options))}
        elif isinstance(part, Maybe | Many):
            found |= {(part, n) for n in ((0, 1) if isinstance(part, Maybe) else (0, 2))}
    return found
