"""Which text of a batch a tokenizer cannot read: the error of one text, as that of its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from logos_grammar.error import ConversionError


def each_alone(texts: Any, pairs: Any, *, is_split: bool) -> Iterator[tuple[Any, Any]]:
    """A batch of one for each text of many, with its pair; none for one text."""
    of_one = (list, tuple) if is_split else (str, list, tuple)
    if isinstance(texts, list | tuple) and texts and isinstance(texts[0], of_one):
        for number, text in enumerate(texts):
            yield [text], None if pairs is None else [pairs[number]]


def in_record(error: ConversionError, record: int) -> ConversionError:
    """The error of one text, as that of a row."""
    where = f" at character {error.position}"
    before, found, behind = str(error).rpartition(where)
    message = (
        f"{before}{found} of record {record}{behind}" if found else f"{error} of record {record}"
    )
    return ConversionError(
        message,
        position=error.position,
        expected=error.expected,
        condition=error.condition,
        record=record,
    )
