"""Side conditions on the two atoms that a bond joins, along a chain or round a ring."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from oracle.condition import BROKEN, Broken, Register
from oracle.labels import CHAINS, OnLabels
from oracle.notation import Spec, written_tokens

LINKS = ("link", "holed_link")
"""The rules of a link, in the same order."""


class _Joined(NamedTuple):
    """Whether an atom is of the block, of each that a token to come may join.

    `heads`: the first atom of each open chain, innermost first, as nested pairs. `openers`: the
    opener of each open label. `parent`: that of the atom at the other end of a TOKEN in a link.
    `closing`: whether a TOKEN in a closing waits for its label.
    """

    heads: Any
    openers: dict[int, bool]
    parent: bool | None
    closing: bool


class _Joins(OnLabels):
    """A condition on the two atoms that TOKEN joins: which of them are of BLOCK."""

    only: bool

    def __init__(self, text: str, spec: Spec, token: str, block: str) -> None:
        pair = next(w for r in spec.rules.values() for w in r.wheres if w.name == "opened")
        super().__init__(text, spec, pair.arguments[1], pair.arguments[0], *CHAINS)
        self.token = spec.vocabulary.ids[token.strip('"')]
        self.block = spec.vocabulary.blocks[block].ids
        self.symbols = frozenset(
            token for rule in ("bare", "symbol") for token in written_tokens(spec.rules[rule])
        )
        self.tokens |= self.symbols | {self.token}

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Joined(heads=None, openers={}, parent=None, closing=False)

    def enter(self, register: _Joined, rule: str) -> Register:
        return register._replace(heads=(None, register.heads))

    def leave(self, register: _Joined, rule: str) -> Register:
        return register._replace(heads=register.heads[1])

    def read(self, register: _Joined, token: int, rule: str) -> Register | Broken:
        if rule in ("bare", "symbol"):
            return self._symbol(register, token in self.block)
        if token == self.token:
            return self._bond(register, rule in LINKS)
        if token in self.opening:
            openers = {**register.openers, self.label(token): register.heads[0]}
            return register._replace(openers=openers)
        if token in self.closing:
            return self._close(register, self.label(token))
        return register

    def _symbol(self, register: _Joined, here: bool) -> Register | Broken:
        if register.parent is not None and not self._keeps(register.parent, here):
            return BROKEN
        return register._replace(heads=(here, register.heads[1]), parent=None)

    def _bond(self, register: _Joined, linking: bool) -> Register | Broken:
        here = register.heads[0]
        if self.only and not here:
            return BROKEN
        return register._replace(parent=here) if linking else register._replace(closing=True)

    def _close(self, register: _Joined, label: int) -> Register | Broken:
        opener = register.openers.get(label)
        known = register.closing and opener is not None
        if known and not self._keeps(bool(opener), register.heads[0]):
            return BROKEN
        return register._replace(closing=False)

    def owes(self, register: _Joined) -> bool:
        return register.closing or register.parent is not None

    def kind(self, token: int, rule: str) -> Hashable:
        if token in self.symbols:
            return token in self.block
        return token if token in self.tokens else None

    def _keeps(self, one: bool, other: bool) -> bool:
        return one and other if self.only else not (one and other)


class JoinsOnly(_Joins):
    """Both atoms that TOKEN joins are of BLOCK."""

    only = True


class JoinsNot(_Joins):
    """Not both atoms that TOKEN joins are of BLOCK."""

    only = False
