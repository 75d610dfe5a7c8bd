"""Legal ids: the masks of what may come next, and the recognizers that say so.

Shape suffixes: B slots, W words of a mask (32 ids each).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logos_model.config_error import ConfigError
from logos_model.grammar import Grammar, Reader

_BITS = 32


class Legal:
    """What the grammar allows after a prefix, among the ids that a model can draw.

    Parameters
    ----------
    grammar
        The grammar.
    prefix
        Ids that every sample begins with.
    limit
        Tokens of a sample.
    rows
        Ids that the model can draw.

    Attributes
    ----------
    begun
        A reader after the prefix; each sample gets a fork of it.

    Raises
    ------
    ConfigError
        If no sentence begins with the prefix and is that short, the prefix is a whole one, or the
        model has no row for what follows.
    """

    def __init__(self, grammar: Grammar, prefix: Sequence[int], *, limit: int, rows: int) -> None:
        self._grammar, self._rows = grammar, rows
        usable_W = np.packbits(grammar.usable(rows)[:rows], bitorder="little")
        padded_W = np.zeros(-(-rows // _BITS) * (_BITS // 8), dtype=np.uint8)
        padded_W[: len(usable_W)] = usable_W
        self._usable_W = padded_W.view(np.int32)
        self._width = -(-grammar.size // _BITS)
        try:
            self.begun = grammar.reader(prefix, limit)
        except ValueError as error:
            raise ConfigError(str(error)) from error
        if self.begun.is_accepting:
            raise ConfigError("expected a prefix that goes on, got a whole sentence")
        self.masks([self.begun], np.ones(1, dtype=bool))

    def masks(
        self, readers: Sequence[Reader | None], is_wanted_B: NDArray[np.bool_]
    ) -> NDArray[np.int32]:
        """Return the mask of each slot, int32 [B, W]; zeros where it is not wanted.

        Raises
        ------
        ConfigError
            If the model has no row for any id that can continue a sentence.
        """
        wanted = np.flatnonzero(is_wanted_B)
        mask_BW = np.zeros((len(readers), len(self._usable_W)), dtype=np.int32)
        full_BW = np.zeros((len(wanted), self._width), dtype=np.int32)
        self._grammar.fill(
            [reader for slot in wanted.tolist() if (reader := readers[slot])], full_BW
        )
        mask_BW[wanted] = full_BW[:, : len(self._usable_W)] & self._usable_W
        if not mask_BW[wanted].any(axis=1).all():
            raise ConfigError(f"expected a kind of object within the model's {self._rows} rows")
        return mask_BW

    def accept(self, readers: Sequence[Reader | None], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Let each reader take an id; return which of them are sentences now."""
        taking = [reader for reader in readers if reader]
        if not self._grammar.accept(taking, ids).all():
            raise AssertionError("expected ids that the masks allow")
        return np.array([reader.is_accepting for reader in taking], dtype=bool)
