//! `logos_grammar.edit.Edit`: a protein whose text has marks, and its edited form.

use logos_core::objects::{Edit, Protein};
use logos_core::sequence::{from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{Refusal, object_of};
use crate::object::Mirror;

/// The text of the protein with marks, and of its edited form.
pub struct Forms {
    before: String,
    after: String,
}

impl Mirror for Edit {
    type Held = Forms;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.edit", "Edit")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Forms, Refusal> {
        let form = |field| -> Result<String, Refusal> {
            Protein::take(&object_of(object, field, Protein::class(object.py())?)?)
        };
        Ok(Forms { before: form("before")?, after: form("after")? })
    }

    fn build(Forms { before, after }: &Forms) -> Result<Self, Refusal> {
        Ok(Edit { before: from_text(before)?, after: Protein::build(after)? })
    }

    fn hold(self) -> Forms {
        Forms { before: to_text(&self.before), after: self.after.hold() }
    }

    fn give(Forms { before, after }: Forms, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let before = Protein::give(before, py)?;
        Edit::class(py)?.call1((before, Protein::give(after, py)?))
    }
}
