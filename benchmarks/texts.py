"""Columns of real texts to measure with: of the files beside the checkout, else of the sample."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import logos_grammar as lg
from logos_model.sample_data import SAMPLES

Kind = Literal["molecule", "protein"]

BESIDE: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where the real files may lie."""

_CANONICAL_FILE: Final = ("molecules/moses_train.csv.xz", "SMILES")
_SMILES_FILES: Final = (
    ("molecules/chembl_5thresh_smiles.csv.xz", "smiles"),
    ("molecules/molnet_hiv.csv.xz", "smiles"),
    ("molecules/molnet_muv.csv.xz", "smiles"),
    ("molecules/b3db_classification.tsv.xz", "SMILES"),
    ("molecules/pubchem_substances_100k.smi.xz", None),
)
_PROTEIN_FILES: Final = (
    "protein_sequences/flip_secondary_structure_sequences.fasta.xz",
    "protein_sequences/deepfri_nrPDB_GO_test.fasta.xz",
    "protein_sequences/prokka_Viruses_sprot.fasta.xz",
    "protein_sequences/prokka_Archaea_sprot.fasta.xz",
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """The texts that are encoded and decoded."""

    title: str
    kind: Kind
    texts: list[str]


def columns(folder: Path, most: int) -> Iterator[Column]:
    """Yield canonical SMILES, SMILES as found and proteins, at most so many of each."""
    if not folder.is_dir():
        smiles = [line.split()[0] for line in _sample("molecule").read_text("utf-8").splitlines()]
        proteins = [record.sequence for record in lg.fasta.read(_sample("protein"))]
        yield Column(title="sample molecules, 50 times", kind="molecule", texts=50 * smiles)
        yield Column(title="sample proteins, 50 times", kind="protein", texts=50 * proteins)
        return
    path, column = _CANONICAL_FILE
    canonical = list(islice(_read(folder / path, column), most))
    yield Column(title="SMILES as RDKit writes them (MOSES)", kind="molecule", texts=canonical)
    found = [text for path, column in _SMILES_FILES for text in _read(folder / path, column)]
    title = "SMILES as found (ChEMBL, DTP-HIV, MUV, B3DB, PubChem)"
    yield Column(title=title, kind="molecule", texts=found[:most])
    proteins = [r.sequence for path in _PROTEIN_FILES for r in lg.fasta.read(folder / path)]
    title = "proteins (PDB chains, Swiss-Prot)"
    yield Column(title=title, kind="protein", texts=proteins[:most])


def _read(path: Path, column: str | None) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        if column is None:
            yield from (line.split()[0] for line in lines if line.strip())
            return
        separator = "\t" if ".tsv" in path.suffixes else ","
        yield from (row[column] for row in csv.DictReader(lines, delimiter=separator))


def _sample(kind: Kind) -> Path:
    return next(sample.path for sample in SAMPLES if sample.kind == kind)
