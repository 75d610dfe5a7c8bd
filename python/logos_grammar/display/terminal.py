"""Writes to a terminal: colour where it is wanted, and a caret under the character at fault."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TextIO

from logos_grammar.display.palette import colour

_WIDTH = 76
_FAULT = "\x1b[1;31m"
_DIM = "\x1b[2m"
_BOLD = "\x1b[1m"
_PLAIN = "\x1b[0m"


@dataclass(frozen=True)
class Ink:
    """What colours a text, or leaves it plain."""

    colours: bool

    def block(self, text: str, block: str) -> str:
        """A text in the colour of a block of the vocabulary."""
        return colour(block).terminal(text) if self.colours and text else text

    def dim(self, text: str) -> str:
        """A dimmed text."""
        return self._with(_DIM, text)

    def bold(self, text: str) -> str:
        """A bold text."""
        return self._with(_BOLD, text)

    def fault(self, text: str) -> str:
        """What is wrong."""
        return self._with(_FAULT, text)

    def _with(self, code: str, text: str) -> str:
        return f"{code}{text}{_PLAIN}" if self.colours and text else text


def ink_for(stream: TextIO, *, colours: bool = True) -> Ink:
    """Colours for a terminal that shows them, unless told otherwise.

    Parameters
    ----------
    stream
        Where the text goes; without a terminal there are no colours.
    colours
        Whether the user wants them.

    Returns
    -------
    Ink
        Plain as well when the environment has a ``NO_COLOR`` that is not empty
        (https://no-color.org) or the terminal is ``dumb``.
    """
    shown = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Ink(colours and shown)


def pointed(text: str, position: int, ink: Ink) -> str:
    """Two lines: a text, and a caret under one of its characters or behind its end.

    Parameters
    ----------
    text
        Shown on one line; of a long text, the part around the caret.
    position
        The character at fault, from 0; the length of the text when it is cut short.
    ink
        For the caret.
    """
    flat = "".join(character if character.isprintable() else "␣" for character in text)
    start = max(0, min(position - _WIDTH // 2, len(flat) + 1 - _WIDTH))
    stop = start + _WIDTH
    before, after = "…" * (start > 0), "…" * (stop < len(flat))
    caret = " " * (len(before) + position - start) + ink.fault("^")
    return f"{before}{flat[start:stop]}{after}\n{caret}"
