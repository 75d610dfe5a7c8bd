//! `logos_grammar.structure.Structure`: tables of columns.

use logos_core::columns::Columns;
use logos_core::objects::Structure;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::columns;
use crate::error::Refusal;
use crate::object::Mirror;

impl Mirror for Structure {
    type Held = columns::Held;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.structure", "Structure")
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
