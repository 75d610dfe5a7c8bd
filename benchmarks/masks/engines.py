"""Engines that say which token may come next: ours, and those that a user would otherwise take.

All are given the rules of a molecule and the ids of our vocabulary; others those without side
conditions, which context-free rules cannot say. Each is called in the quickest way that it
documents, on one thread. A library is imported when its engine is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

import logos_grammar as lg
from logos_grammar.grammar.export import to_llguidance, to_xgrammar

KIND: Final = "molecule"
WIDTH: Final = lg.vocabulary.size
EOS: Final = lg.vocabulary.id("<eos>")

Call = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A prefix of a sentence: what an engine does for one row of a batch.

    Attributes
    ----------
    matcher
        What the engine calls it.
    fill
        Writes the mask of the next token.
    accept
        Reads one more token; the answer is true where it may come next.
    """

    matcher: Any
    fill: Call
    accept: Callable[[int], object]


class Engine(Protocol):
    """What is measured of an engine."""

    def begin(self) -> Reader:
        """Give a reader that has read nothing."""

    def offered(self) -> int:
        """Count the tokens that the mask allows that was filled last."""

    def accept_many(self, reader: Reader, ids: list[int]) -> Call | None:
        """Prepare one call that reads many tokens; None where the engine has no such call."""

    def draft(self, reader: Reader, ids: list[int]) -> Call:
        """Prepare one call that writes a mask after each token of a draft, and forgets them."""

    def fill_batch(self, readers: Sequence[Reader]) -> Call:
        """Prepare one call that writes the masks of many readers."""

    def accept_batch(self, readers: Sequence[Reader], ids: list[int]) -> Call:
        """Prepare one call that gives each of many readers its token."""

    def apply(self, readers: Sequence[Reader], logits: torch.Tensor) -> tuple[Call, Call]:
        """Prepare two calls for logits, float32 [readers, WIDTH].

        The first writes -inf where the masks forbid, masks being there; the second computes the
        masks first.
        """


class Logos:
    """`logos_grammar`, side conditions included."""

    def __init__(self) -> None:
        self._mask = _new_mask(1)

    def begin(self) -> Reader:
        recognizer = lg.Recognizer(KIND)
        fill = partial(recognizer.fill, self._mask, 0)
        return Reader(matcher=recognizer, fill=fill, accept=recognizer.accept)

    def offered(self) -> int:
        return _count(self._mask)

    def accept_many(self, reader: Reader, ids: list[int]) -> Call:
        return partial(reader.matcher.accept_many, np.array(ids, np.uint16))

    def draft(self, reader: Reader, ids: list[int]) -> Call:
        parents = np.arange(-1, len(ids) - 1, dtype=np.int32)
        mask = _new_mask(len(ids))
        tokens = np.array(ids, np.uint16)
        return partial(reader.matcher.fill_tree, parents, tokens, mask)

    def fill_batch(self, readers: Sequence[Reader]) -> Call:
        mask = _new_mask(len(readers))
        return partial(lg.fill_batch, [reader.matcher for reader in readers], mask)

    def accept_batch(self, readers: Sequence[Reader], ids: list[int]) -> Call:
        recognizers = [reader.matcher for reader in readers]
        return partial(lg.accept_batch, recognizers, np.array(ids, np.uint16))

    def apply(self, readers: Sequence[Reader], logits: torch.Tensor) -> tuple[Call, Call]:
        """Both are one: no mask is written."""
        fused = partial(lg.apply_batch, [reader.matcher for reader in readers], logits)
        return fused, fused


class Xgrammar:
    """xgrammar with what `export --to xgrammar` writes.

    `texts`: terminals are sets of characters instead of ids; each id has one as its text.
    """

    def __init__(self, *, texts: bool = False) -> None:
        self._library = import_module("xgrammar")
        rules = to_xgrammar(KIND)
        if texts:
            rules = re.sub(r"Token\(([\d, ]+)\)", _characters, rules)
        characters = [_character(id) for id in range(WIDTH)]
        info = self._library.TokenizerInfo(characters, vocab_size=WIDTH, stop_token_ids=[EOS])
        compiler = self._library.GrammarCompiler(info, max_threads=1)
        self._compiled = compiler.compile_grammar(rules)
        self._batch = self._library.BatchGrammarMatcher(max_threads=1)
        self._mask = self._library.allocate_token_bitmask(1, WIDTH)

    def begin(self) -> Reader:
        matcher = self._library.GrammarMatcher(self._compiled)
        fill = partial(matcher.fill_next_token_bitmask, self._mask, 0)
        return Reader(matcher=matcher, fill=fill, accept=matcher.accept_token)

    def offered(self) -> int:
        return _count(self._mask.numpy())

    def accept_many(self, reader: Reader, ids: list[int]) -> None:
        return None

    def draft(self, reader: Reader, ids: list[int]) -> Call:
        """The first node stands for what was read."""
        tensor = partial(torch.tensor, dtype=torch.int64)
        after = tensor([*range(1, len(ids) + 1), -1])
        beside = tensor([-1] * (len(ids) + 1))
        mask = self._library.allocate_token_bitmask(len(ids) + 1, WIDTH)
        tokens = tensor([0, *ids])
        return partial(reader.matcher.traverse_draft_tree, after, beside, tokens, mask)

    def fill_batch(self, readers: Sequence[Reader]) -> Call:
        mask = self._library.allocate_token_bitmask(len(readers), WIDTH)
        matchers = [reader.matcher for reader in readers]
        return partial(self._batch.batch_fill_next_token_bitmask, matchers, mask)

    def accept_batch(self, readers: Sequence[Reader], ids: list[int]) -> Call:
        matchers = [reader.matcher for reader in readers]
        return partial(self._batch.batch_accept_token, matchers, ids)

    def apply(self, readers: Sequence[Reader], logits: torch.Tensor) -> tuple[Call, Call]:
        mask = self._library.allocate_token_bitmask(len(readers), WIDTH)
        matchers = [reader.matcher for reader in readers]
        fill = partial(self._batch.batch_fill_next_token_bitmask, matchers, mask)
        apply = partial(self._library.apply_token_bitmask_inplace, logits, mask)
        fill()
        return apply, lambda: (fill(), apply())


class _Vocabulary:
    """What llguidance asks of a tokenizer; its rules name ids, so it never asks for texts."""

    eos_token_id = EOS
    bos_token_id = None
    special_token_ids = (0, 1, 2)

    def __init__(self) -> None:
        self.tokens = [_character(id).encode() for id in range(WIDTH)]

    def __call__(self, text: bytes) -> list[int]:
        return []


class Llguidance:
    """llguidance with what `export --to llguidance` writes."""

    def __init__(self) -> None:
        self._library = import_module("llguidance")
        self._numpy = import_module("llguidance.numpy")
        wrapper = self._library.TokenizerWrapper(_Vocabulary())
        tokenizer = self._library.LLTokenizer(wrapper, n_vocab=WIDTH, slices=[])
        self._matcher = self._library.LLMatcher(tokenizer, to_llguidance(KIND))
        assert not self._matcher.is_error(), self._matcher.get_error()
        self._executor = self._library.LLExecutor(num_threads=1)
        self._mask = _new_mask(1)

    def begin(self) -> Reader:
        matcher = self._matcher.deep_copy()
        fill = partial(matcher.unsafe_compute_mask_ptr, self._mask.ctypes.data, self._mask.nbytes)
        return Reader(matcher=matcher, fill=fill, accept=matcher.consume_token)

    def offered(self) -> int:
        return _count(self._mask)

    def accept_many(self, reader: Reader, ids: list[int]) -> Call:
        return partial(reader.matcher.consume_tokens, ids)

    def draft(self, reader: Reader, ids: list[int]) -> Call:
        mask = _new_mask(len(ids) + 1)
        fill = self._numpy.fill_next_token_bitmask_par_with_draft_tokens
        return partial(fill, self._executor, [(reader.matcher, 0, list(ids))], mask)

    def fill_batch(self, readers: Sequence[Reader]) -> Call:
        mask = _new_mask(len(readers))
        rows = [(reader.matcher, row) for row, reader in enumerate(readers)]
        return partial(self._numpy.fill_next_token_bitmask_par, self._executor, rows, mask)

    def accept_batch(self, readers: Sequence[Reader], ids: list[int]) -> Call:
        rows = [(reader.matcher, id) for reader, id in zip(readers, ids, strict=True)]
        return partial(self._executor.consume_token_par, rows)

    def apply(self, readers: Sequence[Reader], logits: torch.Tensor) -> tuple[Call, Call]:
        """Its kernel for torch, which torch compiles; that for numpy is a hundred times slower."""
        mask = torch.zeros((len(readers), WIDTH // 32), dtype=torch.int32)
        kernels = import_module("llguidance.torch")
        rows = [(reader.matcher, row) for row, reader in enumerate(readers)]
        fill = partial(kernels.fill_next_token_bitmask_par, self._executor, rows, mask)
        apply = partial(kernels.apply_token_bitmask_inplace, logits, mask)
        fill()
        return apply, lambda: (fill(), apply())


ENGINES: Final[dict[str, Callable[[], Engine]]] = {
    "logos": Logos,
    "xgrammar": Xgrammar,
    "xgrammar, texts": partial(Xgrammar, texts=True),
    "llguidance": Llguidance,
}
"""How each engine is made; the first word is the library's name."""


def installed() -> dict[str, Callable[[], Engine]]:
    """The engines whose library is there."""
    there = {"logos", *(name for name in ("xgrammar", "llguidance") if find_spec(name))}
    return {name: make for name, make in ENGINES.items() if name.partition(",")[0] in there}


def _new_mask(rows: int) -> NDArray[np.int32]:
    """A mask whose memory has been touched, as that of torch has."""
    return np.full((rows, WIDTH // 32), -1, np.int32)


def _count(mask: NDArray[np.int32]) -> int:
    return int(np.bitwise_count(mask.view(np.uint32)).sum())


def _character(id: int) -> str:
    """A character of a plane for private use."""
    return chr(0xF0000 + id)


def _characters(ids: re.Match[str]) -> str:
    """A terminal of ids as one of characters."""
    return f"[{''.join(_character(int(id)) for id in ids[1].split(','))}]"
