"""Formats of chemistry that are not read: known by their endings and first lines, to say so."""

from __future__ import annotations

import os
import re

from logos_grammar.formats.compressed import InputError, Stream, after_line, text_blocks

READ = (
    "lists of SMILES or sequences, CSV, TSV, JSON lines, Parquet, SDF, MOL, RXN, FASTA, PDB, mmCIF "
    "and tars of the last two or of SDF"
)
"""What is read, in words."""

_PEEK = 1 << 14

_TO_SDF = "convert it to SDF"
_TO_MMCIF = "convert it to mmCIF; logos_grammar.structure.biotite takes it from Biotite"
_TO_SEQUENCES = "convert it to FASTA"
_ENDINGS = {
    ".mol2": ("MOL2", _TO_SDF),
    ".rdf": ("RDF", "convert it to RXN files or to a list of reaction SMILES"),
    ".cif": ("CIF", _TO_SDF),
    ".mmcif": ("CIF", _TO_SDF),
    ".bcif": ("BinaryCIF", _TO_MMCIF),
    ".mmtf": ("MMTF", _TO_MMCIF),
    ".pdb": ("PDB", _TO_SDF),
    ".ent": ("PDB", _TO_SDF),
    ".pdbqt": ("PDBQT", _TO_SDF),
    ".mae": ("Maestro", _TO_SDF),
    ".maegz": ("Maestro", _TO_SDF),
    ".cdx": ("ChemDraw", _TO_SDF),
    ".cdxml": ("ChemDraw", _TO_SDF),
    ".cml": ("CML", _TO_SDF),
    ".inchi": ("InChI", "convert it to a list of SMILES"),
    ".smarts": ("SMARTS", "queries are not molecules; expected SMILES"),
    ".gb": ("GenBank", _TO_SEQUENCES),
    ".gbk": ("GenBank", _TO_SEQUENCES),
    ".embl": ("EMBL", _TO_SEQUENCES),
    ".fastq": ("FASTQ", _TO_SEQUENCES),
    ".fq": ("FASTQ", _TO_SEQUENCES),
}
# Blank lines and comments may come before the line that says what a file is.
_OPENINGS = {
    re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\n)*@<TRIPOS>"): ".mol2",
    re.compile(rb"\$RDFILE\b"): ".rdf",
    re.compile(
        rb"(?:[ \t]*(?:#[^\n]*)?\n)*data_\S+[ \t]*\n(?s:.)*?^(?:_|loop_)", re.MULTILINE
    ): ".cif",
    re.compile(rb"(?:HEADER|CRYST1|HETATM|ATOM  ) "): ".pdb",
}


def check_ending(path: str, ending: str) -> None:
    """Raise `InputError` for a file whose ending says that it is of a format that is not read."""
    if ending in _ENDINGS:
        raise not_read(path, ending)


def check_opening(path: str) -> None:
    """Raise `InputError` for a file whose first lines say that it is of such a format."""
    with Stream(path) as stream:
        peek = next(text_blocks(stream, size=_PEEK, cut=after_line), b"")
    for opening, ending in _OPENINGS.items():
        if opening.match(peek):
            raise not_read(path, ending)


def not_read(path: str, ending: str) -> InputError:
    """Return the error of a file of such a format, which says what to do."""
    noun, remedy = _ENDINGS[ending]
    return InputError(f"{os.fspath(path)} is {noun}, which is not read: {remedy}; {READ} are read")
