"""Structures from Biopython and back, as its models, chains, residues and atoms.

From Biopython: all of these in its order, with every alternative location and every residue of a
point mutation. It holds floats and no count of decimals, so that the caller names the digits. Lost:
displacements, what the header holds, links, operators and assemblies, labels, entities, places in
the sequence, the serial numbers of atoms, segments that change within a residue. Biopython itself
has one chain of a name in a model, and numbers models from 0; the number of the file is its
``serial_num``.

To Biopython: with the calls that its own readers make. A charge is the ``pqr_charge`` of its atom.
Lost: how many decimals there were, the digits of coordinates and displacements that 32 bits do not
hold, links, the unit cell, labels and entities, places in the sequence, operators and assemblies,
residues that were not seen, and the order of a chain that is in several runs, or of a residue with
alternative locations, of which Biopython makes one. Refused: atoms that Biopython cannot tell
apart, of which it drops all but one; alternative locations of more than one character; and what its
atoms must have and these do not: occupancies, B factors, numbers of residues.
"""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure
from logos_grammar.structure.atom_rows import (
    AtomRows,
    Digits,
    elements_of,
    expect_characters,
    rows_of,
    structure_of,
    whole_numbers,
    words_of,
)

try:
    from Bio.PDB.Atom import Atom
    from Bio.PDB.PDBExceptions import PDBConstructionException
    from Bio.PDB.Structure import Structure as BioStructure
    from Bio.PDB.StructureBuilder import StructureBuilder
except ImportError as error:
    raise ImportError("expected Biopython: install logos-grammar[biopython]") from error

__all__ = ["from_biopython", "to_biopython"]

_WATERS: Final = ("HOH", "WAT")
"""Which its readers of files give the flag of a water."""


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
        Without atoms, and for models that follow each other with one number, as they would be one.
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
    serials = [model.serial_num for model in structure]
    if any(one == next_one for one, next_one in pairwise(serials)):
        raise ConversionError(f"expected models that differ in serial_num, not {serials}")
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
        For what Biopython refuses, for atoms that it cannot tell apart, and without an occupancy, a
        B factor or the number of a residue.
    """
    _expect_numbers(structure)
    expect_characters(structure.atoms.altloc, "alternative location", "Biopython", is_ascii=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = _built(structure, name)
    except (PDBConstructionException, ValueError, TypeError, LookupError) as error:
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


def _expect_numbers(structure: Structure) -> None:
    """Raise for atoms without what those of Biopython must have."""
    atoms, state = structure.atoms, structure.atoms.b_factor_state
    for name, column in (("occupancy", atoms.occupancy), ("B factor", atoms.b_factor)):
        if column is None:
            raise ConversionError(f"expected the {name} of each atom, not a structure without any")
    if state is not None and state.any():
        row = int(np.flatnonzero(state)[0])
        raise ConversionError(f"expected the B factor of each atom, not none in row {row}")


def _built(structure: Structure, name: str) -> Any:
    """Build the structure with the calls of the readers of Biopython, atom by atom."""
    builder: Any = StructureBuilder()  # type: ignore[no-untyped-call]
    builder.init_structure(name)
    rows = rows_of(structure)
    strand = structure.residues.strand[structure.atoms.residue]
    assert rows.occupancy is not None
    assert rows.b_factor is not None
    models = structure.strands.model[strand].tolist()
    segments = [""] * len(structure) if rows.segment is None else list(rows.segment)
    residues = list(
        zip(
            models,
            rows.chain,
            rows.component,
            rows.hetero.tolist(),
            rows.number.tolist(),
            rows.insertion,
            strict=True,
        )
    )
    cells = zip(
        rows.name,
        rows.altloc,
        rows.element,
        _floats(rows.x, rows.y, rows.z),
        np.asarray(rows.b_factor.to_float()).tolist(),
        np.asarray(rows.occupancy.to_float()).tolist(),
        rows.charge.tolist(),
        _displacements(structure),
        strict=True,
    )
    before: tuple[Any, ...] = (None,) * 6
    for row, (atom, altloc, element, point, factor, occupancy, charge, tensor) in enumerate(cells):
        model, chain, component, is_hetero, number, insertion = residues[row]
        builder.set_line_counter(row)
        if model != before[0]:
            builder.init_model(model, int(rows.model[row]))
        if residues[row][:2] != before[:2]:
            # The reader of PDB calls a chain without a name a blank.
            builder.init_chain(chain or " ")
        if residues[row] != before:
            of_hetero = "W" if component in _WATERS else "H"
            builder.init_seg(segments[row] or " ")
            builder.init_residue(
                component, of_hetero if is_hetero else " ", number, insertion or " "
            )
        before = residues[row]
        builder.init_atom(
            *(atom, point, factor, occupancy, altloc or " ", atom),
            serial_number=row + 1,
            element=element.upper(),
        )
        # Biopython guesses an unknown element of the name.
        builder.atom.element = element.upper()
        if charge:
            builder.atom.set_charge(charge)
        if tensor is not None:
            builder.set_anisou(tensor)
    return builder.get_structure()


def _displacements(structure: Structure) -> list[npt.NDArray[np.float32] | None]:
    """The displacements of each atom in the order of Biopython, None for an atom without."""
    atoms = structure.atoms
    if atoms.u11 is None:
        return [None] * len(structure)
    columns = [getattr(atoms, name) for name in ("u11", "u12", "u13", "u22", "u23", "u33")]
    tensors: list[npt.NDArray[np.float32] | None] = list(_floats(*columns))
    if atoms.anisotropic_state is not None:
        for row in np.flatnonzero(atoms.anisotropic_state):
            tensors[row] = None
    return tensors


def _floats(*columns: Fixed) -> npt.NDArray[np.float32]:
    """Columns as one array of 32 bits, as Biopython has them."""
    return np.stack([np.asarray(column.to_float()) for column in columns], 1).astype(np.float32)
