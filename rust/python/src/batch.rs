//! Many recognizers at once: their masks, their tokens, their logits.

#![allow(clippy::doc_markdown)] // the documentation of functions is Python's

use logos_core::automaton::mask::WORDS;
use numpy::{IntoPyArray, Ix2, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::array::tokens_of;
use crate::logits::Logits;
use crate::masks::{Masks, masks};
use crate::recognizer::{PyRecognizer, own};

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
///     bfloat16, float16, float32 or float64 [rows, ids], an array of numpy or a tensor of torch on
///     the CPU.
#[pyfunction]
pub fn apply_batch(recognizers: Bound<'_, PyAny>, logits: Bound<'_, PyAny>) -> PyResult<()> {
    let recognizers = all_of(&recognizers)?;
    let mut logits = Logits::<Ix2>::of(&logits, "two dimensions")?;
    let (rows, width) = (logits.shape()[0], logits.shape()[1]);
    at_least(rows, recognizers.len(), "rows of logits")?;
    let mut words = [0; WORDS];
    for (row, mut recognizer) in recognizers.into_iter().enumerate() {
        recognizer.inner.fill(&mut words);
        logits.apply(row, width, &words)?;
    }
    Ok(())
}

/// All recognizers, or an error before any is changed.
fn all_of<'py>(recognizers: &Bound<'py, PyAny>) -> PyResult<Vec<PyRefMut<'py, PyRecognizer>>> {
    let every: Vec<_> = match recognizers.cast::<PyList>() {
        Ok(list) => list.iter().collect(),
        Err(_) => recognizers.try_iter()?.collect::<PyResult<_>>()?,
    };
    let mut taken = Vec::with_capacity(every.len());
    for each in &every {
        let one = own(each.cast::<PyRecognizer>()?).map_err(|error| {
            if every[..taken.len()].iter().any(|earlier| earlier.is(each)) {
                return PyValueError::new_err("expected each recognizer once");
            }
            error
        });
        taken.push(one?);
    }
    Ok(taken)
}

fn at_least(found: usize, wanted: usize, what: &str) -> PyResult<()> {
    if found < wanted {
        return Err(PyValueError::new_err(format!(
            "expected {wanted} {what}, one for each recognizer, not {found}"
        )));
    }
    Ok(())
}
