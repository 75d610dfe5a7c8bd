"""Where fuzzing begins: the examples of the spec, the SMILES of the tests and real records.

`python seed.py` writes `corpus/decode` and `corpus/smiles` beside this file.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
EXAMPLE = re.compile(r"^    (\d+(?: \d+)*)(?:  |$)", re.MULTILINE)
RECORDS = 200


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


def main() -> None:
    """Write one file for each seed, named by what is in it."""
    for target, seeds in (("decode", sentences()), ("smiles", texts())):
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for seed in seeds:
            (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        print(f"{len(list(folder.iterdir()))} in {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
