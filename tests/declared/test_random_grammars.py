"""Of grammars at random: masks and what is needed are what all sentences together say."""

from __future__ import annotations

from random import Random

import pytest

import logos_grammar as lg
from declared.random_grammars import least_of, random_rules, sentences, text_of
from logos_grammar import _core, declared

LONGEST = 8
MOST = 20_000
GRAMMARS = 700


@pytest.mark.parametrize(("labels", "counts"), [(False, False), (False, True), (True, False)])
def test_masks_and_phi_are_what_all_sentences_say(
    labels: bool, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0
    for seed in range(GRAMMARS):
        rules = random_rules(Random(seed), labels=labels)
        if min(least_of(rules).values()) == 0:
            continue
        text = text_of(rules, labels=labels, counts=counts)
        try:
            grammar = _core.Grammar(text)
        except ValueError:
            continue
        all_of_them = sentences(rules, LONGEST, MOST, labels=labels, counts=counts)
        if not all_of_them:
            continue
        monkeypatch.setattr(declared, "grammar_of", {"tried": grammar}.get)
        agrees(all_of_them, text)
        tried += 1
    assert tried > GRAMMARS / 50


def agrees(all_of_them: list[tuple[int, ...]], text: str) -> None:
    """Whether a recognizer with a budget and one without agree with all sentences."""
    after: dict[tuple[int, ...], set[int]] = {}
    needed: dict[tuple[int, ...], int] = {}
    for sentence in all_of_them:
        for at in range(len(sentence) + 1):
            prefix = sentence[:at]
            after.setdefault(prefix, set()).update(sentence[at : at + 1])
            needed[prefix] = min(needed.get(prefix, LONGEST), len(sentence) - at)
    free, kept = lg.Recognizer("tried"), lg.Recognizer("tried", budget=LONGEST)
    for prefix, wanted in needed.items():
        for one in (free, kept):
            one.reset()
            assert one.accept_many(prefix) == len(prefix), (text, prefix)
        assert free.phi() == len(free.closing_tokens()) == wanted, (text, prefix)
        assert set(kept.allowed().tolist()) == after[prefix], (text, prefix)
        # A budget that is tight tries each token; without one the mask has to be right by itself.
        for allowed in free.allowed():
            assert free.fork().accept(allowed), (text, prefix, allowed)
