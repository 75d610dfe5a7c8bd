"""The spec that the library carries: the rules of every object type, as data.

They serve people (``explain``, ``spec``, the railroad pictures); the library itself writes and
reads sentences by the same rules in its core.
"""

from __future__ import annotations

from functools import cache

from logos_grammar import _core, registry
from logos_grammar.grammar.notation import Spec
from logos_grammar.grammar.reader import read_spec


def spec() -> Spec:
    """The spec that the library carries, and what was declared.

    Returns
    -------
    Spec
        Read once; the same object each time until something is declared.
    """
    return _spec(registry.texts())


def spec_with(kind: str, text: str) -> Spec:
    """The spec that the library carries, and the page of one more object type."""
    return _spec(((kind, text),))


@cache
def _spec(declared: tuple[tuple[str, str], ...]) -> Spec:
    texts = {path: text for path, text in _core.spec_texts() if path.endswith(".ebnf")}
    return read_spec(texts, dict(declared))
