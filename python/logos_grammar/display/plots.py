"""Plots of structures as SVG: a Ramachandran plot, and a map of contacts."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt

from logos_grammar.display.palette import distinct
from logos_grammar.structure import StrandKind, Structure
from logos_grammar.structure.altlocs import rows_of_the_first
from logos_grammar.structure.torsions import backbone_torsions

__all__ = ["contact_map", "ramachandran"]

_SIDE: Final = 360
_LEFT: Final = 58
_TOP: Final = 30
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#24262b}.dim{fill:#6b7078}"
    ".axis{stroke:#9aa1ab;fill:none}.grid{stroke:#e8eaed;fill:none}"
)
_REGIONS: Final = (
    # Where most residues are, after S. C. Lovell and others, Proteins 50 (2003): a sketch.
    ("helix", "-110,-5 -150,-30 -150,-70 -80,-80 -45,-65 -40,-25 -70,0"),
    ("strand", "-180,95 -180,180 -55,180 -45,130 -70,100 -110,60 -160,60"),
    ("strand", "-180,-180 -180,-160 -60,-165 -55,-180"),
    ("strand", "180,-180 180,-160 165,-180"),
    ("left helix", "40,20 45,70 70,70 75,10 60,0"),
)
_PIXELS: Final = 2_000
"""How many points a map has at most along a side."""
_ROWS: Final = 64
"""How many rows of distances are held together."""
_NEAR: Final = 4.0
_FAR: Final = 20.0


def ramachandran(structure: Structure) -> str:
    """Plot phi and psi of the residues of proteins.

    Glycines are triangles, prolines squares, all others dots; each chain has its colour. The
    shaded regions are where most residues other than glycine are.

    Parameters
    ----------
    structure
        Of several models all are plotted; of each atom the first location.

    Returns
    -------
    str
        One ``svg`` element; each mark has its residue in its title.
    """
    residues, strands = structure.residues, structure.strands
    found = backbone_torsions(structure)
    marks = []
    drawn = np.flatnonzero(~np.isnan(found.phi) & ~np.isnan(found.psi))
    for row in drawn.tolist():
        residue = int(found.residue[row])
        strand = int(residues.strand[residue])
        component, chain = residues.component[residue], strands.chain[strand]
        name = f"{chain} {component} {residues.number[residue]}{residues.insertion[residue]}"
        phi, psi = float(found.phi[row]), float(found.psi[row])
        x, y = _LEFT + (phi + 180) / 360 * _SIDE, _TOP + (180 - psi) / 360 * _SIDE
        red, green, blue = distinct(int(strands.chain.codes[strand]))
        title = f"<title>{escape(name)}: phi {phi:.1f}, psi {psi:.1f}</title>"
        shape = {"GLY": "M{x} {t}L{r} {b}L{l} {b}Z", "PRO": "M{l} {t}L{r} {t}L{r} {b}L{l} {b}Z"}
        path = shape.get(component)
        ink = f'fill="rgb({red},{green},{blue})" fill-opacity="0.75"'
        if path is None:
            marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" {ink}>{title}</circle>')
        else:
            ends = {"x": x, "l": x - 3, "r": x + 3, "t": y - 3, "b": y + 3}
            corners = path.format(**{name: f"{end:.1f}" for name, end in ends.items()})
            marks.append(f'<path d="{corners}" {ink}>{title}</path>')
    regions = "".join(
        f'<polygon points="{_corners(corners)}" fill="#dfe7f5"><title>{name}</title></polygon>'
        for name, corners in _REGIONS
    )
    ticks = [(degrees, f"{degrees}°") for degrees in range(-180, 181, 60)]
    axes = _axes([((at + 180) / 360, text) for at, text in ticks], "phi", "psi", grid=True)
    return _svg(f"{len(drawn):,} residues", regions + axes + "".join(marks))


def contact_map(structure: Structure, *, cutoff: float = 8.0) -> str:
    """Plot how far the residues of the proteins of one model are from each other.

    Parameters
    ----------
    structure
        Of several models the first is plotted; of each atom the first location.
    cutoff
        In ångström: above the diagonal residues that are nearer than this are black; below it the
        distance is a shade, to 20 Å. Distances are of CB, or of CA in residues without CB. Of more
        than 2,000 residues a point is the nearest pair of several, and the title says of how many.

    Returns
    -------
    str
        One ``svg`` element, with lines between chains.
    """
    one = structure.model(0) if len(structure.models) > 1 else structure
    residue, places = _centres(one)
    count = len(residue)
    picture = _image(_shades(places, cutoff)) if count else ""
    chains = one.strands.chain.codes[one.residues.strand[residue]]
    starts = [0, *(np.flatnonzero(np.diff(chains)) + 1).tolist()] if count else []
    ends = [*starts[1:], count][: len(starts)]
    names = [one.strands.chain.words[chains[start]] for start in starts]
    lines = "".join(
        f'<path class="axis" d="M{_LEFT + start / count * _SIDE:.1f} {_TOP}v{_SIDE}'
        f'M{_LEFT} {_TOP + start / count * _SIDE:.1f}h{_SIDE}"/>'
        for start in starts[1:]
    )
    ticks = [
        ((start + end) / 2 / count, name)
        for start, end, name in zip(starts, ends, names, strict=True)
    ]
    axes = _axes(ticks, "chain", "chain", grid=False)
    title = f"{count:,} residues; above the diagonal less than {cutoff:g} Å"
    if count > _PIXELS:
        title += f"; the nearest of {-(-count // _PIXELS)} x {-(-count // _PIXELS)} in a point"
    return _svg(title, picture + lines + axes)


def _shades(places: npt.NDArray[np.float64], cutoff: float) -> npt.NDArray[np.uint8]:
    """The grey of each point of a map; a point is of as many residues as there is no room for."""
    each = -(-len(places) // _PIXELS)
    starts = np.arange(0, len(places), each)
    grey = np.empty((len(starts), len(starts)), np.uint8)
    columns, step = np.arange(len(starts)), max(1, _ROWS // each)
    for begin in range(0, len(starts), step):
        rows = places[begin * each : (begin + step) * each]
        squares = sum((rows[:, axis, None] - places[:, axis]) ** 2 for axis in range(3))
        inside = np.minimum.reduceat(squares, np.arange(0, len(rows), each), axis=0)
        nearest = np.sqrt(np.minimum.reduceat(inside, starts, axis=1))
        is_above = columns > np.arange(begin, begin + len(nearest))[:, None]
        shade = np.clip((nearest - _NEAR) / (_FAR - _NEAR), 0, 1)
        white = np.where(is_above, nearest >= cutoff, shade)
        grey[begin : begin + len(nearest)] = 255 * (0.08 + 0.92 * white)
    return grey


def _centres(structure: Structure) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The residues of proteins, and where CB is, or CA."""
    atoms = structure.atoms
    kind = structure.strands.kind[structure.residues.strand[atoms.residue]]
    shown = rows_of_the_first(structure) & (kind == StrandKind.PROTEIN)
    found = np.full(len(structure.residues), -1, np.int64)
    for name in ("CA", "CB"):
        rows = np.flatnonzero(np.asarray(atoms.name == name) & shown)[::-1]
        found[atoms.residue[rows]] = rows
    residue = np.flatnonzero(found >= 0)
    columns = [np.asarray(column.to_float()) for column in (atoms.x, atoms.y, atoms.z)]
    return residue, np.stack(columns, axis=1)[found[residue]]


def _corners(degrees: str) -> str:
    pairs = [pair.split(",") for pair in degrees.split()]
    return " ".join(
        f"{_LEFT + (float(phi) + 180) / 360 * _SIDE:.0f},"
        f"{_TOP + (180 - float(psi)) / 360 * _SIDE:.0f}"
        for phi, psi in pairs
    )


def _axes(ticks: Iterable[tuple[float, str]], across: str, up: str, *, grid: bool) -> str:
    """A frame, and texts at shares of the way along both of its axes."""
    bottom = _TOP + _SIDE
    parts = []
    for share, text in ticks:
        x = _LEFT + share * _SIDE
        y = bottom - share * _SIDE if grid else _TOP + share * _SIDE
        if grid:
            parts.append(
                f'<path class="grid" d="M{x:.1f} {_TOP}v{_SIDE}M{_LEFT} {y:.1f}h{_SIDE}"/>'
            )
        said = escape(text)
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{said}</text>'
            f'<text x="{_LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{said}</text>'
        )
    middle = _TOP + _SIDE / 2
    parts.append(f'<rect class="axis" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>')
    parts.append(
        f'<text class="dim" x="{_LEFT + _SIDE / 2}" y="{bottom + 34}" text-anchor="middle">'
        f'{across}</text><text class="dim" transform="translate(14 {middle}) rotate(-90)" '
        f'text-anchor="middle">{up}</text>'
    )
    return "".join(parts)


def _svg(title: str, body: str) -> str:
    width, height = _LEFT + _SIDE + 24, _TOP + _SIDE + 44
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" style="background:#fff;max-width:100%;height:auto">'
        f"<style>{_STYLE}</style>"
        f'<text class="dim" x="{_LEFT}" y="19">{escape(title)}</text>{body}</svg>'
    )


def _image(grey: npt.NDArray[np.uint8]) -> str:
    """An image of shades of grey, as PNG within the SVG."""
    height, width = grey.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), grey], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return (
        f'<image x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" '
        f'preserveAspectRatio="none" style="image-rendering:pixelated" '
        f'href="data:image/png;base64,{b64encode(png).decode("ascii")}"/>'
    )
