//! How many threads work.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::array::Whole;

/// A thread is worth its start for some hundred kilobytes.
const BYTES_PER_THREAD: usize = 1 << 18;

/// More could not be sure to start.
const MOST_THREADS: usize = 256;

/// How many threads the caller allows, at least one.
#[derive(Clone, Copy)]
pub struct Threads(usize);

impl FromPyObject<'_, '_> for Threads {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let Ok(Whole(threads)) = object.extract() else {
            return Err(PyTypeError::new_err(format!(
                "expected threads to be an integer or None, not {}",
                object.repr()?
            )));
        };
        match usize::try_from(threads) {
            Ok(threads) if threads > 0 => Ok(Threads(threads)),
            _ => {
                let found = object.str()?;
                Err(PyValueError::new_err(format!("expected at least 1 thread, not {found}")))
            }
        }
    }
}

/// As many threads as the caller allows; else one for each core that `bytes` are worth.
pub fn threads_for(threads: Option<Threads>, bytes: usize) -> usize {
    // Counting the cores takes longer than encoding a text, so it is left for what is large.
    match (threads, bytes / BYTES_PER_THREAD) {
        (Some(Threads(threads)), _) => threads.min(MOST_THREADS),
        (None, 0 | 1) => 1,
        (None, worth) => std::thread::available_parallelism().map_or(1, usize::from).min(worth),
    }
}
