"""Writes residues.toml from the component dictionary, as Biotite 1.6 carries it.

python spec/derive_residues.py            write
python spec/derive_residues.py --check    say whether the file is fresh, and exit 1 where it is not

Needs biotite. The dictionary gives the atoms of each residue, their elements, bonds and order; what
is written here by hand is the names and orders in which other programs write them.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


FILE: Final = Path(__file__).parent / "residues.toml"

PROTEIN: Final = words(
    "Ala Gly Val Leu Ile Pro Met Phe Tyr Trp Ser Thr Cys Asn Gln Asp Glu Lys Arg His Sec Pyl"
)
DNA: Final = {f"nt:{base}": f"D{base}" for base in "ACGTUI"}
RNA: Final = {f"nt:{base}": base for base in "ACGTUI"}
AMBIGUOUS: Final = {"protein": words("ASX GLX UNK"), "dna": ["DN"], "rna": ["N"]}
RARE: Final = ("SEC", "PYL")
"""Residues that no old program names in its own way."""

ENDS: Final = words("OXT HXT H2 OP3 HOP2 HOP3 HO3' HO5'")
"""Atoms that a residue has at an end of its chain only; H2 of a nucleotide is another."""

AMBER: Final = {
    "ILE": "N CA CB CG2 CG1 CD1 C O",
    "THR": "N CA CB CG2 OG1 C O",
    "PHE": "N CA CB CG CD1 CE1 CZ CE2 CD2 C O",
    "TYR": "N CA CB CG CD1 CE1 CZ OH CE2 CD2 C O",
    "TRP": "N CA CB CG CD1 NE1 CE2 CZ2 CH2 CZ3 CE3 CD2 C O",
    "HIS": "N CA CB CG ND1 CE1 NE2 CD2 C O",
    "PRO": "N CD CG CB CA C O",
}
CHARMM: Final = {
    "ILE": "N CA CB CG2 CG1 CD1 C O",
    "PHE": "N CA CB CG CD1 CE1 CZ CD2 CE2 C O",
    "TYR": "N CA CB CG CD1 CE1 CZ OH CD2 CE2 C O",
    "TRP": "N CA CB CG CD1 NE1 CE2 CD2 CE3 CZ3 CZ2 CH2 C O",
    "PRO": "N CD CA CB CG C O",
}
"""The heavy atoms of side chains, where the order is not that of the dictionary."""

ATOM37: Final = words(
    "N CA C CB O CG CG1 CG2 OG OG1 SG CD CD1 CD2 ND1 ND2 OD1 OD2 SD CE CE1 CE2 CE3 NE NE1 NE2 OE1 "
    "OE2 CH2 NH1 NH2 OH CZ CZ2 CZ3 NZ SE"
)

BASES: Final = {
    "amber": {
        "C": "N1 C6 C5 C4 N4 N3 C2 O2",
        "U": "N1 C6 C5 C4 O4 N3 C2 O2",
        "T": "N1 C6 C5 C7 C4 O4 N3 C2 O2",
    },
    "charmm": {
        "A": "N9 C4 N3 C2 N1 C6 N6 C5 N7 C8",
        "G": "N9 C4 N3 C2 N2 N1 C6 O6 C5 N7 C8",
        "I": "N9 C4 N3 C2 N1 C6 O6 C5 N7 C8",
        "C": "N1 C6 C2 O2 N3 C4 N4 C5",
        "U": "N1 C6 C2 O2 N3 C4 O4 C5",
        "T": "N1 C6 C2 O2 N3 C4 O4 C5 C7",
    },
}


class Residue(NamedTuple):
    """One residue: its component, and the parent of each atom, in the order of the first list."""

    strand: str
    token: str
    component: str
    elements: dict[str, str]
    parents: dict[str, str | None]


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    text = residues_toml()
    if not parser.parse_args().check:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == text:
        return 0
    print("not fresh: spec/residues.toml; run `python spec/derive_residues.py`", file=sys.stderr)
    return 1


def residues_toml() -> str:
    """The text of the file."""
    elements: dict[str, str] = {}
    parts = []
    for residue in residues():
        lists = lists_of(residue)
        aliases = aliases_of(residue)
        found = {word: residue.elements[name] for word, name in aliases.items()}
        for word, element in (residue.elements | found).items():
            if elements.setdefault(word, element) != element:
                raise ValueError(f"{word} is {element} in {residue.component}")
        missing = {word for some in lists.values() for word in some} - {*residue.elements, *found}
        if missing:
            raise ValueError(f"{residue.component} has no atom {sorted(missing)}")
        parts += ["", "[[residue]]", f'strand = "{residue.strand}"', f'token = "{residue.token}"']
        parts.append(f'component = "{residue.component}"')
        parents = residue.parents.items()
        parts.append("parents = " + wrapped(f"{w}<{p}" if p else w for w, p in parents))
        parts.append("aliases = " + wrapped(f"{word}={name}" for word, name in aliases.items()))
        parts += [
            f"{name} = {wrapped(some)}"
            for name, some in lists.items()
            if name == "pdb" or some != lists["pdb"]
        ]
    by_element: dict[str, list[str]] = {}
    for word, element in elements.items():
        by_element.setdefault(element, []).append(word)
    by = [f"{element} = {wrapped(some)}" for element, some in by_element.items()]
    ambiguous = [f'{strand} = "{" ".join(some)}"' for strand, some in AMBIGUOUS.items()]
    return HEAD + "\n".join(["", "[ambiguous]", *ambiguous, "", "[elements]", *by, *parts, ""])


HEAD: Final = """\
# The atoms of the residues that have a token of their own: written by spec/derive_residues.py from
# the Chemical Component Dictionary; do not edit.
#
# An atom word is the name of an atom of one of them, in the spelling of one of the lists.
# [ambiguous] has by kind of strand the components that mean any of several residues: they are of a
# polymer, and have no token.
# [elements] has every word by its element: no word is of two.
# `parents` of a residue has its atoms, in the words of the dictionary, as WORD<PARENT: the atom to
# which it is bonded, and from which it is a step. The first one has no parent.
# `aliases` has the other words for them, as WORD=ATOM.
# The lists are the words in the order in which programs write them; one that is not there is `pdb`.
#   pdb        the order of the dictionary, heavy atoms first; without atoms of the ends of a chain
#   alphafold  the order of AlphaFold's 37 atoms, CB before O
#   maestro    pdb, with both atoms of a CH2 or NH2 turned round
#   amber      each heavy atom before its hydrogens, C and O last
#   charmm     the same with the names of CHARMM
#   cns        the same, with polar hydrogens only, and the names of CNS
#   v2         pdb, with the names of version 2 of the PDB format
#   trace      CA, or P
"""


def residues() -> Iterator[Residue]:
    """Every residue, in the order of its token within its kind of strand."""
    for token in PROTEIN:
        yield read("protein", token, token.upper())
    for token, component in DNA.items():
        yield read("dna", token, component)
    for token, component in RNA.items():
        yield read("rna", token, component)
    yield read("water", "Hoh", "HOH")


def read(strand: str, token: str, component: str) -> Residue:
    """A residue as the dictionary has it."""
    from biotite.structure import info  # noqa: PLC0415 - only the writer of the file needs it

    atoms = info.residue(component)
    names = [str(name) for name in atoms.atom_name]
    elements = {n: symbol(str(e)) for n, e in zip(names, atoms.element, strict=True)}
    bonded: dict[str, list[str]] = {name: [] for name in names}
    if strand in ("dna", "rna"):
        # The component is the nucleotide within its strand; this atom is at the beginning of one.
        names.append("HO5'")
        elements["HO5'"] = "H"
        bonded["HO5'"] = ["O5'"]
    for one, other, _ in atoms.bonds.as_array():
        bonded[names[one]].append(names[other])
        bonded[names[other]].append(names[one])
    first = {"protein": words("N CA C O CB"), "water": ["O"]}.get(strand, words("P OP1 OP2"))
    order = [name for name in first if name in elements]
    left = [name for name in names if name not in order]
    left.sort(key=lambda name: (elements[name] == "H", name in ENDS))
    while left:
        # The next one that is bonded to one before it.
        name = next(name for name in left if not set(order).isdisjoint(bonded[name]))
        left.remove(name)
        order.append(name)
    place = {name: at for at, name in enumerate(order)}
    parents: dict[str, str | None] = {}
    for name in order:
        before = [other for other in bonded[name] if place[other] < place[name]]
        parents[name] = min(before, key=place.__getitem__, default=None)
    return Residue(strand, token, component, {n: elements[n] for n in order}, parents)


def lists_of(residue: Residue) -> dict[str, list[str]]:
    """The lists of a residue by their names."""
    if residue.strand == "water":
        return {
            "pdb": ["O", "H1", "H2"],
            "charmm": ["OH2", "H1", "H2"],
            "cns": ["OH2", "H1", "H2"],
            "v2": ["O", "1H", "2H"],
            "trace": ["O"],
        }
    usual = [name for name in residue.elements if not is_at_an_end(residue, name)]
    heavy = [name for name in usual if residue.elements[name] != "H"]
    hydrogens = [name for name in usual if residue.elements[name] == "H"]
    v2, charmm, cns = (renamed(residue, how) for how in ("v2", "charmm", "cns"))
    with_polar = [h for h in hydrogens if residue.elements[residue.parents[h] or ""] in "NOS"]
    walks = {how: backbone_last(residue, heavy, how) for how in ("amber", "charmm", "cns")}
    lists = {"pdb": heavy + hydrogens}
    if residue.strand == "protein":
        heavy37 = sorted(heavy, key=lambda n: ATOM37.index(n) if n in ATOM37 else 99)
        lists["alphafold"] = heavy37 + hydrogens
        lists["maestro"] = heavy + turned_round(hydrogens)
    lists["amber"] = walk(residue, walks["amber"], hydrogens)
    lists["charmm"] = [charmm.get(n, n) for n in walk(residue, walks["charmm"], hydrogens)]
    lists["cns"] = [cns.get(n, n) for n in walk(residue, walks["cns"], with_polar)]
    lists["v2"] = [v2.get(n, n) for n in heavy + hydrogens]
    lists["trace"] = ["CA" if residue.strand == "protein" else "P"]
    return lists


def is_at_an_end(residue: Residue, name: str) -> bool:
    """Whether a residue has the atom at an end of its chain only."""
    if name == "H2" and residue.strand != "protein":
        return False
    return name in ENDS


def backbone_last(residue: Residue, heavy: list[str], how: str) -> list[str]:
    """The heavy atoms as a program walks along them."""
    if residue.strand == "protein":
        own = {"amber": AMBER, "charmm": CHARMM}.get(how, {}).get(residue.component)
        last = [name for name in words("C O") if name in heavy]
        return words(own) if own else [name for name in heavy if name not in last] + last
    sugar = [name for name in heavy if name.endswith("'")]
    usual = [name for name in heavy if name not in sugar and name[0] in "NCO" and name[:2] != "OP"]
    own = BASES["amber" if how == "amber" else "charmm"].get(residue.component[-1])
    base = [name for name in (words(own) if own else usual) if name in heavy]
    if how == "cns":
        order = [*words("P OP1 OP2 O5'"), *base, *words("C2' O2' C5' C4' O4' C1' C3' O3'")]
    else:
        last = words("C3' C2' O2' O3'" if how == "amber" else "C2' O2' C3' O3'")
        order = [*words("P OP1 OP2 O5' C5' C4' O4' C1'"), *base, *last]
    return [name for name in order if name in heavy]


def walk(residue: Residue, heavy: list[str], hydrogens: list[str]) -> list[str]:
    """Heavy atoms, each before its hydrogens."""
    own = {name: [h for h in hydrogens if residue.parents[h] == name] for name in heavy}
    return [name for atom in heavy for name in (atom, *own[atom])]


def turned_round(hydrogens: list[str]) -> list[str]:
    """Hydrogens with both of a pair turned round."""
    found: dict[str, list[str]] = {}
    for name in hydrogens:
        found.setdefault(name[:-1] if name[-1] in "123" else name, []).append(name)
    return [name for some in found.values() for name in (some if len(some) == 3 else some[::-1])]


def renamed(residue: Residue, how: str) -> dict[str, str]:
    """The names of atoms that are others in old or in simulation programs."""
    names: dict[str, str] = {}
    siblings: dict[str | None, list[str]] = {}
    for name, parent in residue.parents.items():
        if residue.elements[name] == "H":
            siblings.setdefault(parent, []).append(name)
    if how != "v2" and residue.strand != "protein":
        return {"OP1": "O1P", "OP2": "O2P"}
    for name in residue.elements:
        old = old_name(residue, name)
        if how == "v2":
            names[name] = old
        elif name == "H":
            names[name] = "HN"
        elif how == "charmm" and re.fullmatch(r"\dH[A-Z]\d?", old):
            names[name] = f"{old[1:]}{old[0]}"
    if how == "charmm":
        own = {"SER": {"HG": "HG1"}, "CYS": {"HG": "HG1"}}
        own["ILE"] = {"CD1": "CD", "HD11": "HD1", "HD12": "HD2", "HD13": "HD3"}
        names.update(own.get(residue.component, {}))
    return names


def old_name(residue: Residue, name: str) -> str:
    """The name of an atom in version 2 of the PDB format."""
    if residue.strand != "protein":
        own = {"OP1": "O1P", "OP2": "O2P", "OP3": "O3P", "C7": "C5M", "HO2'": "2HO*"}
        own |= {"HO3'": "H3T", "HO5'": "H5T", "H5'": "1H5*", "H5''": "2H5*", "H2'": "1H2*"}
        own |= {"H2''": "2H2*", "H71": "1H5M", "H72": "2H5M", "H73": "3H5M"}
        if name in own:
            return own[name]
        if re.fullmatch(r"H\d[12]", name):
            return f"{name[2]}{name[:2]}"
        return name.replace("'", "*")
    if residue.component in RARE:
        return name
    same = [n for n in residue.parents if residue.parents[n] == residue.parents[name]]
    pair = [n for n in same if residue.elements[n] == "H" and n[-1].isdigit()]
    if name in pair and len(pair) > 1 and name != "H2":
        return f"{pair.index(name) + 1}{name[:-1]}"
    return name


def aliases_of(residue: Residue) -> dict[str, str]:
    """Every other word for an atom of a residue, and the dictionary's."""
    spelt = [renamed(residue, how) for how in ("v2", "charmm", "cns")]
    if residue.strand == "protein":
        spelt += [{"H": word} for word in words("1H 2H 3H H1 H2 H3 HT1 HT2 HT3")]
        spelt += [{"O": word} for word in words("O1 O2 OT1 OT2")] + [{"OXT": "OT"}]
    elif residue.strand == "water":
        spelt = [{"O": "OH2", "H1": "1H", "H2": "2H"}, {"O": "OW", "H1": "HW1", "H2": "HW2"}]
    else:
        spelt += [{"HO5'": "H5T"}]
    found: dict[str, str] = {}
    for how in spelt:
        for name, alias in how.items():
            if alias not in residue.elements:
                found.setdefault(alias, name)
    return found


def symbol(element: str) -> str:
    """An element as the vocabulary writes it."""
    return element.capitalize()


def wrapped(some: Iterable[str]) -> str:
    """Words as a string of TOML, on lines of at most 100 characters."""
    lines = textwrap.wrap(" ".join(some), 98, break_long_words=False, break_on_hyphens=False)
    return '"""\n' + "\n".join(f"  {line}" for line in lines) + '"""'


if __name__ == "__main__":
    sys.exit(main())
