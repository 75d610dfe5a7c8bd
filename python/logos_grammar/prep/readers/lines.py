"""Lists: the first field of a line is the text, whatever follows it is a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from logos_grammar.formats.compressed import InputError, Stream, after_line, text_blocks
from logos_grammar.kinds import text_kind
from logos_grammar.prep.batch import CHEMICAL, Batch, Cell, Options, gather, printable, whole
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.prep.readers import Layout, TableOptions, is_header, no_columns
from logos_grammar.prep.words import AMBIGUOUS, is_ambiguous, may_hold_tokens
from logos_grammar.texts import Kind, encode_texts

_PEEK = 1 << 16
_SHOWN = 60
_AFTER_FIELD = re.compile(rb"[ \t][^\n]*")
_EXTENSION = re.compile(rb"[ \t]+(\|[^\n|]*\|?)")


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Take the first line for a header if it begins with the usual name of such a column.

    Raises
    ------
    InputError
        If that name is a record as well: ``SEQ`` is a protein; if the words of every line that has
        some may be tokens, and nobody said whether they are names.
    """
    no_columns(path, table_options)
    with Stream(path) as stream:
        peek = next(text_blocks(stream, size=_PEEK, cut=after_line), b"")
    header = _has_header(path, peek, kind) if table_options.header is None else table_options.header
    if table_options.words is None:
        lines = peek.split(b"\n")[1 if header else 0 :]
        wordy = [line for line in lines if b" " in line.strip(b" ")]
        if wordy and all(is_ambiguous(line, kind, fold_case=False) for line in wordy):
            shown = printable(wordy[0][:_SHOWN])
            raise InputError(f"{path} has {AMBIGUOUS}; the first is {shown!r}")
    return Layout(header=header)


def _has_header(path: str, peek: bytes, kind: Kind) -> bool:
    first = peek.partition(b"\n")[0].decode("utf-8", "replace").split()
    header = bool(first) and is_header(first[0], kind)
    if header and not encode_texts(kind, [first[0]], errors="collect").errors:
        raise InputError(
            f"the first line of {path}, {first[0]}, may name a column or be a {kind}: "
            "say --header or --no-header"
        )
    return header


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole lines."""
    return text_blocks(stream, size=size, cut=after_line)


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Take the first field of each line, with the CXSMILES extension behind it."""
    begin = block.find(b"\n") + 1 or len(block) if first and layout.header else 0
    skipped = 1 if begin else 0
    body = block[begin:] if begin else block
    if body and not body.endswith(b"\n"):
        body += b"\n"
    texts = body
    if b" " in body or b"\t" in body:
        if b" " in body and _needs_words(body, options):
            return _one_by_one(body, skipped, options)
        texts = _AFTER_FIELD.sub(b"", body)
        if options.kind in CHEMICAL and _EXTENSION.search(body):
            return _one_by_one(body, skipped, options)
    if texts.startswith(b"\n") or b"\n\n" in texts:
        return _one_by_one(body, skipped, options)
    return whole(texts, line=skipped, options=options) or _one_by_one(body, skipped, options)


def _one_by_one(body: bytes, skipped: int, options: Options) -> Batch:
    lines = body.split(b"\n")[:-1]
    cells = _cells(lines, skipped, options)
    return gather(cells, newlines=skipped + len(lines), options=options)


def _needs_words(body: bytes, options: Options) -> bool:
    """Return whether blanks may be between tokens in some line."""
    if options.words is not None:
        return options.words == "tokens"
    return may_hold_tokens(body, text_kind(options.kind), fold_case=options.fold_case)


def _cells(lines: list[bytes], skipped: int, options: Options) -> Iterator[Cell]:
    for number, line in enumerate(lines, skipped):
        if not line.strip(b" \t"):
            continue
        if line[:1] in (b" ", b"\t"):
            # What follows is a name: to take it for a text would be a guess.
            yield number, RejectedRecord("no text before the first blank", 0, line)
        else:
            yield number, _cell(line, options)


def _cell(line: bytes, options: Options) -> bytes | RejectedRecord:
    if options.words == "tokens":
        text = line.partition(b"\t")[0]
    elif options.words is None and is_ambiguous(
        line, text_kind(options.kind), fold_case=options.fold_case
    ):
        return RejectedRecord(AMBIGUOUS, line.index(b" "), line)
    else:
        text = _AFTER_FIELD.sub(b"", line)
    extension = _EXTENSION.match(line, len(text)) if options.kind in CHEMICAL else None
    return text if extension is None else text + b" " + extension.group(1)
