//! Columns of texts in, flat ids out, and back, with the interpreter released.

use logos_core::TextError;
use logos_core::texts::{self, Kind, Rows};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use crate::error::{conversion_error, raise_conversion, raise_grammar_of, str_of};
use crate::threads::{Threads, threads_for};

/// Texts as Python hands them over.
#[derive(FromPyObject)]
pub enum Texts<'py> {
    /// Lines, each ended by a newline.
    Lines(Bound<'py, PyBytes>),
    /// A column of Arrow: the bytes of all rows, and where each begins and ends.
    Arrow(PyReadonlyArray1<'py, u8>, PyReadonlyArray1<'py, i64>),
    /// A list of strings.
    List(Bound<'py, PyList>),
}

/// Flat ids, offsets, and the rows that were refused with their errors.
type Encoded<'py> = (Bound<'py, PyArray1<u16>>, Bound<'py, PyArray1<i64>>, Bound<'py, PyList>);

/// Encode a column of texts.
#[pyfunction]
pub fn encode_texts<'py>(
    py: Python<'py>,
    kind: &str,
    texts: Texts<'py>,
    threads: Option<Threads>,
    collect: bool,
) -> PyResult<Encoded<'py>> {
    let kind = named(kind)?;
    let held;
    let mut strange = Vec::new();
    let (items, bounds): (&[u8], _) = match &texts {
        Texts::Lines(bytes) => {
            let bytes = bytes.as_bytes();
            (bytes, py.detach(|| texts::lines(bytes)))
        }
        Texts::Arrow(bytes, offsets) => {
            // Copied: other threads may write to an array while the interpreter is released.
            held = bytes.as_slice()?.to_vec();
            (&held[..], bounds(offsets.as_slice()?, held.len())?)
        }
        Texts::List(list) => {
            let (copied, bounds) = copy_of_list(list, &mut strange)?;
            held = copied;
            (&held[..], bounds)
        }
    };
    let mut encoded = py.detach(|| {
        let rows = Rows { items, bounds: &bounds };
        texts::encode(kind, rows, threads_for(threads, items.len()), !collect)
    });
    // What is no text was handed on as a character that no text of any kind has.
    for (row, error) in strange {
        // With a stop at the first error the core may not have come so far.
        if let Some(refused) = encoded.errors.iter_mut().find(|refused| refused.0 == row) {
            refused.1 = error;
        }
    }
    let errors = PyList::empty(py);
    for (row, error) in &encoded.errors {
        if !collect {
            return Err(raise_conversion(py, error, Some(*row)));
        }
        errors.append((*row, conversion_error(py, error, Some(*row))?))?;
    }
    Ok((encoded.items.into_pyarray(py), offsets_of(encoded.ends).into_pyarray(py), errors))
}

/// Decode a column of sentences to texts.
#[pyfunction]
pub fn decode_texts<'py>(
    py: Python<'py>,
    kind: &str,
    ids: PyReadonlyArray1<'py, u16>,
    offsets: PyReadonlyArray1<'py, i64>,
    threads: Option<Threads>,
) -> PyResult<Bound<'py, PyList>> {
    let kind = named(kind)?;
    let bounds = bounds(offsets.as_slice()?, ids.len()?)?;
    let texts = PyList::empty(py);
    let mut block = Vec::new();
    // Block by block, so that the memory beside the texts stays small and is used again.
    for (number, rows) in bounds.chunks(ROWS_PER_BLOCK).enumerate() {
        let (start, end) = (rows[0].0, rows[rows.len() - 1].1);
        block.clear();
        // Copied: other threads may write to an array while the interpreter is released.
        block.extend_from_slice(&ids.as_slice()?[start..end]);
        let rows: Vec<_> = rows.iter().map(|row| (row.0 - start, row.1 - start)).collect();
        let decoded = py.detach(|| {
            let rows = Rows { items: &block, bounds: &rows };
            texts::decode(kind, rows, threads_for(threads, 2 * block.len()))
        });
        if let Some((row, error)) = decoded.errors.into_iter().next() {
            return Err(raise_grammar_of(py, *error, number * ROWS_PER_BLOCK + row));
        }
        // The texts are ASCII, so that bytes and characters are the same.
        let text = String::from_utf8(decoded.items)?;
        let mut start = 0;
        for end in decoded.ends {
            texts.append(&text[start..end as usize])?;
            start = end as usize;
        }
    }
    Ok(texts)
}

/// How many sentences are decoded at a time.
const ROWS_PER_BLOCK: usize = 1 << 14;

/// Where each row begins and ends.
type Bounds = Vec<(usize, usize)>;

/// The bounds of rows from their offsets, each checked.
pub fn bounds(offsets: &[i64], length: usize) -> PyResult<Bounds> {
    let bound = |pair: &[i64]| {
        let (start, end) = (usize::try_from(pair[0]).ok()?, usize::try_from(pair[1]).ok()?);
        (start <= end && end <= length).then_some((start, end))
    };
    let bounds: Option<Vec<_>> = offsets.windows(2).map(bound).collect();
    bounds.ok_or_else(|| {
        PyValueError::new_err(format!("expected offsets that ascend from 0 to at most {length}"))
    })
}

fn named(kind: &str) -> PyResult<Kind> {
    Kind::named(kind).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|&(name, _)| name).collect();
        let known = known.join(", ");
        PyValueError::new_err(format!("expected a kind of text, one of {known}, not {kind:?}"))
    })
}

/// The bytes of a list of texts; a row that is none is told, and stands as a byte that no text has.
fn copy_of_list(
    list: &Bound<'_, PyList>,
    strange: &mut Vec<(usize, TextError)>,
) -> PyResult<(Vec<u8>, Bounds)> {
    let mut items = Vec::new();
    let mut bounds = Vec::with_capacity(list.len());
    for (row, text) in list.iter().enumerate() {
        let start = items.len();
        match bytes_of(&text)? {
            Ok(bytes) => items.extend_from_slice(bytes),
            Err(error) => {
                items.push(NO_TEXT);
                strange.push((row, error));
            }
        }
        bounds.push((start, items.len()));
    }
    Ok((items, bounds))
}

/// A byte that stands in no UTF-8, so that every reader refuses it.
const NO_TEXT: u8 = 0xFF;

fn bytes_of<'a>(text: &'a Bound<'_, PyAny>) -> PyResult<Result<&'a [u8], TextError>> {
    if let Ok(text) = text.cast::<PyString>() {
        return Ok(str_of(text).map(str::as_bytes));
    }
    if let Ok(bytes) = text.cast::<PyBytes>() {
        return Ok(Ok(bytes.as_bytes()));
    }
    let found = text.get_type().name()?;
    Ok(Err(TextError::new(0, format!("expected a text, not {found}"))))
}

fn offsets_of(ends: Vec<i64>) -> Vec<i64> {
    let mut offsets = Vec::with_capacity(ends.len() + 1);
    offsets.push(0);
    offsets.extend(ends);
    offsets
}
