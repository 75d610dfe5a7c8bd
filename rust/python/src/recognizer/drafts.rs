//! Masks after the nodes of a tree of drafts.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::PyRecognizer;
use crate::array::ids_of;
use crate::masks::{Masks, masks};

impl PyRecognizer {
    pub(super) fn fill_drafts(
        &mut self,
        parents: &[i32],
        ids: &Bound<'_, PyAny>,
        mask: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let ids = ids_of(ids)?;
        let mut mask = masks(mask)?;
        let mut masks = Masks::of(&mut mask)?;
        if parents.len() != ids.len() || masks.rows < ids.len() {
            return Err(PyValueError::new_err(
                "expected a parent and a row of the mask for each id",
            ));
        }
        for (node, &parent) in parents.iter().enumerate() {
            if parent < -1 || parent >= node as i32 {
                return Err(PyValueError::new_err(format!(
                    "expected the parent of node {node} before it, or -1, not {parent}"
                )));
            }
        }
        let depth = self.inner.position();
        // The nodes on the way from the root to where the recognizer is.
        let mut path: Vec<usize> = Vec::new();
        let mut good = vec![false; ids.len()];
        for (node, (&parent, &id)) in parents.iter().zip(&ids).enumerate() {
            let parent = usize::try_from(parent).ok();
            let words = masks.row(node);
            words.fill(0);
            if parent.is_some_and(|parent| !good[parent]) {
                continue;
            }
            self.go_to(parent, parents, &ids, &mut path, depth);
            if self.inner.accept(id).is_ok() {
                path.push(node);
                good[node] = true;
                self.write_mask(words);
            }
        }
        let beyond = self.inner.position() - depth;
        self.inner.rollback(beyond);
        Ok(())
    }

    /// Go to a node of a tree, whose way from the root is all good.
    fn go_to(
        &mut self,
        node: Option<usize>,
        parents: &[i32],
        ids: &[u16],
        path: &mut Vec<usize>,
        depth: usize,
    ) {
        let mut way = Vec::new();
        let mut at = node;
        while let Some(node) = at {
            if let Some(place) = path.iter().position(|&each| each == node) {
                path.truncate(place + 1);
                break;
            }
            way.push(node);
            at = usize::try_from(parents[node]).ok();
        }
        if at.is_none() {
            path.clear();
        }
        self.inner.rollback(self.inner.position() - depth - path.len());
        for node in way.into_iter().rev() {
            // It was accepted before.
            if self.inner.accept(ids[node]).is_ok() {
                path.push(node);
            }
        }
    }
}
