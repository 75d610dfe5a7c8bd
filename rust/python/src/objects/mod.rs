//! The list of object types at the border: written by spec/generate.py from spec/; do not edit.

mod antibody;
mod complex;
mod conformer;
mod edit;
mod infill;
mod molecule;
mod nucleic_acid;
mod pocket;
mod protein;
mod reaction;
mod structure;
