"""Parts: what a rule is made of, each with a writer and a reader that are twins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from logos_grammar import _core
from logos_grammar.error import GrammarError

DEEPEST = 100
"""How deep the dataclasses of an object may nest: Python itself recurses no deeper
than about ten times as much, and what can be written must be readable."""


class Writer:
    """The tokens so far, and where in the object we are."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.decimals: int | None = None
        self.depth = 0

    def error(self, wanted: str, found: object = ...) -> GrammarError:
        """What an object has to hold to be written on from here."""
        instead = "" if found is ... else f", not {found!r}"
        position = len(self.ids)
        message = f"cannot be written at token {position}: expected {wanted}{instead}"
        return GrammarError(message, position=position, condition=f"expected {wanted}")


class Reader:
    """The tokens of a sentence, and how many were read."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids
        self.at = 0
        self.decimals = 0
        self.depth = 0

    def next(self) -> int:
        """Read one token."""
        self.at += 1
        return self.ids[self.at - 1]

    def peek(self) -> int:
        """Look at the next token; -1 at the end."""
        return self.ids[self.at] if self.at < len(self.ids) else -1


class Part(ABC):
    """A part of a rule."""

    @property
    def says(self) -> bool:
        """Whether it has a value; a required token has no value."""
        return True

    @abstractmethod
    def classes(self) -> tuple[type, ...]:
        """The classes of its values."""

    @abstractmethod
    def write(self, value: Any, to: Writer) -> None:
        """Write the tokens of a value."""

    @abstractmethod
    def read(self, reader: Reader) -> Any:
        """Read a value."""


@dataclass(frozen=True)
class Mark(Part):
    """Tokens that are required there."""

    ids: tuple[int, ...]

    @property
    def says(self) -> bool:
        return False

    def classes(self) -> tuple[type, ...]:
        return ()

    def write(self, value: Any, to: Writer) -> None:
        to.ids += self.ids

    def read(self, reader: Reader) -> None:
        reader.at += len(self.ids)


@dataclass(frozen=True)
class AnyOf(Part):
    """One token of several: its name."""

    ids: Mapping[str, int]
    names: Mapping[int, str]

    def classes(self) -> tuple[type, ...]:
        return (str,)

    def write(self, value: Any, to: Writer) -> None:
        if not isinstance(value, str) or value not in self.ids:
            known = ", ".join(list(self.ids)[:8]) + (", …" if len(self.ids) > 8 else "")
            raise to.error(f"one of {known}", value)
        to.ids.append(self.ids[value])

    def read(self, reader: Reader) -> str:
        return self.names[reader.next()]


@dataclass(frozen=True)
class Row(Part):
    """Parts one after another, of which at most one says something."""

    parts: tuple[Part, ...]

    @property
    def says(self) -> bool:
        return any(part.says for part in self.parts)

    def classes(self) -> tuple[type, ...]:
        return tuple(each for part in self.parts for each in part.classes())

    def write(self, value: Any, to: Writer) -> None:
        for part in self.parts:
            part.write(value, to)

    def read(self, reader: Reader) -> Any:
        values = [(part.says, part.read(reader)) for part in self.parts]
        return next((value for says, value in values if says), None)


@dataclass
class Record(Part):
    """A rule that is a class: its parts are the fields."""

    cls: type
    names: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    def classes(self) -> tuple[type, ...]:
        return (self.cls,)

    def write(self, value: Any, to: Writer) -> None:
        if type(value) is not self.cls:
            raise to.error(f"a {self.cls.__name__}", value)
        to.depth += 1
        if to.depth > DEEPEST:
            raise to.error(f"objects at most {DEEPEST} deep in each other")
        names = iter(self.names)
        for part in self.parts:
            part.write(getattr(value, next(names)) if part.says else None, to)
        to.depth -= 1

    def read(self, reader: Reader) -> Any:
        reader.depth += 1
        if reader.depth > DEEPEST:
            wanted = f"expected objects at most {DEEPEST} deep in each other"
            raise GrammarError(
                f"{wanted}, at token {reader.at}", position=reader.at, condition=wanted
            )
        values = [part.read(reader) for part in self.parts]
        reader.depth -= 1
        said = (value for part, value in zip(self.parts, values, strict=True) if part.says)
        return self.cls(**dict(zip(self.names, said, strict=True)))


@dataclass(frozen=True)
class Either(Part):
    """One of several, told apart by the first token and by the class."""

    options: tuple[tuple[frozenset[int], Part], ...]

    def classes(self) -> tuple[type, ...]:
        return tuple(each for _, option in self.options for each in option.classes())

    def write(self, value: Any, to: Writer) -> None:
        for _, option in self.options:
            if type(value) in option.classes():
                return option.write(value, to)
        known = ", ".join(each.__name__ for each in self.classes())
        raise to.error(f"one of {known}", value)

    def read(self, reader: Reader) -> Any:
        token = reader.peek()
        return next(option for first, option in self.options if token in first).read(reader)


@dataclass(frozen=True)
class Perhaps(Part):
    """A part or None; True or False when it says nothing."""

    first: frozenset[int]
    part: Part

    def classes(self) -> tuple[type, ...]:
        return (*self.part.classes(), type(None)) if self.part.says else (bool,)

    def write(self, value: Any, to: Writer) -> None:
        if not self.part.says and not isinstance(value, bool):
            raise to.error("True or False", value)
        if value is not None if self.part.says else value:
            self.part.write(value, to)

    def read(self, reader: Reader) -> Any:
        there = reader.peek() in self.first
        value = self.part.read(reader) if there else None
        return value if self.part.says else there


@dataclass(frozen=True)
class Several(Part):
    """Any number of a part, as a tuple; as how many when it says nothing."""

    first: frozenset[int]
    part: Part

    def classes(self) -> tuple[type, ...]:
        return (tuple,) if self.part.says else (int,)

    def write(self, value: Any, to: Writer) -> None:
        if self.part.says:
            if not isinstance(value, tuple):
                raise to.error("a tuple", value)
            for each in value:
                self.part.write(each, to)
        else:
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise to.error("how many, from 0 on", value)
            for _ in range(value):
                self.part.write(None, to)

    def read(self, reader: Reader) -> Any:
        values = []
        while reader.peek() in self.first:
            values.append(self.part.read(reader))
        return tuple(values) if self.part.says else len(values)


@dataclass(frozen=True)
class Whole(Part):
    """An object of the spec."""

    kind: str
    cls: type

    def classes(self) -> tuple[type, ...]:
        return (self.cls,)

    def write(self, value: Any, to: Writer) -> None:
        if type(value) is not self.cls:
            raise to.error(f"a {self.cls.__name__}", value)
        try:
            to.ids += _core.encode(value).tolist()
        except GrammarError as error:
            raise to.error(f"a {self.cls.__name__} that can be written ({error})") from error

    def read(self, reader: Reader) -> Any:
        recognizer = _core.Recognizer(self.kind)
        while not recognizer.is_done:
            recognizer.accept(reader.next())
        return _core.decode(recognizer.ids)
