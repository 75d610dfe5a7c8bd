//! How recognizers are made: new, as a copy, and after some tokens, as pickling makes them again.

use logos_core::recognizer::Recognizer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::PyRecognizer;
use crate::array::Whole;
use crate::grammar::machine_of;
use crate::profile::profile_of;

impl PyRecognizer {
    /// A recognizer of a kind, within a profile and a budget, that has read nothing.
    #[inline]
    pub(super) fn made(
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

    /// A copy that goes its own way.
    pub(super) fn forked(&self, py: Python<'_>) -> Self {
        PyRecognizer {
            inner: self.inner.clone(),
            kind: self.kind.clone(),
            profile: self.profile.as_ref().map(|profile| profile.clone_ref(py)),
            refused: self.refused,
        }
    }

    /// The function that makes this recognizer again, and its arguments.
    pub(super) fn reduced<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let make = py.import("logos_grammar._core")?.getattr("_recognizer_after")?;
        let ids: Vec<u16> = self.inner.ids().collect();
        let profile = self.profile.as_ref().map(|profile| profile.clone_ref(py));
        let arguments = (self.kind.clone(), profile, self.inner.budget(), ids).into_pyobject(py)?;
        Ok((make, arguments))
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
    let mut recognizer = PyRecognizer::made(py, kind, profile, budget)?;
    match ids.into_iter().find(|&id| !recognizer.take(id)) {
        None => Ok(recognizer),
        Some(id) => Err(PyValueError::new_err(format!("token {id} is not accepted here any more"))),
    }
}
