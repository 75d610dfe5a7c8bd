//! `logos_grammar.protein.Protein`: its sequence as text.

use logos_core::objects::Protein;
use logos_core::sequence::{from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{Refusal, text_of};
use crate::object::Mirror;

impl Mirror for Protein {
    type Held = String;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.protein", "Protein")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<String, Refusal> {
        text_of(object, "sequence")
    }

    fn build(held: &String) -> Result<Self, Refusal> {
        Ok(Protein { residues: from_text(held)? })
    }

    fn hold(self) -> String {
        to_text(&self.residues)
    }

    fn give(held: String, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Protein::class(py)?.call1((held,))
    }
}
