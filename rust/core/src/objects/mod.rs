//! The list of object types: written by spec/generate.py from spec/; do not edit.

pub mod antibody;
pub mod complex;
pub mod conformer;
pub mod edit;
pub mod infill;
pub mod molecule;
pub mod nucleic_acid;
pub mod pocket;
pub mod protein;
pub mod reaction;
pub mod structure;

pub use antibody::Antibody;
pub use complex::Complex;
pub use conformer::Conformer;
pub use edit::Edit;
pub use infill::Infill;
pub use molecule::Molecule;
pub use nucleic_acid::NucleicAcid;
pub use pocket::Pocket;
pub use protein::Protein;
pub use reaction::Reaction;
pub use structure::Structure;

/// Hand the list of object types, `module Type` each, to a macro.
#[macro_export]
macro_rules! for_each_object {
    ($macro:ident) => {
        $macro! {
            antibody Antibody
            complex Complex
            conformer Conformer
            edit Edit
            infill Infill
            molecule Molecule
            nucleic_acid NucleicAcid
            pocket Pocket
            protein Protein
            reaction Reaction
            structure Structure
        }
    };
}

/// Hand the list of kinds of text, `"kind" Kind module::Text` each, to a macro.
#[macro_export]
macro_rules! for_each_text {
    ($macro:ident) => {
        $macro! {
            "protein" Protein protein::ProteinText
            "dna" Dna nucleic_acid::DnaText
            "rna" Rna nucleic_acid::RnaText
            "molecule" Molecule molecule::MoleculeText
            "reaction" Reaction reaction::ReactionText
        }
    };
}
