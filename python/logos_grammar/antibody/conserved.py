"""Residues that nearly every variable domain has, and whether a numbering moved one of them.

No scheme has numbers for an insertion in a framework. An aligner that meets one shifts what is
beside it into the next CDR, and gives regions that are wrong. A conserved residue then has
another number than its own: that is what is looked for, and no more. A domain in which such a
residue is another one (a mutant, an error of sequencing) is as good as any.

Source: Lefranc et al., IMGT unique numbering for variable domains, 2003,
<https://doi.org/10.1016/S0145-305X(02)00039-3>: 1st-CYS 23, CONSERVED-TRP 41, 2nd-CYS 104 and
J-TRP or J-PHE 118; the other three are what most domains have in the second half of the second
framework and in the third one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple


class Moved(NamedTuple):
    """A conserved residue that has another number than its own.

    Attributes
    ----------
    name
        What it is: ``cysteine``.
    position
        Its number in the IMGT scheme.
    shift
        How many residues behind its number it is; negative for before.
    at
        Which residue of the domain it is, from 0.
    """

    name: str
    position: int
    shift: int
    at: int


class _Landmark(NamedTuple):
    name: str
    position: int
    chains: str
    accepted: re.Pattern[str]
    """What may be at the position."""
    sought: re.Pattern[str]
    """What says, beside the position, that the residue is there."""
    before: int
    """How far before the position it is sought."""


_REACH: Final = 4
_J_REGION: Final = 10
"""How long the J region of a light chain is behind its CDR3: a tag like it may take its place."""


def _landmark(name: str, position: int, chains: str, accepted: str, sought: str) -> _Landmark:
    return _Landmark(name, position, chains, re.compile(accepted), re.compile(sought), _REACH)


_LANDMARKS: Final = (
    _landmark("cysteine", 23, "HKL", "C", "C"),
    _landmark("tryptophan", 41, "HKL", "W", "W[VIFYLH][RKQEH]"),
    _landmark("leucine", 50, "H", "..W", "[LP].W"),
    _landmark("aliphatic residue", 53, "KL", "..[YF]", "[LVMI][IVLM][YF]"),
    _landmark("basic residue", 75, "HKL", "[RK][FVLAIM]", "[RK][FVLAIM][STA]"),
    _landmark("cysteine", 104, "HKL", "C", "C"),
    _landmark("tryptophan or phenylalanine", 118, "H", "[WF]", "[WF]G.G"),
    _landmark("tryptophan or phenylalanine", 118, "KL", "[WF]", "[WF]G.G")._replace(
        before=_J_REGION
    ),
)
_DIGITS: Final = re.compile(r"\d+")


def moved(numbering: Mapping[str, str], chain: str) -> Moved | None:
    """Find a conserved residue that a numbering moved.

    Parameters
    ----------
    numbering
        The one-letter codes of a domain by their numbers in the IMGT scheme, in their order.
    chain
        ``"H"``, ``"K"`` or ``"L"``.

    Returns
    -------
    Moved or None
        The first one; None when each is at its number, or is not near it: within four residues,
        or, where FR4 of a light chain begins, ten before it.
    """
    places = [int(match[0]) for number in numbering if (match := _DIGITS.match(number))]
    letters = "".join(numbering.values())
    for landmark in _LANDMARKS:
        if chain not in landmark.chains or landmark.position not in places:
            continue
        at = places.index(landmark.position)
        if landmark.accepted.match(letters, at):
            continue
        near = [
            shift
            for shift in range(max(-landmark.before, -at), _REACH + 1)
            if landmark.sought.match(letters, at + shift)
        ]
        if near:
            shift = min(near, key=abs)
            return Moved(landmark.name, landmark.position, shift, at + shift)
    return None
