"""What an object shows of itself in a notebook, written once for all object types."""

from __future__ import annotations

from importlib import import_module


class Displayed:
    """An object that a notebook draws, with its tokens in colour."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        # Imported when a notebook calls: `display` draws objects, so it depends on them.
        return str(import_module("logos_grammar.display").html(self))
