"""Columns of texts to ids and back: no Python object per record, several threads, no GIL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np

from logos_grammar import _core
from logos_grammar.codec import as_ids, as_threads, expect_whole
from logos_grammar.encoded import Encoded
from logos_grammar.kinds import TextKind, text_kind

Kind: TypeAlias = TextKind
"""The earlier name of `TextKind`."""


def encode_texts(
    kind: TextKind,
    texts: Any,
    *,
    threads: int | None = None,
    errors: Literal["raise", "collect"] = "raise",
) -> Encoded:
    r"""The sentences of a column of texts.

    Parameters
    ----------
    kind
        A kind that has a text: ``"molecule"`` (SMILES), ``"reaction"`` (reaction SMILES),
        ``"protein"``, ``"dna"`` or ``"rna"`` (letters, and ``(NAME)`` for a residue without one);
        `kinds.TEXTS` has all of them.
    texts
        A list of str, a numpy array of strings, an Arrow string array (or chunked array), a column
        of pandas or polars, or one ``bytes`` of lines, each ended by ``\n`` or ``\r\n``. A member
        of a list or array that is not text (None, NaN, a null) is refused as its row.
    threads
        How many threads, at least 1; all cores when None and the column is large.
    errors
        ``"raise"`` stops at the first refused text; ``"collect"`` leaves its row empty and keeps
        its error.

    Raises
    ------
    ConversionError
        At a text that cannot be read, with its row, from 0, as ``record``.
    TypeError
        For what is not one column: a single text, a table, an array of two dimensions.
    """
    if errors not in ("raise", "collect"):
        raise ValueError(f"expected errors to be raise or collect, not {errors!r}")
    collect, threads = errors == "collect", as_threads(threads)
    ids, offsets, refused = _core.encode_texts(text_kind(kind), _as_column(texts), threads, collect)
    return Encoded(ids, offsets, tuple(refused))


def decode_texts(kind: TextKind, encoded: Encoded, *, threads: int | None = None) -> list[str]:
    """The texts of a column of sentences, each checked.

    A retro reaction has no text of its own and is refused here: decode it, and use the object.

    Raises
    ------
    GrammarError
        At ids that are not a sentence of this kind, with their row as ``record``; with ``column``
        and ``row`` where the object has columns. Also for refused rows: decode
        ``encoded.without_refused()``.
    TypeError
        When they are not in one `Encoded`, as `encode_texts` gives them.
    """
    threads = as_threads(threads)
    expect_whole(encoded, "encode_texts")
    return _core.decode_texts(text_kind(kind), as_ids(encoded.ids), encoded.offsets, threads)


def _as_column(texts: Any) -> Any:
    """What the core takes: bytes, a list, or the bytes and offsets of an Arrow array."""
    if isinstance(texts, bytes | list):
        return texts
    if isinstance(texts, str | Mapping) or _is_table(texts):
        found = type(texts).__name__
        say = 'df["column"]' if _is_table(texts) else "[text]"
        raise TypeError(f"expected a column of texts, such as {say}, not one {found}")
    if isinstance(texts, bytearray | memoryview):
        return bytes(texts)
    if isinstance(texts, np.ndarray):
        if texts.ndim != 1 or texts.dtype.kind not in "USTO":
            found = f"{texts.dtype} of shape {texts.shape}"
            raise TypeError(f"expected strings in one dimension, not {found}")
        return texts.tolist()
    if not isinstance(texts, Iterable) and not hasattr(texts, "buffers"):
        raise TypeError(f"expected a column of texts, not {type(texts).__name__}")
    if hasattr(texts, "combine_chunks"):
        texts = texts.combine_chunks()
    if hasattr(texts, "buffers"):
        return _of_arrow(texts)
    return list(texts)


def _is_table(texts: Any) -> bool:
    """Whether this is a table (pandas, polars, Arrow), whose iteration gives names or columns."""
    # Looked up in the class: a pandas column has its labels as attributes.
    return any(hasattr(type(texts), name) for name in ("columns", "column_names", "itercolumns"))


def _of_arrow(array: Any) -> Any:
    """The bytes and offsets of an Arrow string array, without a Python string."""
    name = str(array.type)
    if array.null_count or name == "string_view" or name.startswith("dictionary<values=string"):
        return array.to_pylist()
    if name not in ("string", "large_string"):
        raise TypeError(f"expected an Arrow array of strings, not of {name}")
    _, offsets, data = array.buffers()
    width = np.dtype(np.int32 if name == "string" else np.int64)
    starts = np.frombuffer(offsets, dtype=width)[array.offset : array.offset + len(array) + 1]
    held = np.frombuffer(data, dtype=np.uint8) if data else np.empty(0, np.uint8)
    return held, starts.astype(np.int64)
