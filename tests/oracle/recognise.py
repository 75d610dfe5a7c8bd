"""A stack machine over the rules of spec/: one token at a time, side conditions included."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from oracle.condition import Condition
from oracle.conditions import read_condition
from oracle.expression import Terminal
from oracle.notation import Spec
from oracle.scopes import Break, Kept, Scope, Scopes, every
from oracle.stack import END, Ended, Leaf, Rules, Stack

EXPECTED = "expected"

_AHEAD = 8
"""Within so many tokens what is owed is settled."""


class NotASentence(ValueError):
    """What was read cannot be continued to a sentence."""


class State(NamedTuple):
    """Where a reader stands; immutable, so that a fork is free."""

    stack: Stack | None
    scope: Scope | None
    in_force: dict[str, int]


class Recogniser:
    """Reads sentences of the grammar, of every object type or of the rule named `start`."""

    def __init__(self, spec: Spec, start: str | None = None) -> None:
        self.spec = spec
        self.conditions: dict[str, tuple[Condition, ...]] = {
            name: tuple(read_condition(where, spec) for where in rule.wheres)
            for name, rule in spec.rules.items()
        }
        self._scopes = Scopes(self.conditions)
        # What a condition names, a block or a rule that has one token, is put in force.
        named = {getattr(condition, "block", None) for condition in self._all_conditions()}
        self._announced = {
            token: block.name
            for block in spec.vocabulary.blocks.values()
            if block.name in named
            for token in block.ids
        }
        self._announcing = frozenset(named & set(spec.rules))
        self._classes: dict[tuple[Terminal, frozenset[Condition]], tuple[tuple[int, ...], ...]] = {}
        self.rules = Rules(spec.rules, spec.objects if start is None else (start,))
        self.begin = State(self.rules.begin, None, {})

    def first_error(
        self, ids: Iterable[int], *, after: State | None = None
    ) -> tuple[int, str] | None:
        """Say where the first token that cannot be there stands, and why.

        Positions count from `after`, the begin of the sentence unless said.

        Returns
        -------
        None for a sentence. Else the position (the length when the sentence is cut short) and
        "expected" or the text of the broken condition.
        """
        state, position = after or self.begin, -1
        for position, token in enumerate(ids):
            following = self.read(state, token)
            if isinstance(following, str):
                return position, following
            state = following
        ended = self.read(state, -1)
        return (position + 1, ended) if isinstance(ended, str) else None

    def next_ids(self, prefix: Sequence[int]) -> set[int]:
        """Give the ids that continue the prefix to some sentence.

        Raises
        ------
        NotASentence
            When the prefix itself cannot be continued to a sentence.
        """
        return set(self.allowed(self.reach(prefix)))

    def reach(self, prefix: Iterable[int], *, after: State | None = None) -> State:
        """Give the state after the prefix; raises as `next_ids` does."""
        state = after or self.begin
        for position, token in enumerate(prefix):
            following = self.read(state, token)
            if isinstance(following, str):
                raise NotASentence(f"{following} at token {position}")
            state = following
        return state

    def read(self, state: State, token: int) -> State | str:
        """Give the state after one more token, or why there is none.

        When the rules allow the token and a side condition does not, the reason is the first
        condition, those of the innermost rule first, each rule's in the order of its lines, that
        leaves no sentence when it is kept together with those before it.
        """
        leaf = next(
            (leaf for leaf in self.rules.leaves(state.stack) if token in leaf.terminal.ids), None
        )
        if leaf is None:
            return EXPECTED
        following = self.follow(state, leaf, token)
        return self._reason(state, leaf, token) if following is None else following

    def allowed(self, state: State) -> Iterator[int]:
        """Every token that may come next, each once."""
        for alike, _ in self.following(state):
            yield from alike

    def following(
        self, state: State, among: frozenset[int] | None = None
    ) -> Iterator[tuple[tuple[int, ...], State]]:
        """Every class of tokens that may come next, and the state after any of them.

        No condition tells the tokens of a class apart. `among` leaves out all other tokens.
        """
        for leaf in self.rules.leaves(state.stack):
            if among is None and leaf.terminal is not END:
                yield from self._following(state, leaf, every)
            elif among is not None and not among.isdisjoint(leaf.terminal.ids):
                for alike, following in self._following(state, leaf, every):
                    if some := tuple(token for token in alike if token in among):
                        yield some, following

    def classes(self, state: State, leaf: Leaf) -> list[tuple[int, ...]]:
        """Tokens of this leaf in classes that no condition tells apart, forbidden ones too."""
        scope = self._before(state, leaf, every)
        if isinstance(scope, Break):
            return []
        return list(self._candidates(scope, leaf.terminal, every))

    def follow(self, state: State, leaf: Leaf, token: int) -> State | None:
        """Give the state after a token of this leaf, or None when a condition forbids it."""
        following = self._step(state, leaf, token, every)
        if isinstance(following, State) and self._can_finish(following, every):
            return following
        return None

    def fewest(self, state: State) -> int:
        """At least so many tokens are needed to finish."""
        return self._scopes.debt(state.scope) + (state.stack.fewest if state.stack else 0)

    def is_complete(self, state: State) -> bool:
        """Say whether what was read is a sentence."""
        leaf = next((leaf for leaf in self.rules.leaves(state.stack) if leaf.terminal is END), None)
        return leaf is not None and self.follow(state, leaf, -1) is not None

    def _step(self, state: State, leaf: Leaf, token: int, kept: Kept) -> State | Break:
        scope = self._before(state, leaf, kept)
        if isinstance(scope, Break):
            return scope
        return self._after(state, scope, leaf, token, kept)

    def _before(self, state: State, leaf: Leaf, kept: Kept) -> Scope | Break | None:
        """Begin and end the rules that begin and end before the leaf."""
        scope = state.scope
        for enters, rule in leaf.events:
            told = (
                self._scopes.enter(scope, rule, state.in_force, kept)
                if enters
                else self._scopes.leave(scope, rule, kept)
            )
            if isinstance(told, Break):
                return told
            scope = told
        return scope

    def _after(
        self, state: State, scope: Scope | None, leaf: Leaf, token: int, kept: Kept
    ) -> State | Break:
        """Read the token, and end the rules of which it is the last."""
        told = self._scopes.read(scope, token, leaf.terminal.rule, kept)
        if isinstance(told, Break):
            return told
        scope, rest = told, leaf.rest
        while rest is not None and isinstance(rest.top, Ended):
            told = self._scopes.leave(scope, rest.top.rule, kept)
            if isinstance(told, Break):
                return told
            scope, rest = told, rest.rest
        in_force = state.in_force
        if token in self._announced:
            in_force = {**in_force, self._announced[token]: token}
        if leaf.terminal.rule in self._announcing:
            in_force = {**in_force, leaf.terminal.rule: token}
        return State(rest, scope, in_force)

    def _can_finish(self, state: State, kept: Kept, ahead: int = _AHEAD) -> bool:
        """Say whether what is owed can be paid.

        What is owed is settled within the next few tokens, so a search forward ends; and a state
        that owes nothing can always finish (the small-scope tests finish every one).
        """
        if ahead == 0 or not self._scopes.owes(state.scope, kept):
            return True
        leaves = self.rules.leaves(state.stack)
        return any(True for leaf in leaves for _ in self._following(state, leaf, kept, ahead - 1))

    def _following(
        self, state: State, leaf: Leaf, kept: Kept, ahead: int = _AHEAD
    ) -> Iterator[tuple[tuple[int, ...], State]]:
        """Every class of tokens of the leaf that may come next, and the state after its first."""
        scope = self._before(state, leaf, kept)
        if isinstance(scope, Break):
            return
        for alike in self._candidates(scope, leaf.terminal, kept):
            following = self._after(state, scope, leaf, alike[0], kept)
            if isinstance(following, State) and self._can_finish(following, kept, ahead):
                yield alike, following

    def _candidates(
        self, scope: Scope | None, terminal: Terminal, kept: Kept
    ) -> Iterable[tuple[int, ...]]:
        """Classes of the terminal, all of them or the few that some condition may allow."""
        telling: list[Condition] = []
        for condition, register in self._scopes.choosing(scope, kept):
            if terminal.ids <= condition.picks_of:
                return [(token,) for token in condition.picks(register)]
            if condition.tells(register):
                telling.append(condition)
        return self._alike(terminal, frozenset(telling))

    def _reason(self, state: State, leaf: Leaf, token: int) -> str:
        deepest = 1 + sum(enters for enters, _ in leaf.events)
        deepest += state.scope.depth if state.scope else 0
        lines = max(len(conditions) for conditions in self.conditions.values())
        for depth in range(deepest, 0, -1):
            for line in range(lines):
                kept = _up_to(depth, line)
                following = self._step(state, leaf, token, kept)
                if isinstance(following, State) and self._can_finish(following, kept):
                    continue
                return self._text(state, leaf, depth, line)
        raise AssertionError("a token refused with every condition and allowed with all of them")

    def _text(self, state: State, leaf: Leaf, depth: int, line: int) -> str:
        """Text of the condition in that line of the scope at that depth."""
        rules: list[str] = []
        scope = state.scope
        while scope is not None:
            rules.insert(0, scope.rule)
            scope = scope.outer
        for enters, rule in leaf.events:
            if self.conditions[rule]:
                if enters:
                    rules.append(rule)
                elif depth == len(rules):
                    break
                else:
                    rules.pop()
        return self.conditions[rules[depth - 1]][line].text

    def _alike(
        self, terminal: Terminal, conditions: frozenset[Condition]
    ) -> tuple[tuple[int, ...], ...]:
        """Tokens of the terminal in classes that none of these conditions tells apart."""
        if (terminal, conditions) not in self._classes:
            in_order = list(conditions)
            groups: dict[Hashable, list[int]] = {}
            for token in sorted(terminal.ids):
                kinds = tuple(condition.kind(token, terminal.rule) for condition in in_order)
                groups.setdefault((kinds, self._told(token)), []).append(token)
            self._classes[terminal, conditions] = tuple(map(tuple, groups.values()))
        return self._classes[terminal, conditions]

    def _told(self, token: int) -> int | None:
        """Give the token where it comes in force: a condition of a later rule may ask for it."""
        decimals = self.spec.vocabulary.blocks["decimals"].ids
        told = token in self._announced or (self._announcing and token in decimals)
        return token if told else None

    def _all_conditions(self) -> Iterator[Condition]:
        return (condition for some in self.conditions.values() for condition in some)


def _up_to(depth: int, line: int) -> Kept:
    """Keep the conditions of deeper scopes, and of this one those up to that line."""
    return lambda d, n: d > depth or (d == depth and n <= line)
