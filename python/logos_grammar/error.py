"""The two errors: a sentence or object that breaks the grammar, and a text that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt


class GrammarError(ValueError):
    """Invalid ids, or an object that has no sentence.

    Parameters
    ----------
    message
        What is wrong and where.
    position
        The first token that cannot be there; the length when the sentence is cut short; for an
        object the number of tokens that could be written.
    expected_ids
        Every id that is allowed there, ascending.
    condition
        The side condition that is broken, in the words of the spec; for an object what its type
        does not hold.
    record
        The sentence or object, from 0, when there are several.
    column, row
        For an object with columns the cell that cannot be written: ``charge`` or
        ``reactants[1].charge``, and its row, from 0. For one sentence among many the cell at whose
        token it cannot be read: that which the token would fill, else the one before it.
    """

    def __init__(  # noqa: PLR0913 (each says one thing of where it is)
        self,
        message: str,
        *,
        position: int,
        expected_ids: Sequence[int] | npt.NDArray[np.uint16] = (),
        condition: str | None = None,
        record: int | None = None,
        column: str | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(message)
        self.position = position
        self.record = record
        self.column = column
        self.row = row
        self.expected_ids = np.asarray(expected_ids, dtype=np.uint16)
        self.condition = condition

    @cached_property
    def expected(self) -> tuple[str, ...]:
        """The names of the tokens that are allowed at the position, by ascending id.

        ``("the end",)`` where a sentence is complete and nothing can follow.
        """
        from logos_grammar.vocabulary import vocabulary  # noqa: PLC0415 (it needs this module)

        if not len(self.expected_ids) and self.condition is None:
            return ("the end",)
        return tuple(vocabulary.name(int(id)) for id in self.expected_ids)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {
            "position": self.position,
            "expected_ids": self.expected_ids,
            "condition": self.condition,
            "record": self.record,
            "column": self.column,
            "row": self.row,
        }
        return _remade, (type(self), str(self), fields)


class ConversionError(GrammarError):
    """A foreign text or object that cannot be read, or that cannot hold what is to be written.

    Parameters
    ----------
    message
        What is wrong and where.
    position
        The character of the text at which reading fails, from 0.
    expected
        What was expected there, in words.
    condition
        The rule that is broken, in words.
    record
        The record of the file or column, from 0, when there are several.
    """

    def __init__(
        self,
        message: str,
        *,
        position: int = 0,
        expected: Sequence[str] = (),
        condition: str | None = None,
        record: int | None = None,
    ) -> None:
        super().__init__(message, position=position, condition=condition, record=record)
        self.__dict__["expected"] = tuple(expected)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {
            "position": self.position,
            "expected": self.expected,
            "condition": self.condition,
            "record": self.record,
        }
        return _remade, (type(self), str(self), fields)


def _remade(cls: type[GrammarError], message: str, fields: dict[str, Any]) -> GrammarError:
    return cls(message, **fields)
