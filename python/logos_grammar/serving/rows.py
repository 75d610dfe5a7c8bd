"""The sentences of rows of ids: each is found by the ids of its row, and by nothing else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.error import GrammarError
from logos_grammar.serving.sentence import Sentence

Ids: TypeAlias = npt.NDArray[np.int64]
Digest: TypeAlias = Any
"""What hashlib returns, which has no type to name."""


class Rows:
    """Recognizers of recent rows by the digest of their ids.

    A row whose last id is new is its parent's fork and that id; a row that nobody knows is read
    from its beginning.

    Parameters
    ----------
    begun
        Reads a row from its beginning; raises `GrammarError` when no sentence begins so.
    states
        How many recognizers are kept, at least; a call with more rows keeps more.
    """

    def __init__(self, begun: Callable[[Ids], Sentence], *, states: int) -> None:
        self._begun = begun
        self._states = states
        self._kept: OrderedDict[bytes, Sentence] = OrderedDict()
        self._last: frozenset[bytes] = frozenset()

    def sentences(self, rows: Ids) -> tuple[list[bytes], list[Sentence | None]]:
        """The digest and the sentence of each row, shape [rows, columns].

        None where the last call had the row without its last id and that id is not allowed there:
        what a draft model proposed and will be turned down, or a beam at -inf that fills a place.

        Raises
        ------
        GrammarError
            When a row does not begin a sentence; its `record` is the number of the row.
        """
        found = [self._sentence(row, number) for number, row in enumerate(rows)]
        keys = [key for key, _ in found]
        self._last = frozenset(keys)
        while len(self._kept) > max(self._states, 4 * len(rows)):
            self._kept.popitem(last=False)
        return keys, [sentence for _, sentence in found]

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._last = frozenset()

    def _sentence(self, row: Ids, number: int) -> tuple[bytes, Sentence | None]:
        digest = digest_of(row[:-1])
        before = digest.digest()
        digest.update(row[-1:].tobytes())
        key: bytes = digest.digest()
        sentence = self._kept.get(key)
        if sentence is None:
            parent = self._kept.get(before)
            twin = parent.fork() if parent is not None else None
            if twin is not None and twin.accept(int(row[-1])):
                sentence = twin
            elif before in self._last:
                # of the last call's rows all that are viable are kept, so this one or its parent
                # is not
                return key, None
            else:
                sentence = self.begin(row, number)
            self._kept[key] = sentence
        self._kept.move_to_end(key)
        return key, sentence

    def begin(self, row: Ids, number: int) -> Sentence:
        """Read one row from its beginning.

        Raises
        ------
        GrammarError
            When it does not begin a sentence; its `record` is the number.
        """
        try:
            return self._begun(row)
        except GrammarError as error:
            raise GrammarError(
                f"row {number}: {error}",
                position=error.position,
                expected_ids=error.expected_ids,
                condition=error.condition,
                record=number,
            ) from None


def digest_of(row: Ids) -> Digest:
    """A digest of some ids, which more ids can be added to."""
    return blake2b(np.ascontiguousarray(row).tobytes(), digest_size=16)
