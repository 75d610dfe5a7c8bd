"""Hypothesis strategies for structures: models, strands, residues and atoms, drawn as rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
from hypothesis import strategies as st

from logos_grammar.columns import Columns, Words
from logos_grammar.columns.strategies import texts
from logos_grammar.fixed import Fixed
from logos_grammar.formats.strategies import pdb_files
from logos_grammar.structure import (
    Assemblies,
    Atoms,
    FactorsOf,
    Layout,
    LinkKind,
    Links,
    Models,
    Operators,
    Residues,
    StrandKind,
    Strands,
    Structure,
    UnitCell,
)

_NEAR: Final = 10**6
_NAMINGS: Final = 8
"""How many lists of atom names there are."""
_MOST_LINKS: Final = 3
_MOST: Final = 999_999_999
_NAMES: Final = texts()
_WRITTEN: Final = texts(min_size=1)
_VECTOR: Final = [(f"v{at}", 999_999) for at in "123"]
_COMPONENTS: Final = st.sampled_from(
    ["HOH", "GLY", "SER", "DA", "A", "T", "U", "PYL", "MSE", "CL", ""]
)
_COMMON: Final = st.sampled_from(
    [
        *(("CA", "C"), ("N", "N"), ("O", "O"), ("H1", "H"), ("OXT", "O"), ("1HB", "H")),
        *(("SE", "Se"), ("C1'", "C"), ("P", "P"), ("HG", "Hg"), ("CA", "Ca"), ("CA", "X")),
        *(("D", "D"), ("", "X")),
    ]
)
_ELEMENTS: Final = st.sampled_from(["C", "N", "O", "H", "D", "X", "Og", "Se"])


class _Drawn(NamedTuple):
    """What is drawn of the whole structure."""

    grid: int
    occupancy: int | None
    b_factor: int | None
    factors: int
    anisotropic: int | None
    distance: int | None
    has_places: bool
    empty: tuple[str, ...]
    """The columns of strands that are there and empty."""


def structures(*, max_residues: int = 4, max_atoms: int = 6) -> st.SearchStrategy[Structure]:
    """Draw structures: names, numbers and coordinates of any sort that has a sentence.

    Parameters
    ----------
    max_residues
        The most residues of a strand.
    max_atoms
        The most atoms of a residue.

    Returns
    -------
    SearchStrategy[Structure]
        Shrinks to a structure without models.
    """
    return _structures(max_residues=max_residues, max_atoms=max_atoms)


def entries(*, hostile: bool = False) -> st.SearchStrategy[Structure]:
    """Draw structures as files have them, read from `logos_grammar.formats.strategies.pdb_files`.

    They have alternative locations, insertion codes, gaps, modified residues, several models, ions
    and waters, and can be written as PDB and as mmCIF.

    Parameters
    ----------
    hostile
        Whether to draw of `structures`, too: names and numbers of any sort, which a format may
        refuse.

    Returns
    -------
    SearchStrategy[Structure]
        Shrinks to one glycine.
    """
    read = pdb_files().map(Structure.from_pdb)
    return read | structures() if hostile else read


@st.composite
def _structures(draw: st.DrawFn, max_residues: int, max_atoms: int) -> Structure:
    places = st.none() | st.integers(0, 9)
    b_factor = draw(places)
    drawn = _Drawn(
        grid=draw(st.integers(0, 9)),
        occupancy=draw(places),
        b_factor=b_factor,
        factors=0 if b_factor is None else draw(st.sampled_from(FactorsOf)),
        anisotropic=draw(places),
        distance=draw(places),
        has_places=draw(st.booleans()),
        empty=draw(st.sampled_from([(), (), ("label",), ("entity",), ("label", "entity")])),
    )
    one = 0
    if b_factor is not None and drawn.factors == FactorsOf.STRUCTURE:
        one = draw(_numbers(b_factor))
    rows = _Rows(drawn, one)
    for model in range(draw(st.integers(0, 2))):
        rows.models.append({"number": draw(_near(rows.last("models", "number") + 1))})
        for _ in range(draw(st.integers(0, 2))):
            _draw_strand(draw, rows, model, max_residues, max_atoms)
    _draw_links(draw, rows)
    naming = draw(st.integers(0, _NAMINGS - 1))
    cell = draw(st.none() | _cells())
    return replace(
        rows.structure(naming, cell),
        operators=draw(st.none() | _operators()),
        assemblies=draw(st.none() | _assemblies()),
    )


def _draw_strand(
    draw: st.DrawFn, rows: _Rows, model: int, max_residues: int, max_atoms: int
) -> None:
    kind = draw(st.sampled_from(StrandKind))
    strand = len(rows.strands)
    names = {name: draw(_NAMES) for name in ("chain", "label", "entity", "segment")}
    names |= dict.fromkeys(rows.drawn.empty, "")
    rows.strands.append({"model": model, "kind": kind, **names})
    number = place = 0
    for _ in range(draw(st.integers(0, max_residues))):
        number, place = draw(_near(number + 1)), draw(_near(place + 1))
        state = draw(st.sampled_from([0, 0, 0, 1, 2]))
        place_state = draw(st.sampled_from([0, 0, 1, 2]))
        row = {
            "strand": strand,
            "component": draw(_COMPONENTS | _NAMES),
            "number": 0 if state else number,
            "number_state": state,
            "insertion": draw(st.just("") | _NAMES),
            "hetero": draw(st.booleans()),
            "label_seq": 0 if place_state else place,
            "label_seq_state": place_state,
        }
        residue = len(rows.residues)
        rows.residues.append(row)
        first = len(rows.atoms)
        for _ in range(draw(st.integers(0, max_atoms))):
            rows.atoms.append(_draw_atom(draw, rows, residue, first))


def _draw_atom(draw: st.DrawFn, rows: _Rows, residue: int, first: int) -> dict[str, Any]:
    drawn = rows.drawn
    name, element = draw(_COMMON | st.tuples(_NAMES, _ELEMENTS))
    row: dict[str, Any] = {"residue": residue, "name": name, "element": element}
    row["altloc"] = draw(st.just("") | _NAMES)
    row["charge"] = draw(st.just(0) | st.integers(-15, 15))
    before = rows.atoms[-1] if len(rows.atoms) > first else None
    for axis in "xyz":
        near = st.integers(-2 * 10**drawn.grid, 2 * 10**drawn.grid)
        if before is None:
            row[axis] = draw(_numbers(drawn.grid))
        else:
            row[axis] = before[axis] + draw(near | st.integers(-_NEAR, _NEAR))
    if drawn.occupancy is not None:
        unit = 10**drawn.occupancy
        row["occupancy"] = draw(st.just(unit) | st.integers(-999 * unit, 999 * unit + unit - 1))
    if drawn.b_factor is not None:
        row["b_factor"], row["b_factor_state"] = rows.one, 0
        if drawn.factors != FactorsOf.STRUCTURE:
            state = draw(st.sampled_from([0, 0, 1]))
            row["b_factor"] = 0 if state else draw(_numbers(drawn.b_factor))
            row["b_factor_state"] = state
        if drawn.factors == FactorsOf.RESIDUE and before is not None:
            row |= {name: before[name] for name in ("b_factor", "b_factor_state")}
    if drawn.anisotropic is not None:
        state = draw(st.sampled_from([0, 2]))
        row["anisotropic_state"] = state
        for name in _DISPLACEMENTS:
            row[name] = 0 if state else draw(_numbers(drawn.anisotropic))
    return row


def _draw_links(draw: st.DrawFn, rows: _Rows) -> None:
    if not rows.atoms:
        return
    last = len(rows.atoms) - 1
    for end in sorted(draw(st.lists(st.integers(0, last), max_size=_MOST_LINKS))):
        row: dict[str, Any] = {"begin": draw(st.integers(0, end)), "end": end}
        row["kind"] = draw(st.sampled_from(LinkKind))
        for name in ("begin_symmetry", "end_symmetry"):
            row[name] = draw(st.just("") | _NAMES)
        if rows.drawn.distance is not None:
            state = draw(st.sampled_from([0, 0, 1]))
            row["distance_state"] = state
            row["distance"] = 0 if state else draw(_numbers(rows.drawn.distance))
        rows.links.append(row)


_DISPLACEMENTS: Final = ("u11", "u22", "u33", "u12", "u13", "u23")


class _Rows:
    """The rows of every table, as they are drawn."""

    def __init__(self, drawn: _Drawn, one: int) -> None:
        self.drawn = drawn
        self.one = one
        self.models: list[dict[str, Any]] = []
        self.strands: list[dict[str, Any]] = []
        self.residues: list[dict[str, Any]] = []
        self.atoms: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []

    def last(self, table: str, column: str) -> int:
        """The last cell of a column, or 0."""
        rows: list[dict[str, Any]] = getattr(self, table)
        return int(rows[-1][column]) if rows else 0

    def structure(self, naming: int, cell: UnitCell | None) -> Structure:
        """The structure of the rows."""
        drawn = self.drawn
        decimals: dict[str, int | None] = dict.fromkeys("xyz", drawn.grid)
        decimals |= {"occupancy": drawn.occupancy, "b_factor": drawn.b_factor}
        decimals |= dict.fromkeys(_DISPLACEMENTS, drawn.anisotropic)
        layout = Layout(
            naming=np.array([naming]),
            factors=np.array([drawn.factors]),
            b_factor=np.array([self.one], np.int64),
        )
        residues = [
            row if drawn.has_places else {n: c for n, c in row.items() if "label_seq" not in n}
            for row in self.residues
        ]
        has = {"label_seq": drawn.has_places}
        return Structure(
            layout=layout,
            models=_table(Models, self.models),
            strands=_table(Strands, self.strands, has=dict.fromkeys(drawn.empty, True)),
            residues=_table(Residues, residues, has=has),
            atoms=_table(Atoms, self.atoms, decimals=decimals),
            links=_table(Links, self.links, decimals={"distance": drawn.distance}),
            cell=cell,
        )


def _table(
    cls: type[Columns],
    rows: list[dict[str, Any]],
    *,
    decimals: dict[str, int | None] | None = None,
    has: dict[str, bool] | None = None,
) -> Any:
    """A table of rows; columns of states and of names of which nothing is given are absent."""
    columns: dict[str, Any] = {}
    for column in cls._declared:
        cells = [row.get(column.name, 0) for row in rows]
        if column.type is Words:
            cells = [row[column.name] for row in rows]
            is_there = any(cells) or not column.optional or (has or {}).get(column.name)
            columns[column.name] = Words(cells) if is_there else None
        elif column.type is Fixed:
            places = (decimals or {}).get(column.name)
            columns[column.name] = None if places is None else Fixed(cells, places)
        elif column.optional and not (has or {}).get(column.name):
            columns[column.name] = cells if any(cells) else None
        else:
            columns[column.name] = cells
    return cls(**columns)


def _near(expected: int) -> st.SearchStrategy[int]:
    """Draw a number that follows the one before, or is not far from that."""
    return st.just(expected) | st.integers(
        max(-_MOST, expected - _NEAR), min(_MOST, expected + _NEAR)
    )


def _numbers(decimals: int) -> st.SearchStrategy[int]:
    """Draw scaled numbers whose whole parts have at most nine digits."""
    unit = 10**decimals
    wide = st.integers(-_MOST * unit, _MOST * unit)
    return st.integers(-9 * unit, 99 * unit) | wide


@st.composite
def _cells(draw: st.DrawFn) -> UnitCell:
    edges, angles = draw(st.integers(0, 9)), draw(st.integers(0, 9))

    def number(places: int) -> Fixed:
        return Fixed([draw(_numbers(places))], places)

    return UnitCell(
        a=number(edges),
        b=number(edges),
        c=number(edges),
        alpha=number(angles),
        beta=number(angles),
        gamma=number(angles),
        space_group=Words([draw(st.text(max_size=4))]),
    )


@st.composite
def _operators(draw: st.DrawFn) -> Operators:
    decimals = {"m": draw(st.integers(0, 10)), "v": draw(st.integers(0, 10))}
    count = draw(st.integers(1, 2))
    columns: dict[str, Fixed] = {}
    for name, most in [*((f"m{row}{at}", 999) for row in "123" for at in "123"), *_VECTOR]:
        unit = 10 ** decimals[name[0]]
        wide = st.integers(-most * unit, (most + 1) * unit - 1)
        cells = draw(st.lists(st.integers(-unit, unit) | wide, min_size=count, max_size=count))
        columns[name] = Fixed(cells, decimals[name[0]])
    return Operators(id=Words(draw(st.lists(_WRITTEN, min_size=count, max_size=count))), **columns)


@st.composite
def _assemblies(draw: st.DrawFn) -> Assemblies:
    rows = draw(st.lists(st.tuples(_WRITTEN, _WRITTEN, _WRITTEN), min_size=1, max_size=3))
    id, chains, operators = zip(*rows, strict=True)
    return Assemblies(id=Words(id), chains=Words(chains), operators=Words(operators))
