"""Every token in some sentence of each object type: it comes back, and its text is its glyph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Literal

import numpy as np
import pytest

import logos_grammar as lg
from oracle import Example, Recogniser, State, completion, random_sentence, read_spec
from oracle.expression import Terminal
from oracle.notation import tokens_within
from oracle.rule import read_where
from oracle.stack import END

spec = read_spec()
names = spec.vocabulary.ids
kinds = pytest.mark.parametrize("kind", spec.objects)

Kind = Literal["molecule", "protein", "dna", "rna"]
TEXTS: list[Kind] = ["molecule", "protein", "dna", "rna"]
"""Rules whose sentences have a text of their own: the glyphs of their tokens."""

EFFORT = 100_000
"""States that are looked at for an end: a cell of a crystal has six numbers of nine decimals."""

PLACES = 100
"""In so many places at most a terminal is tried: where no label is open no ring may close."""


@dataclass(frozen=True)
class Written:
    """A sentence and its glyphs."""

    ids: tuple[int, ...]
    text: str


@cache
def looked_for_in_parts(rule: str) -> frozenset[int]:
    """Tokens of the structures and conformers of a complex, which these have by themselves."""
    if rule != "complex":
        return frozenset()
    return tokens_within(spec, "structure") | tokens_within(spec, "conformer")


@cache
def sentences(rule: str) -> list[Written]:
    """Give for each terminal, and each of its tokens that some place allows, a sentence."""
    random = Random(rule)
    reader = Recogniser(spec, rule)
    missing: dict[Terminal, set[int]] = {}
    tried = Counter[Terminal]()
    found: list[Written] = []
    walked = [e.ids for e in spec.examples if e.rule == rule and e.position is None]
    walked += [random_sentence(reader, random, 25) for _ in range(100)]
    for sentence in walked:
        state = reader.begin
        for at in range(len(sentence)):
            for terminal in [leaf.terminal for leaf in reader.rules.leaves(state.stack)]:
                left = missing.setdefault(terminal, set(terminal.ids) - looked_for_in_parts(rule))
                if left and tried[terminal] < PLACES and terminal is not END:
                    tried[terminal] += 1
                    found += continued(reader, sentence[:at], state, terminal, frozenset(left))
                    left -= {some.ids[at] for some in found if some.ids[:at] == sentence[:at]}
            state = reader.reach(sentence[at : at + 1], after=state)
    return found


def continued(
    reader: Recogniser,
    prefix: tuple[int, ...],
    state: State,
    terminal: Terminal,
    tokens: frozenset[int],
) -> Iterator[Written]:
    """Give a sentence for each of these tokens that may come next."""
    before = text_of(reader, reader.begin, prefix)
    for alike, following in reader.following(state, tokens):
        end = completion(reader, following, effort=EFFORT)
        after = text_of(reader, following, end)
        for token in alike:
            yield Written((*prefix, token, *end), before + glyph(token, terminal.rule) + after)


def text_of(reader: Recogniser, state: State, ids: tuple[int, ...]) -> str:
    """Write the glyphs of what follows the state."""
    text = ""
    for token in ids:
        leaves = reader.rules.leaves(state.stack)
        rule = next(leaf.terminal.rule for leaf in leaves if token in leaf.terminal.ids)
        text += glyph(token, rule)
        state = reader.reach((token,), after=state)
    return text


def glyph(token: int, rule: str) -> str:
    """Write one token; a group of digits that is not the first has three."""
    text = spec.vocabulary.glyphs[token]
    return text.zfill(3) if rule == "group" else text


@kinds
def test_every_token_comes_back(kind: str) -> None:
    found = [some.ids for some in sentences(kind)]
    elsewhere = {t for b in ("ring_open", "ring_close") for t in spec.vocabulary.blocks[b].ids}
    elsewhere |= looked_for_in_parts(kind)
    assert tokens_within(spec, kind) - elsewhere <= {token for ids in found for token in ids}
    encoded = lg.encode_many([lg.decode(np.array(ids, np.uint16)) for ids in found])
    assert [tuple(row.tolist()) for row in encoded] == found


def test_all_labels_may_be_open_at_once_and_no_more() -> None:
    openings = list(spec.vocabulary.blocks["ring_open"].ids)
    closings = list(spec.vocabulary.blocks["ring_close"].ids)
    carbon = names["C"]
    begun = [names["<MoleculeS>"], carbon, *openings]
    for prefix in (begun, [*begun, carbon]):
        following = set(lg.next_ids(np.array(prefix, np.uint16)).tolist())
        assert following == Recogniser(spec).next_ids(prefix)
        assert following.isdisjoint(openings)
    rings = [token for closing in closings for token in (carbon, closing)]
    sentence = [*begun, carbon, *rings, names["<MoleculeE>"]]
    ids = np.array(sentence, np.uint16)
    assert Recogniser(spec).first_error(sentence) is None
    assert lg.check(ids) is None
    assert lg.encode(lg.decode(ids)).tolist() == sentence


@pytest.mark.parametrize("kind", TEXTS)
def test_the_text_of_a_sentence_is_its_glyphs(kind: Kind) -> None:
    found = sentences(kind)
    texts = [some.text for some in found]
    encoded = lg.encode_texts(kind, texts)
    assert [tuple(row.tolist()) for row in encoded] == [some.ids for some in found]
    assert lg.decode_texts(kind, encoded) == texts


FORBIDDEN = [
    example
    for example in spec.examples
    if example.reason.startswith("not_one_of") and '"' in example.reason
]
"""The words of a block are tried in `structure/`."""


@pytest.mark.parametrize("example", FORBIDDEN, ids=[example.text for example in FORBIDDEN])
def test_no_word_is_refused_but_those_of_the_condition(example: Example) -> None:
    reader = Recogniser(spec)
    words = [word.strip('"') for word in read_where(example.reason).arguments[1:]]
    spelled = example.ids[: example.position]
    written = "".join(spec.vocabulary.glyphs[token] for token in spelled)
    own = max((word for word in words if written.endswith(word)), key=len)
    before = spelled[: len(spelled) - len(own)]
    for word in words:
        for some in (word, f"{word}A", f"A{word}", word[:-1] or "Z", f"{word[:-1]}9"):
            ids = (*before, *(names[f"'{character}"] for character in some))
            assert set(lg.next_ids(np.array(ids, np.uint16)).tolist()) == reader.next_ids(ids)
        closing = example.ids[len(spelled)]
        broken = lg.check(np.array((*before, *(names[f"'{c}"] for c in word), closing), np.uint16))
        assert broken is not None
        assert broken.condition == example.reason
