"""Encoded: many sentences as one flat array."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import index

import numpy as np
import numpy.typing as npt

from logos_grammar.error import ConversionError, GrammarError


@dataclass(frozen=True, eq=False)
class Encoded:
    """Sentences one after another; sentence i is ``ids[offsets[i]:offsets[i + 1]]``.

    A refused row keeps its number and is empty: `len` counts it, and indexing and iterating give
    an empty array for it. `accepted` has the numbers of the other rows, and `without_refused` those
    rows alone.

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
            invalid = np.flatnonzero(kept.ravel() != found.ravel())
            if len(invalid):
                value, most = found.ravel()[invalid[0]], np.iinfo(wanted).max
                raise ValueError(
                    f"expected {name} from 0 to {most:,}, not {value} at place {invalid[0]}"
                )
            object.__setattr__(self, name, kept)
        if self.errors:
            refused = self._refused()
            outside = (refused < 0) | (refused >= len(self))
            lengths = np.diff(self.offsets, append=self.offsets[-1])
            invalid = np.flatnonzero(outside | (lengths[np.where(outside, -1, refused)] != 0))
            if len(invalid):
                row = refused[invalid[0]]
                raise ValueError(f"expected refused row {row} to be an empty row")

    @property
    def accepted(self) -> npt.NDArray[np.int64]:
        """The numbers of the rows that were not refused, from 0, ascending: int64, shape [m]."""
        return np.delete(np.arange(len(self), dtype=np.int64), self._refused())

    def without_refused(self) -> Encoded:
        """The same sentences without the refused rows: row j was row ``accepted[j]``.

        Examples
        --------
        >>> from logos_grammar import decode_texts, encode_texts
        >>> column = encode_texts("protein", ["MK", "M?", "L"], errors="collect")
        >>> column.accepted
        array([0, 2])
        >>> decode_texts("protein", column.without_refused())
        ['MK', 'L']
        """
        if not self.errors:
            return self
        return Encoded(self.ids, np.append(self.offsets[self.accepted], self.offsets[-1]))

    def check_offsets(self) -> None:
        """Raise unless the sentences are all of the ids, one after another.

        Raises
        ------
        ValueError
            When the offsets do not begin at 0, ascend, and end with the count of the ids: ids would
            be lost, or read twice.
        """
        offsets, end = self.offsets, len(self.ids)
        if not len(offsets) or offsets[0] != 0 or offsets[-1] != end:
            found = f"from {offsets[0]} to {offsets[-1]}" if len(offsets) else "none"
            raise ValueError(f"expected offsets from 0 to {end}, the count of ids, found {found}")
        invalid = np.flatnonzero(np.diff(offsets) < 0)
        if len(invalid):
            place = int(invalid[0])
            raise ValueError(
                f"expected offsets that ascend, found {offsets[place + 1]} after {offsets[place]} "
                f"at place {place + 1}"
            )

    def check_accepted(self) -> None:
        """Raise the error of the first refused row, which has no sentence to decode.

        Raises
        ------
        GrammarError
            With the row as ``record``, when a row was refused.
        """
        for row, error in self.errors[:1]:
            message = (
                f"row {row} was refused ({error}), as {len(self.errors):,} of {len(self):,} were: "
                "decode encoded.without_refused(), whose rows have the numbers encoded.accepted"
            )
            raise GrammarError(message, position=0, record=row)

    def _refused(self) -> npt.NDArray[np.int64]:
        return np.array([row for row, _ in self.errors], dtype=np.int64)

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
