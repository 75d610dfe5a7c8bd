"""States of a recognizer: all of a small scope, walked in place, and those of random walks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from random import Random

import pytest
from hypothesis import settings

import logos_grammar as lg
from oracle import read_spec
from test_small_scope import alphabets

spec = read_spec()

Kind = tuple[str, str | None]
"""An object type, and a profile or none."""

KINDS: list[Kind] = [(kind, None) for kind in spec.objects]
VALENCES: list[Kind] = [
    ("molecule", "kekule+valence"),
    ("reaction", "kekule+valence"),
    ("molecule", "aromatic"),
]

PROFILES = KINDS + VALENCES

each_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind for kind, _ in KINDS])
each_profile = pytest.mark.parametrize(
    "kind",
    PROFILES,
    ids=[kind if p is None else f"{kind}, {p}" for kind, p in PROFILES],
)

FAST = settings().max_examples <= 100
"""Whether the tests run under the fast profile of Hypothesis; under the slow one all is larger."""

_RINGS = "open1 open2 open3 close1 close2 close3"
_MOLECULES = (
    f"C ( ) . {_RINGS}",
    f"C c - : = ring- ring: ring= ( ) {_RINGS}",
    f"C c [ ] H1 +1 @ #1 map ( ) {_RINGS}",
)
_HARD = {
    "molecule": [f"<MoleculeS> <MoleculeE> {names}" for names in _MOLECULES],
    "reaction": [
        f"<ReactionS> <ReactionE> <Agents> <React> <ReverseReact> <MoleculeS> <MoleculeE> {names}"
        for names in _MOLECULES[:1]
    ],
}
"""Rings, branches and bonds, of which the alphabets of the spec have few."""


_SINGLE = ("molecule", "bond", "ring_bond")
"""Blocks whose tokens do not resemble each other."""

BLOCKS = {
    token: lg.vocabulary.name(token) if block.name in _SINGLE else block.name
    for token in lg.vocabulary
    for block in [lg.vocabulary.block_of(token)]
}
ENDS = frozenset(t for t in lg.vocabulary if lg.vocabulary.name(t).endswith("E>"))


def begin(kind: Kind, *, budget: int | None = None) -> lg.Recognizer:
    """A recognizer at the beginning of an object."""
    return lg.Recognizer(kind[0], profile=kind[1], budget=budget)


def scopes(kind: str) -> list[frozenset[int]]:
    """The lowest ids of each terminal, those of each refused example, and hard ones."""
    named = [frozenset(map(lg.vocabulary.id, names.split())) for names in _HARD.get(kind, ())]
    return [*(alphabet for alphabet, _ in alphabets(kind)), *named]


def walk(recognizer: lg.Recognizer, alphabet: Collection[int], longest: int) -> Iterator[None]:
    """Go through every state within so many tokens of the alphabet, and come back."""
    yield
    if longest > 0:
        for token in alphabet:
            if recognizer.accept(token):
                yield from walk(recognizer, alphabet, longest - 1)
                recognizer.rollback(1)


def small_scope(
    recognizer: lg.Recognizer, alphabet: Collection[int], *, most: int
) -> Iterator[None]:
    """Go through every state within n tokens, for the largest n that gives no more than `most`."""
    longest, before = 0, recognizer.position
    for n in range(1, 60):
        if sum(1 for _ in islice(walk(recognizer, alphabet, n), most + 1)) > most:
            recognizer.rollback(recognizer.position - before)
            break
        longest = n
    yield from walk(recognizer, alphabet, longest)


def random_walk(
    recognizer: lg.Recognizer, random: Random, *, reluctance: float = 0.0
) -> Iterator[None]:
    """Take tokens at random until the sentence is complete, if it ever is.

    A walk prefers some blocks of tokens to others. `reluctance` is how often it takes another token
    than one that ends an object, where there is one.
    """
    taste: dict[str, float] = {}
    yield
    while not recognizer.is_done:
        allowed = recognizer.allowed().tolist()
        assert allowed, f"stuck after {recognizer.ids.tolist()}"
        if random.random() < reluctance:
            allowed = [token for token in allowed if token not in ENDS] or allowed
        blocks: dict[str, list[int]] = {}
        for token in allowed:
            blocks.setdefault(BLOCKS[token], []).append(token)
        likings = [taste.setdefault(block, 0.01 + random.random() ** 3) for block in blocks]
        token = random.choice(random.choices(list(blocks.values()), likings)[0])
        assert recognizer.accept(token), (recognizer.ids.tolist(), token)
        yield
