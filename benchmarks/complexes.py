"""Make a sentence of every complex of the sample data, a protein file and the ligands beside it.

Each ligand, or pose of one, is a complex of its own: with coordinates and contacts within 4.5 Å,
then without coordinates, both written as ids and read again. The tokens are printed by part, whole
and with the members that are in contact; the time is that of one process, from files to sentences.

    python -m benchmarks.complexes [--data FOLDER]
"""

from __future__ import annotations

import argparse
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.structures import DATA

import logos_grammar as lg
from logos_grammar.complex import Complex
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.sdf import Joined, SdfOptions, read_joined
from logos_grammar.error import ConversionError
from logos_grammar.structure import Structure

ARCHIVES: Final = (
    "astex_diverse_set.tar.xz",
    "openff_protein_ligand_benchmark.tar.xz",
    "schrodinger_fep_benchmark.tar.xz",
    "prolif_data.tar.xz",
    "nasty/posebusters_test_molecules.tar.xz",
)
_CUTOFF: Final = "4.5"
_PROTEIN: Final = re.compile(
    r"(.*/\w+?)(?:_protein\w*|_no_ligand\w*|_cond)\.pdb|(.*)/(?:protein|receptor\w*|rec)\.pdb"
)
"""The names of protein files; a ligand is beside one whose name begins as its own does."""


@dataclass
class Row:
    """What was found in one archive."""

    proteins: int = 0
    complexes: int = 0
    equal: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, list[int]] = field(default_factory=dict)
    seconds: float = 0.0


def pairs(archive: Path) -> Iterator[tuple[str, bytes, list[bytes]]]:
    """Every protein file, and the files of ligands beside it."""
    files: dict[str, bytes] = {}
    with tarfile.open(archive) as members:
        for member in members:
            opened = members.extractfile(member)
            if opened is not None:
                files[member.name] = opened.read()
    for name, content in files.items():
        found = _PROTEIN.fullmatch(name)
        if found is None:
            continue
        stem = found[1] or re.sub(r"/01_protein/crd$", "", found[2])
        ligands = [
            text
            for other, text in files.items()
            if other.startswith((f"{stem}_", f"{stem}/"))
            and other.endswith(".sdf")
            and "start_conf" not in other
        ]
        yield name, content, ligands


def ligands_in(text: bytes, row: Row) -> Iterator[Conformer]:
    """Each pose of the records of a file."""
    for read in read_joined(text, SdfOptions()):
        if isinstance(read, Joined):
            conformer = Conformer(**read.poses._asdict())
            points = len(conformer.x) // (len(conformer.hydrogens) + int(conformer.hydrogens.sum()))
            yield from map(conformer.pose, range(points))
        else:
            row.refused[re.sub(r"\d+", "#", read.condition or str(read))] += 1


def take(protein: Structure, ligand: Conformer, row: Row) -> None:
    """Make sentences of one complex, and read them."""
    whole = Complex.from_structure(protein, ligands=[ligand], cutoff=_CUTOFF)
    plain = whole.without_coordinates()
    sentences = [lg.encode(each) for each in (whole, plain)]
    row.complexes += 1
    row.equal += all(
        lg.decode(ids) == each for ids, each in zip(sentences, (whole, plain), strict=True)
    )
    bare = len(lg.encode(plain.without_contacts()))
    last = len(lg.encode(plain.members[-1]))
    near = len(lg.encode(plain.in_contact())) if len(plain.contacts or ()) else 0
    parts = {
        "with coordinates": len(sentences[0]),
        "without": len(sentences[1]),
        "chains": bare - last - 2,
        "ligand": last,
        "contacts": len(sentences[1]) - bare,
        "in contact": near,
    }
    for part, count in parts.items():
        row.tokens.setdefault(part, []).append(count)


def read_archive(archive: Path) -> Row:
    """Read all complexes of an archive."""
    row = Row()
    began = time.process_time()
    for _, content, files in pairs(archive):
        try:
            protein = Structure.from_pdb(content)
        except ConversionError as error:
            row.refused[re.sub(r"\d+", "#", str(error))] += 1
            continue
        row.proteins += 1
        for text in files:
            for ligand in ligands_in(text, row):
                take(protein, ligand, row)
    row.seconds = time.process_time() - began
    return row


def main() -> None:
    """Print a line for each archive, then its tokens and refusals."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DATA)
    options = arguments.parse_args()
    for archive in ARCHIVES:
        row = read_archive(options.data / "complexes" / archive)
        print(
            f"{archive}: {row.proteins} proteins, {row.complexes} complexes, {row.equal} equal, "
            f"{sum(row.refused.values())} records refused, {row.seconds:.1f} s"
        )
        medians = (f"{part} {np.median(counts):.0f}" for part, counts in row.tokens.items())
        print(f"  median tokens: {', '.join(medians)}")
        for reason, count in row.refused.most_common():
            print(f"  {count:5} {reason}")


if __name__ == "__main__":
    main()
