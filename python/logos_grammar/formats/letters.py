"""Texts of sequences, cut into their residues: letters, and component names in parentheses."""

from __future__ import annotations

import re
from typing import Final

PIECE: Final = re.compile(r"\(([^()]*)\)|(.)", re.DOTALL)
"""A residue: a component name in parentheses, or a letter."""


def letters_of(text: str) -> list[str]:
    """Cut letters and component names, ``MK(MSE)L``, into one member for each residue."""
    return [match.group() for match in PIECE.finditer(text)]
