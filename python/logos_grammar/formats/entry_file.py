"""One structure or conformer of a file of PDB, mmCIF or SDF, plain or compressed."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Final

from logos_grammar import _core
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.record import RecordError
from logos_grammar.error import ConversionError
from logos_grammar.formats.compressed import InputError, Stream, compression
from logos_grammar.structure import Structure

__all__ = ["EntryError", "is_entry_file", "read_entry"]

_PIECE: Final = 1 << 20
_FORMATS: Final = {
    ".pdb": "PDB",
    ".ent": "PDB",
    ".cif": "mmCIF",
    ".mmcif": "mmCIF",
    ".sdf": "SDF",
    ".sd": "SDF",
    ".mol": "SDF",
}


_OTHERS: Final = (".tar", ".tgz", ".tbz2", ".txz", ".zip", ".bcif", ".mmtf", ".pdbqt", ".mol2")
"""Endings of files that no text has, and of which no object is read."""


class EntryError(ValueError):
    """A file of which an object cannot be read.

    Attributes
    ----------
    line
        The line at fault, or the path of a file that has no such line.
    position
        The character of the line at which it fails, from 0.
    """

    def __init__(self, message: str, *, line: str, position: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.position = position


def is_entry_file(path: str) -> bool:
    """Whether a text is the path of a file, by an ending that is of PDB, mmCIF, SDF or a tar."""
    return "\n" not in path and _ending(path) in (*_FORMATS, *_OTHERS)


def read_entry(path: str, record: int = 1) -> Structure | Conformer:
    """Read one structure or conformer.

    Parameters
    ----------
    path
        The file; its ending says the format.
    record
        Which object of it, from 1: a block of mmCIF that has an atom table; records of SDF that are
        poses of one molecule are one object.

    Raises
    ------
    EntryError
        If the file or the object cannot be read.
    """
    if _ending(path) not in _FORMATS:
        wanted = " ".join(_FORMATS)
        raise EntryError(f"expected one file with an ending of {wanted}, found {path}", line=path)
    try:
        content = _content(path)
        if _FORMATS.get(_ending(path)) == "SDF":
            found = Conformer.from_sdf(content)
            if not 1 <= record <= len(found):
                raise InputError(f"expected a record of the {len(found)} of {path}, not {record}")
            return found[record - 1]
    except (InputError, ImportError) as error:
        raise EntryError(str(error), line=path) from error
    except ConversionError as error:
        raise _error(path, content, error) from error
    return _structure(path, content, record)


def _structure(path: str, content: bytes, record: int) -> Structure:
    begin, end = 0, len(content)
    try:
        if _FORMATS[_ending(path)] == "mmCIF":
            parts = _core.mmcif_parts(content)
            if 1 <= record <= len(parts):
                _, begin, end = parts[record - 1]
                return Structure.from_mmcif(content[begin:end])
            count = len(parts)
        elif record == 1:
            return Structure.from_pdb(content)
        else:
            count = 1
    except ConversionError as error:
        raise _error(path, content[begin:end], error) from error
    raise EntryError(f"expected a structure of the {count} of {path}, not {record}", line=path)


def _content(path: str) -> bytes:
    with Stream(path) as stream:
        pieces = []
        while piece := stream.read(_PIECE):
            pieces.append(piece)
    return b"".join(pieces)


def _error(path: str, content: bytes, error: ConversionError) -> EntryError:
    """The error with the line at which reading fails."""
    name = PurePath(path).name
    if isinstance(error, RecordError):
        line = content.split(b"\n", error.line)[error.line - 1 : error.line]
        column = (error.line_column or 1) - 1
    else:
        before = content[: error.position]
        begin = before.rfind(b"\n") + 1
        line = [content[begin:].partition(b"\n")[0]]
        column = error.position - begin
    shown = b"".join(line).rstrip(b"\r").decode("utf-8", "backslashreplace")
    return EntryError(f"{name}: {error}", line=shown, position=min(column, len(shown)))


def _ending(path: str) -> str:
    return os.path.splitext(path.lower().removesuffix(compression(path)))[1]
