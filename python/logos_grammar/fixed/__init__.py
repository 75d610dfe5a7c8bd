"""Fixed: exact decimal numbers, each an integer and one count of decimals for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["MOST_DECIMALS", "Fixed", "Rounding"]

Rounding: TypeAlias = Literal["half_even", "half_away", "floor", "ceiling", "toward_zero", "exact"]
"""How a number becomes one with fewer decimals: to the nearest, of two equally near ones to the
even one or to the one away from zero; to the next below, above or towards zero; or not at all:
``exact`` raises where something would be lost."""

MOST_DECIMALS: Final = 18
"""More do not fit in 64 bits beside a digit before the point. The grammar's ``numbers`` hold 9."""

_TEXT: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_LEAST: Final = int(np.iinfo(np.int64).min)
_MOST: Final = int(np.iinfo(np.int64).max)
_EXACT_IN_FLOAT: Final = 2**53


class Fixed:
    """One exact decimal number, or a column of them with one count of decimals.

    Nothing turns into a float by itself: `to_float` and `from_float` do, and the latter names the
    rounding. The count of decimals is part of the number: 12.340 and 12.34 are different.

    Parameters
    ----------
    scaled
        int64, shape [] or [n]: each number times ten to the power of `decimals`.
    decimals
        How many decimals each has, 0 to 18.

    Raises
    ------
    ValueError
        For integers beyond 64 bits, more than one dimension, or another count of decimals.
    TypeError
        For what are not integers.

    Examples
    --------
    >>> Fixed.from_text("12.340")
    Fixed.from_text('12.340')
    >>> Fixed.from_float([0.125, -2.675], decimals=2, rounding="half_even").scaled
    array([  12, -267])
    >>> Fixed.from_text(["0.5", "12"], decimals=3)[0].to_float()
    0.5
    """

    __slots__ = ("_decimals", "_scaled")

    def __init__(self, scaled: int | Sequence[int] | npt.NDArray[Any], decimals: int) -> None:
        if not isinstance(decimals, int | np.integer) or isinstance(decimals, bool):
            raise TypeError(f"expected decimals as an int, not {type(decimals).__name__}")
        if not 0 <= decimals <= MOST_DECIMALS:
            raise ValueError(f"expected 0 to {MOST_DECIMALS} decimals, not {decimals}")
        try:
            given = np.asarray(scaled)
        except OverflowError as error:
            raise ValueError("expected integers of 64 bits") from error
        if given.size and given.dtype.kind not in "iu":
            if given.dtype.kind == "O" and all(isinstance(each, int) for each in given.flat):
                raise ValueError("expected integers of 64 bits")
            raise TypeError(f"expected scaled integers, not {given.dtype}")
        if given.ndim > 1:
            raise ValueError(f"expected scaled in at most one dimension, not {given.ndim}")
        if given.dtype == np.uint64 and given.size and given.max() > _MOST:
            raise ValueError("expected integers of 64 bits, signed")
        data = given.astype(np.int64).tobytes()
        self._scaled: npt.NDArray[np.int64] = np.frombuffer(data, np.int64).reshape(given.shape)
        self._decimals = int(decimals)

    @property
    def scaled(self) -> npt.NDArray[np.int64]:
        """int64, shape [] or [n], read-only: each number times ten to the power of `decimals`."""
        return self._scaled

    @property
    def decimals(self) -> int:
        """How many decimals each has."""
        return self._decimals

    @classmethod
    def from_text(
        cls,
        text: str | Sequence[str],
        *,
        decimals: int | None = None,
        minus_zero: Literal["refuse", "zero"] = "refuse",
    ) -> Self:
        """Read decimal numbers, exactly.

        Parameters
        ----------
        text
            One number, or a sequence of them: ``12.340``, ``-7``, ``.5``, ``5.``; no exponents.
        decimals
            How many decimals all get; a number with more is refused. None takes the count that
            all of them have.
        minus_zero
            What becomes of ``-0.00``, whose sign an exact zero has not: ``refuse`` raises.

        Raises
        ------
        ValueError
            For what is not a number of this kind, naming its row.
        """
        texts = [text] if isinstance(text, str) else list(text)
        read = [_read(each, row, minus_zero) for row, each in enumerate(texts)]
        if decimals is None:
            counts = {count for _, count in read}
            if len(counts) > 1:
                found = ", ".join(map(str, sorted(counts)))
                raise ValueError(f"expected one count of decimals, not {found}: say decimals=")
            decimals = counts.pop() if counts else 0
        for row, (_, count) in enumerate(read):
            if count > decimals:
                raise ValueError(f"expected {decimals} decimals, not {texts[row]!r} in row {row}")
        scaled = [number * 10 ** (decimals - count) for number, count in read]
        _expect_64_bits(scaled)
        return cls(scaled[0] if isinstance(text, str) else np.array(scaled, np.int64), decimals)

    def to_text(self) -> str | list[str]:
        """Write the number with all its decimals, or each number of a column."""
        if self._scaled.ndim:
            return [_write(int(number), self._decimals) for number in self._scaled]
        return _write(int(self._scaled), self._decimals)

    @classmethod
    def from_float(cls, values: npt.ArrayLike, *, decimals: int, rounding: Rounding) -> Self:
        """Round floats, each by the exact value that its bits have.

        Parameters
        ----------
        values
            One float, or an array of shape [n]; float32 is widened, which loses nothing.
        decimals
            How many decimals to keep.
        rounding
            How; ``exact`` takes only a float that is the nearest one to a number with as many
            decimals, so that `to_float` gives it back.

        Raises
        ------
        ValueError
            For NaN, infinities, numbers beyond 64 bits and, with ``exact``, for what has more
            decimals; each names its row.
        """
        given = np.asarray(values)
        if given.dtype.kind not in "f":
            if given.dtype.kind not in "iu":
                raise TypeError(f"expected floats, not {given.dtype}")
            return cls(given, 0).rescaled(decimals)
        floats = given.astype(np.float64)
        if floats.ndim > 1:
            raise ValueError(f"expected floats in at most one dimension, not {floats.ndim}")
        if rounding != "exact" and rounding not in _ROUNDINGS:
            raise ValueError(f"expected a rounding, one of {', '.join(_NAMES)}, not {rounding!r}")
        invalid = np.flatnonzero(~np.isfinite(floats))
        if len(invalid):
            row = int(invalid[0])
            raise ValueError(f"expected finite floats, not {floats.flat[row]} in row {row}")
        scaled = _rounded(
            floats.ravel(), decimals, "half_even" if rounding == "exact" else rounding
        )
        made = cls(scaled.reshape(floats.shape), decimals)
        if rounding == "exact":
            lost = np.flatnonzero(np.asarray(made.to_float()) != floats)
            if len(lost):
                row = int(lost[0])
                found = float(floats.flat[row])
                raise ValueError(f"expected {decimals} decimals, not {found!r} in row {row}")
        return made

    def to_float(self) -> float | npt.NDArray[np.float64]:
        """The nearest float64 of each number."""
        power = 10**self._decimals
        with np.errstate(all="ignore"):
            floats = np.atleast_1d(self._scaled / float(power))
        # Integers that a float holds and powers of ten to 10**22 divide with one rounding.
        large = np.abs(np.atleast_1d(self._scaled).astype(np.float64)) >= _EXACT_IN_FLOAT
        for row in np.flatnonzero(large):
            floats[row] = int(np.atleast_1d(self._scaled)[row]) / power
        return floats if self._scaled.ndim else float(floats[0])

    @classmethod
    def from_decimal(cls, values: Decimal | Sequence[Decimal]) -> Self:
        """Take finite Decimals with one count of decimals, exactly."""
        if isinstance(values, Decimal):
            return cls.from_text(f"{values:f}")
        return cls.from_text([f"{value:f}" for value in values])

    def to_decimal(self) -> Decimal | list[Decimal]:
        """The Decimal of the number, with as many decimals, or of each of a column."""
        text = self.to_text()
        return Decimal(text) if isinstance(text, str) else list(map(Decimal, text))

    def rescaled(self, decimals: int) -> Self:
        """The same numbers with another count of decimals.

        Raises
        ------
        ValueError
            Where a digit other than zero would be lost, or there are not enough bits: `rounded`
            names how to lose it.
        """
        return self.rounded(decimals, rounding="exact")

    def rounded(self, decimals: int, *, rounding: Rounding) -> Self:
        """The numbers with another count of decimals, rounded where there are fewer."""
        if rounding not in _NAMES:
            raise ValueError(f"expected a rounding, one of {', '.join(_NAMES)}, not {rounding!r}")
        if not 0 <= decimals <= MOST_DECIMALS:
            raise ValueError(f"expected 0 to {MOST_DECIMALS} decimals, not {decimals}")
        numbers = np.atleast_1d(self._scaled)
        if decimals >= self._decimals:
            unit = 10 ** (decimals - self._decimals)
            large = np.flatnonzero((numbers > _MOST // unit) | (numbers < -(-_LEAST // unit)))
            if len(large):
                number, row = int(numbers[large[0]]) * unit, int(large[0])
                raise ValueError(f"expected a number of 64 bits, not {number} in row {row}")
            scaled = numbers * unit
        else:
            unit = 10 ** (self._decimals - decimals)
            if rounding == "exact":
                lost = np.flatnonzero(numbers % unit)
                if len(lost):
                    row = int(lost[0])
                    text = _write(int(numbers[row]), self._decimals)
                    raise ValueError(f"expected {decimals} decimals, not {text} in row {row}")
            scaled = _divided(numbers, unit, rounding)
        return type(self)(scaled.reshape(self._scaled.shape), decimals)

    def __len__(self) -> int:
        if not self._scaled.ndim:
            raise TypeError("one number has no length")
        return len(self._scaled)

    def __getitem__(self, rows: Any) -> Self:
        if not self._scaled.ndim:
            raise TypeError("one number has no rows")
        return type(self)(self._scaled[rows], self._decimals)

    def __iter__(self) -> Iterator[Self]:
        for row in range(len(self)):
            yield self[row]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fixed):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[int, tuple[int, ...], bytes]:
        return self._decimals, self._scaled.shape, self._scaled.tobytes()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._scaled, self._decimals)

    def __array__(self, *_: Any, **__: Any) -> npt.NDArray[Any]:
        # Without this an array of objects would come of it, or floats in silence.
        raise TypeError("expected .scaled, or .to_float() for the nearest floats")

    def __str__(self) -> str:
        text = self.to_text()
        return text if isinstance(text, str) else f"[{' '.join(text)}]"

    def __repr__(self) -> str:
        if not self._scaled.ndim:
            return f"Fixed.from_text({self.to_text()!r})"
        shown = [_write(int(number), self._decimals) for number in self._scaled[:_SHOWN]]
        if len(self) > _SHOWN:
            numbers = f"{len(self):,} numbers, decimals={self._decimals}"
            return f"<Fixed: {numbers}: {', '.join(shown)}, ...>"
        return f"Fixed.from_text({shown!r}, decimals={self._decimals})"


_SHOWN: Final = 4


def _half_away(number: Fraction) -> int:
    size = int(abs(number) + Fraction(1, 2))
    return size if number >= 0 else -size


_ROUNDINGS: Final[dict[str, Callable[[Fraction], int]]] = {
    "half_even": round,
    "half_away": _half_away,
    "floor": lambda number: number.__floor__(),
    "ceiling": lambda number: number.__ceil__(),
    "toward_zero": lambda number: number.__trunc__(),
}
_NAMES: Final = (*_ROUNDINGS, "exact")
_OF_FLOATS: Final[dict[str, Callable[[Any], Any]]] = {
    "half_even": np.rint,
    "half_away": lambda y: np.copysign(np.floor(np.abs(y) + 0.5), y),
    "floor": np.floor,
    "ceiling": np.ceil,
    "toward_zero": np.trunc,
}


def _rounded(
    floats: npt.NDArray[np.float64], decimals: int, rounding: str
) -> npt.NDArray[np.int64]:
    """Round floats to integers of the last decimal, each by its exact value."""
    power = 10**decimals
    # A product is off by at most half of its last bit: where that may cross the boundary between
    # two integers, or the product is too large, the rounding is done again with exact fractions.
    with np.errstate(over="ignore", invalid="ignore"):
        products = floats * float(power)
        halves = rounding.startswith("half")
        boundary = np.floor(products) + 0.5 if halves else np.rint(products)
        doubtful = np.abs(products - boundary) <= np.abs(products) * 2.0**-51
        doubtful |= ~(np.abs(products) < _EXACT_IN_FLOAT / 4)
    scaled = np.where(doubtful, 0.0, _OF_FLOATS[rounding](products)).astype(np.int64)
    for row in np.flatnonzero(doubtful):
        exact = _ROUNDINGS[rounding](Fraction(float(floats[row])) * power)
        if not _LEAST <= exact <= _MOST:
            raise ValueError(f"expected a number of 64 bits, not {floats[row]} in row {row}")
        scaled[row] = exact
    return scaled


def _divided(numbers: npt.NDArray[np.int64], unit: int, rounding: str) -> npt.NDArray[np.int64]:
    """Each number over a unit above 1, which is at most 10**18, as an integer; exactly."""
    floors, rests = np.divmod(numbers, unit)
    is_more, is_half = 2 * rests > unit, 2 * rests == unit
    up = {
        "ceiling": rests > 0,
        "toward_zero": (rests > 0) & (numbers < 0),
        "half_even": is_more | (is_half & (floors % 2 == 1)),
        "half_away": is_more | (is_half & (numbers > 0)),
    }
    rounded: npt.NDArray[np.int64] = floors + up.get(rounding, 0)
    return rounded


def _read(text: str, row: int, minus_zero: str) -> tuple[int, int]:
    """The integer of the digits of a number, and how many decimals it has."""
    found = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if found is None or not (found[2] or found[3]):
        raise ValueError(f"expected a decimal number such as -12.340, not {text!r} in row {row}")
    sign, whole, fraction = found[1], found[2], found[3] or ""
    number = int(whole + fraction)
    if number == 0 and sign == "-" and minus_zero == "refuse":
        raise ValueError(f"expected zero without a sign, not {text!r} in row {row}")
    return -number if sign == "-" else number, len(fraction)


def _write(number: int, decimals: int) -> str:
    digits = f"{abs(number):0{decimals + 1}}"
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{fraction}" if decimals else f"{sign}{whole}"


def _expect_64_bits(scaled: list[int]) -> None:
    for row, number in enumerate(scaled):
        if not _LEAST <= number <= _MOST:
            raise ValueError(f"expected a number of 64 bits, not {number} in row {row}")
