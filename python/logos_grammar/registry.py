"""The declared object types of this process, and of the packages that are installed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from logos_grammar import _core

GROUP = "logos_grammar.types"


@dataclass(frozen=True)
class DeclaredToken:
    """A token of a declared type: its id, unique name, meaning, section and type."""

    id: int
    name: str
    gloss: str
    section: str
    kind: str


class DeclaredType(Protocol):
    """What is known here of an `ObjectType`, whose own module is above this one."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def cls(self) -> type:
        """The class of its objects."""

    @property
    def text(self) -> str:
        """Its grammar as text."""

    @property
    def grammar(self) -> _core.Grammar:
        """Its grammar, compiled."""

    @property
    def tokens(self) -> tuple[DeclaredToken, ...]:
        """The tokens that it declares, by ascending id."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over the id and name of each of its tokens."""

    @property
    def sections(self) -> dict[str, range]:
        """The ids of each of its sections."""

    def encode(self, obj: Any) -> npt.NDArray[np.uint16]:
        """The sentence of an object."""

    def decode(self, ids: npt.NDArray[np.uint16]) -> Any:
        """The object of a sentence."""


_types: dict[str, DeclaredType] = {}
_tokens: dict[int, DeclaredToken] = {}
_ids: dict[str, int] = {}
_asked: list[str] = []
FIRST = next(base for name, base, _, _ in _core.blocks() if name == "declared")


def add(declared: DeclaredType) -> None:
    """Make a type known; one of the same class, declared again, takes the place of the first.

    Raises
    ------
    ValueError
        If its name, an id or the name of a token belongs to another type.
    """
    before = _types.get(declared.kind)
    if before is not None and not _is_again(declared.cls, before.cls):
        raise ValueError(
            f"{declared.kind} is declared already, for {before.cls.__module__}."
            f"{before.cls.__qualname__}: expected another name"
        )
    for other in _types.values():
        if other is before:
            continue
        if other.cls is declared.cls:
            raise ValueError(f"{other.cls.__name__} is the class of {other.kind} already")
        ids = {token.id: token for token in other.tokens}
        names = {token.name for token in other.tokens}
        for token in declared.tokens:
            if token.id in ids:
                raise ValueError(
                    f"{token.id} is the id of {ids[token.id].name} of {other.kind} already, not of "
                    f"{token.name} of {declared.kind} too: expected ids of its own"
                )
            if token.name in names:
                raise ValueError(f"a token of {other.kind} has the name {token.name} already")
    _types[declared.kind] = declared
    _tokens.clear()
    _tokens.update({token.id: token for each in _types.values() for token in each.tokens})
    _ids.clear()
    _ids.update({token.name: token.id for token in _tokens.values()})


def named(kind: str) -> DeclaredType | None:
    """The type of this name, declared here or by an installed package."""
    if kind not in _types:
        _installed()
    return _types.get(kind)


def of_class(cls: type) -> DeclaredType | None:
    """The type whose objects are of this class."""
    return next((each for each in _types.values() if each.cls is cls), None)


def of_token(id: int) -> DeclaredType | None:
    """The type that has this token."""
    token = token_of(id)
    return None if token is None else _types[token.kind]


def token_of(id: int) -> DeclaredToken | None:
    """The declared token that has this id."""
    if id < FIRST:
        return None
    if id not in _tokens:
        _installed()
    return _tokens.get(id)


def id_of(name: str) -> int | None:
    """The id of a declared token."""
    if name not in _ids:
        _installed()
    return _ids.get(name)


def kinds() -> tuple[str, ...]:
    """The names of all declared types, those of installed packages too."""
    _installed()
    return tuple(_types)


def types() -> tuple[DeclaredType, ...]:
    """All declared types, those of installed packages too."""
    _installed()
    return tuple(_types.values())


def classes() -> dict[str, type]:
    """The class of the objects of each type that was declared so far."""
    return {kind: each.cls for kind, each in _types.items()}


def names_and_sections() -> tuple[dict[str, int], dict[str, range]]:
    """The ids of all declared tokens by name, and those of each section by ``kind.section``."""
    sections: dict[str, range] = {}
    for each in _types.values():
        sections.update(each.sections)
    return dict(_ids), sections


def fingerprint() -> str:
    """SHA-256 over the line ``id<TAB>name`` of every declared token, ascending; empty for none."""
    _installed()
    lines = "".join(f"{id}\t{token.name}\n" for id, token in sorted(_tokens.items()))
    return sha256(lines.encode()).hexdigest() if lines else ""


def _installed() -> None:
    """Let installed packages declare their types, once."""
    if _asked:
        return
    # Recorded first: what a package declares may look up names that no type has.
    _asked.append(GROUP)
    # Most processes decode no declared type, and its import takes as long as that of numpy.
    entry_points = import_module("importlib.metadata").entry_points
    for entry in entry_points(group=GROUP):
        try:
            entry.load()
        except Exception as error:
            # What one package does wrong is not the fault of those that need another.
            warnings.warn(f"{entry.value} declares no object type: {error}", stacklevel=2)


def _is_again(one: type, other: type) -> bool:
    """Whether two classes are one that was defined twice, as when a notebook cell runs again."""
    return (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
