//! Objects that are columns: Python holds their bytes, in `logos_grammar.columns.Columns`.

use std::ops::Deref;

use logos_core::columns::Columns;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::error::Refusal;

/// Take the bytes of an instance.
pub fn take(object: &Bound<'_, PyAny>) -> Result<Vec<u8>, Refusal> {
    let bytes = object.getattr(intern!(object.py(), "_bytes"))?;
    Ok(bytes.cast::<PyBytes>().map_err(PyErr::from)?.as_bytes().to_vec())
}

/// What an instance holds, which is shared with it and not copied; or what is to be held.
pub enum Held {
    /// The bytes of an instance.
    Shared(PyBackedBytes),
    /// The bytes that an instance will hold.
    Made(Vec<u8>),
}

impl Held {
    /// Share the bytes of an instance.
    pub fn take(object: &Bound<'_, PyAny>) -> Result<Self, Refusal> {
        let bytes = object.getattr(intern!(object.py(), "_bytes"))?;
        let bytes = bytes.cast_into::<PyBytes>().map_err(PyErr::from)?;
        Ok(Held::Shared(bytes.into()))
    }
}

impl Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Held::Shared(bytes) => bytes,
            Held::Made(bytes) => bytes,
        }
    }
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
