"""The classes of the object types: written by spec/generate.py from spec/; do not edit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from logos_grammar import (
    antibody,
    complex,
    conformer,
    edit,
    infill,
    molecule,
    nucleic_acid,
    pocket,
    protein,
    reaction,
    structure,
)
from logos_grammar.antibody import Antibody
from logos_grammar.complex import Complex
from logos_grammar.conformer import Conformer
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.pocket import Pocket
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.structure import Structure

__all__ = [
    "antibody",
    "complex",
    "conformer",
    "edit",
    "infill",
    "molecule",
    "nucleic_acid",
    "pocket",
    "protein",
    "reaction",
    "structure",
]

ScientificObject: TypeAlias = (
    Antibody
    | Complex
    | Conformer
    | Edit
    | Infill
    | Molecule
    | NucleicAcid
    | Pocket
    | Protein
    | Reaction
    | Structure
)
"""Any object of the spec."""

CLASSES: Final[Mapping[str, type[ScientificObject]]] = MappingProxyType(
    {
        "antibody": Antibody,
        "complex": Complex,
        "conformer": Conformer,
        "edit": Edit,
        "infill": Infill,
        "molecule": Molecule,
        "nucleic_acid": NucleicAcid,
        "pocket": Pocket,
        "protein": Protein,
        "reaction": Reaction,
        "structure": Structure,
    }
)
"""The class of each object type."""
