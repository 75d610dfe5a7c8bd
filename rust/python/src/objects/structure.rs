//! `logos_grammar.structure.Structure`: tables of columns.

use logos_core::columns::Columns;
use logos_core::objects::Structure;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::columns;
use crate::error::Refusal;
use crate::object::Mirror;

impl Mirror for Structure {
    type Held = Vec<u8>;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.structure", "Structure")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Vec<u8>, Refusal> {
        columns::take(object)
    }

    fn build(held: &Vec<u8>) -> Result<Self, Refusal> {
        columns::build(held)
    }

    fn hold(self) -> Vec<u8> {
        self.to_bytes()
    }

    fn give(held: Vec<u8>, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        columns::give(Self::class(py)?, &held)
    }
}
