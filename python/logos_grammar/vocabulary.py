"""The one vocabulary: every token's id, unique name, glyph, meaning and block."""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar import _core, registry
from logos_grammar._versions import VERSIONS

Writer: TypeAlias = Literal["this", "earlier", "later", "other"]
"""Which vocabulary wrote some ids, as seen by the one that reads them."""


@dataclass(frozen=True)
class Block:
    """A contiguous range of ids that mean one kind of thing.

    Attributes
    ----------
    name
        Its name in the spec, where rules use it as a terminal.
    base
        Its first id.
    size
        How many ids it reserves.
    gloss
        What it is for, in words.
    """

    name: str
    base: int
    size: int
    gloss: str

    def __contains__(self, id: int) -> bool:
        return self.base <= id < self.base + self.size


class Vocabulary:
    """Ids and what they mean; append-only, with a fingerprint that shards and checkpoints carry.

    Ids are forever, so a vocabulary reads what each of its earlier versions wrote: `writer` says
    which one did.

    The tokens of declared object types are looked up here too; they have a fingerprint of their
    own, and iteration and length leave them out.
    """

    def __init__(
        self,
        tokens: Iterable[tuple[int, str, str, str]] | None = None,
        versions: Iterable[tuple[int, str]] = VERSIONS,
    ) -> None:
        """Take the tokens (id, name, glyph, gloss) and versions of the core, or other ones."""
        listed = _core.tokens() if tokens is None else tokens
        self._tokens = {id: (name, text, gloss) for id, name, text, gloss in listed}
        self._ids = {name: id for id, (name, _, _) in self._tokens.items()}
        self._versions = dict(versions)
        self.blocks: tuple[Block, ...] = tuple(Block(*block) for block in _core.blocks())
        self._bases = [block.base for block in self.blocks]

    @property
    def size(self) -> int:
        """One past the highest id that may ever be assigned: the width of logits."""
        return _core.size()

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over every assigned id and its name."""
        return self._versions[self.version]

    @property
    def version(self) -> int:
        """The number of this version in ``spec/versions.toml``."""
        return max(self._versions)

    @property
    def lineage(self) -> tuple[str, ...]:
        """The fingerprints of all versions up to this one, the oldest first.

        Files that carry the fingerprint may carry these as well: then an older vocabulary can tell
        that a later version of itself wrote them.
        """
        return tuple(self._versions.values())

    def version_of(self, fingerprint: str) -> int | None:
        """The number of the version that has a fingerprint; None when no version up to this has."""
        numbers = {found: number for number, found in self._versions.items()}
        return numbers.get(fingerprint)

    def writer(self, fingerprint: str, lineage: Iterable[str] = ()) -> Writer:
        """Say which vocabulary wrote the ids that carry a fingerprint.

        Parameters
        ----------
        fingerprint
            Of the vocabulary that wrote them.
        lineage
            The fingerprints of its versions, where the file has them.

        Returns
        -------
        str
            ``"this"`` version; an ``"earlier"`` one, whose ids all mean the same here; a
            ``"later"`` one, whose ids mean the same where they exist here (see `assigns`); or
            ``"other"``, a vocabulary whose ids mean something else.
        """
        if fingerprint == self.fingerprint:
            return "this"
        if self.version_of(fingerprint) is not None:
            return "earlier"
        return "later" if self.fingerprint in lineage else "other"

    def assigns(self, ids: npt.NDArray[np.integer[Any]]) -> bool:
        """Whether every one of some ids, an array of any shape, is a token, declared or not."""
        known = np.zeros(self.size, np.bool_)
        known[[*self._tokens, *registry.names_and_sections()[0].values()]] = True
        within = (ids >= 0) & (ids < self.size)
        return bool(within.all() and known[ids].all())

    @property
    def declared_fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over every declared id and its name; empty when none is."""
        return registry.fingerprint()

    def id(self, name: str) -> int:
        """The id of a token's name.

        Raises
        ------
        KeyError
            When no token has this name.
        """
        id = self._ids.get(name)
        id = registry.id_of(name) if id is None else id
        if id is None:
            raise KeyError(f"no token is named {name!r}")
        return id

    def name(self, id: int) -> str:
        """The unique printable name of an assigned id.

        Raises
        ------
        KeyError
            When the id is not assigned, as for ``text`` and ``gloss``.
        TypeError
            When it is not an integer, as for these and ``block_of``.
        """
        return self._token(id)[0]

    def text(self, id: int) -> str:
        """The glyph of an assigned id in its foreign text; empty for what has none."""
        return self._token(id)[1]

    def gloss(self, id: int) -> str:
        """What an assigned id means, in plain English."""
        return self._token(id)[2]

    def block_of(self, id: int) -> Block:
        """The block that reserves an id.

        Raises
        ------
        KeyError
            When no block does.
        """
        number = _integer(id)
        block = self.blocks[bisect_right(self._bases, number) - 1]
        if number not in block:
            raise KeyError(f"no block reserves the id {number}")
        return block

    def __contains__(self, id_or_name: SupportsIndex | str) -> bool:
        if isinstance(id_or_name, str):
            return id_or_name in self._ids or registry.id_of(id_or_name) is not None
        if id_or_name in self._tokens:
            return True
        return (
            hasattr(id_or_name, "__index__")
            and registry.token_of(operator.index(id_or_name)) is not None
        )

    def __iter__(self) -> Iterator[int]:
        return iter(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def __repr__(self) -> str:
        return (
            f"Vocabulary({len(self)} tokens in {len(self.blocks)} blocks, "
            f"fingerprint {self.fingerprint[:12]})"
        )

    def _token(self, id: int) -> tuple[str, str, str]:
        number = _integer(id)
        if number in self._tokens:
            return self._tokens[number]
        declared = registry.token_of(number)
        if declared is None:
            raise KeyError(f"{number} is the id of no token")
        return declared.name, "", declared.gloss


def _integer(id: int) -> int:
    """An id as a plain integer; a number that only compares equal to one is rejected."""
    if isinstance(id, bool) or not hasattr(id, "__index__"):
        raise TypeError(f"expected an integer id, found {id!r}")
    return operator.index(id)


vocabulary = Vocabulary()
