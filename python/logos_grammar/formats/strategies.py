"""Hypothesis strategies for files of structures.

The files are small, and like those of the Protein Data Bank: chains of residues with their usual
atoms near each other, and behind them ligands, ions and waters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from hypothesis import strategies as st

__all__ = ["pdb_files"]

_SIDE_CHAINS: Final = {
    "GLY": "",
    "ALA": "CB",
    "SER": "CB OG",
    "CYS": "CB SG",
    "PRO": "CB CG CD",
    "LEU": "CB CG CD1 CD2",
    "ASP": "CB CG OD1 OD2",
    "LYS": "CB CG CD CE NZ",
    "PHE": "CB CG CD1 CD2 CE1 CE2 CZ",
}
_MODIFIED: Final = {
    "MSE": "N CA C O CB CG SE CE",
    "SEP": "N CA C O CB OG P O1P O2P O3P",
    "CSO": "N CA C O CB SG OD",
}
_NUCLEOTIDES: Final = {
    "DA": "P OP1 OP2 O5' C5' C4' C3' O3' C1' N9",
    "DT": "P OP1 OP2 O5' C5' C4' C3' O3' C1' N1",
    "G": "P OP1 OP2 O5' C5' C4' C3' O3' O2' C1' N9",
    "U": "P OP1 OP2 O5' C5' C4' C3' O3' O2' C1' N1",
}
_STRANDS: Final = (("DA", "DT"), ("G", "U"))
_OTHERS: Final = {
    "HOH": "O",
    "GOL": "C1 O1 C2 O2 C3 O3",
    "SO4": "S O1 O2 O3 O4",
    "ZN": "ZN",
    "CA": "CA",
    "NA": "NA",
    "CL": "CL",
}
_CHARGES: Final = {"ZN": "2+", "CA": "2+", "NA": "1+", "CL": "1-"}
_METALS: Final = frozenset(("ZN", "CA", "NA", "CL"))
_OPERATORS: Final = (
    ("1 0 0", "0 1 0", "0 0 1"),
    ("-1 0 0", "0 -1 0", "0 0 1"),
    ("-0.5 -0.866025 0", "0.866025 -0.5 0", "0 0 1"),
)
"""Matrices, row by row: of the identity, of half a turn and of a third of one."""
_LETTERS: Final = "AB"
_LARGEST: Final = 9_999_999
_FURTHEST: Final = -999_999
"""Coordinates in thousandths: PDB has eight characters for each."""


class _Options(NamedTuple):
    max_residues: int
    models: int
    altlocs: bool
    insertions: bool
    gaps: bool
    modified: bool
    nucleic: bool
    others: bool
    far: bool
    assemblies: bool


class _Residue(NamedTuple):
    chain: str
    component: str
    number: int
    insertion: str
    record: str
    atoms: Sequence[tuple[str, str]]
    """Names of atoms, each with the letter of its location."""


def pdb_files(  # noqa: PLR0913 (each keyword narrows one thing)
    *,
    max_residues: int = 4,
    models: int = 2,
    altlocs: bool = True,
    insertions: bool = True,
    gaps: bool = True,
    modified: bool = True,
    nucleic: bool = True,
    others: bool = True,
    far: bool = True,
    assemblies: bool = True,
) -> st.SearchStrategy[str]:
    """Draw the texts of PDB files.

    Parameters
    ----------
    max_residues
        The most residues of a chain.
    models
        The most models; they have the same atoms at other places.
    altlocs
        Whether atoms may have alternative locations, interleaved or in blocks, and a position two
        components.
    insertions
        Whether residues may have insertion codes.
    gaps
        Whether numbers may jump, also back and below 0, and atoms may be missing.
    modified
        Whether there may be residues without a letter of their own.
    nucleic
        Whether there may be strands of DNA and RNA.
    others
        Whether there may be ligands, ions and waters.
    far
        Whether atoms may lie anywhere that PDB can say, not only near each other.
    assemblies
        Whether a remark may say of which chains operators make copies.

    Returns
    -------
    SearchStrategy[str]
        Shrinks to a file of one glycine.
    """
    options = _Options(
        max_residues,
        models,
        altlocs,
        insertions,
        gaps,
        modified,
        nucleic,
        others,
        far,
        assemblies,
    )
    return _pdb_files(options)


@st.composite
def _pdb_files(draw: st.DrawFn, options: _Options) -> str:
    chains = [draw(_chains(options, name)) for name in "ABC"[: draw(st.integers(1, 3))]]
    others = draw(_others(options)) if options.others else []
    models = draw(st.integers(1, options.models))
    lines = draw(_biomolecules([chain[0].chain for chain in chains])) if options.assemblies else []
    for model in range(1, models + 1):
        lines += [f"MODEL     {model:4}"] if models > 1 else []
        serial = 0
        for chain in chains:
            for residue in chain:
                written = draw(_lines(options, residue, serial))
                serial += len(written)
                lines += written
            serial += 1
            last = chain[-1]
            lines.append(
                f"TER   {serial:5}      {last.component:>3} {last.chain}{last.number:4}"
                f"{last.insertion or ' '}".rstrip()
            )
        for residue in others:
            written = draw(_lines(options, residue, serial))
            serial += len(written)
            lines += written
        lines += ["ENDMDL"] if models > 1 else []
    return "\n".join([*lines, "END", ""])


@st.composite
def _chains(draw: st.DrawFn, options: _Options, name: str) -> list[_Residue]:
    """Draw the residues of one chain: a protein, or DNA or RNA."""
    components = {each: f"N CA C O {side}".strip() for each, side in _SIDE_CHAINS.items()}
    is_nucleic = options.nucleic and draw(st.sampled_from([False, False, True]))
    if is_nucleic:
        components = {each: _NUCLEOTIDES[each] for each in draw(st.sampled_from(_STRANDS))}
    elif options.modified:
        components |= _MODIFIED
    residues: list[_Residue] = []
    number, code = draw(st.just(1) | st.integers(-9, 300) if options.gaps else st.just(1)), ""
    for _ in range(draw(st.integers(1, options.max_residues))):
        # A modified residue is within a chain: alone it would be a ligand.
        known = [each for each in components if residues or each not in _MODIFIED]
        component = draw(st.sampled_from(known))
        atoms = _taken(draw, options, components[component].split())
        lettered = options.altlocs and draw(st.sampled_from([False, False, True]))
        placed = draw(_lettered(atoms)) if lettered else [(atom, "") for atom in atoms]
        record = "HETATM" if component in _MODIFIED else "ATOM"
        residues.append(_Residue(name, component, number, code, record, placed))
        if options.insertions and draw(st.sampled_from([False, False, True])):
            code = chr(ord(code) + 1) if code else "A"
        else:
            step = st.just(1) | st.sampled_from([2, 10, -5, 200]) if options.gaps else st.just(1)
            number, code = number + draw(step), ""
    return residues


@st.composite
def _biomolecules(draw: st.DrawFn, chains: list[str]) -> list[str]:
    """Draw a remark of none to two biomolecules, each of one or two lists of chains."""
    lines = []
    for number in range(1, draw(st.integers(0, 2)) + 1):
        lines.append(f"REMARK 350 BIOMOLECULE: {number}")
        serial = 0
        for _ in range(draw(st.integers(1, 2))):
            some = draw(st.lists(st.sampled_from(chains), min_size=1, max_size=3, unique=True))
            lines.append(f"REMARK 350 APPLY THE FOLLOWING TO CHAINS: {', '.join(some)}")
            for matrix in draw(st.lists(st.sampled_from(_OPERATORS), min_size=1, max_size=3)):
                serial += 1
                for row, numbers in enumerate(matrix, 1):
                    elements = "".join(f"{float(number):10.6f}" for number in numbers.split())
                    moved = draw(st.sampled_from([0, 0, 0.5, 41.98, -1234.56789]))
                    lines.append(f"REMARK 350   BIOMT{row}{serial:4}{elements}{moved:15.5f}")
    return lines


def _taken(draw: st.DrawFn, options: _Options, atoms: list[str]) -> list[str]:
    """All atoms of a residue, or those before one that is missing."""
    if not options.gaps or draw(st.sampled_from([True, True, False])):
        return atoms
    return atoms[: draw(st.integers(min(4, len(atoms)), len(atoms)))]


@st.composite
def _lettered(draw: st.DrawFn, atoms: list[str]) -> list[tuple[str, str]]:
    """Draw the locations of atoms: those from one on have two."""
    first = draw(st.integers(0, len(atoms) - 1))
    alone = [(atom, "") for atom in atoms[:first]]
    if draw(st.booleans()):
        return alone + [(atom, letter) for atom in atoms[first:] for letter in _LETTERS]
    return alone + [(atom, letter) for letter in _LETTERS for atom in atoms[first:]]


@st.composite
def _others(draw: st.DrawFn, options: _Options) -> list[_Residue]:
    """Draw what is behind the chains: ligands and ions, then waters."""
    components = draw(st.lists(st.sampled_from(sorted(_OTHERS)), max_size=3))
    components.sort(key=lambda component: component == "HOH")
    return [
        _Residue(
            "A", component, 401 + row, "", "HETATM", [(a, "") for a in _OTHERS[component].split()]
        )
        for row, component in enumerate(components)
    ]


@st.composite
def _lines(draw: st.DrawFn, options: _Options, residue: _Residue, serial: int) -> list[str]:
    """Draw where the atoms of a residue lie, and write it."""
    middle = st.integers(-99_999, 99_999)
    if options.far:
        middle |= st.integers(_FURTHEST, _LARGEST)
    centre = [draw(middle) for _ in "xyz"]
    b_factor = draw(st.sampled_from([0, 1000, 2512, 10050]))
    lines = []
    for name, letter in residue.atoms:
        near = st.integers(-2_500, 2_500)
        x, y, z = (min(max(at + draw(near), _FURTHEST), _LARGEST) / 1000 for at in centre)
        is_metal = residue.component in _METALS
        element = name if is_metal else ("SE" if name == "SE" else name[0])
        label = f"{name:4}" if len(element) == 2 else f" {name:3}"
        serial += 1
        lines.append(
            f"{residue.record:6}{serial:5} {label}{letter or ' '}{residue.component:>3} "
            f"{residue.chain}{residue.number:4}{residue.insertion or ' '}   "
            f"{x:8.3f}{y:8.3f}{z:8.3f}"
            f"{0.5 if letter else 1.0:6.2f}{b_factor / 100:6.2f}          {element:>2}"
            f"{_CHARGES.get(residue.component, '')}".rstrip()
        )
    return lines
