"""The colour of every block of the vocabulary, on a page and in a terminal.

A block that is appended gets a colour by itself: hues step round the circle by the golden angle,
in a space (OKLCH) where equal steps look equal, so that neighbours never look alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

from logos_grammar.vocabulary import vocabulary

_GOLDEN_ANGLE = 137.50776
_FIRST_HUE = 40.0
_FIRST_SOLID = 250.0


@dataclass(frozen=True)
class Colour:
    """The colour of a block: what it is drawn with and what it is drawn on, as ``#rrggbb``."""

    ink: str
    paper: str
    line: str

    def terminal(self, text: str) -> str:
        """A text in this colour, of the 256 that every terminal has."""
        red, green, blue = (round(int(self.line[at : at + 2], 16) / 51) for at in (1, 3, 5))
        return f"\x1b[38;5;{16 + 36 * red + 6 * green + blue}m{text}\x1b[0m"


@cache
def colour(block: str) -> Colour:
    """The colour of a block.

    Parameters
    ----------
    block
        Its name in the vocabulary.

    Returns
    -------
    Colour
        Dark ink on light paper with a line between the two; contrast of ink and paper above 7:1.

    Raises
    ------
    KeyError
        When the vocabulary has no block of that name.
    """
    at = {each.name: number for number, each in enumerate(vocabulary.blocks)}[block]
    if at == 0:  # the special tokens do not belong to the grammar, so they are grey
        return Colour(ink=_rgb(0.35, 0, 0), paper=_rgb(0.95, 0, 0), line=_rgb(0.65, 0, 0))
    hue = (_FIRST_HUE + at * _GOLDEN_ANGLE) % 360
    return Colour(
        ink=_rgb(0.37, 0.085, hue), paper=_rgb(0.94, 0.04, hue), line=_rgb(0.68, 0.13, hue)
    )


def distinct(number: int) -> tuple[int, int, int]:
    """One of a row of colours for solids: red, green and blue. Neighbours never look alike."""
    colour = _rgb(0.64, 0.13, (_FIRST_SOLID + number * _GOLDEN_ANGLE) % 360)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _rgb(lightness: float, chroma: float, hue: float) -> str:
    """OKLCH to ``#rrggbb`` (B. Ottosson, A perceptual color space for image processing, 2020)."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_gamma(each):02x}" for each in linear)


def _gamma(linear: float) -> int:
    """One linear channel as an sRGB byte; what a screen cannot show is clipped."""
    shown = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(255 * min(max(shown, 0.0), 1.0))
