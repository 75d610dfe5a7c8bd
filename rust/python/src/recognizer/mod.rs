//! The recognizer in Python: tokens in, masks out.

#![allow(clippy::doc_markdown)] // the documentation of classes and functions is Python's

mod drafts;
mod making;
mod masks;
mod own;
mod tokens;

use logos_core::recognizer::{Recognizer, Refusal};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyReadonlyArray1};
use pyo3::exceptions::PyDeprecationWarning;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::array::{Whole, tokens_of};
use masks::States;

pub use making::recognizer_after;
pub(crate) use own::own;

/// A place in a sentence: which tokens may come next, and nothing else.
///
/// Parameters
/// ----------
/// kind
///     The name of an object type, such as "molecule", or of a declared one; None is any of the
///     first.
/// profile
///     A sublanguage to keep to: a `Profile`, or for short "kekule+valence" (molecules without
///     aromatic atoms within RDKit's limits of valence), "aromatic" (the same with
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
        Self::made(py, kind, profile, budget)
    }

    /// Take one token; False when it may not come next, and then nothing has changed.
    fn accept(slf: &Bound<'_, Self>, id: Whole) -> PyResult<bool> {
        let mut this = own(slf)?;
        // What is no id of 16 bits is no token either.
        Ok(this.take(u16::try_from(id.0).unwrap_or(u16::MAX)))
    }

    /// Take tokens up to the first that is refused, and return how many were taken.
    ///
    /// An integer outside the vocabulary is refused, as by `accept`.
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
        own(slf)?.take_back(n)
    }

    /// Return a copy that goes its own way.
    fn fork(slf: &Bound<'_, Self>) -> PyResult<Self> {
        Ok(own(slf)?.forked(slf.py()))
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
        Ok(own(slf)?.inner.allowed().into_pyarray(py))
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
        own(slf)?.fill_row(&mask, row)
    }

    /// Set the logits of ids that may not come next to minus infinity.
    ///
    /// Parameters
    /// ----------
    /// logits
    ///     bfloat16, float16, float32 or float64 [ids], an array of numpy or a tensor of torch on
    ///     the CPU; it may be wider than the vocabulary.
    fn apply_(slf: &Bound<'_, Self>, logits: Bound<'_, PyAny>) -> PyResult<()> {
        own(slf)?.apply(&logits)
    }

    /// Return (code, position, reason) of the last token, if it was refused.
    ///
    /// The codes: 1, the rules do not have the token here; 2, it breaks the condition that is the
    /// reason; 3, the sentence could not be completed within the budget; 4, the profile forbids it.
    fn error(slf: &Bound<'_, Self>) -> PyResult<Option<(u8, usize, String)>> {
        Ok(own(slf)?.refusal())
    }

    /// Return the minimum number of tokens to complete the sentence; 0 when it is complete.
    ///
    /// Exact for the grammar; under a profile that adds obligations, a bound that suffices.
    fn min_tokens_to_complete(slf: &Bound<'_, Self>) -> PyResult<usize> {
        Ok(own(slf)?.inner.min_tokens_to_complete())
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
        Ok(own(slf)?.inner.closing_tokens().into_pyarray(py))
    }

    /// Return the tokens that come next without an alternative, uint16 [k].
    fn forced<'py>(slf: &Bound<'py, Self>, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u16>>> {
        Ok(own(slf)?.inner.forced().into_pyarray(py))
    }

    /// Whether the tokens so far are a sentence.
    #[getter]
    fn is_accepting(slf: &Bound<'_, Self>) -> PyResult<bool> {
        Ok(own(slf)?.inner.is_done())
    }

    /// Whether nothing can follow.
    #[getter]
    fn is_done(slf: &Bound<'_, Self>) -> PyResult<bool> {
        Ok(own(slf)?.inner.is_done())
    }

    /// How many tokens were accepted.
    #[getter]
    fn position(slf: &Bound<'_, Self>) -> PyResult<usize> {
        Ok(own(slf)?.inner.position())
    }

    /// The tokens accepted so far, uint16 [position].
    #[getter]
    fn ids<'py>(slf: &Bound<'py, Self>, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u16>>> {
        Ok(own(slf)?.inner.ids().collect::<Vec<_>>().into_pyarray(py))
    }

    /// Within how many tokens the sentence is complete.
    #[getter]
    fn budget(slf: &Bound<'_, Self>) -> PyResult<Option<usize>> {
        Ok(own(slf)?.inner.budget())
    }

    /// The object type.
    #[getter]
    fn kind(slf: &Bound<'_, Self>) -> PyResult<Option<String>> {
        Ok(own(slf)?.kind.clone())
    }

    /// The profile.
    #[getter]
    fn profile(slf: &Bound<'_, Self>, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        Ok(own(slf)?.profile.as_ref().map(|profile| profile.clone_ref(py)))
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
        ids: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArray2<i32>>> {
        own(slf)?.masks_along(&ids)
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
    fn state_ids<'py>(slf: &Bound<'py, Self>, ids: Bound<'py, PyAny>) -> PyResult<States<'py>> {
        own(slf)?.states_along(&ids)
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
        own(slf)?.fill_drafts(parents.as_slice()?, &ids, &mask)
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
        own(slf)?.reduced(py)
    }
}
