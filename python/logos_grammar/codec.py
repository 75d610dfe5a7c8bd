"""Objects to ids and back, one at a time or many; and what may come next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import index
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar import _core, registry
from logos_grammar.columns import Columns
from logos_grammar.encoded import Encoded
from logos_grammar.error import GrammarError

Ids: TypeAlias = npt.NDArray[np.uint16] | Sequence[int]


def encode(obj: object) -> npt.NDArray[np.uint16]:
    """The one sentence of an object of the spec or of a declared type.

    Returns
    -------
    ids
        uint16, shape [tokens].

    Raises
    ------
    GrammarError
        When the object breaks a rule of its type.
    TypeError
        When it is not an object of the grammar.
    """
    declared = registry.of_class(type(obj))
    if declared is not None:
        return declared.encode(obj)
    return _core.encode(obj)


def decode(ids: Ids) -> Any:
    """The object of a sentence.

    Raises
    ------
    GrammarError
        At the first token that is not allowed there.
    """
    array = as_ids(ids)
    declared = _declared(array)
    return _core.decode(array) if declared is None else declared.decode(array)


def encode_many(objects: Iterable[object], *, threads: int | None = None) -> Encoded:
    """The sentences of many objects, flat.

    Parameters
    ----------
    objects
        Objects of the spec or of declared types, in any mixture.
    threads
        The most threads, at least 1; all cores when None and there are many objects. Objects of
        declared types are encoded on one.

    Raises
    ------
    GrammarError
        When one of them breaks a rule of its type, with its row as ``record``: the first of them.
    TypeError
        When one is not an object of the grammar, or one object is given instead of several.
    """
    if isinstance(objects, Columns):
        found = type(objects).__name__
        raise TypeError(f"expected an iterable of objects, such as [{found.lower()}], not {found}")
    if not isinstance(objects, Iterable):
        raise TypeError(f"expected an iterable of objects, not {type(objects).__name__}")
    threads = as_threads(threads)
    every = list(objects)
    if not any(registry.of_class(cls) for cls in set(map(type, every))):
        return Encoded(*_core.encode_many(every, threads))
    sentences = [_of_record(record, encode, obj) for record, obj in enumerate(every)]
    offsets = np.cumsum([0, *map(len, sentences)], dtype=np.int64)
    return Encoded(np.concatenate(sentences), offsets)


def decode_many(encoded: Encoded, *, threads: int | None = None) -> list[Any]:
    """The objects of many sentences.

    Parameters
    ----------
    encoded
        The sentences, as `encode_many` gives them.
    threads
        The most threads, at least 1; all cores when None and there are many tokens.

    Raises
    ------
    GrammarError
        At the first token that is not allowed there, with its row as ``record``; with ``column``
        and ``row`` where the object has columns. Also for refused rows: decode
        ``encoded.without_refused()``.
    TypeError
        When they are not in one `Encoded`, as `encode_many` gives them.
    """
    threads = as_threads(threads)
    expect_whole(encoded, "encode_many")
    ids = as_ids(encoded.ids)
    first = encoded.offsets[:-1][np.diff(encoded.offsets) > 0]
    if not len(first) or ids[first].max() < registry.FIRST:
        return _core.decode_many(ids, encoded.offsets, threads)
    return [_of_record(record, decode, ids) for record, ids in enumerate(encoded)]


def check(ids: Ids) -> GrammarError | None:
    """What is wrong with a sentence, or None."""
    try:
        array = as_ids(ids)
    except GrammarError as error:
        return error
    declared = _declared(array)
    return _core.check(array) if declared is None else declared.grammar.check(array)


def next_ids(prefix: Ids) -> npt.NDArray[np.uint16]:
    """Exactly the ids that can continue a prefix to a complete sentence.

    Parameters
    ----------
    prefix
        The tokens so far; empty for the opening tags of all object types.

    Returns
    -------
    ids
        uint16, ascending; empty after a complete sentence.

    Raises
    ------
    GrammarError
        When no sentence begins with the prefix.
    """
    array = as_ids(prefix)
    declared = _declared(array)
    return _core.next_ids(array) if declared is None else declared.grammar.next_ids(array)


def _declared(ids: npt.NDArray[np.uint16]) -> registry.DeclaredType | None:
    """The declared object type whose sentence begins so."""
    return registry.of_token(int(ids[0])) if len(ids) else None


_AT_TOKEN: Final = re.compile(r" at token \d+")


def _of_record(record: int, do: Callable[[Any], Any], each: object) -> Any:
    """Do something with one record of several, and say which it was where it fails."""
    try:
        return do(each)
    except GrammarError as error:
        message, count = _AT_TOKEN.subn(rf"\g<0> of record {record}", str(error), count=1)
        raise GrammarError(
            message if count else f"{message} of record {record}",
            position=error.position,
            expected_ids=error.expected_ids,
            condition=error.condition,
            record=record,
            column=error.column,
            row=error.row,
        ) from None


_MOST_THREADS: Final = (1 << 31) - 1


def expect_whole(encoded: Encoded, writer: str) -> None:
    """Refuse what is not a column of sentences, and one whose rows cannot all be decoded."""
    if not isinstance(encoded, Encoded):
        raise TypeError(f"expected an Encoded, as {writer} gives it, not {type(encoded).__name__}")
    encoded.check_offsets()
    encoded.check_accepted()


def as_threads(threads: int | None) -> int | None:
    """A count of threads as the core takes it; it never starts as many as the most that it takes.

    Raises
    ------
    TypeError
        When it is neither an integer nor None.
    ValueError
        When it is below 1.
    """
    if threads is None:
        return None
    try:
        count = index(threads)
    except TypeError:
        raise TypeError(f"expected threads to be an integer or None, not {threads!r}") from None
    if count < 1:
        raise ValueError(f"expected at least 1 thread, not {count}")
    return min(count, _MOST_THREADS)


def as_ids(ids: Ids) -> npt.NDArray[np.uint16]:
    """Ids as a contiguous uint16 array of one dimension.

    Raises
    ------
    GrammarError
        At the first number that is not an id.
    TypeError
        When they are not integers in one dimension.
    """
    array = _integers(ids)
    if array.dtype == np.uint16:
        return array
    invalid = np.flatnonzero(_is_invalid(array))
    if len(invalid):
        position = int(invalid[0])
        before = check(array[:position].astype(np.uint16))
        if before is not None and before.position < position:
            raise before
        expected = () if before is None else before.expected_ids
        message = f"{array[position]} at token {position} is not an id of the vocabulary"
        raise GrammarError(message, position=position, expected_ids=expected)
    return array.astype(np.uint16)


def as_tokens(ids: Ids) -> npt.NDArray[np.uint16]:
    """Ids as a contiguous uint16 array of one dimension; 65,535 is written for any other number.

    Raises
    ------
    TypeError
        When they are not integers in one dimension.
    """
    array = _integers(ids)
    if array.dtype == np.uint16:
        return array
    return np.where(_is_invalid(array), _NO_TOKEN, array).astype(np.uint16)


_NO_TOKEN: Final = np.iinfo(np.uint16).max


def _is_invalid(array: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    return (array < 0) | (array > np.iinfo(np.uint16).max)


def _integers(ids: Ids) -> npt.NDArray[Any]:
    if isinstance(ids, np.ma.MaskedArray):
        raise TypeError("expected ids, not a masked array: its hidden ids would be read")
    if isinstance(ids, np.ndarray) and ids.dtype == np.uint16 and ids.ndim == 1:
        return np.ascontiguousarray(ids)
    try:
        array = np.asarray(ids)
    except ValueError as error:
        raise TypeError("expected integer ids in one dimension, not rows of them") from error
    if array.ndim != 1 or (array.size > 0 and array.dtype.kind not in "iu"):
        found = f"{array.dtype} of shape {array.shape}"
        raise TypeError(f"expected integer ids in one dimension, not {found}")
    return array
