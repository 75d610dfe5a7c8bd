"""Encoded: many sentences as one flat array."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import index

import numpy as np
import numpy.typing as npt

from logos_grammar.error import ConversionError


@dataclass(frozen=True, eq=False)
class Encoded:
    """Sentences one after another; sentence i is ``ids[offsets[i]:offsets[i + 1]]``.

    Attributes
    ----------
    ids
        uint16, shape [tokens]: all sentences, flat.
    offsets
        int64, shape [n + 1]: where each begins, and the end.
    errors
        The rows that were refused, which are empty, each with its error.
    """

    ids: npt.NDArray[np.uint16]
    offsets: npt.NDArray[np.int64]
    errors: tuple[tuple[int, ConversionError], ...] = field(default=())

    def __post_init__(self) -> None:
        for name, wanted in (("ids", np.uint16), ("offsets", np.int64)):
            found = np.asarray(getattr(self, name))
            if found.size and found.dtype.kind not in "iu":
                raise TypeError(f"expected {name} that are integers, not {found.dtype}")
            kept = np.ascontiguousarray(found, dtype=wanted)
            # An id of more bits would be another one, and the sentence another object.
            if found.size and not np.array_equal(kept, found):
                most = np.iinfo(wanted).max
                raise ValueError(f"expected {name} from 0 to {most:,}, not {found.max()}")
            object.__setattr__(self, name, kept)

    def __len__(self) -> int:
        return max(len(self.offsets) - 1, 0)

    def __getitem__(self, row: int) -> npt.NDArray[np.uint16]:
        row = index(row)
        if not -len(self) <= row < len(self):
            raise IndexError(f"expected a row below {len(self)}, not {row}")
        row %= len(self)
        return self.ids[self.offsets[row] : self.offsets[row + 1]]

    def __iter__(self) -> Iterator[npt.NDArray[np.uint16]]:
        for row in range(len(self)):
            yield self[row]

    def __repr__(self) -> str:
        refused = f", {len(self.errors)} refused" if self.errors else ""
        return f"Encoded({len(self)} sentences, {len(self.ids)} tokens{refused})"
