"""Explains a sentence token by token: its id, its rule, its meaning, and its place in a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from logos_grammar.grammar.trace import Place, trace
from logos_grammar.vocabulary import vocabulary

_BETWEEN = ".> "  # separates the objects of a text and is not a token: A.B>>C


@dataclass(frozen=True)
class Explained:
    """One token of a sentence."""

    id: int
    name: str
    glyph: str
    """What it writes in the text; empty for tags, which no text shows."""
    start: int | None
    """The character at which its glyph begins; ``None`` where the text does not show it."""
    block: str
    rule: str
    """The innermost rule of the spec to which it belongs."""
    rules: tuple[str, ...]
    """The rules in force, the object's first; each once."""
    gloss: str


@dataclass(frozen=True)
class Explanation:
    """A sentence explained, and the text with which it is aligned."""

    text: str
    tokens: tuple[Explained, ...]

    def aligned(self) -> bool:
        """Whether every glyph has its place in the text."""
        return all(token.start is not None for token in self.tokens if token.glyph)


def explain(ids: Iterable[int], text: str | None = None) -> Explanation:
    """Explain the tokens of a sentence.

    Parameters
    ----------
    ids
        A sentence, of length n, or the beginning of one.
    text
        The text that it was read from; by default what its tokens write, one after the other.

    Returns
    -------
    Explanation
        n tokens, or fewer when a rule does not allow one of them: then those before it.
    """
    sentence = [int(id) for id in ids]
    places = trace(sentence)
    sentence = sentence[: len(places)]
    glyphs = [
        _glyph(vocabulary.text(id), place) for id, place in zip(sentence, places, strict=True)
    ]
    shown = "".join(glyphs) if text is None else text
    words = {id: _words(id) for id in set(sentence)}
    columns = zip(map(words.__getitem__, sentence), sentence, glyphs, strict=True)
    aligned = zip(columns, _align(glyphs, shown), places, strict=True)
    return Explanation(
        shown, tuple(_explained(*column, start, place) for column, start, place in aligned)
    )


def explain_freely(ids: Sequence[int]) -> tuple[Explained, ...]:
    """Explain tokens that need not be a sentence; those after a fault belong to no rule."""
    tokens = explain(ids).tokens
    return tokens + tuple(_explained(_words(id), id, "", None, None) for id in ids[len(tokens) :])


def object_text(obj: object) -> str | None:
    """The text that an object writes for itself, or ``None`` when its tokens write it."""
    write = getattr(obj, "to_smiles", None)
    return None if write is None else str(write())


def _explained(
    words: tuple[str, str, str], id: int, glyph: str, start: int | None, place: Place | None
) -> Explained:
    name, block, gloss = words
    return Explained(
        id=id,
        name=name,
        glyph=glyph,
        start=start,
        block=block,
        rule="" if place is None else place.rule,
        rules=() if place is None else place.rules,
        gloss=gloss,
    )


def _words(id: int) -> tuple[str, str, str]:
    """The name of a token, that of its block, and its gloss."""
    return vocabulary.name(id), vocabulary.block_of(id).name, vocabulary.gloss(id)


def _glyph(text: str, place: Place) -> str:
    """The glyph of a token in its place: a group of digits after the first has its zeros."""
    return text.zfill(3) if place.rule == "group" else text


def _align(glyphs: list[str], text: str) -> list[int | None]:
    """Where each glyph begins in a text: in order, nothing passed over but what separates objects.

    A glyph that is not where it should be, and all after it, have no place.
    """
    starts: list[int | None] = [None] * len(glyphs)
    at = 0
    for number, glyph in enumerate(glyphs):
        if not glyph:
            continue
        while not text.startswith(glyph, at) and text[at : at + 1] in _BETWEEN and at < len(text):
            at += 1
        if not text.startswith(glyph, at):
            break
        starts[number] = at
        at += len(glyph)
    return starts
