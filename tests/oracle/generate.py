"""Sentences from the grammar: all up to a length, random ones, and the end of a begun one."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator
from itertools import count
from random import Random

from oracle.expression import terminals
from oracle.notation import Spec, rules_within
from oracle.recognise import Recogniser, State
from oracle.stack import END


def words(
    recogniser: Recogniser,
    longest: int,
    alphabet: Collection[int],
    *,
    keep: Callable[[tuple[int, ...]], bool] = lambda prefix: True,
) -> Iterator[tuple[int, ...]]:
    """Every sentence of at most `longest` tokens of the alphabet whose prefixes all are kept."""
    for word, state in prefixes(recogniser, longest, alphabet, keep=keep):
        if recogniser.is_complete(state):
            yield word


def prefixes(
    recogniser: Recogniser,
    longest: int,
    alphabet: Collection[int],
    *,
    keep: Callable[[tuple[int, ...]], bool] = lambda prefix: True,
) -> Iterator[tuple[tuple[int, ...], State]]:
    """Every prefix that may become a sentence of at most `longest` tokens, and its state."""
    chosen = frozenset(alphabet)
    todo: list[tuple[tuple[int, ...], State]] = [((), recogniser.begin)]
    while todo:
        prefix, state = todo.pop()
        yield prefix, state
        for alike, following in recogniser.following(state, chosen):
            if len(prefix) + 1 + recogniser.fewest(following) <= longest:
                grown = ((*prefix, token) for token in alike)
                todo += [(word, following) for word in grown if keep(word)]


def random_sentence(recogniser: Recogniser, random: Random, length: int) -> tuple[int, ...]:
    """Walk at random, and take a short way to the end after `length` tokens."""
    word: list[int] = []
    state = recogniser.begin
    while len(word) < length:
        found = _random_step(recogniser, state, random)
        if found is None:
            return tuple(word)
        token, state = found
        word.append(token)
    return (*word, *completion(recogniser, state))


def _random_step(recogniser: Recogniser, state: State, random: Random) -> tuple[int, State] | None:
    leaves = list(recogniser.rules.leaves(state.stack))
    random.shuffle(leaves)
    for leaf in leaves:
        if leaf.terminal is END:
            if recogniser.is_complete(state):
                return None
            continue
        classes = recogniser.classes(state, leaf)
        random.shuffle(classes)
        for alike in classes:
            token = random.choice(alike)
            following = recogniser.follow(state, leaf, token)
            if following is not None:
                return token, following
    raise AssertionError("no token may come next and the sentence is not complete")


def completion(recogniser: Recogniser, state: State, *, effort: int = 2000) -> tuple[int, ...]:
    """Give tokens that make a sentence of what was read.

    Raises
    ------
    AssertionError
        When none was found after looking at `effort` states: the state is stuck, or nearly.
    """
    order = count(0, -1)
    todo: list[tuple[int, int, int, tuple[int, ...], State]] = [
        (0, recogniser.fewest(state), next(order), (), state)
    ]
    for _ in range(effort):
        if not todo:
            break
        idle, before, _, word, now = heapq.heappop(todo)
        if recogniser.is_complete(now):
            return word
        for alike, following in recogniser.following(now):
            fewest = recogniser.fewest(following)
            # The rules want what they wanted and no less is missing: a repetition has to wait.
            waits = idle + (following.stack == now.stack and fewest >= before)
            heapq.heappush(todo, (waits, fewest, next(order), (*word, alike[0]), following))
    raise AssertionError("no end of the sentence was found")


def lowest_ids(spec: Spec, rule: str, each: int) -> frozenset[int]:
    """Give the lowest ids of each terminal that the rule uses, however deep: a small alphabet."""
    return frozenset(
        token
        for name in rules_within(spec, rule)
        for terminal in terminals(spec.rules[name].body)
        for token in sorted(terminal.ids)[:each]
    )
