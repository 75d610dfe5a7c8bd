"""Compare kinds of contacts with those that PLIP finds, and list the differences with the reason.

For each complex PLIP reads a PDB file of the protein and the ligand, without hydrogens, and adds
some. Its structure with hydrogens is what kinds are found of here, so that both have the same
coordinates. Compared are the residues that are in a contact of each kind with the ligand. PLIP is
compared before it leaves some of its contacts out, too: a contact that is only here because PLIP
left it out says so.

    pip install plip
    python -m benchmarks.contact_kinds [--data FOLDER] [--every 2]
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from benchmarks.contacts import Complex, read_complexes
from benchmarks.structures import DATA

from logos_grammar.conformer import Conformer
from logos_grammar.contacts import ContactKind
from logos_grammar.contacts.kinds import kinds_of
from logos_grammar.fixed import Fixed
from logos_grammar.molecule.symbols import SYMBOLS
from logos_grammar.structure import Structure

Residue: TypeAlias = tuple[str, int, str]
"""Its chain, its number and its component."""
Found: TypeAlias = set[tuple[Residue, ContactKind]]

_KINDS: Final = (
    *(ContactKind.HYDROPHOBIC, ContactKind.DONOR, ContactKind.ACCEPTOR, ContactKind.CATION),
    *(ContactKind.ANION, ContactKind.STACKED, ContactKind.EDGE, ContactKind.CATION_PI),
    *(ContactKind.PI_CATION, ContactKind.HALOGEN_ACCEPTOR),
)
"""Those that PLIP reports of a ligand; a metal is a ligand of its own there."""
_LIGAND: Final = "LIG"
_FIRST_SERIAL: Final = 90_000
_BONDS_OF_A_LINE: Final = 4


@dataclass(frozen=True, kw_only=True)
class ByPlip:
    """What PLIP reports, what it found before it left some out, and its structure."""

    reported: Found
    all: Found
    text: str


def main() -> None:
    """Print how many contacts of each kind are in both, and each difference."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--archive", default="astex_diverse_set.tar.xz")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th complex")
    options = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    counts: Counter[tuple[ContactKind, str]] = Counter()
    complexes = list(read_complexes(options.data / "complexes" / options.archive))
    for each in complexes[:: options.every]:
        theirs = by_plip(each)
        ours = by_kinds(each, theirs.text)
        counts.update((kind, "both") for _, kind in ours & theirs.reported)
        for residue, kind in sorted(ours ^ theirs.reported):
            is_ours = (residue, kind) in ours
            why = reason(residue, kind, is_ours=is_ours, theirs=theirs, ours=ours)
            counts[kind, why] += 1
            print(each.name, *residue, kind.name, "ours only:" if is_ours else "PLIP only:", why)
    print(f"{len(complexes[:: options.every])} complexes")
    for kind in _KINDS:
        parts = [f"{n} {why}" for (of, why), n in sorted(counts.items()) if of == kind]
        print(f"{kind.name:17} {', '.join(parts)}")


def reason(
    residue: Residue, kind: ContactKind, *, is_ours: bool, theirs: ByPlip, ours: Found
) -> str:
    """Why a contact is in one of the two only; empty when no rule says it."""
    if is_ours:
        return "left out by PLIP later" if (residue, kind) in theirs.all else "other"
    if kind in (ContactKind.CATION, ContactKind.CATION_PI) and residue[2] == "HIS":
        return "histidine with one hydrogen"
    if kind == ContactKind.DONOR and residue[2] in ("ASP", "GLU"):
        return "acid as a donor"
    rings = {(residue, ContactKind.STACKED), (residue, ContactKind.EDGE)}
    if kind == ContactKind.HYDROPHOBIC and rings & ours:
        return "carbons of stacked rings"
    return "other"


def by_plip(each: Complex) -> ByPlip:
    """Run PLIP on a complex."""
    from plip.structure.preparation import PDBComplex  # noqa: PLC0415 (it is not needed elsewhere)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{each.name}.pdb"
        path.write_text(pdb_of(each), encoding="utf-8")
        complex_ = PDBComplex()
        complex_.output_path = folder
        complex_.load_pdb(str(path))
        for ligand in complex_.ligands:
            if ligand.hetid == _LIGAND:
                complex_.characterize_complex(ligand)
        text = (Path(folder) / f"{each.name}_protonated.pdb").read_text(encoding="utf-8")
    reported: Found = set()
    every: Found = set()
    for key, found in complex_.interaction_sets.items():
        if key.startswith(_LIGAND):
            reported |= set(
                contacts_of_plip(found, "hydrophobic_contacts", "hbonds_pdon", "hbonds_ldon")
            )
            names = ("all_hydrophobic_contacts", "all_hbonds_pdon", "all_hbonds_ldon")
            every |= set(contacts_of_plip(found, *names))
    return ByPlip(reported=reported, all=every, text=text)


def contacts_of_plip(
    found: Any, hydrophobic: str, donors: str, acceptors: str
) -> Iterator[tuple[Residue, ContactKind]]:
    """The contacts of a ligand, by the lists in which PLIP has them."""
    lists = {
        ContactKind.HYDROPHOBIC: getattr(found, hydrophobic),
        ContactKind.DONOR: getattr(found, donors),
        ContactKind.ACCEPTOR: getattr(found, acceptors),
        ContactKind.CATION: found.saltbridge_lneg,
        ContactKind.ANION: found.saltbridge_pneg,
        ContactKind.STACKED: [each for each in found.pistacking if each.type == "P"],
        ContactKind.EDGE: [each for each in found.pistacking if each.type == "T"],
        ContactKind.CATION_PI: found.pication_laro,
        ContactKind.PI_CATION: found.pication_paro,
        ContactKind.HALOGEN_ACCEPTOR: found.halogen_bonds,
    }
    for kind, contacts in lists.items():
        for each in contacts:
            yield (each.reschain, int(each.resnr), each.restype), kind


def by_kinds(each: Complex, text: str) -> Found:
    """The kinds that are found here, of the structure of PLIP."""
    lines = [line for line in text.splitlines() if line.startswith(("ATOM", "HETATM"))]
    protein = Structure.from_pdb("\n".join(line for line in lines if line[17:20] != _LIGAND))
    ligand = [line for line in lines if line[17:20] == _LIGAND and line[76:78].strip() == "H"]
    table = kinds_of([protein, with_hydrogens(each.ligand.heavy(), ligand)])
    residues, chains = protein.residues, protein.strands.chain
    found: Found = set()
    for row, unit in enumerate(table.first.tolist()):
        residue = (
            chains[int(residues.strand[unit])],
            int(residues.number[unit]),
            residues.component[unit],
        )
        found |= {(residue, kind) for kind in table.kinds(row) if kind in _KINDS}
    return found


def with_hydrogens(heavy: Conformer, lines: list[str]) -> Conformer:
    """A ligand with hydrogens of a PDB file, each of the atom that is nearest."""
    places = heavy.coordinates()
    columns = [(30, 38), (38, 46), (46, 54)]
    hydrogens = [[float(line[begin:end]) for begin, end in columns] for line in lines]
    is_heavy = heavy.molecule.element != 1
    apart = [np.where(is_heavy, ((places - each) ** 2).sum(axis=1), np.inf) for each in hydrogens]
    owners = [int(squares.argmin()) for squares in apart]
    points: list[Any] = []
    for atom, place in enumerate(places):
        points += [place, *(each for each, of in zip(hydrogens, owners, strict=True) if of == atom)]
    x, y, z = (
        Fixed.from_float(column, decimals=3, rounding="half_even") for column in np.array(points).T
    )
    counts = np.bincount(np.array(owners, np.int64), minlength=len(places)).astype(np.uint32)
    return Conformer(molecule=heavy.molecule, hydrogens=counts, x=x, y=y, z=z)


def pdb_of(each: Complex) -> str:
    """A PDB file of a complex without hydrogens, the ligand with its bonds."""
    text = each.protein.without_hydrogens().to_pdb()
    lines = [line for line in text.splitlines() if line.startswith(("ATOM", "HETATM", "TER"))]
    chain = next(name for name in "ZYXWV" if name not in each.protein.strands.chain)
    heavy = each.ligand.heavy()
    molecule = heavy.molecule
    for atom, (x, y, z) in enumerate(heavy.coordinates()):
        symbol = SYMBOLS[molecule.element[atom]].upper()
        if symbol != "H":
            name = f"{symbol}{atom + 1}"[:4]
            lines.append(
                f"HETATM{_FIRST_SERIAL + atom:>5} {name:<4} {_LIGAND} {chain} 900    "
                f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00          {symbol:>2}"
            )
    bonded: dict[int, list[int]] = {}
    for one, other in zip(molecule.begin.tolist(), molecule.end.tolist(), strict=True):
        bonded.setdefault(one, []).append(other)
        bonded.setdefault(other, []).append(one)
    for atom, others in sorted(bonded.items()):
        for at in range(0, len(others), _BONDS_OF_A_LINE):
            serials = [_FIRST_SERIAL + row for row in (atom, *others[at : at + _BONDS_OF_A_LINE])]
            lines.append("CONECT" + "".join(f"{serial:>5}" for serial in serials))
    return "\n".join([*lines, "END", ""])


if __name__ == "__main__":
    main()
