"""The sequences of the strands of a structure."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein
from logos_grammar.structure.altlocs import residue_groups
from logos_grammar.structure.tables import StrandKind, Tables
from logos_grammar.vocabulary import vocabulary

__all__ = ["WATERS", "StrandSequence", "rows_of_sequences", "sequences_of"]

WATERS: Final = frozenset({"HOH", "DOD", "WAT", "H2O", "TIP", "TIP3", "SOL"})
"""Components that are water, as the readers of files take them."""


class StrandSequence(NamedTuple):
    """The sequence of one strand."""

    strand: int
    """Its row."""
    chain: str
    """The name of its chain."""
    sequence: Protein | NucleicAcid


def rows_of_sequences(tables: Tables) -> dict[int, npt.NDArray[np.int64]]:
    """Of each strand that is a polymer, by its row, the residues that are in its sequence."""
    residues, strands = tables.residues, tables.strands
    counted = _counted(tables) & ~residues.component.isin(WATERS)
    starts = np.searchsorted(residues.strand, np.arange(len(strands) + 1))
    return {
        row: np.flatnonzero(counted[starts[row] : starts[row + 1]]) + starts[row]
        for row in np.flatnonzero(strands.kind != StrandKind.HETERO).tolist()
    }


def sequences_of(tables: Tables) -> tuple[StrandSequence, ...]:
    """The sequences of the strands that are polymers, in their order."""
    residues, strands = tables.residues, tables.strands
    names = residues.component.words
    found = []
    letters = {kind: [_letter(name, kind) for name in names] for kind in _LETTERS}
    for row, rows in rows_of_sequences(tables).items():
        kind = StrandKind(int(strands.kind[row]))
        codes = residues.component.codes[rows]
        text = "".join(letters[kind][code] for code in codes.tolist())
        sequence = _NUCLEIC.get(kind)
        found.append(
            StrandSequence(
                strand=row,
                chain=strands.chain[row],
                sequence=Protein(text) if sequence is None else NucleicAcid(sequence, text),
            )
        )
    return tuple(found)


def _counted(tables: Tables) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which residues count: of several at one position the first one."""
    residues, atoms = tables.residues, tables.atoms
    rows = np.arange(len(residues))
    if residues.label_seq is not None:
        pairs = np.stack([residues.strand.astype(np.int64), residues.label_seq])
        _, first, of = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
        is_first: np.ndarray[tuple[int], np.dtype[np.bool_]] = first[of.ravel()] == rows
        if residues.label_seq_state is not None:
            is_first |= residues.label_seq_state != 0
        return is_first
    lettered = atoms.residue[np.asarray(atoms.altloc != "")]
    has_letters = np.bincount(lettered, minlength=len(residues)) > 0
    _, first, of = np.unique(residue_groups(tables), return_index=True, return_inverse=True)
    home = first[of]
    component = residues.component.codes
    has_blank = np.bincount(atoms.residue[np.asarray(atoms.altloc == "")], minlength=len(rows)) > 0
    is_either = (has_letters & ~has_blank) | (has_letters & ~has_blank)[home]
    is_another = is_either | (has_letters & (has_letters[home] | (component == component[home])))
    counted: np.ndarray[tuple[int], np.dtype[np.bool_]] = (home == rows) | ~is_another
    return counted


_AMINO_ACIDS: Final = range(vocabulary.id("Ala"), vocabulary.id("Xle") + 1)
_NUCLEIC: Final[dict[StrandKind, Literal["dna", "rna"]]] = {
    StrandKind.DNA: "dna",
    StrandKind.RNA: "rna",
}
_LETTERS: Final = {
    StrandKind.PROTEIN: {
        # Components are named as the tokens are, only UNK is not.
        **{vocabulary.name(id).upper(): vocabulary.text(id) for id in _AMINO_ACIDS},
        "UNK": "X",
    },
    StrandKind.DNA: {f"D{letter}": letter for letter in "ACGTUIN"},
    StrandKind.RNA: {letter: letter for letter in "ACGUIN"},
}


def _letter(name: str, kind: StrandKind) -> str:
    """The letter of a component in a strand, or its name in parentheses."""
    letter = _LETTERS[kind].get(name)
    return f"({name})" if letter is None else letter
