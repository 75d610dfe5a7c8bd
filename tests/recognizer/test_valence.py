"""The recognizer admits under kekule+valence what the oracle of the profile admits."""

from __future__ import annotations

from random import Random

import logos_grammar as lg
from oracle.valence import Walk, kekule_valence

PROFILE = kekule_valence()
LIKELY = frozenset(
    lg.vocabulary.id(name)
    for name in ["C", "N", "O", "I", "S", "(", ")", "=", "open1", "open2", "close1", "close2", "["]
)


def test_the_oracle_admits_the_same_at_every_prefix() -> None:
    chosen = Random(1)
    for _ in range(150):
        free, walk = lg.Recognizer("molecule"), Walk(PROFILE)
        kept = lg.Recognizer("molecule", profile="kekule+valence")
        while not kept.is_done and kept.position < 40:
            wanted = [id for id in free.allowed().tolist() if walk.refusal(id) is None]
            allowed = kept.allowed().tolist()
            assert allowed == wanted, [lg.vocabulary.name(int(id)) for id in kept.ids]
            likely = [id for id in allowed if id in LIKELY]
            token = chosen.choice(likely if likely and chosen.random() < 0.7 else allowed)
            assert free.accept(token)
            assert kept.accept(token)
            walk.read(token)
