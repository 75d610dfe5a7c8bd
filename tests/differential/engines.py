"""Context-free engines as judges: any that reads tokens one by one and says what may come next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

import logos_grammar as lg
from logos_grammar.grammar.export import to_llguidance, to_xgrammar
from oracle import Recogniser, State, read_spec

EOS = 2
WIDTH = lg.vocabulary.size
TEXTS = [lg.vocabulary.name(id) if id in lg.vocabulary else f"<id {id}>" for id in range(WIDTH)]
"""A text for each id, no two alike: the engines want some, and the exported rules name none."""


class Reading(Protocol):
    """A prefix of a sentence, as an engine reads it."""

    def accept(self, id: int) -> bool:
        """Read one more token of the grammar; False when it cannot come next."""

    def allowed(self) -> set[int]:
        """Give the ids that may come next; where a sentence may end, `EOS` is one of them."""


Begin = Callable[[], Reading]
Engine = Callable[[str | None], Begin]


class _Oracle:
    """The oracle with every side condition taken out of the spec."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser
        self.state = recogniser.begin

    def accept(self, id: int) -> bool:
        following = self.recogniser.read(self.state, id)
        if isinstance(following, State):
            self.state = following
        return isinstance(following, State)

    def allowed(self) -> set[int]:
        ended = {EOS} if self.recogniser.is_complete(self.state) else set()
        return {*self.recogniser.allowed(self.state), *ended}


class _Xgrammar:
    def __init__(self, compiled: Any) -> None:
        self.library = import_module("xgrammar")
        self.matcher = self.library.GrammarMatcher(compiled)
        self.mask = self.library.allocate_token_bitmask(1, WIDTH)

    def accept(self, id: int) -> bool:
        return bool(self.matcher.accept_token(id))

    def allowed(self) -> set[int]:
        self.matcher.fill_next_token_bitmask(self.mask)
        return ids_of(self.mask.numpy())


class _Llguidance:
    def __init__(self, matcher: Any) -> None:
        self.matcher = matcher
        self.mask = np.zeros((1, WIDTH // 32), np.int32)

    def accept(self, id: int) -> bool:
        # A token that it refuses would leave it in error for good.
        taken = self.matcher.validate_tokens([id]) == 1 and self.matcher.consume_token(id)
        assert not self.matcher.is_error(), self.matcher.get_error()
        return bool(taken)

    def allowed(self) -> set[int]:
        self.matcher.unsafe_compute_mask_ptr(self.mask.ctypes.data, self.mask.nbytes)
        assert not self.matcher.is_error(), self.matcher.get_error()
        return ids_of(self.mask)


class _Vocabulary:
    """What llguidance asks of a tokenizer."""

    eos_token_id = EOS
    bos_token_id = None
    special_token_ids = (0, 1, 2)
    tokens = tuple(text.encode() for text in TEXTS)

    def __call__(self, text: bytes) -> list[int]:
        return []  # it would be asked for the ids of texts, and the rules have none


@cache
def oracle(kind: str | None) -> Begin:
    """The oracle, with no conditions: slow, and surely the rules that the spec has."""
    spec = read_spec()
    rules = {name: replace(rule, wheres=()) for name, rule in spec.rules.items()}
    recogniser = Recogniser(replace(spec, rules=rules), kind)
    return lambda: _Oracle(recogniser)


@cache
def xgrammar(kind: str | None) -> Begin:
    """xgrammar, with what is exported for it."""
    library = import_module("xgrammar")
    info = library.TokenizerInfo(TEXTS, vocab_size=WIDTH, stop_token_ids=[EOS])
    compiled = library.GrammarCompiler(info).compile_grammar(to_xgrammar(kind))
    return lambda: _Xgrammar(compiled)


@cache
def llguidance(kind: str | None) -> Begin:
    """llguidance, with what is exported for it."""
    library = import_module("llguidance")
    tokenizer = library.LLTokenizer(library.TokenizerWrapper(_Vocabulary()), n_vocab=WIDTH)
    matcher = library.LLMatcher(tokenizer, to_llguidance(kind))
    assert not matcher.is_error(), matcher.get_error()
    return lambda: _Llguidance(matcher.deep_copy())


ENGINES: dict[str, Engine] = {
    "oracle": oracle,
    "xgrammar": xgrammar,
    "llguidance": llguidance,
}


def installed(engine: str) -> bool:
    """Say whether an engine is there."""
    return engine == "oracle" or find_spec(engine) is not None


def first_refused(begin: Begin, ids: Iterable[int]) -> int | None:
    """Give the position of the first token that an engine refuses, None for a sentence.

    A sentence that is cut short is refused at its length.
    """
    reading = begin()
    position = -1
    for position, id in enumerate(ids):
        if id == EOS or not reading.accept(id):
            return position
    return None if EOS in reading.allowed() else position + 1


def ids_of(mask: Any) -> set[int]:
    """Give the ids whose bits are set: id % 32 of word id // 32."""
    words = np.ascontiguousarray(mask).view(np.uint8)
    return set(np.flatnonzero(np.unpackbits(words, bitorder="little")).tolist())
