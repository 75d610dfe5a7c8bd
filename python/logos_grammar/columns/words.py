"""Words: a column of names, each distinct one held once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, Self, overload

import numpy as np
import numpy.typing as npt

__all__ = ["Words"]

_SHOWN: Final = 6


class Words(Sequence[str]):
    """A column of names: the distinct words, and of each row the code of its word.

    A name is any bytes, as a file may have: a byte that is not UTF-8 is a lone surrogate, as in
    the file names of Python (``surrogateescape``).

    Parameters
    ----------
    rows
        The name of each row; a sequence of str or an array of them.

    Raises
    ------
    TypeError
        For a row that is not a str.
    ValueError
        For a lone surrogate that is not a byte, naming the row.

    Examples
    --------
    >>> names = Words(["N", "CA", "C", "CA"])
    >>> names == "CA"
    array([False,  True, False,  True])
    >>> names.words, names.codes
    (('N', 'CA', 'C'), array([0, 1, 2, 1], dtype=uint32))
    >>> names[1:] == Words(["CA", "C", "CA"])
    True
    """

    __slots__ = ("_codes", "_words")
    _words: tuple[str, ...]
    _codes: npt.NDArray[np.uint32]

    def __init__(self, rows: Iterable[str] = ()) -> None:
        if isinstance(rows, str | bytes):
            raise TypeError("expected a name for each row, not one str")
        codes: dict[str, int] = {}
        found: list[int] = []
        for row, name in enumerate(rows):
            code = codes.get(name) if isinstance(name, str) else None
            # What is written differently may be the same bytes.
            found.append(codes.setdefault(_normal(name, row), len(codes)) if code is None else code)
        self._words = tuple(codes)
        self._codes = _read_only(np.array(found, np.uint32))

    @classmethod
    def of_codes(cls, words: Sequence[str], codes: npt.ArrayLike) -> Self:
        """Make a column of words in any order and the code of each row.

        Parameters
        ----------
        words
            Words, with repeats or without.
        codes
            Integers, shape [n]: which of the words each row has.

        Raises
        ------
        ValueError
            For a code without a word, naming the row.
        """
        given = np.asarray(codes)
        if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
            raise ValueError(f"expected codes as integers of shape [n], not {given.dtype}")
        invalid = np.flatnonzero((given < 0) | (given >= len(words)))
        if len(invalid):
            row = int(invalid[0])
            raise ValueError(f"expected codes below {len(words)}, not {given[row]} in row {row}")
        used, first, inverse = np.unique(given, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        distinct = cls(words[int(code)] for code in used[order])
        rank = np.empty(len(used), np.uint32)
        rank[order] = distinct._codes
        made = cls.__new__(cls)
        made._words = distinct._words
        made._codes = _read_only(rank[inverse])
        return made

    @property
    def words(self) -> tuple[str, ...]:
        """The distinct words, in the order of their first rows."""
        return self._words

    @property
    def codes(self) -> npt.NDArray[np.uint32]:
        """uint32, shape [n], read-only: which of the words each row has."""
        return self._codes

    @classmethod
    def concatenate(cls, parts: Iterable[Words]) -> Self:
        """Put the rows of several columns one after another."""
        every = list(parts)
        words = [word for part in every for word in part._words]
        starts = np.cumsum([0, *(len(part._words) for part in every)])
        codes = [part._codes + start for part, start in zip(every, starts, strict=False)]
        return cls.of_codes(words, np.concatenate([np.zeros(0, np.int64), *codes]))

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> str: ...
    @overload
    def __getitem__(self, rows: slice | Sequence[int] | npt.NDArray[Any]) -> Self: ...
    def __getitem__(self, rows: Any) -> Any:
        """Return one name, by its row, or a column of some, by a slice, a mask or their rows."""
        codes = self._codes[rows]
        if codes.ndim == 0:
            return self._words[int(codes)]
        return self.of_codes(self._words, codes)

    def __iter__(self) -> Iterator[str]:
        return (self._words[code] for code in self._codes.tolist())

    def __contains__(self, name: object) -> bool:
        return name in self._words

    def __eq__(self, other: object) -> Any:
        """Compare with a name, or with a name for each row: an array of truth values.

        With other `Words` it says whether all rows are the same.
        """
        if isinstance(other, Words):
            return self._words == other._words and np.array_equal(self._codes, other._codes)
        if isinstance(other, str):
            return np.array([word == other for word in self._words], np.bool_)[self._codes]
        if isinstance(other, np.ndarray | list | tuple):
            return np.asarray(self) == np.asarray(other)
        return NotImplemented

    def __ne__(self, other: object) -> Any:
        """As for ``==``, row by row where that is."""
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else np.logical_not(equal)

    def isin(self, names: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Whether each row has one of some names, bool [n]."""
        wanted = {names} if isinstance(names, str) else set(names)
        return np.array([word in wanted for word in self._words], np.bool_)[self._codes]

    def __hash__(self) -> int:
        return hash((self._words, self._codes.tobytes()))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Return the name of each row, str [n].

        Raises
        ------
        ValueError
            For a name with a zero at its end, which an array of str drops.
        """
        if copy is False:
            raise ValueError("expected copy as None or True: an array of str is made of the words")
        ended = next((word for word in self._words if word.endswith("\0")), None)
        if ended is not None:
            raise ValueError(f"expected names that an array of str can hold, not {ended!r}")
        array = np.array(self._words, np.str_)[self._codes]
        return array if dtype is None else array.astype(dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).of_codes, (self._words, self._codes)

    def __repr__(self) -> str:
        shown = list(self[:_SHOWN])
        if len(self) > _SHOWN:
            return f"<Words: {len(self):,} rows: {', '.join(map(repr, shown))}, ...>"
        return f"Words({shown})"

    def _to_bytes(self) -> bytes:
        """The bytes of the column: ``rust/core/src/columns/mod.rs`` says how."""
        encoded = [word.encode("utf-8", "surrogateescape") for word in self._words]
        ends = np.cumsum([len(word) for word in encoded], dtype=np.uint64).tobytes()
        text = b"".join(encoded)
        codes = self._codes.tobytes()
        count = len(encoded).to_bytes(8, "little")
        return b"".join([count, ends, text, bytes(-len(text) % 8), codes, bytes(-len(codes) % 8)])

    @classmethod
    def _from_bytes(cls, data: bytes, at: int, rows: int) -> tuple[Self, int]:
        """The column that bytes hold from a place on, and where it ends."""
        ends = np.frombuffer(data, np.uint64, int.from_bytes(data[at : at + 8], "little"), at + 8)
        at += 8 + ends.nbytes
        starts = [0, *map(int, ends)]
        made = cls.__new__(cls)
        made._words = tuple(
            data[at + start : at + end].decode("utf-8", "surrogateescape")
            for start, end in pairwise(starts)
        )
        at += starts[-1] + -starts[-1] % 8
        made._codes = np.frombuffer(data, np.uint32, rows, at)
        return made, at + made._codes.nbytes + -made._codes.nbytes % 8


def _read_only(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """An array that nobody can make writable."""
    return np.frombuffer(codes.astype(np.uint32).tobytes(), np.uint32)


def _normal(name: object, row: int) -> str:
    """A name as its bytes are read: so each is written in one way."""
    if not isinstance(name, str):
        raise TypeError(f"expected a str in row {row}, not {type(name).__name__}")
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ValueError(f"expected characters or bytes, not {name!r} in row {row}") from error
