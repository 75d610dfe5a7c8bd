"""The rules of the grammar as data: one type for each operator of the notation, a rule, a page.

The notation is defined in ``spec/README.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class _Part:
    """A part of a rule, as the core hands it over; a part made here knows nothing of its tokens."""

    begins: frozenset[int] = field(default=frozenset(), kw_only=True, compare=False, repr=False)
    """The ids with which it can begin."""
    may_be_empty: bool = field(default=False, kw_only=True, compare=False, repr=False)
    """Whether it may have no token at all."""


@dataclass(frozen=True)
class Token(_Part):
    """One token, by its name in the vocabulary: ``"name"``."""

    name: str


@dataclass(frozen=True)
class Span(_Part):
    """Any one token between two, both included: ``"C".."*"``."""

    first: str
    last: str


@dataclass(frozen=True)
class Name(_Part):
    """A rule or, when no rule has that name, any one token of a block."""

    name: str


@dataclass(frozen=True)
class Sequence(_Part):
    """One part after the other: ``x y``; without parts, nothing."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice(_Part):
    """One of several: ``x | y``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Maybe(_Part):
    """One or nothing: ``x?``."""

    part: Node


@dataclass(frozen=True)
class Many(_Part):
    """Any number, zero included: ``x*``."""

    part: Node


Node: TypeAlias = Token | Span | Name | Sequence | Choice | Maybe | Many


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what it is, what must hold, and how the spec writes it."""

    name: str
    body: Node
    comment: str
    conditions: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Accepted:
    """A sentence of the spec: ids, and its text or meaning."""

    rule: str
    ids: tuple[int, ...]
    meaning: str


@dataclass(frozen=True)
class Refused:
    """A rejected example: ids, the first token that is not allowed there, the reason, and why."""

    rule: str
    ids: tuple[int, ...]
    position: int
    reason: str
    why: str


@dataclass(frozen=True)
class Page:
    """One file of the spec; the first rule of an object's page has its name and is the object."""

    name: str
    rules: tuple[Rule, ...]
    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]
    sections: tuple[str, ...] = ()
    """The names of its sections of tokens, when it is of a declared type."""


@dataclass(frozen=True)
class Spec:
    """Every page of the spec, and every rule by its name."""

    pages: Mapping[str, Page]
    rules: Mapping[str, Rule]

    def objects(self) -> tuple[str, ...]:
        """The names of the object types, in the order of the pages."""
        return tuple(name for name, page in self.pages.items() if page.rules[0].name == name)
