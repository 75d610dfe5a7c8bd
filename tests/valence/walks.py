"""Random sentences of the profile kekule+valence: what the grammar allows and the oracle too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

import logos_grammar as lg
from oracle.valence import Profile, Walk

_TO_THE_END: Final = ("<MoleculeE>", "]", ")", "*", "#1")
_WEIGHTS: Final = {"element": 6, "molecule": 4, "bond": 3, "ring_open": 2, "ring_close": 2}
_RARE: Final = ("<MoleculeE>", ".", "map")
_FEW: Final = 24
"""So many elements, the first of the vocabulary, come as often as all others together."""


class Walker:
    """Walks at random through the sentences of the profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._ids = profile.vocabulary.ids
        self._elements = profile.vocabulary.blocks["element"].ids[:_FEW]
        self._rare = frozenset(self._ids[name] for name in _RARE)

    def sentence(self, random: Random, length: int, *, beginning: Iterable[int] = ()) -> list[int]:
        """Go on at random from a beginning to a length, and then to the end of the sentence.

        Raises
        ------
        AssertionError
            When the walk is stuck, or the beginning leaves the profile.
        """
        walk = Walk(self._profile)
        ids = [self._ids["<MoleculeS>"], *list(beginning)[1:]]
        assert walk.first_error(ids) is None
        while following := lg.next_ids(ids).tolist():
            if len(ids) < length:
                token = self._draw(random, walk, following)
            else:
                token = self._towards_the_end(walk, following)
            walk.read(token)
            ids.append(token)
        return ids

    def _draw(self, random: Random, walk: Walk, following: Sequence[int]) -> int:
        """Draw a block and then a token, until one is not refused."""
        blocks: dict[str, list[int]] = {}
        for token in following:
            blocks.setdefault(self._profile.block_of[token], []).append(token)
        while blocks:
            names = list(blocks)
            (name,) = random.choices(names, [_WEIGHTS.get(name, 1) for name in names])
            tokens = blocks[name]
            few = [token for token in tokens if token in self._elements]
            token = random.choice(few if few and random.random() < 0.5 else tokens)
            if token in self._rare and random.random() < 0.9:
                continue
            if walk.refusal(token) is None:
                return token
            tokens.remove(token)
            if not tokens:
                del blocks[name]
        raise AssertionError("no token may come next")

    def _towards_the_end(self, walk: Walk, following: Sequence[int]) -> int:
        names = [self._ids[name] for name in _TO_THE_END]
        closings = [token for token in following if self._profile.block_of[token] == "ring_close"]
        for token in (*closings, *(name for name in names if name in following), *following):
            if walk.refusal(token) is None:
                return token
        raise AssertionError("no token may come next")
