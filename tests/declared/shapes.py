"""Dataclasses and grammars that the tests of declaring try; nothing is declared here."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

import logos_grammar as lg

TOKENS = """
tokens: tried at 7168
    <TriedS>  it begins
    <TriedE>  it ends
    one       the first
    two       the second
    three     the third
    four      the fourth
"""
LABELS = """
tokens: begun at 7200
    o{1..3}   number {n} begins
tokens: ended at 7208
    c{1..3}   number {n} ends
"""
BEGINS, ENDS, ONE, TWO, THREE, FOUR = range(7168, 7174)


def grammar(rules: str, *, tokens: str = TOKENS) -> str:
    """A grammar of these tokens, whose first rule is `tried`."""
    return f"{tokens}{rules}\n"


def tried(parts: str) -> str:
    """A grammar whose object has these parts between its brackets."""
    return grammar(f'tried = "<TriedS>" {parts} "<TriedE>" ;')


def came_back(thing: Any) -> Any:
    """What an object is when it was encoded and decoded."""
    return lg.decode(lg.encode(thing))


@dataclass(frozen=True)
class Word:
    value: str


@dataclass(frozen=True)
class OtherWord:
    value: str


@dataclass(frozen=True)
class Flag:
    value: bool


@dataclass(frozen=True)
class Count:
    value: int


@dataclass(frozen=True)
class Words:
    value: tuple[str, ...]


@dataclass(frozen=True)
class Flags:
    value: tuple[bool, ...]


@dataclass(frozen=True)
class Counts:
    value: tuple[int, ...]


@dataclass(frozen=True)
class MaybeCount:
    value: int | None


@dataclass(frozen=True)
class MaybeWords:
    value: tuple[str, ...] | None


@dataclass(frozen=True)
class WordOrIndex:
    value: str | int


@dataclass(frozen=True)
class Numbers:
    decimals: int
    value: tuple[Decimal, ...]


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Nested:
    inner: Nested | None


@dataclass(frozen=True)
class Nest:
    value: Nested


@dataclass(frozen=True)
class Nothing:
    pass


@dataclass(frozen=True)
class Several:
    value: tuple[Nothing | Count | Flag, ...]


@dataclass(frozen=True)
class Texts:
    value: lg.protein.Protein | lg.molecule.Molecule


@dataclass(frozen=True)
class Inherited(Flag):
    times: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ByName:
    value: bool = True
    times: int = 2


@dataclass(frozen=True)
class WithMore:
    kept: ClassVar[int] = 7
    value: bool = False
    made: int = field(init=False, default=3)


@dataclass(frozen=True)
class WithInitVar:
    value: bool
    given: InitVar[int]


@dataclass(frozen=True)
class Unknown:
    value: NoSuchClass  # type: ignore[name-defined]  # noqa: F821


@dataclass(frozen=True)
class Listed:
    value: list[str]
