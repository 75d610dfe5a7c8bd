"""Rows: which ids of the vocabulary a model of a given width can use.

A model may have fewer rows than the vocabulary has ids. Objects that need other ids are then beyond
it, and so is each token after which only such ids can follow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from logos_grammar.grammar.notation import Choice, Many, Maybe, Name, Node, Sequence, Span, Token
from logos_grammar.grammar.spec import spec


@cache
def usable_ids(rows: int) -> list[int]:
    """Return the ids of the sentences whose ids are all below `rows`, ascending."""
    rules = spec().rules
    productive: set[str] = set()

    def derives(node: Node) -> bool:
        """Say whether a part has a derivation below `rows`, as far as is known."""
        match node:
            case Name(name) if name in rules:
                return name in productive
            case Maybe() | Many():
                return True
            case Choice(parts):
                return any(map(derives, parts))
            case Sequence(parts):
                return all(map(derives, parts))
            case _:
                return any(id < rows for id in node.begins)

    growing = True
    while growing:
        new = {name for name, rule in rules.items() if derives(rule.body)} - productive
        productive |= new
        growing = bool(new)
    kinds = frozenset(name for name in spec().objects() if name in productive)
    return sorted(id for id in _reached(kinds, derives) if id < rows)


def _reached(kinds: frozenset[str], derives: Callable[[Node], bool]) -> set[int]:
    """Return the ids in the derivations of `kinds`."""
    rules = spec().rules
    ids: set[int] = set()
    seen = set(kinds)
    waiting: list[Node] = [rules[name].body for name in kinds]
    while waiting:
        node = waiting.pop()
        if not derives(node):
            continue
        match node:
            case Name(name) if name in rules:
                if name not in seen:
                    seen.add(name)
                    waiting.append(rules[name].body)
            case Maybe(part) | Many(part):
                waiting.append(part)
            case Choice(parts) | Sequence(parts):
                waiting.extend(parts)
            case Token() | Span() | Name():
                ids |= node.begins
    return ids
