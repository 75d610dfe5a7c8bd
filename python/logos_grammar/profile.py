"""Profiles: sublanguages of the grammar that a recognizer keeps to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import index
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a sentence must satisfy beyond the grammar.

    Attributes
    ----------
    valence
        The name of a valence table, "rdkit": molecules without aromatic atoms or bonds in which no
        atom exceeds its valence limit in the table, so that RDKit sanitizes them. The short form is
        ``profile="kekule+valence"``. The table is ``spec/valence/rdkit.toml``.
    aromatic
        With a valence table: aromatic atoms as well, under the same limits and each in a ring.
        RDKit accepts every valence; that there is a Kekulé structure is not promised. The short
        form is ``profile="aromatic"``.
    copy
        For an edit: the edited form repeats the protein outside its marks. For a pocket: what is
        found repeats the chains that were given, sites and molecules aside. The short form is
        ``profile="copy"``.
    length
        How many atoms, residues or nucleotides there are; two numbers are the fewest and the most.
        The residues of a structure are those of all its models, waters and other components, too.
    composition
        How many of each there are, by the name of the token ("C", "Cl", "Ala", "nt:A"); there are
        no others. An element counts whether its atoms are aromatic or not; hydrogens that are not
        atoms of their own, stated at another or implied, are not counted.

    fill_length
        For an infill: how many residues, nucleotides or atoms fill each hole, hydrogens that are
        not atoms of their own not counted; two numbers are the fewest and the most.
    fill_lengths
        The same for one fill after another, as a list: ``[10, (5, 8)]``. The template has as many
        holes.
    coordinates_of
        The ids of a sentence of a structure or a conformer: all of it is repeated but its points,
        which are free. So a sequence with its atoms, or a molecule, is fixed, and how many poses or
        models there are; `lg.encode(structure.without_b_factors())` leaves no other numbers of the
        object in it. Cannot be combined with another profile.

    A length and a composition are for molecules, proteins and nucleic acids, and cannot be
    combined with valences.
    """

    valence: str | None = None
    aromatic: bool = False
    copy: bool = False
    length: int | tuple[int, int] | None = None
    composition: Mapping[str, int] | None = field(default=None, hash=False)
    fill_length: int | tuple[int, int] | None = None
    fill_lengths: Sequence[int | tuple[int, int]] | None = None
    coordinates_of: Sequence[int] | npt.NDArray[np.uint16] | None = None

    def __post_init__(self) -> None:
        self._check_types()
        if self.aromatic and self.valence is None:
            raise ValueError("expected a valence table for aromatic atoms")
        for name in ("length", "fill_length"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _length(name, getattr(self, name)))
        if self.fill_lengths is not None:
            if self.fill_length is not None:
                raise ValueError("expected fill_length or fill_lengths, found both")
            if isinstance(self.fill_lengths, str) or not isinstance(self.fill_lengths, Sequence):
                found = repr(self.fill_lengths)
                raise TypeError(f"expected fill_lengths to be a list of lengths, not {found}")
            lengths = enumerate(self.fill_lengths)
            each = tuple(_length(f"fill_lengths[{hole}]", length) for hole, length in lengths)
            object.__setattr__(self, "fill_lengths", each)
        if self.coordinates_of is not None:
            ids = _ids(self.coordinates_of)
            object.__setattr__(self, "coordinates_of", ids)
        if self.composition is None:
            return
        if not isinstance(self.composition, Mapping) or not all(
            isinstance(name, str) for name in self.composition
        ):
            raise TypeError(f"expected a composition such as {{'C': 2}}, not {self.composition!r}")
        # The caller may change its mapping afterwards.
        object.__setattr__(self, "composition", dict(self.composition))
        counts = self.composition.values()
        if not all(map(_is_count, counts)) or sum(counts) > MOST:
            raise ValueError(f"expected counts from 0 on, {MOST:,} in all, not {self.composition}")

    def _check_types(self) -> None:
        if self.valence is not None and not isinstance(self.valence, str):
            found = repr(self.valence)
            raise TypeError(f"expected valence to be the name of a table, not {found}")
        for name in ("aromatic", "copy"):
            if not isinstance(found := getattr(self, name), bool):
                raise TypeError(f"expected {name} to be True or False, not {found!r}")


MOST = 1_000_000
"""The largest number of units that a profile can require."""


def _ids(given: object) -> tuple[int, ...]:
    """Take the ids of a sentence."""
    if not isinstance(given, Sequence | np.ndarray) or isinstance(given, str | bytes):
        found = type(given).__name__
        raise TypeError(
            f"expected coordinates_of to be the ids of a sentence, such as lg.encode(structure), "
            f"not {found}"
        )
    return tuple(index(id) for id in given)


def _length(name: str, length: object) -> int | tuple[int, int]:
    """Take one count, or the fewest and the most in a tuple."""
    counts = [_count(count) for count in (length if isinstance(length, tuple) else (length,))]
    match counts:
        case [int(exactly)]:
            if not isinstance(length, tuple):
                return exactly
        case [int(fewest), int(most)]:
            if fewest > most:
                wanted = "the fewest, then the most"
                raise ValueError(f"expected {name} to be {wanted}, not {length!r}")
            # One count has one form, so that profiles that say the same are equal.
            return fewest if fewest == most else (fewest, most)
    wanted = f"a number of 0 to {MOST:,}, or a tuple of two: the fewest and the most"
    raise ValueError(f"expected {name} to be {wanted}, not {length!r}")


def _count(given: Any) -> int | None:
    """Read an integer of Python or numpy."""
    try:
        count = None if isinstance(given, bool) else index(given)
    except TypeError:
        return None
    return count if count is not None and _is_count(count) else None


def _is_count(count: object) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST
