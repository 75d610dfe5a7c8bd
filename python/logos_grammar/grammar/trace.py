"""Says of every token of a sentence to which rule of the grammar it belongs.

The grammar is LL(1): one token decides. So a sentence is followed rule by rule with the sets of
tokens with which each part can begin, and no search. This serves people who look at a sentence;
whether it is one is for ``decode`` and ``check`` to say, side conditions included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from itertools import takewhile
from operator import or_
from types import MappingProxyType

from logos_grammar import registry
from logos_grammar.grammar.notation import (
    Choice,
    Many,
    Maybe,
    Name,
    Node,
    Sequence,
    Span,
    Spec,
    Token,
)
from logos_grammar.grammar.spec import spec as carried_spec
from logos_grammar.vocabulary import vocabulary


@dataclass(frozen=True)
class Place:
    """Where a token stands: its innermost rule, and every rule in force, outermost first."""

    rule: str
    rules: tuple[str, ...]
    """Each once: a chain within a chain within a chain is a chain."""

    def enter(self, rule: str) -> Place:
        """The place within this one where a rule begins."""
        return Place(rule, self.rules if rule in self.rules else (*self.rules, rule))


_OUTSIDE = Place("", ())


def grammar() -> Grammar:
    """The grammar of the spec that the library carries, and of what was declared; read once."""
    return _grammar(registry.texts())


@cache
def _grammar(_: tuple[tuple[str, str], ...]) -> Grammar:
    return Grammar(carried_spec(), *registry.names_and_sections())


class Grammar:
    """The rules of a spec, with the sets of ids with which each part of a rule can begin."""

    def __init__(
        self,
        spec: Spec,
        names: Mapping[str, int] = MappingProxyType({}),
        sections: Mapping[str, range] = MappingProxyType({}),
    ) -> None:
        """Take the rules of a spec, and the tokens and sections that are declared beside it."""
        self._names = names
        blocks = {b.name: range(b.base, b.base + b.size) for b in vocabulary.blocks}
        self._blocks = {
            name: _bits(ids.start, ids.stop) for name, ids in {**blocks, **sections}.items()
        }
        self._spec = spec
        self._rule_begins = dict.fromkeys(spec.rules, 0)
        self._rule_empty = dict.fromkeys(spec.rules, False)
        self._begins: dict[Node, int] = {}
        self._learn()

    def object_of(self, id: int) -> str | None:
        """The object type whose sentences begin with a token, or ``None``."""
        for name in self._spec.objects():
            if self._rule_begins[name] >> id & 1:
                return name
        return None

    def places(self, ids: Iterable[int], rule: str | None = None) -> Iterator[Place]:
        """The innermost rule of every token.

        Parameters
        ----------
        ids
            A sentence or the beginning of one.
        rule
            The rule that it follows; by default the object type that its first token opens.

        Yields
        ------
        Place
            One for each id, until the first that its rule does not allow.
        """
        waiting: list[tuple[Node, Place]] | None = None
        for id in ids:
            if waiting is None:
                root = rule or self.object_of(id)
                waiting = [] if root is None else [(Name(root), _OUTSIDE)]
            place = self._follow(id, waiting)
            if place is None:
                return
            yield place

    def _follow(self, id: int, waiting: list[tuple[Node, Place]]) -> Place | None:
        """Follow the rules to the next token; ``None`` when it is not this one."""
        while waiting:
            node, place = waiting.pop()
            match node:
                case Name(name) if name in self._spec.rules:
                    waiting.append((self._spec.rules[name].body, place.enter(name)))
                case Token() | Span() | Name():
                    return place if self._can_begin(node, id) else None
                case Sequence(parts):
                    waiting.extend((part, place) for part in reversed(parts))
                case Choice(parts):
                    begun = [part for part in parts if self._can_begin(part, id)]
                    waiting.extend((part, place) for part in begun[:1])
                case Maybe(part):
                    if self._can_begin(part, id):
                        waiting.append((part, place))
                case Many(part):
                    if self._can_begin(part, id):
                        waiting += [(node, place), (part, place)]
        return None

    def id(self, name: str) -> int:
        """The id of a token, declared or of the vocabulary."""
        return self._names[name] if name in self._names else vocabulary.id(name)

    def _can_begin(self, node: Node, id: int) -> bool:
        begins = self._begins.get(node)
        if begins is None:
            begins = self._begins[node] = self.first(node)
        return bool(begins >> id & 1)

    def _learn(self) -> None:
        """Let the rules tell each other what they begin with, until none has anything new."""
        learning = True
        while learning:
            learning = False
            for name, rule in self._spec.rules.items():
                news = (self.first(rule.body), self.is_empty(rule.body))
                if news != (self._rule_begins[name], self._rule_empty[name]):
                    self._rule_begins[name], self._rule_empty[name] = news
                    learning = True

    def first(self, node: Node) -> int:
        """The ids with which a part can begin, a bit each."""
        match node:
            case Token(name):
                return 1 << self.id(name)
            case Span(first, last):
                return _bits(self.id(first), self.id(last) + 1)
            case Name(name):
                begins = self._rule_begins if name in self._spec.rules else self._blocks
                return begins[name]
            case Maybe(part) | Many(part):
                return self.first(part)
            case Choice(parts):
                return _union(map(self.first, parts))
            case Sequence(parts):
                empty = list(takewhile(self.is_empty, parts))
                return _union(map(self.first, parts[: len(empty) + 1]))

    def is_empty(self, node: Node) -> bool:
        """Whether a part may have no token at all."""
        match node:
            case Maybe() | Many():
                return True
            case Choice(parts):
                return any(map(self.is_empty, parts))
            case Sequence(parts):
                return all(map(self.is_empty, parts))
            case Name(name):
                return self._rule_empty.get(name, False)
            case Token() | Span():
                return False


def ids_of(bits: int) -> list[int]:
    """The ids of a set, ascending."""
    return [id for id in range(bits.bit_length()) if bits >> id & 1]


def _bits(start: int, stop: int) -> int:
    return (1 << stop) - (1 << start)


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
