"""How the sample files were made: `python -m logos_model.sample_data.selection FOLDER`.

FOLDER holds the public files that SOURCES.md names, as `.xz`. Records are put in the order of the
SHA-256 of their text, which knows nothing of what they are, and the first so many are taken; so the
same files give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import lzma
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.texts import Kind

Record = tuple[str, str]
"""A text, and the name of the record or of its source."""

_LONGEST: Final = 200
"""Tokens of a sentence: the demo's model reads 256."""
_LARGEST: Final = 3000
"""Bytes of the record of a ligand."""
_LIGAND: Final = 700
"""Tokens of the sentence of a ligand."""
_ENTRIES: Final = {
    "1gcn.pdb": "google-deepmind__alphafold/alphafold/common/testdata/glucagon.pdb",
    "1yjp.cif": "cctbx__cctbx_project/xcif/regression/1yjp.cif",
    "5e5z.pdb": "project-gemmi__gemmi/tests/5e5z.pdb",
    "5wkd.pdb": "project-gemmi__gemmi/tests/5wkd.pdb",
}
"""The files of entries by their names in the archive."""
_REGIONS: Final = ("fwr1", "cdr1", "fwr2", "cdr2", "fwr3", "cdr3", "fwr4")


def molecules(folder: Path) -> Iterator[Record]:
    """Yield molecules of three sources, each named after its source."""
    for source, path, column, count in (
        ("B3DB", "molecules/b3db_classification.tsv", "SMILES", 1500),
        ("DTP-HIV", "molecules/molnet_hiv.csv", "smiles", 1500),
        ("Tox21", "molecules/molnet_tox21.csv", "smiles", 1000),
    ):
        records = ((row[column], source) for row in _table(folder / path))
        yield from _first(_short("molecule", records), count)


def reactions(folder: Path) -> list[Record]:
    """Return reactions, each with its number in the source."""
    rows = _table(folder / "reactions/uspto50k_train_unmapped.csv")
    return _first(_short("reaction", ((row["rxn"], row["r_id"]) for row in rows)), 3000)


def proteins(folder: Path) -> list[Record]:
    """Return protein chains, each with its PDB id and chain."""
    path = folder / "protein_sequences/deepfri_nrPDB_GO_test.fasta.xz"
    records = ((record.sequence, record.header.split()[0]) for record in lg.fasta.read(path))
    return _first(_short("protein", records), 1000)


def rna(folder: Path) -> list[Record]:
    """Return RNA with its RNAcentral id, and with U where the source writes T."""
    name = "af3mini_rnacentral_active_seq_id_90_cov_80_linclust__subsampled_1000.fasta.xz"
    records = (
        (record.sequence.replace("T", "U"), record.header.strip())
        for record in lg.fasta.read(folder / "protein_sequences/nasty" / name)
        if record.sequence.isupper()
    )
    return _first(_short("rna", records), 500)


def antibodies(folder: Path) -> Iterator[list[str]]:
    """Yield the lines of a table of antibody chains, with all their regions and no other cells."""
    columns = ["sequence_id", "locus", *(f"{region}_aa" for region in _REGIONS)]
    rows = {
        "\t".join(row[column] for column in columns[1:]): row["sequence_id"]
        for row in _table(folder / "antibodies/airr_imgt_v_quest_airr.tsv", delimiter=",")
        if all(row[f"{region}_aa"] for region in _REGIONS)
    }
    complete = ((cells, name) for cells, name in rows.items() if "*" not in cells)
    yield columns
    for cells, name in _first(complete, 200):
        yield [name, *cells.split("\t")]


def structures(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of small entries of the Protein Data Bank."""
    with tarfile.open(folder / "protein_structures/structures.tar.xz") as archive:
        for name, path in _ENTRIES.items():
            file = archive.extractfile(path)
            assert file is not None, path
            yield name, file.read()


def ligands(folder: Path) -> bytes:
    """Return records of ligands of entries of the Protein Data Bank, as one SDF."""
    records: list[bytes] = []
    with tarfile.open(folder / "conformers/pdb_ligands.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".sdf") else None
            if file is None or member.size > _LARGEST:
                continue
            text = file.read().replace(b"\r\n", b"\n")
            try:
                (conformer,) = Conformer.from_sdf(text)
            except ValueError:
                continue
            if len(lg.encode(conformer)) <= _LIGAND:
                records.append(text)
    return b"".join(sorted(records, key=lambda text: hashlib.sha256(text).digest())[:60])


def write_samples(folder: Path, out: Path) -> None:
    """Write all sample files into `out`."""
    lists = {"molecules.smi": molecules(folder), "reactions.rsmi": reactions(folder)}
    for name, records in lists.items():
        _write(out / name, (f"{text}\t{source}" for text, source in records))
    fastas = {"proteins.fasta": proteins(folder), "rna.fasta": rna(folder)}
    for name, records in fastas.items():
        _write(out / name, (f">{header}\n{sequence}" for sequence, header in records))
    _write(out / "antibodies.tsv", ("\t".join(cells) for cells in antibodies(folder)))
    (out / "structures").mkdir(exist_ok=True)
    for name, content in structures(folder):
        (out / "structures" / name).write_bytes(content)
    (out / "structures" / "ligands.sdf").write_bytes(ligands(folder))


def _table(path: Path, *, delimiter: str | None = None) -> Iterator[dict[str, str]]:
    separator = delimiter or {".csv": ",", ".tsv": "\t"}[path.suffix]
    with lzma.open(f"{path}.xz", "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=separator)


def _short(kind: Kind, records: Iterable[Record]) -> Iterator[Record]:
    """Yield the records that are sentences and not too long for the demo."""
    named = dict(records)
    texts = list(named)
    lengths = np.diff(lg.encode_texts(kind, texts, errors="collect").offsets)
    kept = np.flatnonzero((lengths > 0) & (lengths <= _LONGEST))
    return ((texts[row], named[texts[row]]) for row in kept)


def _first(records: Iterable[Record], count: int) -> list[Record]:
    """Return the first so many records in the order of the SHA-256 of their text."""
    return sorted(records, key=lambda record: hashlib.sha256(record[0].encode()).digest())[:count]


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("expected one argument: the folder of the source files")
    write_samples(Path(sys.argv[1]), Path(__file__).parent)
