"""Tokens as coloured chips: in a line of HTML, and as an SVG picture with ids and rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from logos_grammar.display.palette import colour
from logos_grammar.grammar.explanation import Explained

MONOSPACE = "ui-monospace,'SF Mono','DejaVu Sans Mono',Menlo,Consolas,monospace"


def chips(tokens: Iterable[Explained]) -> str:
    """Draw tokens as HTML.

    Parameters
    ----------
    tokens
        In the order of the sentence.

    Returns
    -------
    str
        One ``span`` a token, coloured by its block, with id, rule and gloss in its title.
    """
    return " ".join(map(_chip, tokens))


def _chip(token: Explained) -> str:
    shade = colour(token.block)
    title = f"{token.id} · {token.gloss} · block {token.block} · rule {token.rule}"
    style = (
        f"display:inline-block;margin:2px 0;padding:0 5px;border-radius:5px;"
        f"font:12px/1.6 {MONOSPACE};color:{shade.ink};background:{shade.paper};"
        f"box-shadow:inset 0 0 0 1px {shade.line}66"
    )
    return f'<span style="{style}" title="{escape(title)}">{escape(token.name)}</span>'


_ADVANCE, _SMALL = 8.4, 6.6  # the width of a character at 14 px and at 11 px
_CHIP, _ROW, _GAP, _EDGE = 28.0, 78.0, 6.0, 20.0


def ribbon(tokens: Sequence[Explained], *, title: str = "", width: float = 960) -> str:
    """Draw tokens as one SVG picture.

    Parameters
    ----------
    tokens
        In the order of the sentence.
    title
        The text above them.
    width
        Of the picture, in px; rows are broken to fit.

    Returns
    -------
    str
        Each token as a chip with its id and rule below it, and the blocks that occur in a legend.
    """
    parts: list[str] = []
    x, y = _EDGE, _EDGE + (34 if title else 0)
    for token in tokens:
        wide = max(len(token.name) * _ADVANCE + 16, len(token.rule) * _SMALL + 4, 34)
        if x > _EDGE and x + wide > width - _EDGE:
            x, y = _EDGE, y + _ROW
        parts.append(_column(token, x, y, wide))
        x += wide + _GAP
    legend, bottom = _legend(tokens, y + _ROW, width)
    heading = (
        f'<text x="{_EDGE}" y="{_EDGE + 14}" class="title">{escape(title)}</text>' if title else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {bottom:g}" '
        f'width="{width:g}" height="{bottom:g}"><style>'
        f"text{{font-family:{MONOSPACE};fill:#24262b}}.name{{font-size:14px}}"
        f".small{{font-size:11px;fill:#6b7078}}.title{{font-size:16px;font-weight:600}}</style>"
        f'<rect width="100%" height="100%" rx="10" fill="#fff"/>{heading}'
        f"{''.join(parts)}{legend}</svg>"
    )


def _column(token: Explained, x: float, y: float, wide: float) -> str:
    """One token: its chip, and below it its id and its rule; its gloss is its tooltip."""
    shade, middle = colour(token.block), x + wide / 2
    return (
        f"<g><title>{escape(token.gloss)}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{_CHIP}" rx="7" '
        f'fill="{shade.paper}" stroke="{shade.line}"/>'
        f'<text x="{middle:.1f}" y="{y + 19:.1f}" class="name" text-anchor="middle" '
        f'style="fill:{shade.ink}">{escape(token.name)}</text>'
        f'<text x="{middle:.1f}" y="{y + 43:.1f}" class="small" text-anchor="middle">'
        f"{token.id}</text>"
        f'<text x="{middle:.1f}" y="{y + 57:.1f}" class="small" text-anchor="middle">'
        f"{escape(token.rule)}</text></g>"
    )


def _legend(tokens: Iterable[Explained], y: float, width: float) -> tuple[str, float]:
    """The blocks that occur, each once, and where the picture ends below them."""
    parts: list[str] = []
    x = _EDGE
    for block in dict.fromkeys(token.block for token in tokens):
        wide = 18 + len(block) * _SMALL + 18
        if x > _EDGE and x + wide > width - _EDGE:
            x, y = _EDGE, y + 20
        shade = colour(block)
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="12" height="12" rx="3" '
            f'fill="{shade.paper}" stroke="{shade.line}"/>'
            f'<text x="{x + 18:.1f}" y="{y + 10:.1f}" class="small">{escape(block)}</text>'
        )
        x += wide
    return "".join(parts), y + 12 + _EDGE
