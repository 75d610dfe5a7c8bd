//! `logos_grammar.protein.Protein`: its sequence as text.

use logos_core::objects::Protein;
use logos_core::sequence::{from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{raise_conversion, text_of};
use crate::object::Mirror;

impl Mirror for Protein {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.protein", "Protein")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let sequence = text_of(object, "sequence")?;
        let residues = from_text(&sequence);
        let residues = residues.map_err(|error| raise_conversion(object.py(), &error, None))?;
        Ok(Protein { residues })
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Protein::class(py)?.call1((to_text(&self.residues),))
    }
}
