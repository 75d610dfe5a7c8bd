"""Structures from Biopython and back, as its models, chains, residues and atoms.

From Biopython: all of these in its order, with every alternative location and every residue of a
point mutation. It holds floats and no count of decimals, so that the caller names the digits. Lost:
displacements, what the header holds, links, the serial numbers of atoms, segments that change
within a residue. Biopython itself has one chain of a name in a model, and numbers models from 0;
the number of the file is its ``serial_num``.

To Biopython: through mmCIF and its own reader. Lost: how many decimals there were, the digits of
coordinates that 32 bits do not hold, links, the unit cell, segments, labels and entities, residues
that were not seen. Refused: atoms that Biopython cannot tell apart, of which it drops all but one.
"""

from __future__ import annotations

import io
import warnings
from typing import Any, cast

import numpy as np

from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure
from logos_grammar.structure.atom_rows import (
    AtomRows,
    Digits,
    elements_of,
    structure_of,
    whole_numbers,
    words_of,
)

try:
    from Bio.PDB.Atom import Atom
    from Bio.PDB.MMCIFParser import MMCIFParser
    from Bio.PDB.PDBExceptions import PDBConstructionException
    from Bio.PDB.Structure import Structure as BioStructure
except ImportError as error:
    raise ImportError("expected Biopython: install logos-grammar[biopython]") from error

__all__ = ["from_biopython", "to_biopython"]


def from_biopython(structure: BioStructure, *, digits: Digits) -> Structure:
    """Make a structure of one of Biopython; the page above says what is lost.

    Parameters
    ----------
    structure
        Any structure with atoms.
    digits
        How many decimals the floats get.

    Raises
    ------
    ConversionError
        Without atoms.
    ValueError
        For numbers that do not fit, charges that are not whole, such as the partial ones of a PQR
        file, symbols that no element has, and an atom without an occupancy or B factor, naming the
        row; an element that is not given becomes X, unknown.
    """
    cells = [
        (model.serial_num, chain.id, residue, atom)
        for model in structure
        for chain in model
        for residue in chain.get_unpacked_list()
        for atom in residue.get_unpacked_list()
    ]
    residues = [residue for _, _, residue, _ in cells]
    atoms: list[Atom] = [atom for *_, atom in cells]
    if not atoms:
        raise ConversionError("expected atoms")
    points = np.array([atom.coord for atom in atoms], np.float64)
    segments = np.array([residue.segid.strip() for residue in residues])

    def number(values: list[float | None], decimals: int) -> Fixed:
        floats = np.array([np.nan if value is None else value for value in values], np.float64)
        return Fixed.from_float(floats, decimals=decimals, rounding=digits.rounding)

    axes = [
        Fixed.from_float(axis, decimals=digits.coordinates, rounding=digits.rounding)
        for axis in points.T
    ]
    rows = AtomRows(
        model=whole_numbers(np.array([serial for serial, *_ in cells]), np.int32, "serial_num"),
        chain=words_of(np.array([chain.strip() for _, chain, *_ in cells])),
        component=words_of(np.array([residue.resname.strip() for residue in residues])),
        number=whole_numbers(
            np.array([residue.id[1] for residue in residues]), np.int32, "the number of a residue"
        ),
        insertion=words_of(np.array([residue.id[2].strip() for residue in residues])),
        hetero=np.array([residue.id[0] != " " for residue in residues]),
        name=words_of(np.array([atom.name.strip() for atom in atoms])),
        element=elements_of(np.array([(atom.element or "").strip() for atom in atoms])),
        altloc=words_of(np.array([atom.altloc.strip() for atom in atoms])),
        x=axes[0],
        y=axes[1],
        z=axes[2],
        charge=whole_numbers(
            np.array([getattr(atom, "pqr_charge", None) or 0 for atom in atoms]),
            np.int8,
            "pqr_charge",
        ),
        segment=words_of(segments) if (segments != "").any() else None,
        occupancy=number([atom.occupancy for atom in atoms], digits.occupancy),
        b_factor=number([atom.bfactor for atom in atoms], digits.b_factor),
    )
    return structure_of(rows)


def to_biopython(structure: Structure, *, name: str = "structure") -> BioStructure:
    """Make a structure of Biopython; the page above says what is lost.

    Parameters
    ----------
    structure
        Any structure.
    name
        The identifier that it gets.

    Raises
    ------
    ConversionError
        For what mmCIF cannot hold or Biopython refuses, and for atoms that it cannot tell apart.
    """
    file = io.StringIO(structure.to_mmcif())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made: Any = MMCIFParser(QUIET=True).get_structure(name, file)  # type: ignore[no-untyped-call]
    except (PDBConstructionException, ValueError, KeyError) as error:
        raise ConversionError(f"expected what Biopython can hold: {error}") from error
    count = sum(
        len(residue.get_unpacked_list())
        for chain in made.get_chains()
        for residue in chain.get_unpacked_list()
    )
    if count != len(structure):
        raise ConversionError(
            f"expected {len(structure):,} atoms that Biopython can tell apart by chain, number, "
            f"name and alternative location, of which it holds {count:,}"
        )
    return cast(BioStructure, made)
