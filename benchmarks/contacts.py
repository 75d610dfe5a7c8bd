"""Check contacts beside a reference and gemmi, and time them beside gemmi in the same run.

For each complex, a protein file and the file of its ligand:

* all pairs of residues and atoms of the ligand within the cutoffs are those of a reference that
  compares every pair of points as integers, with their bins;
* the residues of the pocket are those that `gemmi.NeighborSearch` finds.

Then the time of contacts between chains and ligands of the largest complexes, and of the one whose
count of atoms is nearest to 10,000: processor time of one thread, the least of several, from the
objects to the table, beside `gemmi.ContactSearch` on the same atoms, whose `NeighborSearch` is
filled each time.

    python -m benchmarks.contacts [--data FOLDER] [--archive NAME] [--skip-checks]
"""

from __future__ import annotations

import argparse
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gemmi
import numpy as np
from benchmarks.structures import DATA

from logos_grammar.conformer import Conformer
from logos_grammar.contacts import Points
from logos_grammar.structure import Structure
from logos_grammar.structure.gemmi import to_gemmi

_CUTOFFS: Final = ("3.5", "4.5", "6", "8")
_CUTOFF: Final = 4.5
_ATOMS: Final = 10_000
_REPEATS: Final = 40


@dataclass(frozen=True, kw_only=True)
class Complex:
    """A protein and a ligand, and the atoms of the ligand as floats."""

    name: str
    protein: Structure
    ligand: Conformer


def main() -> None:
    """Print how many contacts are as they should be, and the times."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--archive", default="astex_diverse_set.tar.xz")
    arguments.add_argument("--skip-checks", action="store_true")
    options = arguments.parse_args()
    complexes = list(read_complexes(options.data / "complexes" / options.archive))
    if not options.skip_checks:
        print_checks(complexes)
    print_times(complexes)


def read_complexes(archive: Path) -> Iterator[Complex]:
    """The complexes of an archive with a folder for each."""
    with tarfile.open(archive) as members:
        files = {member.name: members.extractfile(member) for member in members if member.isfile()}
        texts = {name: file.read() for name, file in files.items() if file is not None}
    for name in sorted(texts):
        if name.endswith("_protein.pdb"):
            yield Complex(
                name=name.split("/")[-2],
                protein=Structure.from_pdb(texts[name], blank_occupancy="one"),
                ligand=Conformer.from_sdf(texts[name.replace("_protein.pdb", "_ligand.sdf")])[0],
            )


def print_checks(complexes: list[Complex]) -> None:
    """Compare every complex with the reference and with gemmi."""
    pairs, pocket, differences = 0, 0, []
    for each in complexes:
        points = Points.of([each.protein, each.ligand])
        for cutoff in _CUTOFFS:
            found = points.contacts(cutoff)
            columns = (found.first, found.second, found.distance)
            rows = np.stack([column.astype(np.int64) for column in columns])
            wanted = reference(points, round(float(cutoff) * 2))
            pairs += len(found)
            if not np.array_equal(rows, wanted):
                differences.append(
                    f"{each.name} at {cutoff}: {rows.shape[1]} pairs, {wanted.shape[1]}"
                )
        near = points.contacts(_CUTOFF)
        ours = set(near.first[near.first < len(each.protein.residues)].tolist())
        theirs = pocket_of_gemmi(each, points)
        pocket += len(theirs)
        if ours != theirs:
            differences.append(
                f"{each.name}: residues {sorted(ours ^ theirs)} are in one pocket only"
            )
    print(f"{len(complexes)} complexes at {', '.join(_CUTOFFS)} Å: {pairs:,} pairs compared")
    print(
        f"pockets at {_CUTOFF} Å: {pocket:,} residues as in gemmi; differences: {len(differences)}"
    )
    print("\n".join(differences))


def reference(points: Points, halves: int) -> Any:
    """Every pair of units of two members, by every pair of their points, as integers."""
    places = np.stack([points.x, points.y, points.z], axis=1)
    split = int(np.searchsorted(points.member[points.unit], 1))
    least: dict[tuple[int, int], int] = {}
    for row in range(split, len(places)):
        squares = ((places[:split] - places[row]) ** 2).sum(axis=1)
        for at in np.flatnonzero(4 * squares < halves**2 * 100**points.decimals).tolist():
            pair = (int(points.unit[at]), int(points.unit[row]))
            least[pair] = min(least.get(pair, int(squares[at])), int(squares[at]))
    bounds = [bin**2 * 100**points.decimals for bin in range(65)]
    rows = [
        (*pair, max(bin for bin in range(65) if bounds[bin] <= 4 * least[pair]))
        for pair in sorted(least)
    ]
    return np.array(rows, np.int64).reshape(-1, 3).T


def pocket_of_gemmi(each: Complex, points: Points) -> set[int]:
    """The residues with an atom that gemmi finds near one of the ligand."""
    residues = each.protein.residues
    structure = to_gemmi(each.protein)
    structure.cell = gemmi.UnitCell()
    search = gemmi.NeighborSearch(structure[0], structure.cell, _CUTOFF + 1)
    for chain_row, chain in enumerate(structure[0]):
        for residue_row, residue in enumerate(chain):
            for atom_row, atom in enumerate(residue):
                if not atom.is_hydrogen():
                    search.add_atom(atom, chain_row, residue_row, atom_row)
    strands = each.protein.strands.chain
    rows = {
        (strands[int(strand)], number, insertion, component): row
        for row, (strand, number, insertion, component) in enumerate(
            zip(
                residues.strand,
                residues.number.tolist(),
                residues.insertion,
                residues.component,
                strict=True,
            )
        )
    }
    first = {(int(unit), int(row)) for unit, row in zip(points.unit, points.row, strict=True)}
    names = each.protein.atoms.name
    kept = {(unit, names[row]) for unit, row in first if unit < len(residues)}
    found = set()
    heavy = each.ligand.heavy()
    for place in heavy.coordinates()[heavy.molecule.element != 1]:
        for mark in search.find_atoms(gemmi.Position(*place), "\0", radius=_CUTOFF):
            near = mark.to_cra(structure[0])
            key = (
                near.chain.name,
                near.residue.seqid.num,
                near.residue.seqid.icode.strip(),
                near.residue.name,
            )
            # gemmi finds all locations; ours is the first of each atom.
            if (
                near.atom.pos.dist(gemmi.Position(*place)) < _CUTOFF
                and (rows[key], near.atom.name) in kept
            ):
                found.add(rows[key])
    return found


def print_times(complexes: list[Complex]) -> None:
    """Time the complexes with the most atoms, and the one whose count is nearest to 10,000."""
    chosen = sorted(complexes, key=lambda each: len(each.protein.atoms))[-5:]
    chosen.append(min(complexes, key=lambda each: abs(len(each.protein.atoms) - _ATOMS)))
    print(
        f"{'complex':12} {'atoms':>7} {'contacts':>9} {'ours, ms':>9} {'core, ms':>9} {'gemmi':>9}"
    )
    for each in chosen:
        heavy = each.protein.without_hydrogens()
        members: list[Structure | Conformer] = [heavy, each.ligand]
        points = Points.of(members, between="chains")
        structure = to_gemmi(heavy)
        structure.cell = gemmi.UnitCell()
        search = gemmi.ContactSearch(_CUTOFF)
        search.ignore = gemmi.ContactSearch.Ignore.SameChain

        def by_gemmi(structure: gemmi.Structure = structure, search: Any = search) -> None:
            near = gemmi.NeighborSearch(structure[0], structure.cell, _CUTOFF).populate()
            search.find_contacts(near)

        def ours(members: Any = members) -> None:
            Points.of(members, between="chains").contacts(_CUTOFF)

        def core(points: Points = points) -> None:
            points.contacts(_CUTOFF)

        times = [least_of(work) for work in (ours, core, by_gemmi)]
        print(
            f"{each.name:12} {len(points.x):>7,} {len(points.contacts(_CUTOFF)):>9,} "
            + " ".join(f"{1000 * seconds:>9.2f}" for seconds in times)
        )


def least_of(work: Callable[[], None]) -> float:
    """The least processor time of a call, in seconds."""
    times = []
    for _ in range(_REPEATS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


if __name__ == "__main__":
    main()
