"""What the fields of a request's terms must be: types, ranges and sizes, checked before use.

A check takes the path of a value ("prefix[3]", "profile.length") and the value, and returns the
value as it is used, or raises ValueError with the path and what was expected there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from numbers import Integral
from typing import Any, NoReturn, TypeAlias

import numpy as np

from logos_grammar.profile import MOST, Profile

Check: TypeAlias = Callable[[str, Any], Any]

MOST_ID = 2**31 - 1
MOST_TOKENS = 2**20
"""How many tokens of a sentence a prompt can hold."""
MOST_CHARACTERS = 2**24
MOST_DIGITS = 20
MOST_NAME = 64
"""How many characters the names of kinds, profiles and tokens have at most."""
MOST_UNITS = 1024
"""How many tokens a composition names at most."""
MOST_FILLS = 1024
"""Of how many fills a profile gives the lengths at most."""

_SHOWN = 40


def refuse(path: str, expected: str, value: Any) -> NoReturn:
    """Raise ValueError: what was expected at a path, and what is there."""
    where = f"{path}: " if path else ""
    raise ValueError(f"{where}expected {expected}, got {shown(value)}")


def shown(value: Any) -> str:
    """A value in an error message: short, whatever its size and depth."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")
    if isinstance(value, Integral) and int(value).bit_length() > 64:
        return f"an integer of {int(value).bit_length()} bits"
    if value is None or isinstance(value, bool | float | Integral):
        return str(value)
    return f"a {type(value).__name__}"


def integer(least: int, most: int) -> Check:
    """An integer in a range; neither a float nor a truth value is one."""

    def checked(path: str, value: Any) -> int:
        is_integer = isinstance(value, Integral) and not isinstance(value, bool)
        if not is_integer or not least <= int(value) <= most:
            refuse(path, f"an integer from {least:,} to {most:,}", value)
        return int(value)

    return checked


def text(path: str, value: Any) -> str:
    """A name, of characters that can be written."""
    if not isinstance(value, str):
        refuse(path, "a text", value)
    if len(value) > MOST_NAME or not value.isprintable():
        refuse(path, f"a name of at most {MOST_NAME} printable characters", value)
    return value


def flag(path: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        refuse(path, "true or false", value)
    return value


def optional(check: Check) -> Check:
    """What a check takes, or None."""
    return lambda path, value: None if value is None else check(path, value)


def sequence(check: Check, most: int) -> Check:
    """A list whose items a check takes, as a tuple; a text is not a list."""

    def checked(path: str, value: Any) -> tuple[Any, ...]:
        is_array = isinstance(value, np.ndarray) and value.ndim == 1
        if isinstance(value, str | bytes) or not (is_array or isinstance(value, Sequence)):
            refuse(path, "a list", value)
        if len(value) > most:
            refuse(path, f"a list of at most {most:,} items", value)
        return tuple(_item(check, path, at, item) for at, item in enumerate(value))

    return checked


def integers(least: int, most: int, *, count: int) -> Check:
    """A list of at most `count` integers in a range, as a tuple."""
    one_by_one = sequence(integer(least, most), count)

    def checked(path: str, value: Any) -> tuple[int, ...]:
        # One by one a million items take seconds, in which a server answers no one.
        is_plain = isinstance(value, list | tuple) and len(value) <= count
        is_plain = is_plain and set(map(type, value)) == {int}
        if is_plain and least <= min(value) and max(value) <= most:
            return tuple(value)
        found: tuple[int, ...] = one_by_one(path, value)
        return found

    return checked


def _item(check: Check, path: str, at: int, item: Any) -> Any:
    try:
        return check(path, item)
    except ValueError:
        return check(f"{path}[{at}]", item)  # a path for each of a million items takes a second


def known_fields(path: str, value: Mapping[Any, Any], known: Sequence[str]) -> None:
    """Refuse a mapping that has other fields than these.

    Raises
    ------
    ValueError
        With the first field that is not known.
    """
    for name in value:
        if name not in known:
            refuse(path, f"{', '.join(sorted(known))} as fields", name)


def _length(path: str, value: Any) -> int | tuple[int, int]:
    count = integer(0, MOST)
    if isinstance(value, list | tuple):
        if len(value) != 2:
            refuse(path, "a number, or two: the fewest and the most", value)
        fewest, most = sequence(count, 2)(path, value)
        return fewest, most
    found: int = count(path, value)
    return found


def _composition(path: str, value: Any) -> dict[str, int]:
    if not isinstance(value, Mapping):
        refuse(path, "an object of counts by name", value)
    if len(value) > MOST_UNITS:
        refuse(path, f"at most {MOST_UNITS:,} names", value)
    count = integer(0, MOST)
    return {text(path, name): count(f"{path}.{name}", each) for name, each in value.items()}


PROFILE: Mapping[str, Check] = {
    "valence": optional(text),
    "aromatic": flag,
    "copy": flag,
    "length": optional(_length),
    "composition": optional(_composition),
    "fill_length": optional(_length),
    "fill_lengths": optional(sequence(_length, MOST_FILLS)),
    "coordinates_of": optional(integers(0, MOST_ID, count=MOST_TOKENS)),
}
"""The fields of :class:`logos_grammar.Profile`."""


def profile(path: str, value: Any) -> str | Profile:
    """A profile's name, a profile, or its arguments as an object."""
    if isinstance(value, Profile):
        value = {field.name: getattr(value, field.name) for field in fields(Profile)}
    if isinstance(value, str):
        return text(path, value)
    if not isinstance(value, Mapping):
        refuse(path, "a profile's name or an object", value)
    known_fields(path, value, list(PROFILE))
    given = {name: PROFILE[name](f"{path}.{name}", each) for name, each in value.items()}
    try:
        return Profile(**given)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


TERMS: Mapping[str, Check] = {
    "kind": optional(text),
    "profile": optional(profile),
    "budget": optional(integer(1, MOST_ID)),
    "prefix": optional(integers(0, MOST_ID, count=MOST_TOKENS)),
    "begin_id": integer(0, MOST_ID),
}
"""The fields of :class:`logos_grammar.serving.Terms`."""


def object_of_json(line: str) -> dict[str, Any]:
    """The object that a line of JSON is.

    Raises
    ------
    ValueError
        When it is too long or nested too deeply, is not JSON as its standard has it, or is not an
        object; or when a field comes twice.
    """
    if len(line) > MOST_CHARACTERS:
        raise ValueError(f"expected at most {MOST_CHARACTERS:,} characters, got {len(line):,}")
    try:
        found = json.loads(
            line, object_pairs_hook=_each_once, parse_constant=_no_number, parse_int=_integer
        )
    except RecursionError:
        raise ValueError("expected objects and lists that nest a few levels, got more") from None
    except json.JSONDecodeError as error:
        raise ValueError(
            f"expected a kind or an object of JSON, got {shown(line)}: {error}"
        ) from None
    if not isinstance(found, dict):
        refuse("", "a kind or an object of JSON", found)
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            refuse("", "each field once", name)
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"expected numbers of JSON, got {name}")


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"expected an integer of at most {MOST_DIGITS} digits, got {len(digits)}")
    return int(digits)
