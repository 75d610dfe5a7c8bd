"""The spec that the library carries, as the core reads it: the rules of every object type, as data.

The rules serve people (``explain``, ``spec``, the railroad pictures) and the classes of declared
types; sentences are written and read by the same rules in the core.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from logos_grammar import _core, registry
from logos_grammar.grammar.notation import (
    Accepted,
    Choice,
    Many,
    Maybe,
    Name,
    Node,
    Page,
    Refused,
    Rule,
    Sequence,
    Span,
    Spec,
    Token,
)


def spec() -> Spec:
    """The spec that the library carries, and what was declared.

    Returns
    -------
    Spec
        Read once; the same object each time until something is declared.
    """
    return _spec(tuple(each.grammar for each in registry.types()))


def spec_with(grammar: _core.Grammar) -> Spec:
    """The spec that the library carries, and the page of one more object type."""
    return _spec((grammar,))


def page_of(grammar: _core.Grammar) -> Page:
    """The page of a declared grammar; its own rules and sections are called ``kind.name``."""
    return _page(grammar.kind, grammar.page())


@lru_cache(maxsize=4)
def _spec(declared: tuple[_core.Grammar, ...]) -> Spec:
    pages = [*_own_pages(), *map(page_of, declared)]
    rules = {rule.name: rule for page in pages for rule in page.rules}
    return Spec(MappingProxyType({page.name: page for page in pages}), MappingProxyType(rules))


@cache
def _own_pages() -> tuple[Page, ...]:
    """The pages of the spec itself, which are the same whatever is declared."""
    return tuple(_page(PurePosixPath(path).stem, page) for path, page in _core.pages())


def _page(name: str, page: Any) -> Page:
    rules, examples, sections = page
    return Page(
        name,
        tuple(
            Rule(rule, _node(body), comment, tuple(conditions), text)
            for rule, body, comment, conditions, text in rules
        ),
        tuple(
            Accepted(rule, tuple(ids), meaning)
            for rule, ids, refused, meaning in examples
            if refused is None
        ),
        tuple(
            Refused(rule, tuple(ids), position=refused[0], reason=refused[1], why=meaning)
            for rule, ids, refused, meaning in examples
            if refused is not None
        ),
        tuple(sections),
    )


_LEAVES: Final[dict[str, Callable[..., Node]]] = {"token": Token, "span": Span, "name": Name}
_ROWS: Final[dict[str, Callable[..., Node]]] = {"sequence": Sequence, "choice": Choice}
_REPEATED: Final[dict[str, Callable[..., Node]]] = {"maybe": Maybe, "many": Many}


def _node(node: Any) -> Node:
    """A part of a rule, from its operator, names, parts, ranges of first ids, and emptiness."""
    operator, names, inner, ranges, may_be_empty = node
    parts = tuple(map(_node, inner))
    about: dict[str, Any] = {"begins": _ids(tuple(ranges)), "may_be_empty": may_be_empty}
    if operator in _ROWS:
        return _ROWS[operator](parts, **about)
    if operator in _REPEATED:
        return _REPEATED[operator](*parts, **about)
    return _LEAVES[operator](*names, **about)


@cache
def _ids(ranges: tuple[tuple[int, int], ...]) -> frozenset[int]:
    """The ids of some ranges: nodes that can begin alike share one set."""
    return frozenset(id for low, high in ranges for id in range(low, high + 1))
