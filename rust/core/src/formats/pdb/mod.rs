//! PDB: the format of fixed columns. `PDB.md` says what is kept of it.

mod biomolecules;
mod fields;
mod hybrid36;
mod lately;
mod links;
mod read;
mod sequence;
mod tail;
mod write;
mod write_biomolecules;
mod write_links;

use super::line;

pub use read::{Reading, read};
pub use write::{WriteOptions, write};
