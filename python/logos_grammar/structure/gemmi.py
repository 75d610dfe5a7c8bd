"""Structures from gemmi and back.

From gemmi: models, chains, residues and atoms, in its order, through its arrays of atoms
(`gemmi.FlatStructure`), with the subchain as the label of a strand. gemmi holds occupancies and B
factors in 32 bits and no count of decimals, so that the caller names the digits. Lost: anisotropic
displacements, links, operators and assemblies, residues that were not seen, places in the sequence,
segments, the serial numbers of atoms, and whether a residue has no number. Refused: names of 8
bytes and more, for which these arrays have no room.

To gemmi: through mmCIF, with all that it holds and gemmi reads: every column of the atoms but the
segment, with occupancies and B factors in 32 bits; displacements, links, the unit cell, the
sequence. Lost: how many decimals there were, and the order of a chain that is in several runs, of
which gemmi makes one, as it does of residues of one number, insertion code and component within a
chain, whatever their labels and places in the sequence are; an occupancy that is not given is 1
there, and a B factor 20. Refused: alternative locations and insertion codes of more than one
character of ASCII.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from logos_grammar.columns import Words
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure
from logos_grammar.structure.atom_rows import (
    AtomRows,
    Digits,
    cell_of,
    elements_of,
    expect_characters,
    structure_of,
    whole_numbers,
    words_of,
)

try:
    import gemmi
except ImportError as error:
    raise ImportError("expected gemmi: install logos-grammar[structure]") from error

__all__ = ["from_gemmi", "to_gemmi"]

_BLANKS: Final = tuple(f"blank{number}" for number in range(1 << 12))
"""Names that a chain without one has on the way; no chain has the first of them that is free."""


def from_gemmi(
    structure: gemmi.Structure,
    *,
    digits: Digits,
    cell_decimals: tuple[int, int] | None = None,
) -> Structure:
    """Make a structure of one of gemmi; the page above says what is lost.

    Parameters
    ----------
    structure
        Any structure with atoms.
    digits
        How many decimals the floats get.
    cell_decimals
        How many decimals the edges and the angles of the unit cell get; None leaves the cell out.

    Raises
    ------
    ConversionError
        Without atoms, and for names of 8 bytes and more.
    ValueError
        For NaN and numbers that do not fit.
    """
    try:
        flat: Any = gemmi.FlatStructure(structure)
    except RuntimeError as error:
        raise ConversionError(f"expected names that the arrays of gemmi hold: {error}") from error
    if not len(flat):
        raise ConversionError("expected atoms")
    flat.strings_as_numbers = False

    def number(column: Any, decimals: int) -> Fixed:
        return Fixed.from_float(np.asarray(column), decimals=decimals, rounding=digits.rounding)

    axes = [number(column, digits.coordinates) for column in np.asarray(flat.pos).T]
    labels, entities = words_of(flat.subchains), words_of(flat.entity_ids)
    cell = None
    if cell_decimals is not None and structure.cell.is_crystal():
        cell = cell_of(
            structure.cell.parameters, decimals=cell_decimals, space_group=structure.spacegroup_hm
        )
    rows = AtomRows(
        model=whole_numbers(np.asarray(flat.model_num), np.int32, "num of its model"),
        chain=words_of(flat.chain_ids),
        component=words_of(flat.residue_names),
        number=whole_numbers(np.asarray(flat.resnums), np.int32, "seqid.num"),
        insertion=_letters(flat.icodes),
        hetero=np.asarray(flat.het_flags) == ord("H"),
        name=words_of(flat.atom_names),
        element=elements_of(flat.element_names),
        altloc=_letters(flat.altlocs),
        x=axes[0],
        y=axes[1],
        z=axes[2],
        charge=whole_numbers(np.asarray(flat.charge), np.int8, "charge"),
        label=labels if any(labels.words) else None,
        entity=entities if any(entities.words) else None,
        occupancy=number(flat.occ, digits.occupancy),
        b_factor=number(flat.b_iso, digits.b_factor),
    )
    return structure_of(rows, cell=cell)


def to_gemmi(structure: Structure) -> gemmi.Structure:
    """Make a structure of gemmi; the page above says what is lost.

    Raises
    ------
    ConversionError
        For what mmCIF or gemmi cannot hold.
    """
    expect_characters(structure.atoms.altloc, "alternative location", "gemmi", is_ascii=True)
    expect_characters(structure.residues.insertion, "insertion code", "gemmi", is_ascii=True)
    chains = structure.strands.chain
    # mmCIF has no empty name of a chain, and gemmi then takes the label for it.
    blank = next(name for name in _BLANKS if name not in chains)
    named = Words.of_codes([name or blank for name in chains.words], chains.codes)
    filled = replace(structure, strands=replace(structure.strands, chain=named))
    try:
        block = gemmi.cif.read_string(filled.to_mmcif()).sole_block()
        made = gemmi.make_structure_from_block(block)
    except (RuntimeError, ValueError, TypeError) as error:
        raise ConversionError(f"expected what gemmi can hold: {error}") from error
    for model in made:
        for chain in model:
            chain.name = "" if chain.name == blank else chain.name
    return made


def _letters(column: Any) -> Words:
    """Names of one character, empty for a blank."""
    codes = np.asarray(column).astype(np.uint8)
    return words_of(np.where(codes == ord(" "), 0, codes).astype(np.uint8).view("S1"))
