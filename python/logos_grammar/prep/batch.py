"""What a block of a file holds: texts to encode, and records refused before that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from logos_grammar.antibody.schemes import Scheme
from logos_grammar.kinds import FORMS, OBJECT_TYPES, TEXTS
from logos_grammar.prep.extension import (
    RejectedRecord,
    without_extension,
    without_fragment_bond,
)
from logos_grammar.prep.words import Words, joined
from logos_grammar.structure import BlankOccupancy
from logos_grammar.texts import Kind

PrepKind: TypeAlias = str
"""One of `KINDS`: a kind of text, or an object type without one."""

KINDS: tuple[PrepKind, ...] = (
    *TEXTS,
    *(kind for kind in OBJECT_TYPES if kind not in (*TEXTS, *FORMS.values())),
)

CHEMICAL: tuple[Kind, ...] = ("molecule", "reaction")
"""Kinds whose texts are SMILES; the texts of the others are sequences."""

_BLANKS = b" \t"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What every record is to become, and what may be left out on the way.

    Attributes
    ----------
    kind
        The kind of object.
    fold_case
        Read lower-case letters of sequences as upper-case ones; the mark that they were is lost.
    without_extensions
        Leave out CXSMILES features (`|...|`) that a sentence does not hold, such as radicals,
        enhanced stereo groups and atom labels.
    without_conformers
        Leave out the three-dimensional coordinates of SDF and RXN records.
    without_stereo_groups
        Leave out which stereo centres of SDF and RXN records are relative or racemic.
    without_substance_groups
        Leave out the substance groups of SDF and RXN records, such as polymer brackets.
    without_atropisomers
        Leave out the handedness of single bonds of SDF and RXN records.
    stereo
        Whence the stereo of a conformer is taken: ``"coordinates"`` or ``"wedges"``.
    layouts
        What becomes of a conformer that is a layout in the plane: ``"refuse"`` or ``"keep"``.
    blank_occupancy
        What becomes of an atom of a structure without an occupancy where others have one:
        ``"refuse"``, or ``"one"``, which reads 1.
    without_links
        Leave out of structures the links between residues.
    without_order
        Leave out in which order the record of a conformer has its atoms.
    without_title
        Leave out the title of the record of a conformer.
    without_properties
        Leave out the data items of the record of a conformer.
    without_maps
        Leave out map numbers, and the brackets that only they needed.
    kekulized
        Write single and double bonds for aromatic ones.
    root_aligned
        Write the atoms of both sides of a reaction in as similar an order as map numbers allow.
    retro
        Write reactions from products to reactants.
    projections
        What structures and conformers become: names of `prep.methods.METHODS`, in the order in
        which they are applied.
    incomplete
        Take regions that a row of a table of antibodies lacks as empty.
    na
        What the cells NA and NULL of an AIRR table are: ``"missing"`` or ``"residues"``.
    scheme
        By which scheme the chains of antibodies are cut into regions; None for tables with regions.
    without_leader
        Leave out what comes before the variable domain of a chain, such as a signal peptide.
    words
        What the words behind the first one of a line are: ``"names"``, or ``"tokens"`` of one text
        (``C C ( = O ) O``), in a cell as well. None refuses lines that may be either.
    carried
        The columns of the input that go along into the side-car, each with the type of its cells.
    fragment_bond
        The sign between the fragments of one molecule of several components, such as the ``~`` of
        rxn-chemutils (``[Na+]~[Cl-]``); None reads ``~`` as the bond that it is in SMILES.
    """

    kind: PrepKind
    fold_case: bool = False
    without_extensions: bool = False
    without_conformers: bool = False
    without_stereo_groups: bool = False
    without_substance_groups: bool = False
    without_atropisomers: bool = False
    stereo: Literal["coordinates", "wedges"] = "coordinates"
    layouts: Literal["refuse", "keep"] = "refuse"
    blank_occupancy: BlankOccupancy = "refuse"
    without_links: bool = False
    without_order: bool = False
    without_title: bool = False
    without_properties: bool = False
    without_maps: bool = False
    kekulized: bool = False
    root_aligned: bool = False
    retro: bool = False
    projections: tuple[str, ...] = ()
    incomplete: bool = False
    na: Literal["missing", "residues"] | None = None
    scheme: Scheme | None = None
    without_leader: bool = False
    words: Words | None = None
    fragment_bond: str | None = None
    carried: Mapping[str, Literal["str", "int", "float", "bool"]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A record that did not become a sentence.

    Attributes
    ----------
    row
        Its place in the block, from 0.
    line
        The line of the block on which it begins, from 0; None in a format without lines.
    reason
        What was wanted.
    position
        The character of `text` that is wrong, from 0; None when no one character is.
    text
        The text that was refused.
    member
        The file of an archive in which the record is; its line is a line of this file.
    block
        The name of the block of a file of mmCIF that the record is.
    """

    row: int
    line: int | None
    reason: str
    position: int | None
    text: str
    member: str | None = None
    block: str | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    r"""The records of one block.

    Attributes
    ----------
    texts
        The texts to encode, each ended by `\n`.
    rows
        For each text, its record's place in the block from 0, int64 [texts].
    lines
        For each record, the line of the block on which it begins, from 0, int64 [records]; None
        in a format without lines.
    records
        How many records the block holds.
    newlines
        How many lines the block holds.
    refused
        The records that have no text to encode.
    """

    texts: bytes
    rows: NDArray[np.int64]
    lines: NDArray[np.int64] | None
    records: int
    newlines: int
    refused: tuple[Refusal, ...] = ()


Cell = tuple[int, bytes | RejectedRecord]
"""A record of a block: the line on which it begins, from 0, and its text or why it has none."""


def whole(texts: bytes, *, line: int, options: Options) -> Batch | None:
    """Take a block in which every line is the text of a record, without touching each.

    Parameters
    ----------
    texts
        Lines, none of them empty, without blanks.
    line
        The line of the block on which the first one begins, from 0.
    options
        What the records are to become.

    Returns
    -------
    Batch or None
        None when some record needs to be looked at on its own.
    """
    if options.words == "tokens" and b" " in texts:
        return None
    if options.fragment_bond is not None and options.fragment_bond.encode() in texts:
        return None
    if options.kind not in CHEMICAL and (upper := texts.upper()) != texts:
        if not options.fold_case:
            return None
        texts = upper
    count = texts.count(b"\n")
    rows = np.arange(count, dtype=np.int64)
    return Batch(texts=texts, rows=rows, lines=rows + line, records=count, newlines=line + count)


def gather(
    cells: Iterable[Cell], *, newlines: int, options: Options, has_lines: bool = True
) -> Batch:
    """Settle records one by one.

    Parameters
    ----------
    cells
        The records in their order.
    newlines
        How many lines the block holds.
    options
        What the records are to become.
    has_lines
        Whether the format has lines to point at.
    """
    texts: list[bytes] = []
    rows: list[int] = []
    lines: list[int] = []
    refused: list[Refusal] = []
    for row, (line, cell) in enumerate(cells):
        lines.append(line)
        try:
            if isinstance(cell, RejectedRecord):
                raise cell
            texts.append(_settled(cell, options))
        except RejectedRecord as error:
            refused.append(
                Refusal(
                    row=row,
                    line=line if has_lines else None,
                    reason=error.reason,
                    position=error.position,
                    text=printable(error.text),
                )
            )
        else:
            rows.append(row)
    texts.append(b"")
    return Batch(
        texts=b"\n".join(texts),
        rows=np.array(rows, dtype=np.int64),
        lines=np.array(lines, dtype=np.int64) if has_lines else None,
        records=len(lines),
        newlines=newlines,
        refused=tuple(refused),
    )


def family(reason: str) -> str:
    """Return a reason without its numbers, to count those that differ in nothing else."""
    return _NUMBER.sub("#", reason)


def printable(text: bytes) -> str:
    """Return a text as a string, bytes that are not UTF-8 as escapes."""
    return text.decode("utf-8", "backslashreplace")


def _settled(cell: bytes, options: Options) -> bytes:
    """Return the text to encode of a record, or raise the reason why it has no text."""
    text = cell.strip(_BLANKS)
    if not text:
        raise RejectedRecord("no text", None, cell)
    if b"\n" in text:
        raise RejectedRecord("a line end inside the text", text.index(b"\n"), text)
    if options.words == "tokens":
        text = joined(text)
    if options.kind in CHEMICAL:
        reaction = options.kind == "reaction"
        if b"|" in text:
            text = without_extension(text, reaction=reaction, drop=options.without_extensions)
        if options.fragment_bond is not None:
            bond = options.fragment_bond.encode()
            text = without_fragment_bond(text, bond=bond, reaction=reaction)
        return text
    upper = text.upper()
    if upper != text and not options.fold_case:
        at = next(place for place, (a, b) in enumerate(zip(text, upper, strict=True)) if a != b)
        raise RejectedRecord(
            "a lower-case letter, which --fold-case would read as upper-case", at, text
        )
    return upper
