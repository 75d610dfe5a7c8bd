"""The classes of the object types: written by spec/generate.py from spec/; do not edit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from logos_grammar import (
    antibody,
    conformer,
    edit,
    infill,
    molecule,
    nucleic_acid,
    protein,
    reaction,
    structure,
)
from logos_grammar.antibody import Antibody
from logos_grammar.conformer import Conformer
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.structure import Structure

__all__ = [
    "antibody",
    "conformer",
    "edit",
    "infill",
    "molecule",
    "nucleic_acid",
    "protein",
    "reaction",
    "structure",
]

ScientificObject: TypeAlias = (
    Antibody | Conformer | Edit | Infill | Molecule | NucleicAcid | Protein | Reaction | Structure
)
"""Any object of the spec."""

CLASSES: Final[Mapping[str, type[ScientificObject]]] = MappingProxyType(
    {
        "antibody": Antibody,
        "conformer": Conformer,
        "edit": Edit,
        "infill": Infill,
        "molecule": Molecule,
        "nucleic_acid": NucleicAcid,
        "protein": Protein,
        "reaction": Reaction,
        "structure": Structure,
    }
)
"""The class of each object type."""
