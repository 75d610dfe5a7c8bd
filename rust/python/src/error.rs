//! Errors of the core as the exceptions of `logos_grammar.error`.

use logos_core::formats::FormatError;
use logos_core::grammar::lexicon::Lexicon;
use logos_core::objects::molecule::graph::GraphError;
use logos_core::{GrammarError, TextError};
use numpy::IntoPyArray;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyIterator, PyString, PyType};

/// Why what Python holds is not an object, or has no sentence.
pub enum Refusal {
    /// It breaks the grammar.
    Grammar(Box<GrammarError>),
    /// A text of it cannot be read; the name of its field, where there are several.
    Text(TextError, Option<&'static str>),
    /// It is not what its class makes.
    Value(&'static str),
    /// It, or a field of it, is of another class.
    Type(String),
    /// Python refused to hand it over.
    Python(PyErr),
}

impl Refusal {
    /// The exception to raise, of one object among many or of the only one.
    pub fn raise(self, py: Python<'_>, record: Option<usize>) -> PyErr {
        let exception = match self {
            Refusal::Grammar(error) => grammar_error(py, *error, record),
            Refusal::Text(error, field) => {
                conversion_error(py, &error, record).and_then(|exception| match field {
                    Some(field) => {
                        exception.call_method1("add_note", (format!("in {field}"),))?;
                        Ok(exception)
                    }
                    None => Ok(exception),
                })
            }
            Refusal::Value(reason) => {
                return PyValueError::new_err(of_record(reason.to_owned(), record));
            }
            Refusal::Type(reason) => return PyTypeError::new_err(of_record(reason, record)),
            Refusal::Python(error) => return error,
        };
        exception.map_or_else(|error| error, PyErr::from_value)
    }
}

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        Refusal::Text(error, None)
    }
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Self {
        Refusal::Python(error)
    }
}

/// The `GrammarError` of a sentence or an object, as an exception object.
pub fn grammar_error(
    py: Python<'_>,
    error: GrammarError,
    record: Option<usize>,
) -> PyResult<Bound<'_, PyAny>> {
    named_error(py, error, &Lexicon::default(), record)
}

/// The same, with the names of declared tokens.
pub fn named_error<'py>(
    py: Python<'py>,
    error: GrammarError,
    lexicon: &Lexicon,
    record: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "logos_grammar.error", "GrammarError")?;
    let fields = PyDict::new(py);
    fields.set_item("position", error.position)?;
    fields.set_item("record", record)?;
    if let Some(cell) = &error.cell {
        fields.set_item("column", cell.column.as_ref())?;
        fields.set_item("row", cell.row)?;
    }
    let message = error.named_of(lexicon, record).to_string();
    fields.set_item("expected_ids", error.expected.into_pyarray(py))?;
    fields.set_item("condition", error.condition.as_deref())?;
    class.call((message,), Some(&fields))
}

fn conversion_error_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "logos_grammar.error", "ConversionError")
}

/// The `ConversionError` of a text, as an exception object.
pub fn conversion_error<'py>(
    py: Python<'py>,
    error: &TextError,
    record: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let class = conversion_error_class(py)?;
    let fields = PyDict::new(py);
    fields.set_item("position", error.position)?;
    fields.set_item("record", record)?;
    fields.set_item("condition", error.reason.as_ref())?;
    let message = of_record(error.to_string(), record);
    class.call((message,), Some(&fields))
}

/// The characters of a string; a lone surrogate is none.
pub fn str_of<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, TextError> {
    text.to_str().map_err(|_| {
        let whole = text.to_string_lossy();
        let position = whole.chars().position(|c| c == char::REPLACEMENT_CHARACTER).unwrap_or(0);
        TextError::new(position, "expected a character, not a lone surrogate")
    })
}

/// The characters of a string, or its exception.
pub fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    str_of(text).map_err(|error| raise_conversion(text.py(), &error, None))
}

/// A field that holds text.
pub fn text_of(object: &Bound<'_, PyAny>, field: &'static str) -> Result<String, Refusal> {
    let value = object.getattr(field)?;
    match value.cast::<PyString>() {
        Ok(text) => {
            let text = str_of(text).map_err(|error| Refusal::Text(error, Some(field)))?;
            Ok(text.to_owned())
        }
        Err(_) => Err(field_is_not(object, field, "a str", &value)),
    }
}

/// A field that holds one of a few words: the place of the word among them.
pub fn word_of(
    object: &Bound<'_, PyAny>,
    field: &'static str,
    known: &[&str],
) -> Result<usize, Refusal> {
    let found = text_of(object, field)?;
    known.iter().position(|word| *word == found).ok_or_else(|| {
        let class =
            object.get_type().name().map_or_else(|_| String::new(), |name| name.to_string());
        let condition =
            format!("expected {class}.{field} to be {}, not {found:?}", known.join(" or "));
        Refusal::Grammar(Box::new(GrammarError::unwritable(0, condition)))
    })
}

/// A field that holds an object of a class.
pub fn object_of<'py>(
    object: &Bound<'py, PyAny>,
    field: &str,
    class: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>, Refusal> {
    let value = object.getattr(field)?;
    if value.is_instance(class)? {
        return Ok(value);
    }
    let wanted = format!("a {}", class.getattr("__name__")?);
    Err(field_is_not(object, field, &wanted, &value))
}

/// The members of a field that holds several.
pub fn members_of<'py>(
    object: &Bound<'py, PyAny>,
    field: &str,
) -> Result<Bound<'py, PyIterator>, Refusal> {
    let value = object.getattr(field)?;
    match value.try_iter() {
        // A text would be a list of its characters.
        Ok(members) if !value.is_instance_of::<PyString>() => Ok(members),
        _ => Err(field_is_not(object, field, "a tuple", &value)),
    }
}

/// A field, or a member of one, that holds something else than it should.
pub fn field_is_not(
    object: &Bound<'_, PyAny>,
    field: &str,
    wanted: &str,
    found: &Bound<'_, PyAny>,
) -> Refusal {
    let names = object.get_type().name().and_then(|name| Ok((name, found.get_type().name()?)));
    match names {
        Ok((class, found)) => {
            Refusal::Type(format!("expected {class}.{field} to be {wanted}, not {found}"))
        }
        Err(error) => Refusal::Python(error),
    }
}

fn of_record(message: String, record: Option<usize>) -> String {
    match record {
        Some(record) => format!("{message} of record {record}"),
        None => message,
    }
}

/// Raise a `GrammarError`.
pub fn raise_grammar(py: Python, error: GrammarError) -> PyErr {
    match grammar_error(py, error, None) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// Raise a `GrammarError`, with the names of declared tokens.
pub fn raise_named(py: Python, error: GrammarError, lexicon: &Lexicon) -> PyErr {
    match named_error(py, error, lexicon, None) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// Raise the `GrammarError` of one sentence among many.
pub fn raise_grammar_of(py: Python, error: GrammarError, record: usize) -> PyErr {
    match grammar_error(py, error, Some(record)) {
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

/// Raise the `ConversionError` of a file.
pub fn raise_format(py: Python, error: &FormatError) -> PyErr {
    let fields = PyDict::new(py);
    let exception = fields
        .set_item("position", error.position)
        .and_then(|()| fields.set_item("condition", error.reason.as_ref()))
        .and_then(|()| conversion_error_class(py)?.call((error.to_string(),), Some(&fields)));
    exception.map_or_else(|error| error, PyErr::from_value)
}

/// Raise the `ConversionError` of a graph.
pub fn raise_graph(py: Python, error: &GraphError) -> PyErr {
    let GraphError { table, row, expected } = error;
    let message = format!("expected {expected} at {table} {row}");
    let class = match conversion_error_class(py) {
        Ok(class) => class,
        Err(error) => return error,
    };
    class.call1((message,)).map_or_else(|error| error, PyErr::from_value)
}
