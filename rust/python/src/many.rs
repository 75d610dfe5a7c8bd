//! Many objects to flat ids and back, on several threads.

use std::ops::Range;

use logos_core::object::with_cell;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::error::{Refusal, raise_grammar_of};
use crate::object::Held;
use crate::pipeline;
use crate::threads::{Threads, threads_for};

/// Flat ids, and offsets.
type Sentences<'py> = (Bound<'py, PyArray1<u16>>, Bound<'py, PyArray1<i64>>);

/// The sentences of many objects, flat, and where each ends.
#[pyfunction]
pub fn encode_many<'py>(
    py: Python<'py>,
    objects: Bound<'py, PyList>,
    threads: Option<Threads>,
) -> PyResult<Sentences<'py>> {
    let first = objects.get_item(0).map_err(Refusal::Python).and_then(|object| Held::take(&object));
    let bytes = first.map_or(0, |held| held.size()).max(BYTES_OF_ANY);
    let threads = threads_for(threads, objects.len().saturating_mul(bytes));
    let mut flat: Vec<u16> = Vec::new();
    let mut offsets = Vec::with_capacity(objects.len() + 1);
    offsets.push(0);
    let mut row = 0;
    pipeline::run(
        py,
        threads,
        || {
            let taken = Taken::from(&objects, row)?;
            row += taken.held.len() + usize::from(taken.failed.is_some());
            Some(taken)
        },
        Taken::encode,
        |(encoded, taken)| {
            let shift = flat.len() as i64;
            flat.extend_from_slice(&encoded.ids);
            let record = offsets.len() - 1 + encoded.ends.len();
            offsets.extend(encoded.ends.into_iter().map(|end| end + shift));
            match encoded.refused.or(taken.failed) {
                Some(refusal) => Err(refusal.raise(py, Some(record))),
                None => Ok(()),
            }
        },
    )?;
    Ok((flat.into_pyarray(py), offsets.into_pyarray(py)))
}

/// The objects of many sentences.
#[pyfunction]
pub fn decode_many<'py>(
    py: Python<'py>,
    ids: PyReadonlyArray1<'py, u16>,
    offsets: PyReadonlyArray1<'py, i64>,
    threads: Option<Threads>,
) -> PyResult<Bound<'py, PyList>> {
    let bounds = crate::texts::bounds(offsets.as_slice()?, ids.len()?)?;
    let ids = ids.as_slice()?;
    let threads = threads_for(threads, 2 * ids.len());
    let objects = PyList::empty(py);
    let mut next = 0;
    let mut record = 0;
    pipeline::run(
        py,
        threads,
        || {
            let rows = rows_of(&bounds, next)?;
            next = rows.end;
            let bounds = &bounds[rows];
            let (start, end) = (bounds[0].0, bounds[bounds.len() - 1].1);
            // Copied: other threads may write to an array while the interpreter is released.
            let bounds = bounds.iter().map(|bound| (bound.0 - start, bound.1 - start)).collect();
            Some((ids[start..end].to_vec(), bounds))
        },
        |(ids, bounds): (Vec<u16>, Vec<(usize, usize)>)| -> Vec<_> {
            let decode = |ids: &[u16]| Held::decode(ids).map_err(|error| with_cell(error, ids));
            bounds.into_iter().map(|(start, end)| decode(&ids[start..end])).collect()
        },
        |decoded| {
            for held in decoded {
                let held = held.map_err(|error| raise_grammar_of(py, *error, record))?;
                objects.append(held.give(py)?)?;
                record += 1;
            }
            Ok(())
        },
    )?;
    Ok(objects)
}

/// How many objects are worked on at a time.
const ROWS: usize = 256;

/// How many bytes of large objects are, unless one has more.
const BYTES: usize = 1 << 18;

/// How many tokens are, unless one sentence has more.
const TOKENS: usize = 1 << 16;

/// What an object is worth at least when threads are counted, before more than the first is known.
const BYTES_OF_ANY: usize = 128;

/// The rows from `next` that are decoded together; none at the end.
fn rows_of(bounds: &[(usize, usize)], next: usize) -> Option<Range<usize>> {
    let start = bounds.get(next)?.0;
    let fits = |bound: &&(usize, usize)| bound.1 - start <= TOKENS;
    let rows = bounds[next..].iter().take(ROWS).take_while(fits).count();
    Some(next..next + rows.max(1))
}

/// What is held of some objects, up to the first that could not be taken.
struct Taken {
    held: Vec<Held>,
    failed: Option<Refusal>,
}

/// Their sentences, up to the first that has none.
struct Encoded {
    ids: Vec<u16>,
    ends: Vec<i64>,
    refused: Option<Refusal>,
}

impl Taken {
    fn from(objects: &Bound<'_, PyList>, first: usize) -> Option<Self> {
        let last = objects.len().min(first + ROWS);
        if first >= last {
            return None;
        }
        let mut taken = Taken { held: Vec::with_capacity(last - first), failed: None };
        let mut bytes = 0;
        for row in first..last {
            if bytes > BYTES {
                break;
            }
            let taken_now = objects.get_item(row).map_err(Refusal::Python);
            match taken_now.and_then(|object| Held::take(&object)) {
                Ok(held) => {
                    bytes += held.size();
                    taken.held.push(held);
                }
                Err(error) => {
                    taken.failed = Some(error);
                    break;
                }
            }
        }
        Some(taken)
    }

    /// The sentences, and what was taken: whoever allocated it frees it, since two threads that
    /// allocate and free at once wait for each other.
    fn encode(self) -> (Encoded, Self) {
        let mut encoded = Encoded { ids: vec![], ends: vec![], refused: None };
        for held in &self.held {
            match held.encode(std::mem::take(&mut encoded.ids)) {
                Ok(ids) => encoded.ids = ids,
                Err(refusal) => {
                    encoded.refused = Some(refusal);
                    break;
                }
            }
            encoded.ends.push(encoded.ids.len() as i64);
        }
        (encoded, self)
    }
}
