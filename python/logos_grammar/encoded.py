"""Encoded: many sentences as one flat array."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import index
from typing import Literal, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.vocabulary import vocabulary


class Padded(NamedTuple):
    """A batch: sentences as rows of one width.

    Attributes
    ----------
    ids
        int64, shape [n, width]: the tokens, and ``<pad>`` where a shorter row has none.
    mask
        bool, shape [n, width]: where there are tokens.
    """

    ids: npt.NDArray[np.int64]
    mask: npt.NDArray[np.bool_]


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
            if found.ndim != 1:
                raise TypeError(f"expected {name} in one dimension, not of shape {found.shape}")
            if found.size and found.dtype.kind not in "iu":
                raise TypeError(f"expected {name} that are integers, not {found.dtype}")
            kept = np.ascontiguousarray(found, dtype=wanted)
            # An id of more bits would be another one, and the sentence another object.
            invalid = np.flatnonzero(kept != found)
            if len(invalid):
                value, most = found[invalid[0]], np.iinfo(wanted).max
                raise ValueError(
                    f"expected {name} from 0 to {most:,}, not {value} at place {invalid[0]}"
                )
            object.__setattr__(self, name, kept)
        if self.errors:
            refused = self._refused()
            outside = (refused < 0) | (refused >= len(self))
            lengths = np.append(np.diff(self.offsets), 0)
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

    def padded(
        self,
        *,
        length: int | None = None,
        multiple_of: int = 1,
        side: Literal["left", "right"] = "right",
        with_bos: bool = False,
        with_eos: bool = False,
    ) -> Padded:
        """The sentences as rows of one width, filled up with ``<pad>``: a batch for a model.

        Parameters
        ----------
        length
            The width; that of the longest row when None.
        multiple_of
            The width is the next multiple of this.
        side
            Where the padding is: ``"right"`` for training, ``"left"`` for generation.
        with_bos, with_eos
            Whether ``<bos>`` comes before and ``<eos>`` behind each sentence.

        Raises
        ------
        GrammarError
            When a row was refused: say ``encoded.without_refused().padded()``.
        TypeError
            When `length` or `multiple_of` is not an integer.
        ValueError
            When a row is longer than `length`, with its number: no token is dropped. Also when the
            offsets are not those of all ids.

        Examples
        --------
        >>> from logos_grammar import encode_texts
        >>> batch = encode_texts("molecule", ["CCO", "C"]).padded(with_eos=True)
        >>> batch.ids
        array([[192, 384, 384, 388, 193,   2],
               [192, 384, 193,   2,   0,   0]])
        >>> batch.mask.sum(1)
        array([6, 4])
        """
        if side not in ("left", "right"):
            raise ValueError(f"expected side to be left or right, not {side!r}")
        multiple_of = _at_least("multiple_of", multiple_of, 1)
        length = None if length is None else _at_least("length", length, 0)
        self.check_offsets()
        self.check_accepted()
        inner = np.diff(self.offsets)
        lengths = inner + with_bos + with_eos
        longest = int(lengths.max(initial=0))
        if length is not None and longest > length:
            row = int(lengths.argmax())
            raise ValueError(
                f"expected rows of at most {length} tokens, found {longest} in row {row}"
            )
        width = longest if length is None else length
        width += -width % multiple_of
        begin = width - lengths if side == "left" else np.zeros_like(lengths)
        place = np.arange(width) - begin[:, None]
        ids = np.full(place.shape, vocabulary.id("<pad>"), np.int64)
        mask = (place >= 0) & (place < lengths[:, None])
        ids[(place >= with_bos) & (place < (with_bos + inner)[:, None])] = self.ids
        if with_bos:
            ids[place == 0] = vocabulary.id("<bos>")
        if with_eos:
            ids[place == (lengths - 1)[:, None]] = vocabulary.id("<eos>")
        return Padded(ids, mask)

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

    @overload
    def __getitem__(self, row: int) -> npt.NDArray[np.uint16]: ...

    @overload
    def __getitem__(self, row: slice) -> list[npt.NDArray[np.uint16]]: ...

    def __getitem__(
        self, row: int | slice
    ) -> npt.NDArray[np.uint16] | list[npt.NDArray[np.uint16]]:
        """Return the sentence of a row, or a list of sentences."""
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        try:
            row = index(row)
        except TypeError:
            found = type(row).__name__
            raise TypeError(f"expected the number of a row or a slice, not {found}") from None
        if not -len(self) <= row < len(self):
            raise IndexError(f"expected a row below {len(self)}, not {row}")
        row %= len(self)
        begin, end = self.offsets[row], self.offsets[row + 1]
        # A slice would be cut at the end of the ids, and count a negative number from there.
        if not 0 <= begin <= end <= len(self.ids):
            raise ValueError(
                f"expected offsets of row {row} that ascend from 0 to {len(self.ids)}, the count "
                f"of ids, not {begin} and {end}"
            )
        return self.ids[begin:end]

    def __iter__(self) -> Iterator[npt.NDArray[np.uint16]]:
        self.check_offsets()
        for row in range(len(self)):
            yield self[row]

    def __repr__(self) -> str:
        refused = f", {len(self.errors)} refused" if self.errors else ""
        return f"Encoded({len(self)} sentences, {len(self.ids)} tokens{refused})"


def _at_least(name: str, value: object, least: int) -> int:
    try:
        found = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"expected {name} to be an integer, not {value!r}") from None
    if found < least:
        raise ValueError(f"expected {name} to be at least {least}, not {found}")
    return found
