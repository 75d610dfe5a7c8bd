//! PDB: the format of fixed columns. `PDB.md` says what is kept of it.

mod hybrid36;
mod line;
mod links;
mod read;
mod tail;
mod write;

pub use read::{Reading, read};
pub use write::{WriteOptions, write};
