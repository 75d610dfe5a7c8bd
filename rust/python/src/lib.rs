//! The border between logos-core and Python: arguments in, numpy arrays and objects out.
//!
//! Nothing is decided here. The interpreter is released around all work on texts and ids that
//! makes no Python object.

mod array;
mod batch;
mod columns;
mod contacts;
mod error;
mod formats;
mod grammar;
mod graph;
mod grow;
mod logits;
mod many;
mod masks;
mod object;
mod objects;
mod page;
mod pipeline;
mod profile;
mod recognizer;
mod smiles;
mod texts;
mod threads;
mod vocabulary;

/// What logos-core offers to Python.
#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use crate::batch::{accept_batch, apply_batch, fill_batch};
    #[pymodule_export]
    use crate::contacts::contacts_of;
    #[pymodule_export]
    use crate::formats::{
        mmcif_parts, sdf_end_of_runs, sdf_records, structure_from_mmcif, structure_from_pdb,
        structure_layout, structure_settled, structure_to_mmcif, structure_to_pdb,
    };
    #[pymodule_export]
    use crate::grammar::PyGrammar;
    #[pymodule_export]
    use crate::graph::molecule_from_graph;
    #[pymodule_export]
    use crate::grow::{infill_cut, infill_whole};
    #[pymodule_export]
    use crate::many::{decode_many, encode_many};
    #[pymodule_export]
    use crate::object::{check, decode, encode, next_ids};
    #[pymodule_export]
    use crate::page::{pages, trace};
    #[pymodule_export]
    use crate::recognizer::{PyRecognizer, recognizer_after};
    #[pymodule_export]
    use crate::smiles::{molecule_from_smiles, molecule_to_smiles, reaction_from_smiles};
    #[pymodule_export]
    use crate::texts::{decode_texts, encode_texts};
    #[pymodule_export]
    use crate::vocabulary::{blocks, fingerprint, size, spec_texts, tokens};
}
