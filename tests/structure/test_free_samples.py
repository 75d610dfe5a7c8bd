"""What a recognizer lets be drawn: it is decoded, and written as a file that says it, or refused.

What a file says is read here atom by atom in Python, and compared with what was drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any, Final

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.structure import LinkKind, Links, StrandKind, Strands, Structure, UnitCell
from logos_grammar.structure.comparison import difference
from recognizer.states import FAST, random_walk

WALKS: Final = 200 if FAST else 30_000

_BEGINS: Final = (
    (),
    # One model; a glycine of which N is placed; with occupancies; with a sequence, labels to come.
    "<StructureS> names:pdb grid3 <Model> <ProteinStrand> Gly 1. 2. 3. .500 .250 .125",
    "<StructureS> names:pdb grid0 <Occupancies> places2 <Model> <HeteroStrand> Hoh 1. 2. 3.",
    "<StructureS> names:pdb grid0 <Sequence> <Model> <ProteinStrand> 'A <Label> 'A <Place> #1 Ala",
)
"""Half of all walks would have no atoms."""

NOT_BONDS: Final = (
    LinkKind.HYDROGEN_BOND,
    LinkKind.SALT_BRIDGE,
    LinkKind.MISMATCH,
    LinkKind.MODIFICATION,
)


@cache
def drawn() -> tuple[Structure, ...]:
    """Decoded walks of several lengths."""
    return tuple(map(walked, range(WALKS)))


def walked(seed: int) -> Structure:
    """What a walk says, of which it is the sentence."""
    random = Random(seed)
    begin = random.choice(_BEGINS)
    ids = [lg.vocabulary.id(name) for name in begin.split()] if begin else []
    recognizer = lg.Recognizer("structure", budget=random.choice((32, 64, 128, 192)))
    assert recognizer.accept_many(ids) == len(ids)
    for _ in random_walk(recognizer, random, reluctance=(0.0, 0.5, 0.9, 1.0)[seed % 4]):
        pass
    structure = lg.decode(recognizer.ids)
    assert isinstance(structure, Structure)
    assert np.array_equal(lg.encode(structure), recognizer.ids)
    return structure


def rows(structure: Structure, *, with_labels: bool) -> list[tuple[Any, ...]]:
    """Of each atom its residue, counted by those that have atoms, and all that is said of it."""
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    seen = np.unique(atoms.residue).tolist()
    found = []
    for row, residue in enumerate(atoms.residue.tolist()):
        strand = int(residues.strand[residue])
        states = residues.number_state
        found.append(
            (
                seen.index(residue),
                int(structure.models.number[strands.model[strand]]),
                strands.chain[strand],
                strands.segment[strand] if strands.segment is not None else "",
                residues.component[residue],
                int(residues.number[residue]) if states is None or not states[residue] else None,
                residues.insertion[residue],
                bool(residues.hetero[residue]),
                *((strands.label[strand],) if with_labels and strands.label is not None else ()),
                atoms.name[row],
                atoms.element[row],
                atoms.altloc[row],
                int(atoms.charge[row]),
                *(column[row] for column in (atoms.x, atoms.y, atoms.z)),
                None if atoms.occupancy is None else atoms.occupancy[row],
                None
                if atoms.b_factor is None
                or (atoms.b_factor_state is not None and atoms.b_factor_state[row])
                else atoms.b_factor[row],
            )
        )
    return found


def links(structure: Structure, *, bonds_only: bool) -> list[tuple[Any, ...]]:
    """The links in order; of bonds alone neither their kind nor their length."""
    table = structure.links
    found: list[tuple[Any, ...]] = []
    for row in range(len(table.begin)):
        operators = [
            words[row] if words is not None else ""
            for words in (table.begin_symmetry, table.end_symmetry)
        ]
        ends = (int(table.begin[row]), int(table.end[row]), *operators)
        is_known = table.distance is not None and (
            table.distance_state is None or not table.distance_state[row]
        )
        length = str(table.distance[row]) if is_known and table.distance is not None else ""
        if not bonds_only:
            found.append((*ends, int(table.kind[row]), length))
        elif table.kind[row] not in NOT_BONDS and ends not in found:
            found.append(ends)
    return sorted(found)


FORMATS: Final = {
    "mmcif": (Structure.to_mmcif, Structure.from_mmcif),
    "pdb": (lambda structure: structure.to_pdb(hybrid_36=True), Structure.from_pdb),
}


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_drawn_is_written_as_it_is_or_refused(format: Any) -> None:
    write: Callable[[Structure], str]
    read: Callable[[str], Structure]
    write, read = FORMATS[format]
    written = refused = 0
    for structure in drawn():
        try:
            text = write(structure)
        except ConversionError:
            refused += 1
            continue
        written += 1
        back = read(text)
        is_mmcif = format == "mmcif"
        assert rows(back, with_labels=is_mmcif and structure.strands.label is not None) == rows(
            structure, with_labels=is_mmcif
        )
        assert links(back, bonds_only=not is_mmcif) == links(structure, bonds_only=not is_mmcif)
        if is_mmcif:
            assert len(back.residues) == len(structure.residues)
        assert back.models == structure.models
        assert (back.cell is None) == (structure.cell is None)
        content = text.encode("utf-8", "surrogateescape")
        # PDB does not say every assembly.
        said = structure if is_mmcif else back
        told = replace(structure, operators=said.operators, assemblies=said.assemblies)
        assert difference(content, format, told) is None or structure.strands.label is None
        assert difference(content, format, back) is None
        again = read(write(back))
        assert rows(again, with_labels=is_mmcif) == rows(back, with_labels=is_mmcif)
    assert written > WALKS // 50
    assert refused > WALKS // 50


WATERS: Final = Structure.from_pdb(
    """\
HETATM    1  O   HOH A   1       0.000   0.000   0.000  1.00  0.00           O
HETATM    2  O   HOH A   2       5.000   0.000   0.000  1.00  0.00           O
HETATM    3  O   HOH A   3       9.000   0.000   0.000  1.00  0.00           O
"""
)


def linked(begin: int, end: int, *, numbers: tuple[int, int, int] = (1, 2, 3)) -> Structure:
    """The waters with other numbers, and a link of two of their atoms."""
    atoms = (np.array([row], np.uint32) for row in (begin, end))
    some = Links(begin=next(atoms), end=next(atoms), kind=np.zeros(1, np.uint8))
    residues = replace(WATERS.residues, number=np.array(numbers, np.int32))
    return replace(WATERS, residues=residues, links=some)


LOST: Final = {
    "by its atoms, and this one has none": lg.decode(np.array([6608, 6672, 6432, 6609], np.uint16)),
    r"atoms\.residue\[1\]": linked(0, 1, numbers=(1, 1, 3)).without_links(),
    r"links\.begin\[0\]": linked(1, 2, numbers=(1, 2, 1)),
    r"strands\.chain\[1\], which has no residues": replace(
        WATERS,
        strands=Strands(
            model=np.zeros(2, np.uint32),
            kind=np.full(2, StrandKind.HETERO, np.uint8),
            chain=Words(["A", "B"]),
        ),
    ),
}


def with_column(table: str, column: str, rows: list[int]) -> Structure:
    """Two linked waters and another in two models, one of its columns of rows changed."""
    whole = Structure.from_pdb(
        "MODEL        1\n"
        "HETATM    1  O   HOH A   1       0.000   0.000   0.000  1.00  0.00           O\n"
        "HETATM    2  O   HOH A   2       5.000   0.000   0.000  1.00  0.00           O\n"
        "ENDMDL\nMODEL        2\n"
        "HETATM    3  O   HOH A   3       9.000   0.000   0.000  1.00  0.00           O\n"
    )
    some = Links(
        begin=np.array([0], np.uint32), end=np.array([1], np.uint32), kind=np.zeros(1, np.uint8)
    )
    whole = replace(whole, links=some)
    changed = replace(getattr(whole, table), **{column: np.array(rows, np.uint32)})
    return replace(whole, **{table: changed})


@pytest.mark.parametrize(
    ("table", "column", "rows", "reason"),
    [
        ("strands", "model", [0, 7], r"row of models, which has 2, not 7 in strands\.model\[1\]"),
        ("strands", "model", [1, 0], r"not 0 behind 1 in strands\.model\[1\]"),
        ("residues", "strand", [0, 0, 2], r"row of strands, .* residues\.strand\[2\]"),
        ("residues", "strand", [0, 1, 0], r"not 0 behind 1 in residues\.strand\[2\]"),
        ("atoms", "residue", [3, 1, 2], r"row of residues, .* atoms\.residue\[0\]"),
        ("atoms", "residue", [1, 0, 2], r"not 0 behind 1 in atoms\.residue\[1\]"),
        ("links", "begin", [3], r"row of atoms, .* links\.begin\[0\]"),
        ("links", "end", [77], r"row of atoms, .* links\.end\[0\]"),
    ],
)
@pytest.mark.parametrize("format", FORMATS)
def test_tables_that_hands_made_wrong_are_refused(
    format: str, table: str, column: str, rows: list[int], reason: str
) -> None:
    write, _ = FORMATS[format]
    with pytest.raises(ConversionError, match=reason):
        write(with_column(table, column, rows))
    with pytest.raises(lg.GrammarError):
        lg.encode(with_column(table, column, rows))


def test_a_cell_has_one_row() -> None:
    cell = UnitCell(
        **{name: Fixed([], 0) for name in ("a", "b", "c", "alpha", "beta", "gamma")},
        space_group=Words([]),
    )
    for write, _ in FORMATS.values():
        with pytest.raises(ConversionError, match="expected one row of cell, not 0"):
            write(replace(WATERS, cell=cell))


@pytest.mark.parametrize("reason", LOST)
@pytest.mark.parametrize("format", FORMATS)
def test_what_a_file_cannot_say_is_named(format: str, reason: str) -> None:
    write, _ = FORMATS[format]
    with pytest.raises(ConversionError, match=reason):
        write(LOST[reason])
    assert write(linked(0, 2))
