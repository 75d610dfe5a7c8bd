//! The recognizer in Python: tokens in, masks out.

#![allow(clippy::doc_markdown)] // the documentation of classes and functions is Python's

use std::collections::HashMap;

use logos_core::automaton::mask::WORDS;
use logos_core::recognizer::{Reason, Recognizer, Refusal};
use numpy::{IntoPyArray, Ix1, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::{PyDeprecationWarning, PyIndexError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::array::{Whole, ids_of, tokens_of};
use crate::error::raise_named;
use crate::grammar::machine_of;
use crate::logits::Logits;
use crate::masks::{Masks, masks};
use crate::profile::profile_of;

/// A place in a sentence: which tokens may come next, and nothing else.
///
/// Parameters
/// ----------
/// kind
///     The name of an object type, such as "molecule", or of a declared one; None is any of the
///     first.
/// profile
///     A sublanguage to keep to: a `Profile`, or for short "kekule+valence" (molecules without
///     aromatic atoms in which no atom bears more than RDKit lets it), "aromatic" (the same with
///     aromatic atoms, each in a ring) or "copy" (edits that change nothing outside their marks).
/// budget
///     Within how many tokens from its beginning the sentence is complete; None is no limit.
///
/// Raises
/// ------
/// ValueError
///     If there is no such type, or no sentence of it is as short as the budget.
#[pyclass(name = "Recognizer", module = "logos_grammar")]
pub struct PyRecognizer {
    pub(crate) inner: Recognizer,
    kind: Option<String>,
    profile: Option<Py<PyAny>>,
    refused: Option<(u16, Refusal)>,
}

/// Of each place the row of its mask, and the masks.
type States<'py> = (Bound<'py, PyArray1<i32>>, Bound<'py, PyArray2<i32>>);

#[pymethods]
impl PyRecognizer {
    #[new]
    #[pyo3(signature = (kind=None, *, profile=None, budget=None))]
    fn new(
        py: Python<'_>,
        kind: Option<String>,
        profile: Option<Bound<'_, PyAny>>,
        budget: Option<Whole>,
    ) -> PyResult<Self> {
        let asked = budget.map_or(0, |Whole(budget)| budget);
        // A negative budget is shorter than any sentence, too.
        let budget = budget.map(|Whole(budget)| usize::try_from(budget).unwrap_or(0));
        let machine = machine_of(py, kind.as_deref())?;
        let Some(mut inner) = Recognizer::new(&machine, kind.as_deref(), budget) else {
            let found = kind.unwrap_or_default();
            return Err(PyValueError::new_err(format!("expected a kind of object, not {found:?}")));
        };
        if let Some(profile) = &profile {
            let object_type = kind.as_deref().map(|kind| machine.object_type(kind).unwrap_or(kind));
            let wanted = profile_of(profile, object_type)?;
            inner = wanted.applied_to(inner).map_err(PyValueError::new_err)?;
        }
        if budget.is_some_and(|budget| budget < inner.min_tokens_to_complete()) {
            let needed = inner.min_tokens_to_complete();
            return Err(PyValueError::new_err(format!(
                "expected a budget of at least {needed} tokens, the shortest sentence, not {asked}"
            )));
        }
        let profile = profile.map(Bound::unbind);
        Ok(PyRecognizer { inner, kind, profile, refused: None })
    }

    /// Take one token; False when it may not come next, and then nothing has changed.
    fn accept(slf: &Bound<'_, Self>, id: Whole) -> PyResult<bool> {
        let mut this = own(slf)?;
        // What is no id of 16 bits is no token either.
        Ok(this.take(u16::try_from(id.0).unwrap_or(u16::MAX)))
    }

    /// Take tokens up to the first that is refused, and return how many were taken.
    ///
    /// As for `accept`, what is no id is refused.
    fn accept_many(slf: &Bound<'_, Self>, ids: Bound<'_, PyAny>) -> PyResult<usize> {
        let mut this = own(slf)?;
        Ok(tokens_of(&ids)?.into_iter().take_while(|&id| this.take(id)).count())
    }

    /// Take back the last `n` tokens.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If fewer were accepted.
    fn rollback(slf: &Bound<'_, Self>, n: Whole) -> PyResult<()> {
        let mut this = own(slf)?;
        let Whole(n) = n;
        let position = this.inner.position();
        let Some(n) = usize::try_from(n).ok().filter(|&n| n <= position) else {
            return Err(PyValueError::new_err(format!(
                "expected at most {position} tokens to take back, as many as were accepted, not {n}"
            )));
        };
        this.inner.rollback(n);
        this.refused = None;
        Ok(())
    }

    /// Return a copy that goes its own way.
    fn fork(slf: &Bound<'_, Self>) -> PyResult<Self> {
        let this = own(slf)?;
        Ok(PyRecognizer {
            inner: this.inner.clone(),
            kind: this.kind.clone(),
            profile: this.profile.as_ref().map(|profile| profile.clone_ref(slf.py())),
            refused: this.refused,
        })
    }

    fn __copy__(slf: &Bound<'_, Self>) -> PyResult<Self> {
        Self::fork(slf)
    }

    fn __deepcopy__(slf: &Bound<'_, Self>, _memo: Bound<'_, PyAny>) -> PyResult<Self> {
        Self::fork(slf)
    }

    /// Begin again.
    fn reset(slf: &Bound<'_, Self>) -> PyResult<()> {
        let mut this = own(slf)?;
        this.inner.reset();
        this.refused = None;
        Ok(())
    }

    /// Return the ids that may come next, uint16 [k], ascending.
    fn allowed<'py>(
        slf: &Bound<'py, Self>,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyArray1<u16>>> {
        let mut this = own(slf)?;
        Ok(this.inner.allowed().into_pyarray(py))
    }

    /// Write which ids may come next to a row of a mask.
    ///
    /// Parameters
    /// ----------
    /// mask
    ///     int32 [rows, words], an array of numpy or a tensor of torch on the CPU; bit i % 32 of
    ///     word i // 32 is id i. Words beyond the vocabulary become 0.
    /// row
    ///     Which row.
    fn fill(slf: &Bound<'_, Self>, mask: Bound<'_, PyAny>, row: Whole) -> PyResult<()> {
        let mut this = own(slf)?;
        let Whole(row) = row;
        let mut mask = masks(&mask)?;
        let mut masks = Masks::of(&mut mask)?;
        let rows = masks.rows;
        match usize::try_from(row) {
            Ok(row) if row < rows => this.write_mask(masks.row(row)),
            _ => {
                return Err(PyIndexError::new_err(format!(
                    "expected a row from 0 to {}, not {row}",
                    rows.saturating_sub(1)
                )));
            }
        }
        Ok(())
    }

    /// Set the logits of ids that may not come next to minus infinity.
    ///
    /// Parameters
    /// ----------
    /// logits
    ///     bfloat16, float16, float32 or float64 [ids], an array of numpy or a tensor of torch on
    ///     the CPU; it may be wider than the vocabulary.
    fn apply_(slf: &Bound<'_, Self>, logits: Bound<'_, PyAny>) -> PyResult<()> {
        let mut this = own(slf)?;
        let mut logits = Logits::<Ix1>::of(&logits, "one dimension")?;
        let mut words = [0; WORDS];
        this.inner.fill(&mut words);
        logits.apply(0, logits.shape()[0], &words)
    }

    /// Return (code, position, reason) of the last token, if it was refused.
    ///
    /// The codes: 1, the rules do not have the token here; 2, it breaks the condition that is the
    /// reason; 3, the sentence could not be completed within the budget; 4, the profile forbids it.
    fn error(slf: &Bound<'_, Self>) -> PyResult<Option<(u8, usize, String)>> {
        let mut this = own(slf)?;
        let Some((id, refusal)) = this.refused else {
            return Ok(None);
        };
        let (code, reason) = match refusal.reason {
            Reason::Condition(clause) => (2, this.inner.clause(clause).to_owned()),
            Reason::Profile(reason) => (4, reason.to_owned()),
            Reason::Budget => {
                (3, "the sentence could not be completed within the budget".to_owned())
            }
            Reason::Unexpected => {
                let error = this.inner.explained(refusal.reason, id);
                (1, error.named(this.inner.lexicon()).to_string())
            }
        };
        Ok(Some((code, refusal.position, reason)))
    }

    /// Return the minimum number of tokens to complete the sentence; 0 when it is complete.
    ///
    /// Exact for the grammar; under a profile that adds obligations, a bound that suffices.
    fn min_tokens_to_complete(slf: &Bound<'_, Self>) -> PyResult<usize> {
        let this = own(slf)?;
        Ok(this.inner.min_tokens_to_complete())
    }

    /// Return `min_tokens_to_complete()`: its old name, deprecated.
    fn phi(slf: &Bound<'_, Self>, py: Python<'_>) -> PyResult<usize> {
        let this = own(slf)?;
        let category = py.get_type::<PyDeprecationWarning>();
        PyErr::warn(py, &category, c"phi() was renamed: say min_tokens_to_complete()", 1)?;
        Ok(this.inner.min_tokens_to_complete())
    }

    /// Return a shortest completion, uint16 [min_tokens_to_complete()].
    fn closing_tokens<'py>(
        slf: &Bound<'py, Self>,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyArray1<u16>>> {
        let this = own(slf)?;
        Ok(this.inner.closing_tokens().into_pyarray(py))
    }

    /// Return the tokens that come next without an alternative, uint16 [k].
    fn forced<'py>(slf: &Bound<'py, Self>, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u16>>> {
        let this = own(slf)?;
        Ok(this.inner.forced().into_pyarray(py))
    }

    /// Whether the tokens so far are a sentence.
    #[getter]
    fn is_accepting(slf: &Bound<'_, Self>) -> PyResult<bool> {
        let this = own(slf)?;
        Ok(this.inner.is_done())
    }

    /// Whether nothing can follow.
    #[getter]
    fn is_done(slf: &Bound<'_, Self>) -> PyResult<bool> {
        let this = own(slf)?;
        Ok(this.inner.is_done())
    }

    /// How many tokens were accepted.
    #[getter]
    fn position(slf: &Bound<'_, Self>) -> PyResult<usize> {
        let this = own(slf)?;
        Ok(this.inner.position())
    }

    /// The tokens accepted so far, uint16 [position].
    #[getter]
    fn ids<'py>(slf: &Bound<'py, Self>, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u16>>> {
        let this = own(slf)?;
        Ok(this.inner.ids().collect::<Vec<_>>().into_pyarray(py))
    }

    /// Within how many tokens the sentence is complete.
    #[getter]
    fn budget(slf: &Bound<'_, Self>) -> PyResult<Option<usize>> {
        let this = own(slf)?;
        Ok(this.inner.budget())
    }

    /// The object type.
    #[getter]
    fn kind(slf: &Bound<'_, Self>) -> PyResult<Option<String>> {
        Ok(own(slf)?.kind.clone())
    }

    /// The profile.
    #[getter]
    fn profile(slf: &Bound<'_, Self>, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let this = own(slf)?;
        Ok(this.profile.as_ref().map(|profile| profile.clone_ref(py)))
    }

    /// Return the masks before each of some tokens that follow, and after the last.
    ///
    /// Parameters
    /// ----------
    /// ids
    ///     uint16 [n]; the recognizer stays where it is.
    ///
    /// Returns
    /// -------
    /// int32 [n + 1, words]
    ///
    /// Raises
    /// ------
    /// GrammarError
    ///     At the first token that may not come.
    fn masks_for<'py>(
        slf: &Bound<'py, Self>,
        py: Python<'py>,
        ids: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArray2<i32>>> {
        let mut this = own(slf)?;
        let ids = ids_of(&ids)?;
        let mut words = Vec::with_capacity((ids.len() + 1) * WORDS);
        this.each_mask(py, &ids, |mask| words.extend(mask.iter().map(|&word| word as i32)))?;
        words.into_pyarray(py).reshape([ids.len() + 1, WORDS])
    }

    /// Return `masks_for` as the numbers of its distinct masks, and these.
    ///
    /// Returns
    /// -------
    /// int32 [n + 1]
    ///     Of each place the row of its mask.
    /// int32 [k, words]
    ///     The masks, in the order in which they first come.
    ///
    /// Raises
    /// ------
    /// GrammarError
    ///     At the first token that may not come.
    fn state_ids<'py>(
        slf: &Bound<'py, Self>,
        py: Python<'py>,
        ids: Bound<'py, PyAny>,
    ) -> PyResult<States<'py>> {
        let mut this = own(slf)?;
        let ids = ids_of(&ids)?;
        // By a short sum of its words the masks that have it: the sum is quick, and seldom shared.
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut table: Vec<i32> = Vec::new();
        let mut places = Vec::with_capacity(ids.len() + 1);
        this.each_mask(py, &ids, |mask| {
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

    /// Write the masks after the nodes of a tree of drafts.
    ///
    /// Parameters
    /// ----------
    /// parents
    ///     int32 [n]; of each node its parent, an earlier node, or -1 for the present place.
    /// ids
    ///     uint16 [n]; the token of each node.
    /// mask
    ///     int32 [n or more, words]; row i becomes the mask after node i, all 0 when the node, or
    ///     one before it, is refused.
    fn fill_tree(
        slf: &Bound<'_, Self>,
        parents: PyReadonlyArray1<'_, i32>,
        ids: Bound<'_, PyAny>,
        mask: Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let mut this = own(slf)?;
        let (parents, ids) = (parents.as_slice()?, ids_of(&ids)?);
        let mut mask = masks(&mask)?;
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
        let depth = this.inner.position();
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
            this.go_to(parent, parents, &ids, &mut path, depth);
            if this.inner.accept(id).is_ok() {
                path.push(node);
                good[node] = true;
                this.write_mask(words);
            }
        }
        let beyond = this.inner.position() - depth;
        this.inner.rollback(beyond);
        Ok(())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> String {
        let Ok(this) = own(slf) else {
            return "<Recognizer in use>".to_owned();
        };
        let kind = this.kind.as_ref().map_or("None".to_owned(), |kind| format!("{kind:?}"));
        format!("<Recognizer {kind} after {} tokens>", this.inner.position())
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let this = own(slf)?;
        let make = py.import("logos_grammar._core")?.getattr("_recognizer_after")?;
        let ids: Vec<u16> = this.inner.ids().collect();
        let profile = this.profile.as_ref().map(|profile| profile.clone_ref(py));
        let arguments = (this.kind.clone(), profile, this.inner.budget(), ids).into_pyobject(py)?;
        Ok((make, arguments))
    }
}

/// The recognizer, which nothing else uses meanwhile.
#[inline]
pub(crate) fn own<'py>(
    recognizer: &Bound<'py, PyRecognizer>,
) -> PyResult<PyRefMut<'py, PyRecognizer>> {
    recognizer.try_borrow_mut().map_err(|_| in_use())
}

#[cold]
fn in_use() -> PyErr {
    PyRuntimeError::new_err(
        "expected one user of a recognizer at a time, found another, such as a thread: give each \
         its own, made by fork()",
    )
}

impl PyRecognizer {
    pub(crate) fn take(&mut self, id: u16) -> bool {
        match self.inner.accept(id) {
            Ok(()) => {
                self.refused = None;
                true
            }
            Err(refusal) => {
                self.refused = Some((id, refusal));
                false
            }
        }
    }

    pub(crate) fn write_mask(&mut self, words: &mut [i32]) {
        let (mask, beyond) = words.split_at_mut(WORDS);
        self.inner.fill(bytemuck::cast_slice_mut(mask));
        beyond.fill(0);
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

/// A recognizer after some tokens, as pickling makes it again.
#[pyfunction]
#[pyo3(name = "_recognizer_after")]
pub fn recognizer_after(
    py: Python<'_>,
    kind: Option<String>,
    profile: Option<Bound<'_, PyAny>>,
    budget: Option<Whole>,
    ids: Vec<u16>,
) -> PyResult<PyRecognizer> {
    let mut recognizer = PyRecognizer::new(py, kind, profile, budget)?;
    match ids.into_iter().find(|&id| !recognizer.take(id)) {
        None => Ok(recognizer),
        Some(id) => Err(PyValueError::new_err(format!("token {id} is not accepted here any more"))),
    }
}
