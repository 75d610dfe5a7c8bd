//! How many threads work.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A thread is worth its start for some hundred kilobytes.
const BYTES_PER_THREAD: usize = 1 << 18;

/// More could not be sure to start.
const MOST_THREADS: usize = 256;

/// As many threads as were asked for; else one for each core that `bytes` are worth.
pub fn threads_for(threads: Option<usize>, bytes: usize) -> usize {
    // Counting the cores takes longer than encoding a text, so it is left for what is large.
    match (threads, bytes / BYTES_PER_THREAD) {
        (Some(threads), _) => threads.min(MOST_THREADS),
        (None, 0 | 1) => 1,
        (None, worth) => std::thread::available_parallelism().map_or(1, usize::from).min(worth),
    }
}

/// A count of threads that was given.
pub fn at_least_one(threads: Option<i64>) -> PyResult<Option<usize>> {
    let checked = |threads: i64| {
        usize::try_from(threads).ok().filter(|&threads| threads > 0).ok_or_else(|| {
            PyValueError::new_err(format!("expected at least 1 thread, not {threads}"))
        })
    };
    threads.map(checked).transpose()
}
