//! Formats: readers and writers of files of structures and conformers, over bytes.
//!
//! A reader takes the whole content of a file and makes one pass over it, without an allocation for
//! each atom. `PDB.md` and `MMCIF.md` say what each format keeps, what it normalises and how, what it
//! refuses and what it does not read; the page of SDF is `logos_grammar.conformer.sdf`, as its
//! chemistry is the business of a library.

mod assemblies;
mod cif;
mod decimal;
mod element;
mod error;
mod line;
mod links;
mod rows;
mod strands;
mod tables;
mod written;

pub mod mmcif;
pub mod pdb;
pub mod sdf;

pub use error::FormatError;
pub use rows::{Blanks, settle};
