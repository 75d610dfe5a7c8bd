//! Many recognizers at once: their masks, their tokens, their logits.

#![allow(clippy::doc_markdown)] // the documentation of functions is Python's

use std::sync::{Mutex, PoisonError};
use std::thread;

use logos_core::automaton::mask::WORDS;
use numpy::{IntoPyArray, Ix2, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::array::tokens_of;
use crate::logits::Logits;
use crate::masks::{Masks, masks};
use crate::recognizer::{PyRecognizer, own};
use crate::threads::{Threads, threads_for};

/// Write which ids may come next, row i of a mask for recognizer i.
///
/// The interpreter is free for other threads meanwhile, unless there are few rows.
///
/// Parameters
/// ----------
/// recognizers
///     One for each row; rows beyond them stay as they are.
/// mask
///     int32 [rows, words], an array of numpy or a tensor of torch on the CPU.
/// threads
///     How many threads work at most; by default one for each core that the rows are worth.
#[pyfunction]
#[pyo3(signature = (recognizers, mask, threads=None))]
pub fn fill_batch(
    py: Python<'_>,
    recognizers: Bound<'_, PyAny>,
    mask: Bound<'_, PyAny>,
    threads: Option<Threads>,
) -> PyResult<()> {
    let mut recognizers = all_of(&recognizers)?;
    let mut mask = masks(&mask)?;
    let mut masks = Masks::of(&mut mask)?;
    at_least(masks.rows, recognizers.len(), "rows of the mask")?;
    let rows = recognizers.iter_mut().map(|one| &mut **one).zip(masks.each()).collect();
    each(py, threads, rows, |(recognizer, words)| recognizer.write_mask(words));
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
/// threads
///     How many threads work at most; by default one for each core that the rows are worth.
#[pyfunction]
#[pyo3(signature = (recognizers, ids, threads=None))]
pub fn accept_batch<'py>(
    py: Python<'py>,
    recognizers: Bound<'py, PyAny>,
    ids: Bound<'py, PyAny>,
    threads: Option<Threads>,
) -> PyResult<Bound<'py, PyArray1<bool>>> {
    let (mut recognizers, ids) = (all_of(&recognizers)?, tokens_of(&ids)?);
    let wanted = recognizers.len();
    if ids.len() != wanted {
        return Err(PyValueError::new_err(format!(
            "expected {wanted} ids, one for each recognizer, not {}",
            ids.len()
        )));
    }
    let mut taken = vec![false; wanted];
    let rows = recognizers.iter_mut().map(|one| &mut **one).zip(ids).zip(&mut taken).collect();
    each(py, threads, rows, |((recognizer, id), taken)| **taken = recognizer.take(*id));
    Ok(taken.into_pyarray(py))
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

/// Rows that one thread takes at a time.
const SHARE: usize = 64;

/// Do the work of each row, on several threads and without the interpreter where there are many.
fn each<R: Send>(
    py: Python<'_>,
    threads: Option<Threads>,
    mut rows: Vec<R>,
    work: impl Fn(&mut R) + Sync,
) {
    if rows.len() <= SHARE {
        // To give the interpreter away and get it back would take as long as the work.
        rows.iter_mut().for_each(work);
        return;
    }
    let threads = threads_for(threads, rows.len() * size_of::<[u32; WORDS]>());
    py.detach(|| {
        let shares = Mutex::new(rows.chunks_mut(SHARE));
        let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work_off = || {
            while let Some(share) = next() {
                share.iter_mut().for_each(&work);
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                // A thread that cannot start is done without.
                drop(thread::Builder::new().spawn_scoped(scope, work_off));
            }
            work_off();
        });
    });
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
