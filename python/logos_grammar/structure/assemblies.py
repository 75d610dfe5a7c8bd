"""An assembly of a structure: copies of strands, moved by operators and named by a rule."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, product
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure.operators import copies_of, operator_of
from logos_grammar.structure.selection import (
    DISPLACEMENTS,
    with_columns,
    with_layout,
    without_empty,
)
from logos_grammar.structure.tables import Atoms, Links, Tables

__all__ = ["Missing", "Naming", "assembly_of"]

Naming: TypeAlias = Literal["short", "number", "same"]
"""How copies of a chain are named: by a short name, by a number, or as the chain."""

Missing: TypeAlias = Literal["refuse", "skip"]
"""What to do with chains of an assembly that the structure has not."""

_Tables = TypeVar("_Tables", bound=Tables)
_Rows: TypeAlias = "npt.NDArray[np.int64]"
_SYMBOLS: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits


class _Copy(NamedTuple):
    """A copy of one strand."""

    strand: int
    model: int
    operators: tuple[str, ...]


def assembly_of(tables: _Tables, id: str, *, naming: Naming, missing: Missing) -> _Tables:
    """The assembly of a structure, as `Projections.assembly` says."""
    if naming not in ("short", "number", "same"):
        raise ValueError(f"expected naming as 'short', 'number' or 'same', not {naming!r}")
    if missing not in ("refuse", "skip"):
        raise ValueError(f"expected missing as 'refuse' or 'skip', not {missing!r}")
    copies = list(_copies(tables, id, missing))
    if not copies:
        raise ValueError(f"expected chains of the assembly {id!r}, and the structure has none")
    rows = np.array([copy.strand for copy in copies], np.int64)
    models, model = np.unique([copy.model for copy in copies], return_inverse=True)
    residues, of_strand = _children(tables.residues.strand, rows)
    atoms, of_residue = _children(tables.atoms.residue, residues)
    copy_of_atom = of_strand[of_residue]
    strands = replace(
        tables.strands[rows],
        model=model,
        chain=_renamed(tables.strands.chain, copies, naming),
        label=_renamed(tables.strands.label, copies, naming, keeps_empty=True),
    )
    return with_layout(
        replace(
            tables,
            models=tables.models[models],
            strands=without_empty(strands, tables.strands),
            residues=without_empty(
                replace(tables.residues[residues], strand=of_strand), tables.residues
            ),
            atoms=_moved(tables, atoms, of_residue, [copies[at] for at in copy_of_atom.tolist()]),
            links=_links(tables, atoms, copies, copy_of_atom),
            cell=None,
            operators=None,
            assemblies=None,
        )
    )


def _copies(tables: Tables, id: str, missing: Missing) -> Iterator[_Copy]:
    """Every copy of a strand, in the order of the assembly."""
    assemblies, strands = tables.assemblies, tables.strands
    if assemblies is None:
        raise ValueError("expected a structure with assemblies, and this one has none")
    if id not in assemblies.id:
        found = ", ".join(map(repr, assemblies.id.words))
        raise ValueError(f"expected the name of an assembly, one of {found}, not {id!r}")
    names = strands.chain if strands.label is None else strands.label
    of_id = np.flatnonzero(assemblies.id == id).tolist()
    lists = [assemblies.chains[row].split(",") for row in of_id]
    absent = [name for name in dict.fromkeys(chain.from_iterable(lists)) if name not in names]
    if absent and missing == "refuse":
        raise ValueError(
            f"expected all chains of the assembly {id!r}, and the structure has not "
            f"{', '.join(map(repr, absent))}: make it before they are left out, or with "
            "missing='skip' without them"
        )
    for model in range(len(tables.models)):
        for row, listed in zip(of_id, lists, strict=True):
            rows = np.flatnonzero(names.isin(listed) & (strands.model == model)).tolist()
            for operators in copies_of(assemblies.operators[row]):
                yield from (_Copy(strand, model, operators) for strand in rows)


def _children(parents: npt.NDArray[Any], rows: _Rows) -> tuple[_Rows, _Rows]:
    """The rows of a table that are of rows of the table above, and of the how many-th of these."""
    begin = np.searchsorted(parents, rows, "left")
    counts = np.searchsorted(parents, rows, "right") - begin
    of = np.repeat(np.arange(len(rows)), counts)
    return np.arange(len(of)) + np.repeat(begin - (np.cumsum(counts) - counts), counts), of


def _renamed(
    words: Words | None, copies: list[_Copy], naming: Naming, *, keeps_empty: bool = False
) -> Any:
    """The names of copies: those of one chain under one operator have one name."""
    if words is None:
        return None
    fresh = _short_names(words)
    used: set[str] = set()
    copied: dict[str, int] = {}
    names: dict[tuple[str, tuple[str, ...]], str] = {}
    for copy in copies:
        name = words[copy.strand]
        key = (name, copy.operators)
        if key in names:
            continue
        number = copied[name] = copied.get(name, 0) + 1
        if naming == "same" or (keeps_empty and not name):
            names[key] = name
        elif naming == "short":
            names[key] = name if number == 1 else next(fresh)
        else:
            free = (f"{name}{at}" for at in count(number) if f"{name}{at}" not in used)
            names[key] = next(free)
        used.add(names[key])
    return Words([names[words[copy.strand], copy.operators] for copy in copies])


def _short_names(words: Words) -> Iterator[str]:
    """Names of one letter or digit, then of two and so on, that are not among others."""
    for length in count(1):
        for symbols in product(_SYMBOLS, repeat=length):
            if "".join(symbols) not in words:
                yield "".join(symbols)


def _moved(tables: Tables, atoms: _Rows, residue: _Rows, copies: list[_Copy]) -> Atoms:
    """Rows of atoms, moved by the operators of their copies."""
    taken = replace(tables.atoms[atoms], residue=residue)
    names = [name for name in ("x", "y", "z", *DISPLACEMENTS) if getattr(taken, name) is not None]
    columns = {name: getattr(taken, name).scaled.copy() for name in names}
    begin = 0
    for end in range(1, len(copies) + 1):
        if end < len(copies) and copies[end].operators == copies[begin].operators:
            continue
        operator = operator_of(tables.operators, copies[begin].operators)
        for some, move in (("xyz", operator.moved), (DISPLACEMENTS, operator.turned)):
            present = [name for name in some if name in columns]
            parts = [getattr(taken, name)[begin:end] for name in present]
            for name, part in zip(present, move(parts) if parts else [], strict=True):
                columns[name][begin:end] = part.scaled
        begin = end
    moved = {name: Fixed(columns[name], getattr(taken, name).decimals) for name in names}
    return without_empty(with_columns(taken, moved), tables.atoms)


def _links(tables: Tables, atoms: _Rows, copies: list[_Copy], copy_of_atom: _Rows) -> Links:
    """The links within copies by one operator, in the order of their later atoms."""
    links = tables.links
    kept = np.ones(len(links), np.bool_)
    for symmetry in (links.begin_symmetry, links.end_symmetry):
        if symmetry is not None:
            kept &= symmetry == ""
    rows = np.flatnonzero(kept)
    of_key: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for row, copy in enumerate(copies if len(rows) else []):
        of_key.setdefault(copy[1:], []).append(row)
    none = np.zeros(0, np.int64)
    ends: list[tuple[_Rows, _Rows, _Rows]] = [(none, none, none)]
    for strands in of_key.values():
        placed = np.flatnonzero(np.isin(copy_of_atom, strands))
        place = np.full(len(tables.atoms), -1, np.int64)
        place[atoms[placed]] = placed
        begin, end = place[links.begin[rows]], place[links.end[rows]]
        both = (begin >= 0) & (end >= 0)
        ends.append((rows[both], np.minimum(begin, end)[both], np.maximum(begin, end)[both]))
    source, begin, end = (np.concatenate(part) for part in zip(*ends, strict=True))
    order = np.argsort(end, kind="stable")
    taken: Links = links[source[order]]
    copied = replace(
        taken,
        begin=begin[order].astype(np.uint32),
        end=end[order].astype(np.uint32),
        begin_symmetry=None,
        end_symmetry=None,
    )
    return without_empty(copied, links)
