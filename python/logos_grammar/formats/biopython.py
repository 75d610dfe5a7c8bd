"""Shared by all converters from and to Biopython: letters, and components under features."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from logos_grammar.error import ConversionError
from logos_grammar.formats.letters import PIECE

try:
    from Bio.Seq import MutableSeq, Seq, UndefinedSequenceError
    from Bio.SeqFeature import (
        AfterPosition,
        BeforePosition,
        ExactPosition,
        Position,
        SeqFeature,
        SimpleLocation,
    )
    from Bio.SeqRecord import SeqRecord
except ImportError as error:
    raise ImportError("expected Biopython: install logos-grammar[biopython]") from error

__all__ = [
    "MutableSeq",
    "Seq",
    "SeqFeature",
    "SeqRecord",
    "feature_of",
    "record_of",
    "span_of",
    "text_of",
]


def text_of(
    sequence: Seq | MutableSeq | SeqRecord, *, feature: str, without_case: bool = False
) -> str:
    """Write a sequence as letters and component names: ``MK(MSE)L``.

    Parameters
    ----------
    sequence
        Letters, in a record with features or not.
    feature
        The type of features that name a component.
    without_case
        Write every letter in upper case.

    Raises
    ------
    ConversionError
        For letters that are not known, parentheses among them, features that are not one letter,
        and two components at one letter.
    """
    letters = list(_letters(sequence, without_case))
    for at, name in _components(sequence, feature):
        if not 0 <= at < len(letters):
            raise ConversionError(f"expected component {name} in the sequence, found it at {at}")
        if letters[at].startswith("("):
            raise ConversionError(f"expected one component at {at}, found {letters[at]} and {name}")
        letters[at] = f"({name})"
    return "".join(letters)


def record_of(text: str, *, unknown: str, feature: str, molecule_type: str) -> SeqRecord:
    """Make a record of letters and component names, the names under features.

    Parameters
    ----------
    text
        Letters and names: ``MK(MSE)L``.
    unknown
        The letter that is written for a component.
    feature
        The type of features that name a component.
    molecule_type
        What the record's annotation of that name says.
    """
    letters, features = [], []
    for at, (name, letter) in enumerate(PIECE.findall(text)):
        letters.append(letter or unknown)
        if not letter:
            features.append(feature_of(at, at + 1, feature, {"component": [name]}))
    return SeqRecord(
        Seq("".join(letters)), features=features, annotations={"molecule_type": molecule_type}
    )


def feature_of(start: int, end: int, kind: str, qualifiers: dict[str, list[str]]) -> SeqFeature:
    """Make a feature of the letters from start to end, the latter excluded."""
    place = SimpleLocation(start, end)  # type: ignore[no-untyped-call]
    return SeqFeature(place, type=kind, qualifiers=qualifiers)  # type: ignore[no-untyped-call]


def span_of(feature: SeqFeature, *, noun: str) -> tuple[int, int]:
    """Return the letters of a feature: where they begin, and where they end, that excluded.

    A partial feature (``<1..25``) is the letters that are there; one in several pieces (``join``)
    must be without a gap.

    Parameters
    ----------
    feature
        A feature of a record.
    noun
        What it is, for the error.

    Raises
    ------
    ConversionError
        For a feature without a location, at a position that is not known, on the other strand, in
        another record, or whose pieces leave letters out.
    """
    if feature.location is None:
        raise ConversionError(f"expected a location of {noun}, found none")
    pieces = feature.location.parts
    for piece in pieces:
        for position in (piece.start, piece.end):
            if not isinstance(position, _KNOWN):
                raise ConversionError(f"expected a known position of {noun}, found {piece}")
        if piece.strand == -1:
            raise ConversionError(f"expected {noun} on the strand that is given, found {piece}")
        if piece.ref is not None:
            raise ConversionError(f"expected {noun} in this record, found {piece}")
    for one, other in pairwise(pieces):
        if int(one.end) != int(other.start):
            found = f"{int(one.end)} and then {int(other.start)}"
            raise ConversionError(f"expected {noun} without a gap, found a piece up to {found}")
    return int(pieces[0].start), int(pieces[-1].end)


_KNOWN: Final[tuple[type[Position], ...]] = (ExactPosition, BeforePosition, AfterPosition)


def _letters(sequence: Seq | MutableSeq | SeqRecord, without_case: bool) -> str:
    plain = sequence.seq if isinstance(sequence, SeqRecord) else sequence
    if plain is None:
        raise ConversionError("expected a sequence, found a record without one")
    try:
        text = str(plain)
    except UndefinedSequenceError as error:
        raise ConversionError("expected known letters, found a length only") from error
    if (at := re.search(r"[()]", text)) is not None:
        raise ConversionError(f"expected a letter at {at.start()}, found {at.group()}")
    return text.upper() if without_case else text


def _components(sequence: Seq | MutableSeq | SeqRecord, feature: str) -> Iterator[tuple[int, str]]:
    for each in sequence.features if isinstance(sequence, SeqRecord) else ():
        names = each.qualifiers.get("component", ()) if each.type == feature else ()
        for name in names:
            start, end = span_of(each, noun=f"component {name}")
            if end != start + 1:
                raise ConversionError(f"expected component {name} at one letter")
            yield start, name
