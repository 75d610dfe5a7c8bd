"""Structures from Biotite and back, as arrays of atoms.

From Biotite: an `AtomArray`, or an `AtomArrayStack`, whose arrays are the models 1, 2 and so on:
chains, residues and atoms in its order, with the annotations ``altloc_id``, ``occupancy``,
``b_factor``, ``charge``, ``label_asym_id`` and ``label_entity_id`` where it has them. Biotite holds
coordinates in 32 bits and no count of decimals, so that the caller names the digits. Lost: bonds,
the box, all other annotations; its readers leave out all alternative locations but one, unless
``altloc="all"``, and displacements, links, operators, assemblies, places in the sequence and
residues that were not seen.

To Biotite: the same columns and annotations. Lost: the digits of coordinates that 32 bits do not
hold, how many decimals there were, displacements, links, operators and assemblies, the unit cell,
segments, residues that were not seen, places in the sequence, of which residues of one number,
insertion code and component become one on the way back, and the numbers of models; a B factor that
is not given where others are is 0 there.

A file of BinaryCIF is read by Biotite: ``biotite.structure.io.pdbx.BinaryCIFFile.read`` and
``get_structure(file, altloc="all", extra_fields=["occupancy", "b_factor", "charge"])``.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Words
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure
from logos_grammar.structure.atom_rows import (
    AtomRows,
    Digits,
    elements_of,
    rows_of,
    structure_of,
    whole_numbers,
    words_of,
)

try:
    import biotite.structure as bs
except ImportError as error:
    raise ImportError("expected Biotite: install logos-grammar[structure]") from error

__all__ = ["from_biotite", "to_biotite"]

_NONE: Final = (".", "?", " ")


def from_biotite(atoms: bs.AtomArray | bs.AtomArrayStack, *, digits: Digits) -> Structure:
    """Make a structure of an array of atoms, or of a stack; the page above says what is lost.

    Parameters
    ----------
    atoms
        n atoms, in one or in m models.
    digits
        How many decimals the floats get.

    Raises
    ------
    ConversionError
        Without atoms.
    ValueError
        For NaN, numbers that do not fit, charges that are not whole, and symbols that no element
        has, naming the row; an element that is empty becomes X, unknown.
    """
    coordinates = np.asarray(atoms.coord, np.float64).reshape(-1, atoms.array_length(), 3)
    models, count = coordinates.shape[:2]
    categories = atoms.get_annotation_categories()

    def column(name: str) -> npt.NDArray[Any]:
        return np.tile(atoms.get_annotation(name), models)

    def optional(name: str) -> Words | None:
        return _names(column(name)) if name in categories else None

    def number(name: str, decimals: int) -> Fixed | None:
        if name not in categories:
            return None
        floats = column(name).astype(np.float64)
        return Fixed.from_float(floats, decimals=decimals, rounding=digits.rounding)

    axes = [
        Fixed.from_float(axis, decimals=digits.coordinates, rounding=digits.rounding)
        for axis in coordinates.reshape(-1, 3).T
    ]
    altloc = optional("altloc_id")
    charge = column("charge") if "charge" in categories else np.zeros(models * count)
    rows = AtomRows(
        model=np.repeat(np.arange(1, models + 1, dtype=np.int32), count),
        chain=words_of(column("chain_id")),
        component=words_of(column("res_name")),
        number=whole_numbers(column("res_id"), np.int32, "res_id"),
        insertion=_names(column("ins_code")),
        hetero=column("hetero").astype(np.bool_),
        name=words_of(column("atom_name")),
        element=elements_of(column("element")),
        altloc=words_of(np.full(models * count, "")) if altloc is None else altloc,
        x=axes[0],
        y=axes[1],
        z=axes[2],
        charge=whole_numbers(charge, np.int8, "charge"),
        label=optional("label_asym_id"),
        entity=optional("label_entity_id"),
        occupancy=number("occupancy", digits.occupancy),
        b_factor=number("b_factor", digits.b_factor),
    )
    return structure_of(rows)


def to_biotite(structure: Structure) -> bs.AtomArray | bs.AtomArrayStack:
    """Make an array of atoms, or a stack where there are several models.

    Raises
    ------
    ConversionError
        For models whose atoms differ, which a stack cannot hold, and for residues of atoms whose
        number is not stated.
    """
    rows = rows_of(structure)
    models = len(structure.models)
    count = len(rows.x) // max(models, 1)
    strand = structure.residues.strand[structure.atoms.residue]
    in_models = np.bincount(structure.strands.model[strand], minlength=models)
    if models == 0 or (in_models != count).any():
        raise ConversionError("expected models of as many atoms as each other has, for a stack")
    elements = Words.of_codes([word.upper() for word in rows.element.words], rows.element.codes)
    altlocs = Words.of_codes([word or "." for word in rows.altloc.words], rows.altloc.codes)
    annotations: dict[str, npt.NDArray[Any]] = {
        "chain_id": np.asarray(rows.chain),
        "res_id": rows.number,
        "ins_code": np.asarray(rows.insertion),
        "res_name": np.asarray(rows.component),
        "hetero": rows.hetero,
        "atom_name": np.asarray(rows.name),
        "element": np.asarray(elements),
        "altloc_id": np.asarray(altlocs),
        "charge": rows.charge.astype(np.int64),
    }
    for name, column in (("occupancy", rows.occupancy), ("b_factor", rows.b_factor)):
        if column is not None:
            annotations[name] = np.asarray(column.to_float())
    for name, names in (("label_asym_id", rows.label), ("label_entity_id", rows.entity)):
        if names is not None:
            annotations[name] = np.asarray(names)
    coordinates = np.stack([np.asarray(axis.to_float()) for axis in (rows.x, rows.y, rows.z)], 1)
    made = bs.AtomArray(count) if models == 1 else bs.AtomArrayStack(models, count)
    made.coord = coordinates.reshape((*made.shape, 3)).astype(np.float32)
    for name, values in annotations.items():
        of_models = values.reshape(models, count)
        if (of_models != of_models[0]).any():
            raise ConversionError(f"expected one {name} of an atom in all models, for a stack")
        made.set_annotation(name, of_models[0])
    return made


def _names(column: npt.NDArray[Any]) -> Words:
    """Names, empty for what CIF writes where none is given."""
    words = words_of(column.astype(np.str_))
    names = ["" if word in _NONE else word for word in words.words]
    return Words.of_codes(names, words.codes)
