//! Masks out: of where the recognizer is, and of the places that tokens to come lead to.

use std::collections::HashMap;

use logos_core::automaton::mask::WORDS;
use numpy::{IntoPyArray, Ix1, PyArray1, PyArray2, PyArrayMethods};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;

use super::PyRecognizer;
use crate::array::{Whole, ids_of};
use crate::error::raise_named;
use crate::logits::Logits;
use crate::masks::{Masks, masks};

/// Of each place the row of its mask, and the masks.
pub(super) type States<'py> = (Bound<'py, PyArray1<i32>>, Bound<'py, PyArray2<i32>>);

impl PyRecognizer {
    pub(crate) fn write_mask(&mut self, words: &mut [i32]) {
        let (mask, beyond) = words.split_at_mut(WORDS);
        self.inner.fill(bytemuck::cast_slice_mut(mask));
        beyond.fill(0);
    }

    pub(super) fn fill_row(&mut self, mask: &Bound<'_, PyAny>, row: Whole) -> PyResult<()> {
        let Whole(row) = row;
        let mut mask = masks(mask)?;
        let mut masks = Masks::of(&mut mask)?;
        let rows = masks.rows;
        match usize::try_from(row) {
            Ok(row) if row < rows => self.write_mask(masks.row(row)),
            _ => {
                return Err(PyIndexError::new_err(format!(
                    "expected a row from 0 to {}, not {row}",
                    rows.saturating_sub(1)
                )));
            }
        }
        Ok(())
    }

    pub(super) fn apply(&mut self, logits: &Bound<'_, PyAny>) -> PyResult<()> {
        let mut logits = Logits::<Ix1>::of(logits, "one dimension")?;
        let mut words = [0; WORDS];
        self.inner.fill(&mut words);
        logits.apply(0, logits.shape()[0], &words)
    }

    pub(super) fn masks_along<'py>(
        &mut self,
        ids: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArray2<i32>>> {
        let py = ids.py();
        let ids = ids_of(ids)?;
        let mut words = Vec::with_capacity((ids.len() + 1) * WORDS);
        self.each_mask(py, &ids, |mask| words.extend(mask.iter().map(|&word| word as i32)))?;
        words.into_pyarray(py).reshape([ids.len() + 1, WORDS])
    }

    pub(super) fn states_along<'py>(&mut self, ids: &Bound<'py, PyAny>) -> PyResult<States<'py>> {
        let py = ids.py();
        let ids = ids_of(ids)?;
        // By a short sum of its words the masks that have it: the sum is quick, and seldom shared.
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut table: Vec<i32> = Vec::new();
        let mut places = Vec::with_capacity(ids.len() + 1);
        self.each_mask(py, &ids, |mask| {
            let sum = mask.iter().fold(0_u64, |sum, &word| {
                (sum.rotate_left(5) ^ u64::from(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            let rows = known.entry(sum).or_default();
            let is =
                |row: usize| table[row * WORDS..].iter().zip(mask).all(|(&a, &b)| a == b as i32);
            let place = rows.iter().copied().find(|&row| is(row)).unwrap_or_else(|| {
                let next = table.len() / WORDS;
                table.extend(mask.iter().map(|&word| word as i32));
                rows.push(next);
                next
            });
            places.push(place as i32);
        })?;
        let rows = table.len() / WORDS;
        let table = table.into_pyarray(py).reshape([rows, WORDS])?;
        Ok((places.into_pyarray(py), table))
    }

    /// Tell the mask before each token and after the last; stay where we are.
    fn each_mask(
        &mut self,
        py: Python<'_>,
        ids: &[u16],
        mut tell: impl FnMut(&[u32; WORDS]),
    ) -> PyResult<()> {
        let mut mask = [0; WORDS];
        self.inner.fill(&mut mask);
        tell(&mask);
        for (i, &id) in ids.iter().enumerate() {
            if let Err(refusal) = self.inner.accept(id) {
                let error = self.inner.explained(refusal.reason, id);
                self.inner.rollback(i);
                return Err(raise_named(py, error, self.inner.lexicon()));
            }
            self.inner.fill(&mut mask);
            tell(&mask);
        }
        self.inner.rollback(ids.len());
        Ok(())
    }
}
