"""The numbering schemes that say where the regions of a variable domain begin and end."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Scheme: TypeAlias = Literal["imgt", "kabat", "chothia", "martin", "aho"]

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
"""Every scheme, the most used one first."""
