"""Says of every token of a sentence to which rule of the grammar it belongs.

The core follows the sentence rule by rule: the grammar is LL(1), so one token decides. This serves
people who look at a sentence; whether it is one is for ``decode`` and ``check`` to say, conditions
included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from logos_grammar import _core, registry


@dataclass(frozen=True)
class Place:
    """Where a token belongs: its innermost rule, and every rule in force, outermost first."""

    rule: str
    rules: tuple[str, ...]
    """Each once: a chain within a chain within a chain is a chain."""


def trace(ids: Sequence[int]) -> tuple[Place, ...]:
    """The rules of every token.

    Parameters
    ----------
    ids
        A sentence of n tokens, of the spec or of a declared type, or the beginning of one.

    Returns
    -------
    tuple
        One place for each id, until the first that the rules do not have there: at most n.
    """
    declared = registry.of_token(ids[0]) if ids else None
    if declared is not None:
        found = declared.grammar.trace(ids)
    else:
        found = _core.trace(np.asarray(ids, np.uint16))
    return tuple(Place(rule, rules) for rule, rules in found)
