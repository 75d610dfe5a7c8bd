//! A recognizer has one user at a time.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::PyRecognizer;

/// The recognizer, which nothing else uses meanwhile.
#[inline]
pub(crate) fn own<'py>(
    recognizer: &Bound<'py, PyRecognizer>,
) -> PyResult<PyRefMut<'py, PyRecognizer>> {
    recognizer.try_borrow_mut().map_err(|_| in_use())
}

#[cold]
fn in_use() -> PyErr {
    PyRuntimeError::new_err(
        "expected one user of a recognizer at a time, found another, such as a thread: give each \
         its own, made by fork()",
    )
}
