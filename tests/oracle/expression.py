"""The right side of a rule as a tree, and the walk over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Terminal:
    """Any one token of `ids`; `rule` is the rule in which it is written."""

    ids: frozenset[int]
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """The rule of that name."""

    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One part after the other."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of the options."""

    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Maybe:
    """The part or nothing."""

    part: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """The part any number of times."""

    part: Expression


Expression = Terminal | Call | Row | Choice | Maybe | Many


def terminals(body: Expression) -> Iterator[Terminal]:
    """Give every terminal of the text itself, not of the rules that it calls."""
    return (part for part in _parts(body) if isinstance(part, Terminal))


def calls(body: Expression) -> Iterator[str]:
    """Give every rule that the text calls."""
    return (part.rule for part in _parts(body) if isinstance(part, Call))


def _parts(body: Expression) -> Iterator[Expression]:
    yield body
    if isinstance(body, Row):
        for part in body.parts:
            yield from _parts(part)
    elif isinstance(body, Choice):
        for option in body.options:
            yield from _parts(option)
    elif isinstance(body, Maybe | Many):
        yield from _parts(body.part)
