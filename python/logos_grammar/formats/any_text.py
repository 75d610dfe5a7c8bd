"""Reads a text of any kind: of the given kind, or of the kind that it is likely to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import get_args

from logos_grammar.codec import check, decode, encode
from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.formats.entry_file import EntryError, is_entry_file, read_entry
from logos_grammar.formats.logos import from_logos
from logos_grammar.grammar.explanation import Explanation, explain, object_text
from logos_grammar.object_types import ScientificObject
from logos_grammar.structure import Structure
from logos_grammar.texts import Kind, encode_texts
from logos_grammar.vocabulary import vocabulary


@dataclass(frozen=True)
class Reading:
    """A text that was read, as an object and as explained tokens."""

    text: str
    kind: str
    object: ScientificObject
    explanation: Explanation
    others: tuple[str, ...]
    """Other kinds as which the text could be read as well."""

    def noun(self) -> str:
        """The object type, as the spec names it."""
        return self.explanation.tokens[0].rules[0]


class Unreadable(ValueError):
    """A text that cannot be read.

    Attributes
    ----------
    text, position
        The text, and the character at fault in it; its length when it is cut short.
    kind, others
        As what it was read, and as what else it can be read.
    expected, condition
        What was expected there, or which condition is broken.
    """

    def __init__(self, cause: str | GrammarError, *, text: str, position: int, kind: str) -> None:
        super().__init__(str(cause))
        self.text = text
        self.position = position
        self.kind = kind
        self.others: tuple[str, ...] = ()
        known = cause if isinstance(cause, GrammarError) else None
        self.expected = () if known is None else known.expected
        self.condition = None if known is None else known.condition

    def record(self) -> dict[str, object]:
        """The error as plain data."""
        return {
            "message": str(self),
            "kind": self.kind,
            "position": self.position,
            "expected": list(self.expected),
            "condition": self.condition,
        }


def read(text: str, kind: str = "auto", *, record: int = 1) -> Reading:
    """Read a text as an object.

    Parameters
    ----------
    text
        SMILES, reaction SMILES, a sequence, a LOGOS text, token names or ids; or the path of a file
        of PDB, mmCIF or SDF.
    kind
        One of :data:`KINDS`; with ``"auto"`` the first of :func:`likely` that can be read.
    record
        Which object of a file, from 1.

    Returns
    -------
    Reading
        The object, and its sentence explained; aligned with the text, or with the text that the
        object writes where the two differ.

    Raises
    ------
    Unreadable
        With the character at fault; for an empty text too, unless the kind is given.
    """
    if not text.strip() and kind == "auto":
        cause = "expected a text, found none; an empty sequence is read where its kind is given"
        raise Unreadable(cause, text=text, position=0, kind=kind)
    kinds = likely(text) if kind == "auto" else (kind,)
    surrogate = re.search(r"[\ud800-\udfff]", text)
    if surrogate is not None:
        cause = f"half a character at character {surrogate.start()}"
        raise Unreadable(cause, text=text, position=surrogate.start(), kind=kinds[0])
    errors: list[Unreadable] = []
    for each in kinds:
        try:
            ids = _file(text, record) if each == "file" else KINDS[each](text)
            obj = decode(ids)
        except Unreadable as error:
            errors.append(error)
        except GrammarError as error:
            errors.append(Unreadable(error, text=text, position=error.position, kind=each))
        else:
            others = _others(text, each) if kind == "auto" else ()
            return Reading(text, each, obj, _explain_as(text, obj, ids), others)
    furthest = max(errors, key=lambda error: error.position)
    if kind == "auto":
        furthest.others = _others(text, furthest.kind)
    raise furthest


def likely(text: str) -> tuple[str, ...]:
    """The kinds that a text may have when none is given, the likeliest first.

    Letters are read as a sequence only when no SMILES has as many letters that are not organic
    elements: three of them, two different ones, or nothing else. Else ``CCX``, a mistyped SMILES,
    would be a protein.
    """
    if is_entry_file(text):
        return ("file",)
    shaped = next((kinds for pattern, kinds in _SHAPES if pattern.fullmatch(text)), None)
    if shaped is not None:
        return shaped
    letters = re.sub(_COMPONENT, "", text)
    if not re.fullmatch(r"[A-Za-z*-]+", letters):
        return ("molecule",)
    if re.fullmatch(r"[ACGUN-]{3,}", letters) and "U" in letters:
        return ("rna", "protein")
    foreign = re.findall(r"[AD-EGHJ-MQRT-Z]", letters)
    sequence = len(foreign) > 2 or len(set(foreign)) > 1 or len(foreign) == len(letters)
    different = len(set(letters) & set("ACGT"))
    if re.fullmatch(r"[ACGTN-]{4,}", letters) and different > (1 if sequence else 2):
        return ("dna", "protein")
    return ("protein", "dna", "rna") if sequence else ("molecule",)


_ARROW_OR_NOT = r"(?:[^>]|(?<=-)>)*"  # a dative bond, ->, is not the arrow of a reaction
_COMPONENT = r"\([A-Z0-9]{1,5}\)"  # a residue or nucleotide by the name of its component
_SHAPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kinds)
    for pattern, kinds in (
        (r"\d+(?:\s+\d+)*\s*", ("ids",)),
        (r"<[A-Za-z]+>(?:\s.*)?", ("tokens",)),
        (r"<[A-Za-z]+>.*", ("logos",)),
        (r"(?<!-)>".join([_ARROW_OR_NOT] * 3), ("reaction",)),
    )
)


def _explain_as(text: str, obj: object, sentence: list[int]) -> Explanation:
    """The explanation aligned with the text, else with what the object writes, else by itself."""
    if isinstance(obj, Structure | Conformer):
        return explain(sentence)
    explanation = explain(sentence, text)
    if not explanation.aligned():
        explanation = explain(sentence, object_text(obj))
    return explanation if explanation.aligned() else explain(sentence)


def _others(text: str, kind: str) -> tuple[str, ...]:
    """As what else a text can be read, of the kinds that letters alone may be."""
    letters = ("molecule", "protein", "dna", "rna")
    if kind not in letters:
        return ()
    return tuple(other for other in letters if other != kind and _is_read(other, text))


def _is_read(kind: str, text: str) -> bool:
    try:
        decode(KINDS[kind](text))
    except (Unreadable, GrammarError):
        return False
    return True


def _column(kind: Kind, text: str) -> list[int]:
    """The sentence of a text, read as one row of a column."""
    try:
        (ids,) = encode_texts(kind, [text])
    except ConversionError as error:
        cause = re.sub(r" of record 0$", "", str(error))
        raise Unreadable(cause, text=text, position=error.position, kind=kind) from error
    return _plain(ids)


def _logos(text: str) -> list[int]:
    return _plain(encode(from_logos(text)))


def _file(path: str, record: int = 1) -> list[int]:
    try:
        return _plain(encode(read_entry(path, record)))
    except EntryError as error:
        raise Unreadable(
            str(error), text=error.line, position=error.position, kind="file"
        ) from error


def _tokens(text: str) -> list[int]:
    words = list(re.finditer(r"\S+", text))
    for word in words:
        if word.group() not in vocabulary:
            cause = f"no token is named {word.group()} at character {word.start()}"
            raise Unreadable(cause, text=text, position=word.start(), kind="tokens")
    return _sentence(text, [vocabulary.id(word.group()) for word in words], words, "tokens")


def _ids(text: str) -> list[int]:
    words = list(re.finditer(r"\S+", text))
    for word in words:
        if not word.group().isdecimal() or int(word.group()) not in vocabulary:
            cause = f"{word.group()} at character {word.start()} is the id of no token"
            raise Unreadable(cause, text=text, position=word.start(), kind="ids")
    return _sentence(text, [int(word.group()) for word in words], words, "ids")


def _sentence(text: str, ids: list[int], words: list[re.Match[str]], kind: str) -> list[int]:
    """Ids that are a sentence; otherwise the token at fault is pointed at in the text."""
    error = check(ids)
    if error is None:
        return ids
    at = error.position
    position = words[at].start() if at < len(words) else len(text)
    raise Unreadable(error, text=text, position=position, kind=kind)


def _plain(ids: Iterable[int]) -> list[int]:
    return [int(id) for id in ids]


KINDS: Mapping[str, Callable[[str], list[int]]] = MappingProxyType(
    {
        **{kind: partial(_column, kind) for kind in get_args(Kind)},
        "logos": _logos,
        "tokens": _tokens,
        "ids": _ids,
        "file": _file,
    }
)
"""Kinds of text, and what reads the sentence of each."""
