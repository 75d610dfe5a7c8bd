"""Where fuzzing begins: the examples of the spec, the SMILES of the tests and real records.

`python seed.py [FOLDER]` writes `corpus/decode` and `corpus/smiles` beside this file. Of a folder
of PDB, mmCIF, SDF and MOL files it writes the beginnings to `corpus/structure` and `corpus/sdf`,
and their sentences to `corpus/decode`; the package must be installed.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
EXAMPLE = re.compile(r"^    (\d+(?: \d+)*)(?:  |$)", re.MULTILINE)
RECORDS = 200
SMALL = 8_000
"""How many bytes of a file are a seed, from its beginning."""


def sentences() -> Iterator[bytes]:
    """The ids of all examples, accepted and refused, as the target reads them."""
    for path in sorted((ROOT / "spec").rglob("*.ebnf")):
        for found in EXAMPLE.finditer(path.read_text("utf-8")):
            ids = [int(number) for number in found[1].split()]
            yield struct.pack(f"<{len(ids)}H", *ids)


def texts() -> Iterator[bytes]:
    """SMILES and reaction SMILES, good and bad."""
    smiles = ROOT / "tests" / "smiles"
    for line in (smiles / "malformed.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield json.loads(line.split("\t")[0]).encode("utf-8", "surrogatepass")
    for line in (smiles / "molecules.smi").read_text("utf-8").splitlines():
        yield line.encode()
    for line in (smiles / "test_opensmiles.py").read_text("utf-8").splitlines():
        for found in re.finditer(r'"((?:[^"\\]|\\\\)+)"', line):
            yield found[1].replace("\\\\", "\\").encode()
    for name in ("molecules.smi", "reactions.rsmi"):
        lines = (ROOT / "python" / "logos_model" / "sample_data" / name).read_text("utf-8")
        yield from (line.split("\t")[0].encode() for line in lines.splitlines()[:RECORDS])


def files(folder: Path, *endings: str) -> list[bytes]:
    """The beginning of each file with one of the endings."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings)
    return [path.read_bytes()[:SMALL] for path in paths]


def structures(folder: Path) -> Iterator[bytes]:
    """The ids of structures and conformers, as the target reads them."""
    import logos_grammar as lg  # noqa: PLC0415 (only a folder needs it)

    readers = {
        ".pdb": lambda text: [lg.structure.Structure.from_pdb(text)],
        ".cif": lambda text: [lg.structure.Structure.from_mmcif(text)],
        ".sdf": lg.conformer.Conformer.from_sdf,
    }
    for ending, read in readers.items():
        for text in files(folder, ending):
            try:
                ids = [lg.encode(each) for each in read(text)]
            except lg.GrammarError:
                continue
            yield from (each.tobytes() for each in ids)


def main() -> None:
    """Write one file for each seed, named by what is in it."""
    seeds_of = {"decode": list(sentences()), "smiles": list(texts())}
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        seeds_of["structure"] = files(folder, ".pdb", ".ent", ".cif")
        seeds_of["sdf"] = files(folder, ".sdf", ".sd", ".mol")
        seeds_of["decode"] += structures(folder)
    for target, seeds in seeds_of.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for seed in seeds:
            (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        print(f"{len(list(folder.iterdir()))} in {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
