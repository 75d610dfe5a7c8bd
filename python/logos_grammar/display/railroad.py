"""Draws a rule of the grammar as a railroad: every way along its rails is allowed.

A round box is a token, a square box a rule or a block of tokens; a rail above a part leads past
it, a rail below it leads back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from logos_grammar.display.chips import MONOSPACE
from logos_grammar.display.palette import Colour, colour
from logos_grammar.grammar.notation import (
    Choice,
    Many,
    Maybe,
    Name,
    Node,
    Rule,
    Sequence,
    Span,
    Token,
)
from logos_grammar.grammar.spec import spec
from logos_grammar.vocabulary import vocabulary

STYLE = (
    f".railroad text{{font:14px {MONOSPACE};text-anchor:middle}}"
    ".railroad path{fill:none;stroke:#9aa1ab;stroke-width:1.8}"
    ".railroad .end,.railroad path.back{fill:#9aa1ab;stroke:none}"
    ".railroad a:hover rect{filter:brightness(.96)}"
)
"""The style that the pictures need, once a page."""

_CHARACTER, _HALF, _GAP, _BETWEEN, _WIDEST = 8.4, 14.0, 14.0, 10.0, 880.0
_ARC = 10.0
# Quarter turns of radius _ARC, named by the ways before and after: right, left, up, down.
_RD, _DR, _RU, _UR, _DL, _LD, _LU = (
    f"a{_ARC} {_ARC} 0 0 {sweep} {x * _ARC} {y * _ARC}"
    for sweep, x, y in (
        (1, 1, 1),
        (0, 1, 1),
        (0, 1, -1),
        (1, 1, -1),
        (1, -1, 1),
        (0, -1, 1),
        (1, -1, -1),
    )
)
_PLAIN = Colour(ink="#24262b", paper="#ffffff", line="#5a616b")


@dataclass(frozen=True)
class Track:
    """A drawn part, in px: the rail enters at (0, 0) and leaves at (width, leaves)."""

    width: float
    above: float
    below: float
    svg: str
    leaves: float = 0.0

    def at(self, x: float, y: float = 0.0) -> str:
        """The SVG of the part, moved."""
        return f'<g transform="translate({x:.1f} {y:.1f})">{self.svg}</g>'


def railroad(rule: Rule, *, links: Collection[str] = (), alone: bool = False) -> str:
    """Draw one rule.

    Parameters
    ----------
    rule
        What is drawn.
    links
        Names of the rules whose boxes link to ``#name`` on the same page.
    alone
        Whether the picture is a file of its own, with white paper and :data:`STYLE` within.

    Returns
    -------
    str
        One ``svg`` element, as wide as the rule needs and about 960 px at most.
    """
    track = _rule(rule.body, links)
    edge, left, right = 14.0, 36.0, 36.0 + track.width
    width, height = right + left, track.above + track.below + 2 * edge
    y = edge + track.above
    out = y + track.leaves
    ends = "".join(
        f'<circle class="end" cx="{cx:.1f}" cy="{cy:.1f}" r="5"/>'
        for cx, cy in ((edge + 4, y), (width - edge - 4, out))
    )
    rails = _rail(f"M{edge + 4} {y:.1f}H{left}M{right:.1f} {out:.1f}H{width - edge - 4:.1f}")
    paper = f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>' if alone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="railroad" role="img" '
        f'aria-label="railroad picture of the rule {escape(rule.name)}" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.1f} {height:.1f}">'
        f"{paper}{rails}{ends}{track.at(left, y)}</svg>"
    )


def _rule(body: Node, links: Collection[str]) -> Track:
    """The body of a rule; a sequence that is too wide is broken into rows."""
    rows: list[list[Track]] = [[]]
    for part in body.parts if isinstance(body, Sequence) else (body,):
        track = _draw(part, links)
        if rows[-1] and sum(each.width + _GAP for each in rows[-1]) + track.width > _WIDEST:
            rows.append([])
        rows[-1].append(track)
    lines = [_line(row) for row in rows]
    if len(lines) == 1:
        return lines[0]
    right = max(line.width for line in lines) + 2 * _ARC
    svg, y = [_rail(f"M0 0H{_ARC}"), lines[0].at(_ARC)], 0.0
    for line, following in pairwise(lines):
        down = y + line.below + _BETWEEN + _ARC
        turn = f"M{_ARC + line.width:.1f} {y:.1f}H{right - _ARC:.1f}{_RD}V{down - _ARC:.1f}{_DL}"
        y = down + max(2 * _ARC, following.above + _BETWEEN)
        svg.append(_rail(f"{turn}H{_ARC}{_LD}V{y - _ARC:.1f}{_DR}"))
        svg.append(following.at(_ARC, y))
    svg.append(_rail(f"M{_ARC + lines[-1].width:.1f} {y:.1f}H{right:.1f}"))
    return Track(right, lines[0].above, y + lines[-1].below, "".join(svg), leaves=y)


def _draw(node: Node, links: Collection[str]) -> Track:
    match node:
        case Token(name):
            return _token(name, name)
        case Span(first, last):
            return _token(f"{first} … {last}", first)
        case Name(name):
            return _name(name, links)
        case Sequence(parts) | Choice(parts):
            tracks = [_draw(part, links) for part in parts]
            return _line(tracks) if isinstance(node, Sequence) else _stack(tracks)
        case Maybe(part):
            return _past(_draw(part, links))
        case Many(part):
            return _past(_back(_draw(part, links)))


def _token(shown: str, name: str) -> Track:
    id = vocabulary.id(name)
    gloss = vocabulary.gloss(id) if shown == name else f"one token from {shown}"
    return _box(shown, gloss, colour(vocabulary.block_of(id).name), radius=_HALF)


def _name(name: str, links: Collection[str]) -> Track:
    if name not in spec().rules:
        gloss = next(block.gloss for block in vocabulary.blocks if block.name == name)
        return _box(name, f"any token of the block: {gloss}", colour(name), radius=3)
    box = _box(name, f"rule {name}", _PLAIN, radius=3)
    if name not in links:
        return box
    return Track(box.width, box.above, box.below, f'<a href="#{name}">{box.svg}</a>')


def _box(shown: str, gloss: str, shade: Colour, *, radius: float) -> Track:
    width = len(shown) * _CHARACTER + 22
    svg = (
        f"<g><title>{escape(gloss)}</title>"
        f'<rect y="{-_HALF}" width="{width:.1f}" height="{2 * _HALF}" rx="{radius}" '
        f'fill="{shade.paper}" stroke="{shade.line}" stroke-width="1.2"/>'
        f'<text x="{width / 2:.1f}" y="5" fill="{shade.ink}">{escape(shown)}</text></g>'
    )
    return Track(width, _HALF, _HALF, svg)


def _line(tracks: list[Track]) -> Track:
    """Parts one after the other; without parts, a piece of rail."""
    if not tracks:
        return Track(2 * _GAP, 0, 0, _rail(f"M0 0H{2 * _GAP}"))
    svg, x = [], 0.0
    for track in tracks:
        if x:
            svg.append(_rail(f"M{x:.1f} 0h{_GAP}"))
            x += _GAP
        svg.append(track.at(x))
        x += track.width
    above, below = max(track.above for track in tracks), max(track.below for track in tracks)
    return Track(x, above, below, "".join(svg))


def _stack(tracks: list[Track]) -> Track:
    """Parts one below the other, the first on the rail."""
    inner, side = max(track.width for track in tracks), 2 * _ARC
    svg, y, below = [], 0.0, 0.0
    for number, track in enumerate(tracks):
        x = side + (inner - track.width) / 2
        if number:
            y += below + _BETWEEN + track.above
            svg.append(
                _rail(
                    f"M0 0{_RD}V{y - _ARC:.1f}{_DR}H{x:.1f}"
                    f"M{x + track.width:.1f} {y:.1f}H{side + inner:.1f}{_RU}V{_ARC}{_UR}"
                )
            )
        else:
            svg.append(_rail(f"M0 0H{x:.1f}M{x + track.width:.1f} 0H{inner + 2 * side:.1f}"))
        svg.append(track.at(x, y))
        below = track.below
    return Track(inner + 2 * side, tracks[0].above, y + below, "".join(svg))


def _past(track: Track) -> Track:
    """A part, and a rail above it that leads past it."""
    side, y = 2 * _ARC, -max(2 * _ARC, track.above + _BETWEEN)
    end = track.width + 2 * side
    rails = (
        f"M0 0H{side}M{side + track.width:.1f} 0H{end:.1f}"
        f"M0 0{_RU}V{y + _ARC:.1f}{_UR}H{end - side:.1f}{_RD}V{-_ARC}{_DR}"
    )
    return Track(end, -y + 1, track.below, _rail(rails) + track.at(side))


def _back(track: Track) -> Track:
    """A part, and a rail below it that leads back to its beginning."""
    end, y = track.width, max(2 * _ARC, track.below + _BETWEEN)
    rails = f"M{end:.1f} 0{_RD}V{y - _ARC:.1f}{_DL}H0{_LU}V{_ARC}{_UR}"
    arrow = f'<path class="back" d="M{end / 2 - 5:.1f} {y:.1f}l9 -4.5v9z"/>'
    return Track(end, track.above, y + 5, _rail(rails) + arrow + track.svg)


def _rail(path: str) -> str:
    return f'<path d="{path}"/>'
