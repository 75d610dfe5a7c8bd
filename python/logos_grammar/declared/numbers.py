"""Parts for the numbers and names that object types share: ``common.ebnf`` as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np

from logos_grammar.declared.parts import Part, Reader, Writer
from logos_grammar.fixed import Fixed
from logos_grammar.vocabulary import vocabulary

_GROUP: Final = vocabulary.id("#0")
_GROUPS: Final = {2: vocabulary.id("#x2"), 3: vocabulary.id("#x3")}
_WHOLE: Final = vocabulary.id("0.")
_POSITIVE: Final = {2: vocabulary.id("+x2"), 3: vocabulary.id("+x3")}
_NEGATIVE: Final = {2: vocabulary.id("-x2"), 3: vocabulary.id("-x3")}
_FRACTION: Final = vocabulary.id(".000")
_PLACES: Final = vocabulary.id("places0")
_CHARACTERS: Final = {
    vocabulary.text(id): id for id in range(vocabulary.id("'A"), vocabulary.id("'9") + 1)
}
_MOST: Final = 999_999_999
_MOST_DECIMALS: Final = 10
_MOST_OF_FIXED: Final = 9
"""Of more not every number would fit in 64 bits."""
_BOUNDS: Final = "a number from -999,999,999 to below 1,000,000,000"


@dataclass(frozen=True)
class Index(Part):
    """``index``, or ``positive``: an int from 0, or from 1, to 999,999,999."""

    least: int

    def classes(self) -> tuple[type, ...]:
        return (int,)

    def write(self, value: Any, to: Writer) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise to.error("an int", value)
        if not self.least <= value <= _MOST:
            raise to.error(f"a whole number from {self.least} to {_MOST:,}", value)
        _write_groups(value, _GROUPS, _GROUP, to)

    def read(self, reader: Reader) -> int:
        return _read_groups(reader.next(), _GROUPS, _GROUP, reader)


@dataclass(frozen=True)
class Decimals(Part):
    """``decimals``: how many decimals the numbers after it have, an int from 0 to 10."""

    most: int = _MOST_DECIMALS

    def classes(self) -> tuple[type, ...]:
        return (int,)

    def write(self, value: Any, to: Writer) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= self.most:
            raise to.error(f"how many decimals, 0 to {self.most}", value)
        to.decimals = value
        to.ids.append(_PLACES + value)

    def read(self, reader: Reader) -> int:
        reader.decimals = reader.next() - _PLACES
        return reader.decimals


@dataclass(frozen=True)
class Number(Part):
    """``number``: an exact Decimal with no more decimals than were said before it."""

    def classes(self) -> tuple[type, ...]:
        return (Decimal,)

    def write(self, value: Any, to: Writer) -> None:
        if not isinstance(value, Decimal) or not value.is_finite():
            raise to.error("a finite Decimal", value)
        if value and value.adjusted() > 8:
            raise to.error(_BOUNDS, value)
        said = f"at most {to.decimals} decimals, as `decimals` before it says"
        if to.decimals is None:
            said = "a whole number, as there are no `decimals` before it"
        decimals = to.decimals or 0
        if value and value.adjusted() < -_MOST_DECIMALS:
            raise to.error(said, value)
        # As integers: a context of Decimal would round what has more digits than it.
        numerator, denominator = value.as_integer_ratio()
        scaled, rest = divmod(numerator * 10**decimals, denominator)
        if rest:
            raise to.error(said, value)
        if not _write_scaled(scaled, decimals, to):
            raise to.error(_BOUNDS, value)

    def read(self, reader: Reader) -> Decimal:
        scaled = _read_scaled(reader)
        digits = tuple(map(int, str(abs(scaled))))
        return Decimal((int(scaled < 0), digits, -reader.decimals))


@dataclass(frozen=True)
class Numbers(Part):
    """``numbers``: a column of `Fixed`, with its count of decimals."""

    def classes(self) -> tuple[type, ...]:
        return (Fixed,)

    def write(self, value: Any, to: Writer) -> None:
        if not isinstance(value, Fixed) or value.scaled.ndim != 1:
            raise to.error("a column of Fixed", value)
        Decimals(_MOST_OF_FIXED).write(value.decimals, to)
        for row, scaled in enumerate(value.scaled.tolist()):
            if not _write_scaled(scaled, value.decimals, to):
                raise to.error(f"{_BOUNDS} in row {row}", str(value[row]))

    def read(self, reader: Reader) -> Fixed:
        decimals = Decimals().read(reader)
        scaled = []
        while _begins_number(reader.peek()):
            scaled.append(_read_scaled(reader))
        return Fixed(np.array(scaled, np.int64), decimals)


@dataclass(frozen=True)
class ComponentName(Part):
    """``component_name``: a str of one to five capitals and digits."""

    def classes(self) -> tuple[type, ...]:
        return (str,)

    def write(self, value: Any, to: Writer) -> None:
        known = isinstance(value, str) and 1 <= len(value) <= 5 and set(value) <= set(_CHARACTERS)
        if not known:
            raise to.error("a name of one to five capitals and digits", value)
        to.ids += [_CHARACTERS[character] for character in value]

    def read(self, reader: Reader) -> str:
        name = ""
        while reader.peek() in _CHARACTERS.values():
            name += vocabulary.text(reader.next())
        return name


def _write_scaled(scaled: int, decimals: int, to: Writer) -> bool:
    """Write a number, unless its whole part has too many digits."""
    floor, fraction = divmod(scaled, 10**decimals)
    if abs(floor) > _MOST:
        return False
    if abs(floor) <= 999:
        to.ids.append(_WHOLE + floor)
    else:
        _write_groups(abs(floor), _POSITIVE if floor > 0 else _NEGATIVE, _GROUP, to)
    groups = -(-decimals // 3)
    digits = f"{fraction:0{decimals}}".ljust(3 * groups, "0") if groups else ""
    to.ids += [_FRACTION + int(digits[i : i + 3]) for i in range(0, 3 * groups, 3)]
    return True


def _begins_number(token: int) -> bool:
    return _WHOLE - 999 <= token <= _NEGATIVE[3]


def _read_scaled(reader: Reader) -> int:
    token = reader.next()
    if token in _POSITIVE.values():
        floor = _read_groups(token, _POSITIVE, _GROUP, reader)
    elif token in _NEGATIVE.values():
        floor = -_read_groups(token, _NEGATIVE, _GROUP, reader)
    else:
        floor = token - _WHOLE
    groups = -(-reader.decimals // 3)
    fraction = 0
    for _ in range(groups):
        fraction = 1000 * fraction + reader.next() - _FRACTION
    unit: int = 10**reader.decimals
    padding: int = 10 ** (3 * groups - reader.decimals)
    return floor * unit + fraction // padding


def _write_groups(value: int, heads: dict[int, int], group: int, to: Writer) -> None:
    groups = [value // 1_000_000, value // 1000 % 1000, value % 1000]
    while len(groups) > 1 and groups[0] == 0:
        del groups[0]
    if len(groups) > 1:
        to.ids.append(heads[len(groups)])
    to.ids += [group + each for each in groups]


def _read_groups(token: int, heads: dict[int, int], group: int, reader: Reader) -> int:
    count = next((count for count, head in heads.items() if head == token), None)
    if count is None:
        return token - group
    value = 0
    for _ in range(count):
        value = 1000 * value + reader.next() - group
    return value
