"""Outlines as text of 80 columns, and as rows of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from logos_grammar.display.chips import MONOSPACE, chips
from logos_grammar.display.outline.section import Line
from logos_grammar.display.terminal import Ink

__all__ = ["outline_html", "outline_text"]

_WIDTH: Final = 80
_SAYS: Final = 40
"""How many columns are for what tokens say; the others are for the tokens."""
_INDENT: Final = 2

_CELL: Final = "border:0;padding:0 14px 1px 0;text-align:left;vertical-align:top"
_SAID: Final = (
    f"{_CELL};font:13px/1.6 {MONOSPACE};white-space:pre;max-width:46ch;overflow:hidden;"
    "text-overflow:ellipsis"
)


def outline_text(lines: Iterable[Line], ink: Ink) -> str:
    """Write an outline for a terminal: what each line says, and its tokens in colour."""
    return "\n".join(row for line in lines for row in _rows(line, ink))


def _rows(line: Line, ink: Ink) -> Iterator[str]:
    """The rows of a line: its tokens go on below where they are many."""
    indent = " " * (_INDENT * line.depth)
    room = (_SAYS if line.tokens else _WIDTH) - len(indent) - 1
    says = _flat(line.says)
    says = says if len(says) <= room else f"{says[: room - 1]}…"
    if not line.tokens:
        yield indent + ink.dim(says)
        return
    said = indent + (ink.bold(says) if line.has_parts else says)
    said += " " * (_SAYS - len(indent) - len(says))
    shown: list[str] = []
    wide = 0
    for token in line.tokens:
        if shown and _SAYS + wide + 1 + len(token.name) > _WIDTH:
            yield said + " ".join(shown)
            said, shown, wide = " " * _SAYS, [], 0
        wide += len(token.name) + bool(shown)
        shown.append(ink.block(token.name, token.block))
    yield said + " ".join(shown)


def outline_html(lines: Iterable[Line]) -> str:
    """Write an outline as a table that brings its own style: what each line says, and chips."""
    rows = []
    for line in lines:
        flat = _flat(line.says)
        says = escape(" " * (_INDENT * line.depth) + flat)
        if not line.tokens:
            rows.append(f'<td style="{_SAID};opacity:0.7" colspan="2">{says}</td>')
            continue
        weight = ";font-weight:600" * line.has_parts
        rows.append(
            f'<td style="{_SAID}{weight}" title="{escape(flat.strip())}">{says}</td>'
            f'<td style="{_CELL}">{chips(line.tokens)}</td>'
        )
    # A notebook paints every other row.
    body = "".join(f'<tr style="background:none">{row}</tr>' for row in rows)
    return f'<table style="border-collapse:collapse;color:inherit">{body}</table>'


def _flat(text: str) -> str:
    """A text of one line."""
    return "".join(character if character.isprintable() else "␣" for character in text)
