"""JSON lines: an object on each line, whose member of one name is the text."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from logos_grammar.formats.compressed import InputError, Stream, after_line, text_blocks
from logos_grammar.prep.batch import Batch, Cell, Options, gather
from logos_grammar.prep.carried import Cells, Nested
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.prep.readers import Layout, TableOptions, choose_column, shown_names
from logos_grammar.texts import Kind

_PEEK = 1 << 16
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Repeated(dict[str, object]):
    """The members of an object with some name more than once; the last of each is there."""

    names: frozenset[str]


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = _Repeated(found)
    counts = Counter(name for name, _ in pairs)
    repeated.names = frozenset(name for name, count in counts.items() if count > 1)
    return repeated


_READ = json.JSONDecoder(object_pairs_hook=_members).raw_decode


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Find the member by its name in the first object."""
    if table_options.header is not None:
        raise InputError(f"expected no word on a header for {path}: JSON lines have none")
    _check_carried(path, table_options.carried)
    if table_options.column is not None:
        return Layout(column=table_options.column)
    with Stream(path) as stream:
        peek = next(text_blocks(stream, size=_PEEK, cut=after_line), b"")
    try:
        first = json.loads(peek.lstrip().partition(b"\n")[0] or b"{}")
    except (ValueError, RecursionError) as error:
        raise InputError(f"expected JSON on the first line of {path}: {error}") from error
    if not isinstance(first, dict):
        raise InputError(f"expected a JSON object on the first line of {path}")
    names = list(first)
    index = choose_column(path, names, kind=kind, column=None)
    return Layout(column=names[index])


def _check_carried(path: str, names: Sequence[str]) -> None:
    """Refuse a member to carry that no record has; the file is read until each was there once."""
    missing, first = set(names), dict[str, object]()
    with Stream(path) as stream:
        for block in text_blocks(stream, size=_PEEK, cut=after_line):
            for line in block.split(b"\n"):
                if not missing:
                    return
                found = _object(line)
                first = first or found
                missing -= found.keys()
    if missing and first:
        listed = shown_names(list(first))
        name = min(missing)
        raise InputError(f"expected {name!r} in a record of {path}, found {listed} in the first")


def _object(line: bytes) -> dict[str, object]:
    """Return the members of a line, none where it is not an object: its record is refused."""
    try:
        found = json.loads(line, parse_float=_number)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole lines."""
    return text_blocks(stream, size=size, cut=after_line)


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Take one member of each object."""
    lines = block.split(b"\n")
    cells = _cells(lines, layout.column or "", tuple(options.carried))
    return gather(cells, newlines=block.count(b"\n"), options=options)


def cells(block: bytes, layout: Layout, options: Options, first: bool) -> Iterator[Cells]:
    """Yield the carried members of each object: strings as they are, others as JSON."""
    for number, line in enumerate(block.split(b"\n")):
        if not line.strip():
            continue
        members = _object(line)
        yield number, [_carried(members.get(name)) for name in options.carried]


def _carried(member: object) -> str | None:
    if member is None:
        return None
    text = member if isinstance(member, str) else json.dumps(member, ensure_ascii=False)
    text = text.encode("utf-8", "backslashreplace").decode()
    return Nested(text) if isinstance(member, list | dict) else text


def _number(text: str) -> float | str:
    """Read a number; one beyond the floats stays as it is written, and is not infinity."""
    found = float(text)
    return text if math.isinf(found) else found


def _cells(lines: list[bytes], column: str, carried: tuple[str, ...]) -> Iterator[Cell]:
    for number, line in enumerate(lines):
        if line.strip():
            yield number, _cell(line, column, carried)


def _cell(line: bytes, column: str, carried: tuple[str, ...]) -> bytes | RejectedRecord:
    try:
        text = line.decode()
        found, end = _READ(text, len(text) - len(text.lstrip()))
        if text[end:].strip():
            return RejectedRecord("expected a JSON object and nothing behind it", end, line)
    except json.JSONDecodeError as error:
        return RejectedRecord(f"expected a JSON object: {error.msg.lower()}", error.pos, line)
    except UnicodeDecodeError as error:
        return RejectedRecord("expected UTF-8", error.start, line)
    except (ValueError, RecursionError):
        # Python's reader has bounds of its own.
        return RejectedRecord("expected JSON less deep and with shorter numbers", None, line)
    if not isinstance(found, dict):
        return RejectedRecord("expected a JSON object", 0, line)
    return _repeated(found, (column, *carried), line) or _member(found.get(column), column, line)


def _repeated(
    found: dict[str, object], names: tuple[str, ...], line: bytes
) -> RejectedRecord | None:
    """Refuse an object that has a member of these names more than once: which one is meant?"""
    if isinstance(found, _Repeated):
        for name in names:
            if name in found.names:
                return RejectedRecord(f"expected {name!r} once in an object", None, line)
    return None


def _member(cell: object, column: str, line: bytes) -> bytes | RejectedRecord:
    if cell is None:
        return RejectedRecord("no text", None, line)
    if not isinstance(cell, str):
        return RejectedRecord(f"expected a string as {column!r}", None, line)
    text = cell.encode("utf-8", "backslashreplace")
    if found := _SURROGATE.search(cell):
        # JSON can hold half of a pair of surrogates, which is not a character: it has no UTF-8.
        surrogate = rf"\u{ord(found.group()):04x}"
        return RejectedRecord(
            f"expected text, found the lone surrogate {surrogate}", found.start(), text
        )
    return text
