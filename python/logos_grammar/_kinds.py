"""The kinds of objects and of texts: written by spec/generate.py from spec/; do not edit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

TextKind: TypeAlias = Literal[
    "protein",
    "dna",
    "rna",
    "molecule",
    "reaction",
]

OBJECT_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "antibody": "Antibody",
        "complex": "Complex",
        "conformer": "Conformer",
        "edit": "Edit",
        "infill": "Infill",
        "molecule": "Molecule",
        "nucleic_acid": "NucleicAcid",
        "pocket": "Pocket",
        "protein": "Protein",
        "reaction": "Reaction",
        "structure": "Structure",
    }
)
"""The class of each object type."""

FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dna": "nucleic_acid",
        "rna": "nucleic_acid",
    }
)
"""The object type of each form, into which its first rule divides it."""

TEXTS: Final[Mapping[TextKind, str]] = MappingProxyType(
    {
        "protein": "one-letter codes, and (NAME) for a residue that has none",
        "dna": "one-letter codes of DNA, and (NAME)",
        "rna": "one-letter codes of RNA, and (NAME)",
        "molecule": "SMILES",
        "reaction": "reaction SMILES",
    }
)
"""What the text of a kind is, in words, for each kind that has a text."""
