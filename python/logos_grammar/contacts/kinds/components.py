"""What the atoms of residues are, by component and name: amino acids, nucleotides.

Hydrophobic atoms are carbons that are bonded to carbons and hydrogens only. Charged groups and what
coordinates metals are those of PLIP (Salentin et al., Nucleic Acids Research 2015, 43, W443), with
amides, methionine and bases as what coordinates metals (Harding, Acta Crystallographica 2001, D57,
401). The ends of chains are not taken as charged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

__all__ = ["COMPONENTS", "Component"]


@dataclass(frozen=True, kw_only=True)
class Component:
    """What the atoms of a component are, by their names; several groups where there are several."""

    donor: str = ""
    acceptor: str = ""
    hydrophobic: str = ""
    cation: str = ""
    anion: str = ""
    """The centre of the group."""
    anion_atoms: str = ""
    """The atoms of the group, where they are not the centre."""
    rings: tuple[str, ...] = ()
    sulfur: str = ""
    """What coordinates metals, besides acceptors."""


_PHENYL: Final = "CG CD1 CD2 CE1 CE2 CZ"

_AMINO_ACIDS: Final = {
    "ALA": Component(hydrophobic="CB"),
    "ARG": Component(donor="NE NH1 NH2", hydrophobic="CB CG", cation="NE NH1 NH2"),
    "ASN": Component(donor="ND2", acceptor="OD1", hydrophobic="CB"),
    "ASP": Component(acceptor="OD1 OD2", hydrophobic="CB", anion="OD1 OD2"),
    "CYS": Component(sulfur="SG"),
    "GLN": Component(donor="NE2", acceptor="OE1", hydrophobic="CB CG"),
    "GLU": Component(acceptor="OE1 OE2", hydrophobic="CB CG", anion="OE1 OE2"),
    "GLY": Component(),
    "HIS": Component(
        donor="ND1 NE2",
        acceptor="ND1 NE2",
        hydrophobic="CB",
        cation="ND1 NE2",
        rings=("CG ND1 CD2 CE1 NE2",),
    ),
    "ILE": Component(hydrophobic="CB CG1 CG2 CD1 CD"),
    "LEU": Component(hydrophobic="CB CG CD1 CD2"),
    "LYS": Component(donor="NZ", hydrophobic="CB CG CD", cation="NZ"),
    "MET": Component(hydrophobic="CB", sulfur="SD"),
    "MSE": Component(hydrophobic="CB", sulfur="SE"),
    "PHE": Component(hydrophobic=f"CB {_PHENYL}", rings=(_PHENYL,)),
    "PRO": Component(hydrophobic="CB CG"),
    "SER": Component(donor="OG", acceptor="OG"),
    "THR": Component(donor="OG1", acceptor="OG1", hydrophobic="CG2"),
    "TRP": Component(
        donor="NE1",
        hydrophobic="CB CG CD2 CE3 CZ2 CZ3 CH2",
        rings=("CG CD1 CD2 NE1 CE2", "CD2 CE2 CE3 CZ2 CZ3 CH2"),
    ),
    "TYR": Component(
        donor="OH", acceptor="OH", hydrophobic="CB CG CD1 CD2 CE1 CE2", rings=(_PHENYL,)
    ),
    "VAL": Component(hydrophobic="CB CG1 CG2"),
}

# Names that programs give to states of protonation.
_STATES: Final = {
    **dict.fromkeys(("HID", "HIE", "HSD", "HSE"), replace(_AMINO_ACIDS["HIS"], cation="")),
    **dict.fromkeys(("HIP", "HSP"), replace(_AMINO_ACIDS["HIS"], acceptor="")),
    **dict.fromkeys(("CYX", "CYM"), _AMINO_ACIDS["CYS"]),
    "ASH": replace(_AMINO_ACIDS["ASP"], anion="", donor="OD1 OD2"),
    "GLH": replace(_AMINO_ACIDS["GLU"], anion="", donor="OE1 OE2"),
    "LYN": replace(_AMINO_ACIDS["LYS"], cation=""),
}

_PYRIMIDINE: Final = "N1 C2 N3 C4 C5 C6"
_PURINE: Final = (_PYRIMIDINE, "C4 C5 N7 C8 N9")
_BASES: Final = {
    "A": Component(donor="N6", acceptor="N1 N3 N7", rings=_PURINE),
    "C": Component(donor="N4", acceptor="O2 N3", hydrophobic="C5", rings=(_PYRIMIDINE,)),
    "G": Component(donor="N1 N2", acceptor="O6 N3 N7", rings=_PURINE),
    "T": Component(donor="N3", acceptor="O2 O4", hydrophobic="C5 C7", rings=(_PYRIMIDINE,)),
    "U": Component(donor="N3", acceptor="O2 O4", hydrophobic="C5", rings=(_PYRIMIDINE,)),
}
_PHOSPHATE: Final = "OP1 OP2 O1P O2P OP3"


def _residue(component: Component, name: str) -> Component:
    """An amino acid with its backbone."""
    return replace(
        component,
        donor=component.donor if name == "PRO" else f"N {component.donor}",
        acceptor=f"O OXT {component.acceptor}",
    )


def _nucleotide(base: Component, *, ribose: bool) -> Component:
    """A base with its sugar and phosphate."""
    return replace(
        base,
        donor=f"{base.donor} O2' O3' O5'" if ribose else f"{base.donor} O3' O5'",
        acceptor=f"{base.acceptor} {_PHOSPHATE} O3' O4' O5'" + (" O2'" if ribose else ""),
        hydrophobic=base.hydrophobic if ribose else f"{base.hydrophobic} C2'",
        anion="P",
        anion_atoms=_PHOSPHATE,
    )


COMPONENTS: Final = {
    **{name: _residue(each, name) for name, each in (_AMINO_ACIDS | _STATES).items()},
    **{name: _nucleotide(_BASES[name], ribose=True) for name in "ACGU"},
    **{f"D{name}": _nucleotide(_BASES[name], ribose=False) for name in "ACGTU"},
}
"""The components whose atoms are known. Of others only metals are."""
