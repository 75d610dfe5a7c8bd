//! Objects in, sentences out, and back.

use logos_core::Object;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::error::{grammar_error, raise_grammar, raise_grammar_of};

/// A type of the core and its Python class, whose fields have one name and one order.
pub trait Mirror: Sized {
    /// The Python class, imported once.
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>>;

    /// From an instance of the class.
    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self>;

    /// To an instance of the class.
    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;
}

macro_rules! dispatch {
    ($($module:ident $Type:ident)*) => {
        /// Any object of any type.
        pub fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Object> {
            $(if object.is_instance(<logos_core::objects::$Type as Mirror>::class(object.py())?)? {
                return <logos_core::objects::$Type as Mirror>::from_python(object).map(Object::from);
            })*
            let known = [$(stringify!($Type)),*].join(", ");
            let found = object.get_type().name()?;
            Err(PyTypeError::new_err(format!("expected one of {known}, not {found}")))
        }

        /// Any object to Python.
        pub fn to_python(object: Object, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
            match object {
                $(Object::$Type(x) => x.to_python(py),)*
            }
        }
    };
}

logos_core::for_each_object!(dispatch);

/// The sentence of an object.
#[pyfunction]
pub fn encode(object: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyArray1<u16>>> {
    let py = object.py();
    let object = from_python(&object)?;
    let ids =
        py.detach(|| logos_core::encode(&object)).map_err(|error| raise_grammar(py, *error))?;
    Ok(ids.into_pyarray(py))
}

/// Flat ids, and offsets.
type Sentences<'py> = (Bound<'py, PyArray1<u16>>, Bound<'py, PyArray1<i64>>);

/// The sentences of many objects, flat, and where each ends.
#[pyfunction]
pub fn encode_many<'py>(
    py: Python<'py>,
    objects: Vec<Bound<'py, PyAny>>,
) -> PyResult<Sentences<'py>> {
    let mut ids = Vec::new();
    let mut offsets = vec![0];
    for (row, object) in objects.iter().enumerate() {
        let object = from_python(object)?;
        let sentence = logos_core::encode(&object);
        ids.extend(sentence.map_err(|error| raise_grammar_of(py, *error, row))?);
        offsets.push(ids.len() as i64);
    }
    Ok((ids.into_pyarray(py), offsets.into_pyarray(py)))
}

/// The object of a sentence.
#[pyfunction]
pub fn decode(ids: PyReadonlyArray1<'_, u16>) -> PyResult<Bound<'_, PyAny>> {
    let py = ids.py();
    let ids = ids.as_slice()?.to_vec();
    let object =
        py.detach(|| logos_core::decode(&ids)).map_err(|error| raise_grammar(py, *error))?;
    to_python(object, py)
}

/// The objects of many sentences.
#[pyfunction]
pub fn decode_many<'py>(
    py: Python<'py>,
    ids: PyReadonlyArray1<'py, u16>,
    offsets: PyReadonlyArray1<'py, i64>,
) -> PyResult<Bound<'py, PyList>> {
    let objects = PyList::empty(py);
    let bounds = crate::column::bounds(offsets.as_slice()?, ids.len()?)?;
    for (row, (start, end)) in bounds.into_iter().enumerate() {
        let sentence = &ids.as_slice()?[start..end];
        let object = logos_core::decode(sentence);
        let object = object.map_err(|error| raise_grammar_of(py, *error, row))?;
        objects.append(to_python(object, py)?)?;
    }
    Ok(objects)
}

/// What is wrong with a sentence, or nothing.
#[pyfunction]
pub fn check(ids: PyReadonlyArray1<'_, u16>) -> PyResult<Option<Bound<'_, PyAny>>> {
    let py = ids.py();
    let ids = ids.as_slice()?.to_vec();
    py.detach(|| logos_core::check(&ids)).map(|error| grammar_error(py, *error, None)).transpose()
}

/// The ids that can continue a prefix.
#[pyfunction]
pub fn next_ids(prefix: PyReadonlyArray1<'_, u16>) -> PyResult<Bound<'_, PyArray1<u16>>> {
    let py = prefix.py();
    let ids = prefix.as_slice()?.to_vec();
    let next =
        py.detach(|| logos_core::next_ids(&ids)).map_err(|error| raise_grammar(py, *error))?;
    Ok(next.into_pyarray(py))
}
