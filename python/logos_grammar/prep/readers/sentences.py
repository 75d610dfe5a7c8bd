"""Sentences: on each line the names of the tokens of an object, of any object type."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.codec import decode
from logos_grammar.error import ConversionError
from logos_grammar.formats.compressed import Stream, after_line, text_blocks
from logos_grammar.kinds import openings
from logos_grammar.prep.batch import Options, PrepKind
from logos_grammar.prep.readers import Layout, TableOptions, no_columns
from logos_grammar.prep.sentences import Sentences, sentences_of_lines
from logos_grammar.vocabulary import vocabulary


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Return nothing to know: every line is a sentence."""
    no_columns(path, table_options)
    return Layout()


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole lines."""
    return text_blocks(stream, size=size, cut=after_line)


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read the names of tokens, and check each sentence."""
    expected = openings(options.kind)

    def read(line: bytes) -> object:
        ids = []
        for name in line.decode().split():
            try:
                ids.append(vocabulary.id(name))
            except KeyError:
                raise ConversionError(f"expected the name of a token, found {name}") from None
        if ids[:1] and ids[0] not in expected:
            found = vocabulary.name(ids[0])
            raise ConversionError(f"expected a sentence of {options.kind}, found one of {found}")
        return decode(ids)

    return sentences_of_lines(block, read, skipped=0)
