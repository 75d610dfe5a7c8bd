//! Many recognizers at once: their masks, their tokens, their logits.

#![allow(clippy::doc_markdown)] // the documentation of functions is Python's

use logos_core::automaton::mask::{WORDS, apply};
use numpy::{IntoPyArray, Ix2, PyArray1, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::array::{tokens_of, writable};
use crate::masks::{Masks, masks, wide_enough};
use crate::recognizer::PyRecognizer;

/// Write which ids may come next, row i of a mask for recognizer i.
///
/// Parameters
/// ----------
/// recognizers
///     One for each row; rows beyond them stay as they are.
/// mask
///     int32 [rows, words], an array of numpy or a tensor of torch on the CPU.
#[pyfunction]
pub fn fill_batch(recognizers: Bound<'_, PyAny>, mask: Bound<'_, PyAny>) -> PyResult<()> {
    let recognizers = all_of(&recognizers)?;
    let mut mask = masks(&mask)?;
    let mut masks = Masks::of(&mut mask)?;
    at_least(masks.rows, recognizers.len(), "rows of the mask")?;
    for (row, mut recognizer) in recognizers.into_iter().enumerate() {
        recognizer.write_mask(masks.row(row));
    }
    Ok(())
}

/// Take one token each; return bool [rows], whether it was accepted.
///
/// Parameters
/// ----------
/// recognizers
///     One for each token.
/// ids
///     Integers [rows]; one that is no id is refused.
#[pyfunction]
pub fn accept_batch<'py>(
    py: Python<'py>,
    recognizers: Bound<'py, PyAny>,
    ids: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArray1<bool>>> {
    let (recognizers, ids) = (all_of(&recognizers)?, tokens_of(&ids)?);
    let wanted = recognizers.len();
    if ids.len() != wanted {
        return Err(PyValueError::new_err(format!(
            "expected {wanted} ids, one for each recognizer, not {}",
            ids.len()
        )));
    }
    let taken = recognizers.into_iter().zip(ids).map(|(mut one, id)| one.take(id));
    Ok(taken.collect::<Vec<_>>().into_pyarray(py))
}

/// Set the logits of ids that may not come next to minus infinity, row i for recognizer i.
///
/// Parameters
/// ----------
/// recognizers
///     One for each row; rows beyond them stay as they are.
/// logits
///     float32 [rows, ids], an array of numpy or a tensor of torch on the CPU.
#[pyfunction]
pub fn apply_batch(recognizers: Bound<'_, PyAny>, logits: Bound<'_, PyAny>) -> PyResult<()> {
    let recognizers = all_of(&recognizers)?;
    let mut array = writable::<f32, Ix2>(&logits, "float32 logits of two dimensions")?;
    let (rows, width) = (array.shape()[0], array.shape()[1]);
    at_least(rows, recognizers.len(), "rows of logits")?;
    wide_enough(width)?;
    let mut words = [0; WORDS];
    for (mut recognizer, logits) in
        recognizers.into_iter().zip(array.as_slice_mut()?.chunks_mut(width))
    {
        recognizer.inner.fill(&mut words);
        apply(&words, logits);
    }
    Ok(())
}

/// All recognizers, or an error before any is changed.
fn all_of<'py>(recognizers: &Bound<'py, PyAny>) -> PyResult<Vec<PyRefMut<'py, PyRecognizer>>> {
    let one = |each: Bound<'py, PyAny>| {
        let one = each.cast::<PyRecognizer>().map_err(PyErr::from)?;
        one.try_borrow_mut().map_err(|_| PyValueError::new_err("expected each recognizer once"))
    };
    match recognizers.cast::<PyList>() {
        Ok(list) => list.iter().map(one).collect(),
        Err(_) => recognizers.try_iter()?.map(|each| one(each?)).collect(),
    }
}

fn at_least(found: usize, wanted: usize, what: &str) -> PyResult<()> {
    if found < wanted {
        return Err(PyValueError::new_err(format!(
            "expected {wanted} {what}, one for each recognizer, not {found}"
        )));
    }
    Ok(())
}
