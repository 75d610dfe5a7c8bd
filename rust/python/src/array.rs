//! Arrays that are written to, ids in whatever holds them, and integers of any size.

use numpy::ndarray::Dimension;
use numpy::{
    Element, PyArray, PyArrayMethods, PyReadonlyArray1, PyReadwriteArray, PyUntypedArray,
    PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// An array of numpy, or that of a tensor of torch on the CPU, to write to.
pub fn writable<'py, T: Element, D: Dimension>(
    array: &Bound<'py, PyAny>,
    wanted: &str,
) -> PyResult<PyReadwriteArray<'py, T, D>> {
    if let Ok(typed) = array.cast() {
        return contiguous(typed, wanted);
    }
    other_writable(array, wanted)
}

/// An array of another type, which is refused, or that of a tensor.
#[cold]
fn other_writable<'py, T: Element, D: Dimension>(
    array: &Bound<'py, PyAny>,
    wanted: &str,
) -> PyResult<PyReadwriteArray<'py, T, D>> {
    if array.is_instance_of::<PyUntypedArray>() {
        return contiguous(typed(array, wanted)?, wanted);
    }
    if !array.hasattr("numpy")? {
        let found = array.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "expected {wanted}, an array of numpy or a tensor of torch on the CPU, not {found}"
        )));
    }
    let array = array.call_method0("numpy").map_err(|error| {
        let dtype = array.getattr("dtype").map_or_else(|_| String::new(), |it| it.to_string());
        PyValueError::new_err(format!("expected {wanted}, not {dtype}: {error}"))
    })?;
    contiguous(typed(&array, wanted)?, wanted)
}

/// An array of numpy as one of a type and a number of dimensions.
fn typed<'a, 'py, T: Element, D: Dimension>(
    array: &'a Bound<'py, PyAny>,
    wanted: &str,
) -> PyResult<&'a Bound<'py, PyArray<T, D>>> {
    if let Ok(typed) = array.cast() {
        return Ok(typed);
    }
    let found = array.cast::<PyUntypedArray>()?;
    let (dtype, shape) = (found.dtype().to_string(), found.shape());
    Err(PyValueError::new_err(format!("expected {wanted}, not {dtype} {shape:?}")))
}

#[inline]
fn contiguous<'py, T: Element, D: Dimension>(
    array: &Bound<'py, PyArray<T, D>>,
    wanted: &str,
) -> PyResult<PyReadwriteArray<'py, T, D>> {
    if !array.is_c_contiguous() {
        return Err(PyValueError::new_err(format!(
            "expected {wanted}, contiguous, not a view with strides"
        )));
    }
    array.try_readwrite().map_err(|error| {
        PyValueError::new_err(format!("expected {wanted} that can be written to: {error}"))
    })
}

/// Ids as `logos_grammar.codec.as_ids` takes them: any integers of one dimension.
pub fn ids_of(ids: &Bound<'_, PyAny>) -> PyResult<Vec<u16>> {
    static AS_IDS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let as_ids = AS_IDS.import(ids.py(), "logos_grammar.codec", "as_ids")?;
    let array: PyReadonlyArray1<'_, u16> = as_ids.call1((ids,))?.extract()?;
    Ok(array.as_slice()?.to_vec())
}

/// Ids of which any integer may be one: what is no id of 16 bits is no token either.
pub fn tokens_of(ids: &Bound<'_, PyAny>) -> PyResult<Vec<u16>> {
    static AS_TOKENS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let as_tokens = AS_TOKENS.import(ids.py(), "logos_grammar.codec", "as_tokens")?;
    let array: PyReadonlyArray1<'_, u16> = as_tokens.call1((ids,))?.extract()?;
    Ok(array.as_slice()?.to_vec())
}

/// An integer of Python; one beyond 64 bits is the nearest that is not.
#[derive(Clone, Copy)]
pub struct Whole(pub i64);

impl FromPyObject<'_, '_> for Whole {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        match object.extract::<i64>() {
            Ok(whole) => Ok(Whole(whole)),
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
                Ok(Whole(if object.lt(0)? { i64::MIN } else { i64::MAX }))
            }
            Err(error) => Err(error),
        }
    }
}
