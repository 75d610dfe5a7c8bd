"""The sections of tokens of a declared type."""

from __future__ import annotations

from logos_grammar import _core


def sections_of(grammar: _core.Grammar) -> dict[str, range]:
    """The ids of each section of a grammar; see `ObjectType.sections`."""
    ids: dict[str, list[int]] = {}
    for id, _, _, section in grammar.tokens():
        name = section if section == grammar.kind else f"{grammar.kind}.{section}"
        ids.setdefault(name, []).append(id)
    return {name: range(all[0], all[-1] + 1) for name, all in ids.items()}
