"""Molecules rich in stereo, their atoms in random orders: `python -m benchmarks.renumber`.

Each molecule of RDKit is renumbered at random, read by `from_rdkit` and written by `to_rdkit`. What
comes back must have the InChIKey of the molecule, its CIP labels atom by atom and bond by bond (by
RDKit's new labeller), the same elements, charges, isotopes and hydrogens, and, as neither InChI nor
CIP labels see square planar, trigonal bipyramidal and octahedral stereo, the same places of the
neighbours around these atoms, which this file computes on its own. A molecule that the labeller
gives up on is left to the other three, and counted apart. Exit status 0: nothing changed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.records import sources
from rdkit import Chem, rdBase
from rdkit.Chem import rdCIPLabeler

import logos_grammar as lg
from logos_grammar.molecule.rdkit import from_rdkit, to_rdkit

_BESIDE: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
_PER_SOURCE: Final = 400

SYMMETRIC: Final = (
    # inositols: myo, scyllo, D-chiro, L-chiro, muco, epi, allo, cis, neo
    "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
    "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@H]1O",
    "O[C@H]1[C@H](O)[C@H](O)[C@@H](O)[C@H](O)[C@H]1O",
    "O[C@H]1[C@@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
    "O[C@@H]1[C@@H](O)[C@H](O)[C@H](O)[C@H](O)[C@H]1O",
    "O[C@@H]1[C@@H](O)[C@@H](O)[C@@H](O)[C@@H](O)[C@@H]1O",
    "O[C@@H]1[C@H](O)[C@H](O)[C@@H](O)[C@@H](O)[C@@H]1O",
    # hexachlorocyclohexanes
    "Cl[C@H]1[C@H](Cl)[C@@H](Cl)[C@@H](Cl)[C@H](Cl)[C@H]1Cl",
    "Cl[C@H]1[C@H](Cl)[C@@H](Cl)[C@H](Cl)[C@@H](Cl)[C@H]1Cl",
    "Cl[C@@H]1[C@@H](Cl)[C@@H](Cl)[C@H](Cl)[C@H](Cl)[C@@H]1Cl",
    # phytate, octahydroxycyclooctane, sugars and alditols
    "O=P(O)(O)O[C@H]1[C@H](OP(=O)(O)O)[C@@H](OP(=O)(O)O)[C@H](OP(=O)(O)O)"
    "[C@@H](OP(=O)(O)O)[C@@H]1OP(=O)(O)O",
    "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
    "O[C@H]1[C@@H](O)[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@H](O)[C@@H]1O",
    "OC[C@@H](O)[C@@H](O)[C@H](O)[C@@H](O)CO",
    "OC[C@H](O)[C@@H](O)[C@@H](O)[C@H](O)CO",
    "C[C@H]1C[C@@H](C)C[C@H](C)C1",
    "C[C@H]1CC[C@@H](C)CC1",
    "F[C@H]1C[C@@H](F)C1",
    # cubanes, cyclophanes, cages
    "C12C3C4C1C5C2C3C45",
    "O[C@]12[C@@]3(F)[C@]4(Cl)[C@@]1(Br)[C@]5(I)[C@@]2(N)[C@]3(C)[C@@]45S",
    "C1Cc2ccc(cc2)CCc2ccc1cc2",
    "C[C@H]1c2ccc(cc2)[C@@H](C)[C@H](C)c2ccc(cc2)[C@@H]1C",
    "C[C@]12CC[C@H](CC1)C2",
    "C1[C@@H]2C[C@H]3C[C@@H]1C[C@H](C2)C3",
    "C1CC[C@@H]2CCCC[C@H]2C1",
    "C1CC[C@H]2CCCC[C@H]2C1",
    # double bonds: chains, rings, exocyclic, imines
    "C/C=C/C=C\\C=C/C",
    "C1CC/C=C/CC/C=C\\C1",
    "C/C(F)=C(\\Cl)/C(=C(/F)Br)Cl",
    "C/N=C(/C)\\C(=N\\O)C",
    "O=c1/c(=C/c2ccccc2)sc2nccn12",
    "C/C=C1/CC[C@@H](C)CC1",
    "C1=C\\CCCC/C=C\\CCCC/1",
    # lone pairs
    "C[S@](=O)CC",
    "C[S@@](=O)[C@H](F)Cl",
    "C[P@](CC)c1ccccc1",
    "C[S@+]1CC[C@H](C)C1",
    "[O-][S@+]1CCC[C@H]1C",
    "C[N@+](CC)(CCC)Cc1ccccc1",
    # allenes and cumulenes: RDKit holds no stereo of them
    "CC=C=CC",
    "CC=C=C=C[C@H](F)Cl",
    # square planar, trigonal bipyramidal, octahedral
    *(f"F[Pt@SP{i}](Cl)(Br)I" for i in range(1, 4)),
    *(f"C[Pt@SP{i}]1(Cl)NCCN1" for i in range(1, 4)),
    *(f"F[Pt@SP{i}H](Cl)Br" for i in range(1, 4)),
    *(f"S[As@TB{i}](F)(Cl)(Br)N" for i in range(1, 21)),
    *(f"S[As@TB{i}](F)(Cl)Br" for i in range(1, 21)),
    *(f"S[Co@OH{i}](F)(Cl)(Br)(I)N" for i in range(1, 31)),
    *(f"S[Co@OH{i}](F)(Cl)(Br)I" for i in range(1, 31)),
    *(f"O[Co@OH{i}]12(Cl)(Br)(NCCN1)NC[C@H](C)N2" for i in range(1, 31)),
)
"""What a text of SMILES gets wrong most easily: every ring atom a symmetric centre, and metals."""

_NEIGHBOURS: Final = {"SQUAREPLANAR": 4, "TRIGONALBIPYRAMIDAL": 5, "OCTAHEDRAL": 6}


def change(mol: Chem.Mol, order: Sequence[int]) -> str | None:
    """Say what changes when a molecule is renumbered and goes through `from_rdkit` and `to_rdkit`.

    Parameters
    ----------
    mol
        n atoms, sanitized.
    order
        A permutation of n.

    Returns
    -------
    str or None
        What changed; None when nothing did.
    """
    read = from_rdkit(Chem.RenumberAtoms(mol, list(order)), without_conformers=True)
    # RDKit's own stereo of an atom is cleaned alike on both ways.
    back = to_rdkit(read.molecule)
    place = [order[i] for i in read.atom_order.tolist()]
    for name, portrait in (
        ("atoms and bonds", _graph),
        ("CIP labels", _labels if _can_be_labelled(mol) else lambda mol, name: None),
        ("places around metals", _places),
    ):
        if portrait(back, place) != portrait(mol, range(mol.GetNumAtoms())):
            return name
    key: Callable[[Chem.Mol], str] = Chem.MolToInchiKey
    if key(back) != key(mol):
        return "InChIKey"
    return None


def _graph(mol: Chem.Mol, name: Sequence[int]) -> tuple[list[Any], list[Any]]:
    atoms = sorted(
        (
            name[atom.GetIdx()],
            atom.GetAtomicNum(),
            atom.GetIsotope(),
            atom.GetFormalCharge(),
            atom.GetTotalNumHs(),
            atom.GetAtomMapNum(),
            atom.GetNumRadicalElectrons(),
            atom.GetIsAromatic(),
            str(atom.GetChiralTag()).replace("CCW", "CW"),
        )
        for atom in mol.GetAtoms()
    )
    bonds = sorted(
        (
            *sorted((name[bond.GetBeginAtomIdx()], name[bond.GetEndAtomIdx()])),
            str(bond.GetBondType()),
        )
        for bond in mol.GetBonds()
    )
    return atoms, bonds


def _can_be_labelled(mol: Chem.Mol) -> bool:
    """Whether the labeller comes to an end with a molecule, whatever the order of its atoms."""
    try:
        rdCIPLabeler.AssignCIPLabels(Chem.Mol(mol))
    except RuntimeError:
        return False
    return True


def _labels(mol: Chem.Mol, name: Sequence[int]) -> tuple[list[Any], list[Any]]:
    labelled = Chem.Mol(mol)
    for atom in labelled.GetAtoms():
        atom.ClearProp("_CIPCode")
    for bond in labelled.GetBonds():
        bond.ClearProp("_CIPCode")
    rdCIPLabeler.AssignCIPLabels(labelled)
    atoms = sorted(
        (name[atom.GetIdx()], atom.GetProp("_CIPCode"))
        for atom in labelled.GetAtoms()
        if atom.HasProp("_CIPCode")
    )
    bonds = sorted(
        (
            *sorted((name[bond.GetBeginAtomIdx()], name[bond.GetEndAtomIdx()])),
            bond.GetProp("_CIPCode"),
        )
        for bond in labelled.GetBonds()
        if bond.HasProp("_CIPCode")
    )
    return atoms, bonds


def _places(mol: Chem.Mol, name: Sequence[int]) -> list[Any]:
    """Around each atom beyond tetrahedral, its neighbours as a set of axes with their sense.

    Source: the tables of OpenSMILES, section 3.9, read as words, apart from the core's own.
    """
    found = []
    for atom in mol.GetAtoms():
        size = _NEIGHBOURS.get(str(atom.GetChiralTag()).removeprefix("CHI_"))
        if size is None:
            continue
        others = [name[bond.GetOtherAtomIdx(atom.GetIdx())] for bond in atom.GetBonds()]
        others += [-1] * (size - len(others))
        code = atom.GetIntProp("_chiralPermutation")
        found.append((name[atom.GetIdx()], _PORTRAITS[size](code, others)))
    return sorted(found)


def _square(code: int, others: list[int]) -> Any:
    a, b, c, d = others
    pairs = {1: ((a, c), (b, d)), 2: ((a, b), (c, d)), 3: ((a, d), (b, c))}[code]
    return frozenset(map(frozenset, pairs))


_BIPYRAMIDS: Final = " ".join(
    (
        "ae@ ae@@ ad@ ad@@ ac@ ac@@ ab@ ab@@ be@ bd@",
        "be@@ bd@@ bc@ bc@@ ce@ cd@ de@ de@@ cd@@ ce@@",
    )
).split()
"""The two neighbours on the axis, and the sense of the others seen from the first, by number."""


def _bipyramid(code: int, others: list[int]) -> Any:
    axis, sense = _BIPYRAMIDS[code - 1][:2], _BIPYRAMIDS[code - 1][2:]
    first, last = (others["abcde".index(letter)] for letter in axis)
    around = [other for i, other in enumerate(others) if "abcde"[i] not in axis]
    if sense == "@@":
        around.reverse()
    # Seen from the other end of the axis the sense is the opposite.
    return frozenset({(first, last, _cycle(around)), (last, first, _cycle(around[::-1]))})


def _octahedron(code: int, others: list[int]) -> Any:
    shape, axis_end, sense = _OCTAHEDRA[code - 1]
    last = others[axis_end]
    b, c, d, e = (other for i, other in enumerate(others) if i not in (0, axis_end))
    around = {"U": [b, c, d, e], "Z": [b, c, e, d], "4": [b, e, c, d]}[shape]
    if sense == "@@":
        around.reverse()
    axes = [(others[0], last), (around[0], around[2]), (around[1], around[3])]
    # Looking along each axis, the four around it counterclockwise.
    views = set()
    for order in permutations(range(3)):
        for flips in range(8):
            x, y, z = (
                axes[i] if not flips >> k & 1 else axes[i][::-1] for k, i in enumerate(order)
            )
            odd = (order in ((0, 2, 1), (1, 0, 2), (2, 1, 0))) ^ (bin(flips).count("1") % 2 == 1)
            if not odd:
                views.add((x, y, z))
    return frozenset(views)


_OCTAHEDRA: Final = tuple(
    (shape, axis, sense)
    for shape, axis, sense in (
        ("U", 5, "@"), ("U", 5, "@@"), ("U", 4, "@"), ("Z", 5, "@"), ("Z", 4, "@"), ("U", 3, "@"),
        ("Z", 3, "@"), ("4", 5, "@@"), ("4", 4, "@@"), ("4", 5, "@"), ("4", 4, "@"), ("4", 3, "@@"),
        ("4", 3, "@"), ("Z", 5, "@@"), ("Z", 4, "@@"), ("U", 4, "@@"), ("Z", 3, "@@"),
        ("U", 3, "@@"), ("U", 2, "@"), ("Z", 2, "@"), ("4", 2, "@@"), ("4", 2, "@"), ("Z", 2, "@@"),
        ("U", 2, "@@"), ("U", 1, "@"), ("Z", 1, "@"), ("4", 1, "@@"), ("4", 1, "@"), ("Z", 1, "@@"),
        ("U", 1, "@@"),
    )
)  # fmt: skip
"""Shape, which neighbour (from 0) the axis from the first leads to, and sense, by number."""

_PORTRAITS: Final = {4: _square, 5: _bipyramid, 6: _octahedron}


def _cycle(around: list[int]) -> tuple[int, ...]:
    start = around.index(min(around))
    return tuple(around[start:] + around[:start])


def rich(data: Path, count: int) -> Iterator[str]:
    """Yield texts of real molecules with three stereo centres or more, or two double bonds."""
    found = 0
    for source in sources(data):
        if source.kind != "molecule":
            continue
        taken = 0
        for text in source.texts:
            if (
                text.count("[C@") + text.count("[S@") + text.count("[P@") < 3
                and text.count("/") < 3
            ):
                continue
            mol = Chem.MolFromSmiles(text)
            if mol is None or mol.GetNumAtoms() > 120:
                continue
            yield text
            taken += 1
            found += 1
            if found == count:
                return
            if taken == _PER_SOURCE:
                break


def main() -> int:
    """Renumber, and say how many changed and which."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=_BESIDE, help="folder of the files")
    parser.add_argument("--molecules", type=int, default=2000, help="molecules, symmetric ones too")
    parser.add_argument("--renumberings", type=int, default=50, help="orders of each molecule")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip", type=int, default=0, help="molecules left out at the beginning")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"expected a folder of real files at {args.data}", file=sys.stderr)
        return 2
    rdBase.DisableLog("rdApp.*")
    random = Random(args.seed)
    texts = [*SYMMETRIC, *rich(args.data, max(args.molecules - len(SYMMETRIC), 0))]
    texts = texts[args.skip : args.molecules]
    unlabelled = 0
    counts: Counter[str] = Counter()
    started = time.monotonic()
    for done, text in enumerate(texts, 1):
        parameters: Any = Chem.SmilesParserParams()
        parameters.removeHs = False
        mol = Chem.MolFromSmiles(text, parameters)
        unlabelled += not _can_be_labelled(mol)
        for _ in range(args.renumberings):
            order = random.sample(range(mol.GetNumAtoms()), mol.GetNumAtoms())
            try:
                found = change(mol, order)
            except lg.ConversionError as error:
                found = f"refused: {error}"
            counts[found or "same"] += 1
            if found is not None and counts[found] <= 3:
                print(f"{found}: {text} {order}", flush=True)
        if not done % 100:
            rate = done * args.renumberings / (time.monotonic() - started)
            print(f"{done} of {len(texts)} ({rate:.0f}/s): {dict(counts)}", flush=True)
    print(f"{len(texts)} molecules, {sum(counts.values())} renumberings: {dict(counts)}")
    print(f"{unlabelled} molecules without CIP labels, on which the labeller gives up")
    return 0 if set(counts) <= {"same"} else 1


if __name__ == "__main__":
    raise SystemExit(main())
