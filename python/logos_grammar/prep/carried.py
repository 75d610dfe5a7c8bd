"""Columns of the input that go along into the side-car: labels, splits, identifiers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, cast

import numpy as np

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import Options, Refusal
from logos_grammar.prep.sentences import Sentences

CarriedType: TypeAlias = Literal["str", "int", "float", "bool"]
"""What the cells of a carried column are read as."""


class Nested(str):
    """The JSON of a list or an object, which no column of cells can hold."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """The cell of a column that a row ends before.

    Attributes
    ----------
    reason
        What was wanted.
    row
        The row as it is in the file.
    """

    reason: str
    row: str


Cells: TypeAlias = tuple[int | None, Sequence[str | Lacking | None]]
"""Of a record the line of the block on which it begins, and a cell for each carried column."""


_INTEGER: Final = re.compile(r"[+-]?[0-9]+")


def _int(text: str) -> int:
    """Read decimal digits; Python's own reader takes those of all scripts, and underscores."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _float(text: str) -> float:
    """Read a float; a number beyond those of 64 bits is refused, and not made infinity."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    found = float(text)
    if math.isinf(found) and text.lower().lstrip("+-") not in ("inf", "infinity"):
        raise ValueError(text)
    return found


_WORDS: Final = MappingProxyType({"true": True, "false": False, "1": True, "0": False})
_READ: Final[Mapping[CarriedType, Callable[[str], Any]]] = MappingProxyType(
    {"str": str, "int": _int, "float": _float, "bool": lambda text: _WORDS[text.lower()]}
)
_RESERVED: Final = ("source", "record", "kind", "tokens")
_MOST: Final = 1 << 63


def carried_columns(given: Mapping[str, str] | Iterable[str] | None) -> dict[str, CarriedType]:
    """Return the types of carried columns by their names, each checked.

    Parameters
    ----------
    given
        Names with their types, or names alone of columns of text.

    Raises
    ------
    InputError
        If a name is there twice or used by the side-car, or there is no such type.
    """
    if isinstance(given, str):
        raise InputError(f"expected names of columns to carry, such as [{given!r}], not one text")
    names = list(given or ())
    types = dict(given) if isinstance(given, Mapping) else dict.fromkeys(names, "str")
    for name in names:
        if name in _RESERVED:
            raise InputError(f"expected another name than {name!r}, which the side-car uses")
        if names.count(name) > 1:
            raise InputError(f"expected each column to carry once, found {name!r} twice")
        if types[name] not in _READ:
            known = ", ".join(_READ)
            raise InputError(f"expected a type among {known} for {name!r}, got {types[name]!r}")
    return cast("dict[str, CarriedType]", types)


def with_carried(
    made: Sentences, cells: Iterable[Cells], options: Options
) -> tuple[Sentences, dict[str, list[Any]]]:
    """Read the carried cells of the records of a block.

    Parameters
    ----------
    made
        What became of the records.
    cells
        Of every record of the block, in their order; a sentence of several has those of the first.
    options
        Which columns are carried, and as what.

    Returns
    -------
    tuple
        The sentences, without those whose cells are not of the type of their column, which are
        refused; and of each column a cell for every sentence, None where it is missing.
    """
    every = list(cells)
    if len(every) != made.records:
        raise ValueError(f"expected cells of {made.records} records, found {len(every)}")
    columns: dict[str, list[Any]] = {name: [] for name in options.carried}
    keep = np.ones(len(made.rows), np.bool_)
    refused = list(made.refused)
    joined = made.records_of_each()
    for place, row in enumerate(made.rows.tolist()):
        _, texts = every[row]
        try:
            found = [
                _cell(name, kind, text)
                for (name, kind), text in zip(options.carried.items(), texts, strict=True)
            ]
        except ValueError as error:
            keep[place] = False
            refused += (
                Refusal(row=each, line=line, reason=str(error), position=None, text=_shown(texts))
                for each, (line, _) in enumerate(every[row : row + joined[place]], row)
            )
            continue
        for column, cell in zip(columns.values(), found, strict=True):
            column.append(cell)
    if keep.all():
        return made, columns
    lengths = np.diff(made.offsets)
    kept = replace(
        made,
        ids=made.ids[np.repeat(keep, lengths)],
        offsets=np.concatenate([[0], np.cumsum(lengths[keep])]),
        rows=made.rows[keep],
        joined=joined[keep],
        refused=tuple(sorted(refused, key=lambda one: one.row)),
    )
    return kept, columns


def _shown(texts: Sequence[str | Lacking | None]) -> str:
    """Return the text of a refused record: its cells, the row itself where it ends before one."""
    lacking = next((text for text in texts if isinstance(text, Lacking)), None)
    if lacking is not None:
        return lacking.row
    return "\t".join(text for text in (one or "" for one in texts) if isinstance(text, str))


def _cell(name: str, kind: CarriedType, text: str | Lacking | None) -> Any:
    """Read a cell; an empty one is missing, unless it is text."""
    if isinstance(text, Nested):
        raise ValueError(f"expected {kind} in column {name}, not a list or an object")
    if isinstance(text, Lacking):
        raise ValueError(text.reason)
    if text is None or (kind != "str" and not text.strip()):
        return None
    try:
        found = _READ[kind](text if kind == "str" else text.strip())
    except (ValueError, KeyError):
        found = None
    if found is None or (kind == "int" and not -_MOST <= found < _MOST):
        raise ValueError(f"expected {kind} in column {name}")
    if kind == "float" and _INTEGER.fullmatch(text.strip()) and Decimal(text.strip()) != found:
        raise ValueError(f"expected integers that a float holds exactly in column {name}")
    return found
