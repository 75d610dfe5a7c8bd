"""The recognizer admits under valences what the oracle of the profile admits."""

from __future__ import annotations

from random import Random

import pytest

import logos_grammar as lg
from oracle.valence import Profile, Walk, aromatic, kekule_valence

_LIKELY = "C N O I S c n o s ( ) = - ring- open1 open2 open3 close1 close2 close3 ["
LIKELY = frozenset(map(lg.vocabulary.id, _LIKELY.split()))


@pytest.mark.parametrize(
    ("name", "profile"), [("kekule+valence", kekule_valence()), ("aromatic", aromatic())]
)
def test_the_oracle_admits_the_same_at_every_prefix(name: str, profile: Profile) -> None:
    chosen = Random(1)
    for _ in range(150):
        free, walk = lg.Recognizer("molecule"), Walk(profile)
        kept = lg.Recognizer("molecule", profile=name)
        while not kept.is_done and kept.position < 40:
            wanted = [id for id in free.allowed().tolist() if walk.refusal(id) is None]
            allowed = kept.allowed().tolist()
            assert allowed == wanted, [lg.vocabulary.name(int(id)) for id in kept.ids]
            likely = [id for id in allowed if id in LIKELY]
            token = chosen.choice(likely if likely and chosen.random() < 0.7 else allowed)
            assert free.accept(token)
            assert kept.accept(token)
            walk.read(token)
