"""Sections: the tokens of a long sentence, each group with what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from logos_grammar.grammar.explanation import Explained

__all__ = ["Line", "Section", "lines_of"]


@dataclass
class Section:
    """A part of a sentence and its parts: a model, its strands, their residues, their atoms.

    Attributes
    ----------
    says
        Gives what its own tokens say, in words and numbers; called for a section that is shown.
    noun
        What it is, where there may be many and the rest are counted; empty for what is always
        shown.
    tokens
        Its own tokens, which come before those of its parts.
    parts
        Its parts, in the order of the sentence.
    """

    says: Callable[[], str]
    noun: str = ""
    tokens: list[Explained] = field(default_factory=list)
    parts: list[Section] = field(default_factory=list)

    def size(self) -> int:
        """How many tokens it has, those of its parts included."""
        return len(self.tokens) + sum(part.size() for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an outline.

    Attributes
    ----------
    depth
        How many sections it is in.
    says
        What its tokens say; of sections that are not shown, how many there are.
    tokens
        Its tokens; empty for those that are only counted.
    has_parts
        Whether lines that are deeper follow.
    """

    depth: int
    says: str
    tokens: tuple[Explained, ...] = ()
    has_parts: bool = False


def lines_of(sections: Sequence[Section], most: int, *, depth: int = 0) -> Iterator[Line]:
    """Yield the lines of sections.

    Parameters
    ----------
    sections
        In the order of the sentence.
    most
        How many sections of one noun are shown that follow each other; the rest are counted. 0
        shows all.
    depth
        Of the first lines.
    """
    begin = 0
    while begin < len(sections):
        noun = sections[begin].noun
        end = begin + 1
        while noun and end < len(sections) and sections[end].noun == noun:
            end += 1
        shown = end if not most else min(end, begin + most)
        for section in sections[begin:shown]:
            tokens = tuple(section.tokens)
            yield Line(
                depth=depth, says=section.says(), tokens=tokens, has_parts=bool(section.parts)
            )
            yield from lines_of(section.parts, most, depth=depth + 1)
        if shown < end:
            tokens_left = sum(section.size() for section in sections[shown:end])
            count = end - shown
            says = f"… {count:,} more {_counted(noun, count)}, {tokens_left:,} tokens"
            yield Line(depth=depth, says=says)
        begin = end


def _counted(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
