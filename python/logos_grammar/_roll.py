"""The roll of object types: written by spec/generate.py from spec/; do not edit."""

OBJECT_TYPES: dict[str, str] = {
    "antibody": "Antibody",
    "edit": "Edit",
    "infill": "Infill",
    "molecule": "Molecule",
    "nucleic_acid": "NucleicAcid",
    "protein": "Protein",
    "reaction": "Reaction",
}
