//! Objects that are columns: Python holds their bytes, in `logos_grammar.columns.Columns`.

use logos_core::columns::Columns;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::Refusal;

/// Take the bytes of an instance.
pub fn take(object: &Bound<'_, PyAny>) -> Result<Vec<u8>, Refusal> {
    let bytes = object.getattr(intern!(object.py(), "_bytes"))?;
    Ok(bytes.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes().to_vec())
}

/// Make the object of its bytes.
pub fn build<T: Columns>(bytes: &[u8]) -> Result<T, Refusal> {
    T::from_bytes(bytes).ok_or(Refusal::Value("expected the columns that the class declares"))
}

/// Make an instance of a class.
pub fn give<'py>(class: &Bound<'py, PyAny>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    class.call_method1(intern!(py, "_of_bytes"), (PyBytes::new(py, bytes),))
}
