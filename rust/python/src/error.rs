//! Errors of the core as the exceptions of `logos_grammar.error`.

use logos_core::{GrammarError, TextError};
use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

/// The `GrammarError` of a sentence or an object, as an exception object.
pub fn grammar_error(py: Python<'_>, error: GrammarError) -> PyResult<Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "logos_grammar.error", "GrammarError")?;
    let fields = PyDict::new(py);
    fields.set_item("position", error.position)?;
    let message = error.to_string();
    fields.set_item("expected_ids", error.expected.into_pyarray(py))?;
    fields.set_item("condition", error.condition.as_deref())?;
    class.call((message,), Some(&fields))
}

/// The `ConversionError` of a text, as an exception object.
pub fn conversion_error<'py>(
    py: Python<'py>,
    error: &TextError,
    record: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "logos_grammar.error", "ConversionError")?;
    let fields = PyDict::new(py);
    fields.set_item("position", error.position)?;
    fields.set_item("record", record)?;
    let message = match record {
        Some(record) => format!("{error} of record {record}"),
        None => error.to_string(),
    };
    class.call((message,), Some(&fields))
}

/// The characters of a string; a lone surrogate is none.
pub fn utf8<'a>(text: &'a Bound<'_, PyString>, record: Option<usize>) -> PyResult<&'a str> {
    text.to_str().map_err(|_| {
        let whole = text.to_string_lossy();
        let position = whole.chars().position(|c| c == char::REPLACEMENT_CHARACTER).unwrap_or(0);
        let error = TextError::new(position, "expected a character, not a lone surrogate");
        raise_conversion(text.py(), &error, record)
    })
}

/// A field that holds text.
pub fn text_of(object: &Bound<'_, PyAny>, field: &str) -> PyResult<String> {
    let value = object.getattr(field)?;
    utf8(value.cast::<PyString>()?, None).map(str::to_owned)
}

/// Raise a `GrammarError`.
pub fn raise_grammar(py: Python, error: GrammarError) -> PyErr {
    match grammar_error(py, error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// Raise a `ConversionError`.
pub fn raise_conversion(py: Python, error: &TextError, record: Option<usize>) -> PyErr {
    match conversion_error(py, error, record) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
