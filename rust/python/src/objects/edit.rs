//! `logos_grammar.edit.Edit`: a protein whose text has marks, and its edited form.

use logos_core::objects::{Edit, Protein};
use logos_core::sequence::{from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{raise_conversion, text_of};
use crate::object::Mirror;

impl Mirror for Edit {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.edit", "Edit")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let before = text_of(&object.getattr("before")?, "sequence")?;
        let before = from_text(&before);
        Ok(Edit {
            before: before.map_err(|error| raise_conversion(object.py(), &error, None))?,
            after: Protein::from_python(&object.getattr("after")?)?,
        })
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let before = Protein::class(py)?.call1((to_text(&self.before),))?;
        Edit::class(py)?.call1((before, self.after.to_python(py)?))
    }
}
