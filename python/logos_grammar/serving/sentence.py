"""One sentence being generated, and the ids around it: what it begins after, stops with, pads."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from logos_grammar._core import Recognizer
from logos_grammar.vocabulary import vocabulary

PAD, BOS, EOS = 0, 1, 2
"""The ids of the vocabulary that no sentence has."""

BITS = 32

FIRST_ID = "logos_first_id"
"""The field of an extended language model's configuration: the model's id of the grammar's id 0."""


class Sentence:
    """A recognizer that also knows what may follow the sentence.

    Until the sentence is complete, no stop id is allowed; then only stop ids are; and after one of
    them also padding. All of these are undone by :meth:`rollback` like other tokens.

    Parameters
    ----------
    recognizer
        Of the sentence; it is advanced and taken back by this object alone.
    stop_ids
        What ends generation; at least one, and none a token of the grammar.
    pad_id
        What fills a row that has ended.
    first_id
        The model's id of the grammar's id 0: all ids here are the model's.

    Raises
    ------
    ValueError
        When no stop id is given, or one of them is a token of the grammar.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        stop_ids: Collection[int],
        pad_id: int | None = None,
        first_id: int = 0,
    ) -> None:
        self._recognizer = recognizer
        self._stop_ids = checked_stop_ids(stop_ids, first_id=first_id)
        self._pad_id = pad_id
        self._first_id = first_id
        self._after = 0

    @property
    def is_complete(self) -> bool:
        """Whether the tokens so far are a sentence."""
        return bool(self._recognizer.is_accepting)

    @property
    def has_ended(self) -> bool:
        """Whether a stop id was accepted behind the sentence."""
        return self._after > 0

    @property
    def position(self) -> int:
        """How many tokens were accepted, those behind the sentence among them."""
        return int(self._recognizer.position) + self._after

    def accept(self, id: int) -> bool:
        """Take one id; False when it is not allowed here, and then nothing changes."""
        if self._after or (id in self._stop_ids and self.is_complete):
            allowed = id in self._stop_ids or id == self._pad_id
            self._after += allowed
            return allowed
        token = id - self._first_id
        return 0 <= token < vocabulary.size and bool(self._recognizer.accept(token))

    def accept_many(self, ids: Sequence[int]) -> int:
        """Take ids up to the first that is not allowed; how many were taken."""
        for count, id in enumerate(ids):
            if not self.accept(id):
                return count
        return len(ids)

    def rollback(self, count: int) -> None:
        """Take back the last ids."""
        behind = min(count, self._after)
        self._after -= behind
        if count > behind:
            self._recognizer.rollback(count - behind)

    def fork(self) -> Sentence:
        """A copy that goes its own way."""
        twin = Sentence(
            self._recognizer.fork(),
            stop_ids=self._stop_ids,
            pad_id=self._pad_id,
            first_id=self._first_id,
        )
        twin._after = self._after
        return twin

    def forced(self) -> list[int]:
        """The tokens of the sentence that come next with no alternative."""
        return [self._first_id + int(id) for id in self._recognizer.forced()]

    def fill(self, mask: npt.NDArray[np.int32], row: int) -> None:
        """Write what may come next into one row: bit ``id % 32`` of word ``id // 32``.

        Parameters
        ----------
        mask
            int32, shape [rows, words]; as wide as the logits, which may be wider than the
            vocabulary: what lies before and behind it is not allowed.
        row
            The row, which is overwritten.

        Raises
        ------
        ValueError
            When it is narrower than the vocabulary.
        """
        mask[row] = 0
        if not self._after:
            self._fill_block(mask[row])
        if self.is_complete:
            allow(mask, row, self._stop_ids)
        if self._after and self._pad_id is not None:
            allow(mask, row, (self._pad_id,))

    def _fill_block(self, words: npt.NDArray[np.int32]) -> None:
        """Write what may come next of the sentence, int32 [words], where `first_id` says."""
        at, shift = divmod(self._first_id, BITS)
        count = words_of(vocabulary.size)
        if not shift:
            self._recognizer.fill(words[None, at : at + count], 0)
            return
        if len(words) <= at + count:
            raise ValueError(f"expected a mask of {at + count + 1} words, got {len(words)}")
        block = np.zeros((1, count), dtype=np.int32)
        self._recognizer.fill(block, 0)
        bits = block[0].view(np.uint32)
        words[at : at + count] = (bits << np.uint32(shift)).view(np.int32)
        words[at + 1 : at + 1 + count] |= (bits >> np.uint32(BITS - shift)).view(np.int32)


class Ended:
    """What takes the place of a sentence that failed: nothing but stop ids may come."""

    def __init__(self, stop_ids: Collection[int]) -> None:
        self._stop_ids = frozenset(stop_ids)
        self.position = 0

    @property
    def has_ended(self) -> bool:
        """Whether a stop id was accepted."""
        return self.position > 0

    def accept(self, id: int) -> bool:
        """Take a stop id; False for another."""
        allowed = id in self._stop_ids
        self.position += allowed
        return allowed

    def rollback(self, count: int) -> None:
        """Take back the last ids."""
        self.position = max(0, self.position - count)

    def fork(self) -> Ended:
        """A copy that goes its own way."""
        twin = Ended(self._stop_ids)
        twin.position = self.position
        return twin

    def forced(self) -> list[int]:
        """Nothing: a stop id is not a token of a sentence."""
        return []

    def fill(self, mask: npt.NDArray[np.int32], row: int) -> None:
        """Write the stop ids into one row of a mask."""
        mask[row] = 0
        allow(mask, row, self._stop_ids)


def checked_stop_ids(stop_ids: Collection[int], *, first_id: int = 0) -> frozenset[int]:
    """The stop ids, ids of the model, when a sentence can do without them.

    Raises
    ------
    ValueError
        When none is given, or one of them is negative or a token of the grammar.
    """
    if not stop_ids:
        raise ValueError("expected a stop id, got none: a complete sentence could not end")
    for id in stop_ids:
        if id < 0:
            raise ValueError(f"expected stop ids from 0 on, got {id}")
        token = id - first_id
        if token in vocabulary and token not in (PAD, BOS, EOS):
            name = vocabulary.name(token)
            raise ValueError(f"expected stop ids that no sentence has, got {id}, which is {name}")
    return frozenset(stop_ids)


def checked_begin_id(begin_id: int, *, first_id: int = 0) -> int:
    """The id before a sentence: the grammar's ``<bos>``, or an id of the model.

    Raises
    ------
    ValueError
        When it is another token of the grammar.
    """
    token = begin_id - first_id
    if BOS not in (begin_id, token) and token in vocabulary:
        name = vocabulary.name(token)
        raise ValueError(f"begin_id: expected <bos> or an id outside the vocabulary, got {name}")
    return begin_id


def check_width(width: int, *, first_id: int = 0) -> None:
    """Refuse a model whose logits do not hold the vocabulary.

    Raises
    ------
    ValueError
        With how many ids are needed, and how a model gets them.
    """
    least = first_id + vocabulary.size
    if width < least:
        raise ValueError(
            f"expected a model with {least} ids at least, got {width}: train it with {least} as "
            'model.vocabulary_rows, not "auto", which leaves out what the data does not need'
        )


def begin_of(
    ids: npt.NDArray[np.integer], *, begin_id: int, pad_id: int | None = None, first_id: int = 0
) -> int:
    """Where the sentence of a row begins.

    Behind the last ``begin_id``; without one, when it is ``<bos>``, behind the padding on
    the left, if there is any, or behind the last id that lies before ``first_id``.

    Parameters
    ----------
    ids
        Shape [columns].

    Raises
    ------
    ValueError
        When ``begin_id`` is not ``<bos>`` and the row has none.
    """
    found = np.flatnonzero(ids == (first_id + BOS if begin_id == BOS else begin_id))
    if len(found):
        return int(found[-1]) + 1
    if begin_id != BOS:
        raise ValueError(f"expected id {begin_id}, behind which the sentence begins, found none")
    if first_id:
        texts = np.flatnonzero(ids < first_id)
        return int(texts[-1]) + 1 if len(texts) else 0
    if pad_id is None:
        return 0
    others = np.flatnonzero(ids != pad_id)
    return int(others[0]) if len(others) else len(ids)


def words_of(width: int) -> int:
    """How many words of 32 bits hold one bit for each id."""
    return -(-width // BITS)


def allow(mask: npt.NDArray[np.int32], row: int, ids: Collection[int]) -> None:
    """Set the bits of some ids in one row of a mask, int32 [rows, words]."""
    words = mask[row].view(np.uint32)
    for id in ids:
        if id < len(words) * BITS:
            words[id // BITS] |= np.uint32(1 << id % BITS)


def unpacked(mask: npt.NDArray[np.int32], width: int) -> npt.NDArray[np.bool_]:
    """One boolean for each bit: int32 [rows, words] as bool [rows, width]."""
    octets = mask.astype("<i4", copy=False).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=width, bitorder="little").view(np.bool_)
