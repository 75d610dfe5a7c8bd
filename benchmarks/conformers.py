"""Tokens of conformers of SDF records: `python -m benchmarks.conformers --data FOLDER`.

V2000 records are read by RDKit, hydrogens folded where its `RemoveHs` folds them. Coordinates
are those of the text, with the fewest decimals that hold all of them. Records with z all 0 are
layouts; they are left out and counted, as are those that RDKit or the converter refuses.
"""

from __future__ import annotations

import argparse
import lzma
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.texts import BESIDE
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.fixed import Fixed
from logos_grammar.molecule.rdkit import from_rdkit


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=BESIDE, help="folder with conformers/")
    parser.add_argument("--each", type=int, default=7, help="take one record of so many")
    options = parser.parse_args()
    rdBase.DisableLog("rdApp.*")
    found: Counter[str] = Counter()
    for block in list(_blocks(options.data / "conformers"))[:: options.each]:
        found["records"] += 1
        try:
            conformer = _conformer(block)
        except ValueError as error:
            found[f"refused: {str(error)[:60]}"] += 1
            continue
        if conformer is None:
            found["layouts and unread"] += 1
            continue
        ids = lg.encode(conformer)
        assert lg.decode(ids) == conformer
        points = len(conformer.x)
        found["conformers"] += 1
        found["points"] += points
        found["atoms of the molecule"] += len(conformer.hydrogens)
        found["tokens"] += len(ids)
        found["tokens of molecules"] += len(lg.encode(conformer.molecule))
        found[f"with {conformer.x.decimals} decimals"] += 1
    for name, count in sorted(found.items()):
        print(f"{name:60}{count:>10,}")
    print(f"{found['tokens'] / found['points']:.3f} tokens a point")


def _blocks(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.sdf.xz")):
        yield from _split(lzma.decompress(path.read_bytes()))
    for path in sorted(folder.glob("*.tar.xz")):
        with tarfile.open(path) as tar:
            for member in tar:
                if member.name.endswith((".sdf", ".mol")):
                    file = tar.extractfile(member)
                    yield from _split(file.read() if file else b"")


def _split(text: bytes) -> Iterator[str]:
    for record in text.decode("latin-1").replace("\r\n", "\n").split("$$$$\n"):
        if record.strip():
            yield record.split("M  END")[0] + "M  END\n"


def _conformer(block: str) -> Conformer | None:
    if "V2000" not in block:
        return None
    whole = Chem.MolFromMolBlock(block, sanitize=True, removeHs=False)
    if whole is None:
        return None
    lines = block.split("\n")[4 : 4 + whole.GetNumAtoms()]
    columns = [
        Fixed.from_text([line[at : at + 10].strip() for line in lines], minus_zero="zero")
        for at in (0, 10, 20)
    ]
    scaled = np.stack([column.scaled for column in columns], axis=1)
    decimals = columns[0].decimals
    if not scaled[:, 2].any():
        return None
    while decimals and not (scaled % 10).any():
        scaled, decimals = scaled // 10, decimals - 1
    for atom in whole.GetAtoms():
        atom.SetIntProp("_row", atom.GetIdx())
    folded = Chem.RemoveHs(whole)
    reading = from_rdkit(folded, without_conformers=True)
    kept = [folded.GetAtomWithIdx(int(at)).GetIntProp("_row") for at in reading.atom_order]
    hydrogens, rows = _rows(whole, kept)
    x, y, z = (Fixed(scaled[rows, axis], decimals) for axis in range(3))
    return Conformer(
        molecule=reading.molecule, hydrogens=np.array(hydrogens, np.uint32), x=x, y=y, z=z
    )


def _rows(whole: Chem.Mol, kept: list[int]) -> tuple[list[int], npt.NDArray[np.int64]]:
    """How many hydrogens each atom that is kept carries, and the rows of the points in order."""
    hydrogens, rows, known = [], [], set(kept)
    for row in kept:
        own = [n.GetIdx() for n in whole.GetAtomWithIdx(row).GetNeighbors()]
        own = [other for other in own if other not in known]
        hydrogens.append(len(own))
        rows += [row, *own]
    return hydrogens, np.array(rows)


if __name__ == "__main__":
    main()
