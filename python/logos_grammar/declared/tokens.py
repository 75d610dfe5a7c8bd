"""The tokens of a declared type, and its sections of them."""

from __future__ import annotations

from dataclasses import dataclass

from logos_grammar import _core


def sections_of(grammar: _core.Grammar) -> dict[str, range]:
    """The ids of each section of a grammar; see `ObjectType.sections`."""
    ids: dict[str, list[int]] = {}
    for id, _, _, section in grammar.tokens():
        name = section if section == grammar.kind else f"{grammar.kind}.{section}"
        ids.setdefault(name, []).append(id)
    return {name: range(all[0], all[-1] + 1) for name, all in ids.items()}


@dataclass(frozen=True)
class DeclaredToken:
    """A token of a declared type: its id, unique name, meaning, section and type."""

    id: int
    name: str
    gloss: str
    section: str
    kind: str
