//! mmCIF: the format of the Protein Data Bank. `MMCIF.md` says what is kept of it.

mod assemblies;
mod atoms;
mod block;
mod connections;
mod displacements;
mod labels;
mod lacking;
mod parts;
mod read;
mod sequence;
mod write;
mod write_tables;

pub use parts::{Part, parts};
pub use read::{Reading, read};
pub use write::write;
