"""Infill: a sequence with holes, and what fills them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.displayed import Displayed
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein

__all__ = ["HOLE", "REGIONS", "Infill"]

HOLE = "_"
REGIONS = ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4", "constant")


@dataclass(frozen=True)
class Infill(Displayed):
    """A template with holes, and as many fills.

    Attributes
    ----------
    template
        A protein, nucleic acid or antibody in whose text each ``_`` is a hole.
    fills
        What fills each hole, in the order of the text; a fill may be empty.
    """

    template: Protein | NucleicAcid | Antibody
    fills: tuple[str, ...]

    def __post_init__(self) -> None:
        if isinstance(self.fills, str):
            raise TypeError("expected a tuple of fills, not one text")
        object.__setattr__(self, "fills", tuple(self.fills))

    def whole(self) -> Protein | NucleicAcid | Antibody:
        """The template with its holes filled.

        Raises
        ------
        ValueError
            When there are not as many fills as holes.
        """
        fills = list(self.fills)
        whole = _filled(self.template, fills)
        if fills:
            raise ValueError(f"expected as many fills as holes, not {len(fills)} more")
        return whole

    @classmethod
    def of_cdr3(cls, antibody: Antibody) -> Infill:
        """The design task of an antibody's heavy CDR3: everything else is given.

        Raises
        ------
        ValueError
            When it has no heavy chain.
        """
        if antibody.heavy is None:
            raise ValueError("expected an antibody with a heavy chain")
        heavy = replace(antibody.heavy, cdr3=HOLE)
        return cls(replace(antibody, heavy=heavy), (antibody.heavy.cdr3,))


def _filled(
    template: Protein | NucleicAcid | Antibody, fills: list[str]
) -> Protein | NucleicAcid | Antibody:
    if isinstance(template, Antibody):
        heavy = _filled_chain(template.heavy, fills)
        return Antibody(heavy, _filled_chain(template.light, fills))
    return replace(template, sequence=_filled_text(template.sequence, fills))


def _filled_chain(chain: Chain | None, fills: list[str]) -> Chain | None:
    if chain is None:
        return None
    given = {name: getattr(chain, name) for name in REGIONS if getattr(chain, name) is not None}
    filled: dict[str, Any] = {name: _filled_text(text, fills) for name, text in given.items()}
    return replace(chain, **filled)


def _filled_text(text: str, fills: list[str]) -> str:
    first, *rest = text.split(HOLE)
    if len(rest) > len(fills):
        raise ValueError(f"expected as many fills as holes, {len(rest) - len(fills)} are missing")
    filled = first + "".join(fill + piece for fill, piece in zip(fills, rest, strict=False))
    del fills[: len(rest)]
    return filled
