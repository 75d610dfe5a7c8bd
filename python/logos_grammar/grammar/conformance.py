"""Conformance vectors: questions to any implementation of the grammar, and the right answers.

The format of ``spec/vectors`` and the protocol are defined in ``spec/vectors/README.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from logos_grammar import _core
from logos_grammar._core import Recognizer

ASKS: Final = ("check", "next", "needed", "count")
"""The kinds of question, each about a line of the vectors."""

_FORMAT: Final = 1
_DIGITS: Final = 16


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question and its right answer, by their keys in JSON.

    Attributes
    ----------
    kind
        The object type.
    ask
        One of `ASKS`.
    about
        The subject: ``ids``, a ``prefix``, or an ``alphabet`` and ``longest``.
    answer
        What is right. Of the ids that may come next it has the count and the digest.
    """

    kind: str
    ask: str
    about: Mapping[str, Any]
    answer: Mapping[str, Any]

    def to_line(self) -> str:
        """The question as the program under test reads it."""
        return json.dumps({"kind": self.kind, "ask": self.ask, **self.about})


def digest(ids: Iterable[int]) -> str:
    """A short digest of a set of ids: of SHA-256 over them, ascending, in decimal, with blanks."""
    text = " ".join(map(str, sorted(ids)))
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def carried_vectors() -> dict[str, str]:
    """The vectors that the library carries: the text of the file of each object type."""
    files = {path: text for path, text in _core.spec_texts() if path.startswith("vectors/")}
    return {path.removeprefix("vectors/").removesuffix(".jsonl"): files[path] for path in files}


def read_vectors(kind: str, text: str) -> Iterator[Question]:
    """The questions of a file of vectors.

    Parameters
    ----------
    kind
        The object type that the file is of.
    text
        Its text.

    Raises
    ------
    ValueError
        When it is not a file of vectors of this type, in this format, of this vocabulary.
    """
    head, *lines = map(json.loads, text.splitlines() or ["null"])
    wanted = {"vectors": kind, "format": _FORMAT, "fingerprint": _core.fingerprint()}
    if head != wanted:
        raise ValueError(f"expected a first line {json.dumps(wanted)}, not {json.dumps(head)}")
    for line in lines:
        if "ids" in line:
            answer = {key: line[key] for key in line if key != "ids"}
            yield Question(kind=kind, ask="check", about={"ids": line["ids"]}, answer=answer)
        elif "prefix" in line:
            prefix = {"prefix": line["prefix"]}
            answer = {key: line[key] for key in ("count", "digest")}
            yield Question(kind=kind, ask="next", about=prefix, answer=answer)
            answer = {"needed": line["needed"]}
            yield Question(kind=kind, ask="needed", about=prefix, answer=answer)
        else:
            about = {"alphabet": line["alphabet"], "longest": len(line["counts"]) - 1}
            yield Question(kind=kind, ask="count", about=about, answer={"counts": line["counts"]})


def wrong(question: Question, answer: object) -> str | None:
    """What was expected and what was answered, or None when that is the same."""
    if not isinstance(answer, dict):
        return f"expected a JSON object, not {json.dumps(answer)}"
    if question.ask == "next":
        return _wrong_next(question, answer.get("next"))
    # Compared as texts, for in Python 1 == True == 1.0.
    expected = {key: json.dumps(value) for key, value in question.answer.items()}
    found = {key: json.dumps(answer.get(key)) for key in expected}
    return next(
        (
            f"expected {key} {expected[key]}, not {found[key]}"
            for key in expected
            if found[key] != expected[key]
        ),
        None,
    )


def _wrong_next(question: Question, ids: object) -> str | None:
    if not isinstance(ids, list) or not all(type(token) is int for token in ids):
        return f'expected {{"next": [...]}} with ids, not {json.dumps(ids)}'
    if len(ids) == question.answer["count"] and digest(ids) == question.answer["digest"]:
        return None
    recognizer = Recognizer(question.kind)
    recognizer.accept_many(question.about["prefix"])
    allowed, found = set(recognizer.allowed().tolist()), set(ids)
    if digest(allowed) != question.answer["digest"]:
        return f"expected {question.answer['count']} ids with another digest"
    if found == allowed:
        return "expected each id once"
    parts = {"without": sorted(allowed - found), "and not": sorted(found - allowed)}
    said = (f"{word} {_some(ids)}" for word, ids in parts.items() if ids)
    return f"{question.answer['count']} ids may come next; these are {', '.join(said)}"


def _some(ids: list[int]) -> str:
    shown = ", ".join(map(str, ids[:5]))
    return shown + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
