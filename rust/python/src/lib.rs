//! The border between logos-core and Python: arguments in, numpy arrays and objects out.
//!
//! Nothing is decided here. The interpreter is released around all work on texts and ids that
//! makes no Python object.

mod array;
mod batch;
mod column;
mod error;
mod grammar;
mod masks;
mod object;
mod objects;
mod page;
mod profile;
mod recognizer;
mod text;
mod vocabulary;

/// What logos-core offers to Python.
#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use crate::batch::{accept_batch, apply_batch, fill_batch};
    #[pymodule_export]
    use crate::column::{decode_column, encode_column};
    #[pymodule_export]
    use crate::grammar::PyGrammar;
    #[pymodule_export]
    use crate::object::{check, decode, decode_many, encode, encode_many, next_ids};
    #[pymodule_export]
    use crate::page::{pages, trace};
    #[pymodule_export]
    use crate::recognizer::{PyRecognizer, recognizer_after};
    #[pymodule_export]
    use crate::text::{molecule_from_smiles, molecule_to_smiles, reaction_from_smiles};
    #[pymodule_export]
    use crate::vocabulary::{blocks, fingerprint, size, spec_texts, tokens};
}
