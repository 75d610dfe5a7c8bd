"""The rules of the grammar as data: one type for each operator of the notation, a rule, a page.

The notation is defined in ``spec/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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

    def kinds(self) -> tuple[str, ...]:
        """The names of the object types, each before those of its forms."""
        return tuple(kind for name in self.objects() for kind in (name, *self._forms(name)))

    def page(self, kind: str) -> Page:
        """The page of an object type, or what of it is about one of its forms.

        Raises
        ------
        KeyError
            When it is neither.
        """
        for name in self.objects():
            if kind in self._forms(name):
                return self._part(self.pages[name], kind)
        return self.pages[kind]

    def _forms(self, name: str) -> tuple[str, ...]:
        """The rules into which the first rule of a type divides, as ``dna | rna``."""
        body = self.pages[name].rules[0].body
        parts = body.parts if isinstance(body, Choice) else ()
        forms = tuple(part.name for part in parts if isinstance(part, Name))
        return forms if len(forms) == len(parts) and set(forms) <= set(self.rules) else ()

    def _part(self, page: Page, form: str) -> Page:
        """The rules of a page that a form needs, and the examples that begin as it does."""
        needed, waiting = set[str](), [form]
        while waiting:
            name = waiting.pop()
            if name in self.rules and name not in needed:
                needed.add(name)
                waiting += names_of(self.rules[name].body)
        rules = [rule for rule in page.rules if rule.name in needed]
        rules.sort(key=lambda rule: rule.name != form)
        begins = self.rules[form].body.begins
        return replace(
            page,
            name=form,
            rules=tuple(rules),
            accepted=tuple(each for each in page.accepted if set(each.ids[:1]) <= begins),
            refused=tuple(each for each in page.refused if set(each.ids[:1]) <= begins),
        )


def names_of(node: Node) -> Iterator[str]:
    """The words of a rule, from left to right: names of rules and of blocks."""
    match node:
        case Name(name):
            yield name
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from names_of(part)
        case Maybe(part) | Many(part):
            yield from names_of(part)
