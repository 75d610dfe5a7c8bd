//! Masks of Python: rows of bits, in arrays of numpy or tensors of torch.

use logos_core::automaton::mask::WORDS;
use logos_core::vocabulary::SIZE;
use numpy::{Ix2, PyReadwriteArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::array::writable;

/// Whether logits have a place for each id.
pub fn wide_enough(width: usize) -> PyResult<()> {
    if width < SIZE {
        return Err(PyValueError::new_err(format!(
            "expected logits of at least {SIZE} ids, the width of the vocabulary, not {width}"
        )));
    }
    Ok(())
}

/// A mask to write to.
pub fn masks<'py>(mask: &Bound<'py, PyAny>) -> PyResult<PyReadwriteArray2<'py, i32>> {
    writable::<i32, Ix2>(mask, "an int32 mask of two dimensions")
}

/// The rows of a mask.
pub struct Masks<'a> {
    all: &'a mut [i32],
    pub rows: usize,
    width: usize,
}

impl<'a> Masks<'a> {
    pub fn of(mask: &'a mut PyReadwriteArray2<'_, i32>) -> PyResult<Self> {
        let (rows, width) = (mask.shape()[0], mask.shape()[1]);
        if width < WORDS {
            return Err(PyValueError::new_err(format!(
                "expected a mask of at least {WORDS} words a row, a bit for each id, not {width}"
            )));
        }
        Ok(Masks { all: mask.as_slice_mut()?, rows, width })
    }

    /// Each row.
    pub fn each(&mut self) -> impl Iterator<Item = &mut [i32]> {
        self.all.chunks_mut(self.width)
    }

    /// A row, below `rows`.
    pub fn row(&mut self, row: usize) -> &mut [i32] {
        &mut self.all[row * self.width..(row + 1) * self.width]
    }
}
