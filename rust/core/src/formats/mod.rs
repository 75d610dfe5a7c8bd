//! Formats: readers and writers of files of structures, over bytes.
//!
//! A reader takes the whole content of a file and makes one pass over it, without an allocation for
//! each atom. `PDB.md` and `MMCIF.md` say what each format keeps, what it normalises and how, what it
//! refuses and what it does not read.

mod cif;
mod decimal;
mod element;
mod error;
mod links;
mod rows;
mod strands;

pub mod mmcif;
pub mod pdb;

pub use error::FormatError;
pub use rows::Blanks;
