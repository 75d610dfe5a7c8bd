"""Real records to try things on, a few thousand; SOURCES.md says whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class SampleFile:
    """A file of records of one kind.

    Attributes
    ----------
    kind
        What its records are, as `logos_grammar.encode_texts` names it.
    path
        Where it is.
    """

    kind: Literal["molecule", "reaction", "protein", "rna"]
    path: Path


SAMPLES: Final = (
    SampleFile(kind="molecule", path=_FOLDER / "molecules.smi"),
    SampleFile(kind="reaction", path=_FOLDER / "reactions.rsmi"),
    SampleFile(kind="protein", path=_FOLDER / "proteins.fasta"),
    SampleFile(kind="rna", path=_FOLDER / "rna.fasta"),
)
"""The files whose records are texts."""

ANTIBODIES: Final = _FOLDER / "antibodies.tsv"
"""Antibody chains with their regions: a table that `logos_grammar.antibody.tables` reads."""

STRUCTURES: Final = _FOLDER / "structures"
"""A folder of structures, in PDB and mmCIF, and of ligands with coordinates, in SDF."""
