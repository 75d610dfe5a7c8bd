"""What structures take as tokens: `python -m benchmarks.structure_tokens`.

Every PDB and mmCIF file of the sample data is read (a blank occupancy as one). What displacements,
links, residues that were not seen, the cell and assemblies cost is told apart from the rest. On the
same files: the bytes of the file, of its gzip, of BinaryCIF with Biotite's compression of the same
atom table, and, for models of AlphaFold, of Foldcomp, which rounds. A token is two bytes.
BinaryCIF and Foldcomp are left out where Biotite or foldcomp are not installed.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.structures import DATA, TABLES, files

import logos_grammar as lg
from logos_grammar.structure import Structure

_ALPHAFOLD: Final = re.compile(r"/AF-\w+-F\d+-model_v\d+\.\w+")
"""How files of the database of AlphaFold's models are named."""


def _seen(structure: Structure) -> Structure:
    counts = np.bincount(structure.atoms.residue, minlength=len(structure.residues))
    return structure.crop(counts > 0)


_APART: Final[dict[str, Callable[[Structure], Structure]]] = {
    "displacements": Structure.without_displacements,
    "links": Structure.without_links,
    "residues not seen": _seen,
    "cell": lambda structure: replace(structure, cell=None),
    "assemblies": Structure.without_assemblies,
}


def main() -> None:
    """Count, and print a table for each sort of file."""
    parser = argparse.ArgumentParser(description="Count the tokens of structures.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the sample data")
    parser.add_argument("--most", type=int, help="files of each sort, at most")
    options = parser.parse_args()
    totals: dict[str, Counter[str]] = {}
    for name, format_, content in files(options.data):
        if not TABLES[format_].search(content):
            continue
        read = Structure.from_pdb if format_ == "pdb" else Structure.from_mmcif
        try:
            structure = read(content, blank_occupancy="one")
        except lg.ConversionError:
            continue
        is_model = _ALPHAFOLD.search(name) is not None
        total = totals.setdefault("AlphaFold" if is_model else format_, Counter())
        if options.most is None or total["files"] < options.most:
            total.update(_counted(structure, content, is_model=is_model))
    if not totals:
        raise SystemExit(f"expected files of structures under {options.data}, found none")
    for sort, total in totals.items():
        _print(sort, total)
    everything = sum(totals.values(), Counter[str]())
    _print("all", everything)


def _counted(structure: Structure, content: bytes, *, is_model: bool) -> Counter[str]:
    """Tokens and bytes of one file."""
    counts = Counter(
        files=1,
        atoms=len(structure),
        residues=len(np.unique(structure.atoms.residue)),
        tokens=len(lg.encode(structure)),
        bytes=len(content),
        gzip=len(gzip.compress(content)),
    )
    left = structure
    tokens = counts["tokens"]
    for name, without in _APART.items():
        left = without(left)
        less = len(lg.encode(left))
        counts[name] = tokens - less
        tokens = less
    counts["rest"] = tokens
    counts["BinaryCIF"] = _binary_cif(left)
    if is_model and (size := _foldcomp(content)):
        counts.update({"Foldcomp": size, "atoms of Foldcomp": len(structure)})
    return counts


def _binary_cif(structure: Structure) -> int:
    if find_spec("biotite") is None:
        return 0
    from biotite.structure.io import pdbx  # noqa: PLC0415 (an extra)

    from logos_grammar.structure.biotite import to_biotite  # noqa: PLC0415 (as above)

    file = pdbx.BinaryCIFFile()
    pdbx.set_structure(file, to_biotite(structure.model(0)))
    written = io.BytesIO()
    pdbx.compress(file).write(written)
    return len(written.getvalue()) * len(structure) // max(len(structure.model(0)), 1)


def _foldcomp(content: bytes) -> int:
    if find_spec("foldcomp") is None or not content.lstrip().startswith((b"HEADER", b"ATOM")):
        return 0
    foldcomp = import_module("foldcomp")

    return len(foldcomp.compress("model", content.decode("ascii")))


def _print(sort: str, total: Counter[str]) -> None:
    atoms, residues = total["atoms"], total["residues"]
    print(f"{sort}: {total['files']:,} files, {atoms:,} atoms, {residues:,} residues with atoms")
    print(f"  {total['tokens'] / atoms:8.3f} tokens an atom, all")
    print(f"  {total['rest'] / atoms:8.3f} of it all but what follows", end="")
    print(f" ({total['rest'] / residues:.2f} a residue)")
    for name in _APART:
        print(f"  {total[name] / atoms:8.3f} {name}")
    two = 2 * total["tokens"] / atoms
    sizes = [f"{two:.2f} as tokens of two bytes", f"{total['bytes'] / atoms:.1f} file"]
    sizes.append(f"{total['gzip'] / atoms:.2f} gzip")
    if total["BinaryCIF"]:
        sizes.append(f"{total['BinaryCIF'] / atoms:.2f} BinaryCIF")
    if total["Foldcomp"]:
        sizes.append(f"{total['Foldcomp'] / total['atoms of Foldcomp']:.2f} Foldcomp")
    print(f"  bytes an atom: {', '.join(sizes)}")


if __name__ == "__main__":
    main()
