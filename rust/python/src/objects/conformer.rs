//! `logos_grammar.conformer.Conformer`: a molecule and columns of numpy arrays.

use logos_core::columns::Columns;
use logos_core::objects::Conformer;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::columns;
use crate::error::Refusal;
use crate::object::Mirror;

impl Mirror for Conformer {
    type Held = columns::Held;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.conformer", "Conformer")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<columns::Held, Refusal> {
        columns::Held::take(object)
    }

    fn size(held: &columns::Held) -> usize {
        held.len()
    }

    fn build(held: &columns::Held) -> Result<Self, Refusal> {
        columns::build(held)
    }

    fn hold(self) -> columns::Held {
        columns::Held::Made(self.to_bytes())
    }

    fn give(held: columns::Held, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        columns::give(Self::class(py)?, &held)
    }
}
