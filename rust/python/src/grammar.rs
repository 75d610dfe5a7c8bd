//! Declared grammars in Python: a text compiled, and what it says of ids.

#![allow(clippy::doc_markdown)] // the documentation of classes and functions is Python's

use std::sync::Arc;

use logos_core::grammar::Written;
use logos_core::grammar::carried::declared;
use logos_core::recognizer::{Machine, Recognizer, spec};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::array::ids_of;
use crate::error::{named_error, raise_named};
use crate::page::{page, traced};

/// The grammar of one object type, compiled; it may use the rules of the spec.
///
/// Parameters
/// ----------
/// text
///     Sections of tokens, rules and conditions, as spec/README.md defines them.
///
/// Raises
/// ------
/// ValueError
///     If it is no grammar, or one that is refused; with the reason.
#[pyclass(name = "Grammar", module = "logos_grammar._core", frozen)]
pub struct PyGrammar {
    machine: Arc<Machine>,
    written: Written,
}

/// A token as Python has it: its id, name, gloss and section.
type Token = (u16, String, String, String);

#[pymethods]
impl PyGrammar {
    #[new]
    fn new(py: Python<'_>, text: &str) -> PyResult<Self> {
        let machine = py.detach(|| Machine::declared(text)).map_err(PyValueError::new_err)?;
        let written = declared(text).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(PyGrammar { machine, written })
    }

    /// The name of the object type: that of the first rule.
    #[getter]
    fn kind(&self) -> &str {
        self.machine.kinds().next().unwrap_or_default()
    }

    /// The tokens that it declares, by ascending id: id, name, gloss and section.
    fn tokens(&self) -> Vec<Token> {
        let mut all: Vec<Token> = Vec::new();
        for section in &self.machine.lexicon().sections {
            all.extend((section.base..).zip(&section.tokens).map(|(id, token)| {
                (id, token.name.clone(), token.gloss.clone(), section.name.clone())
            }));
        }
        all.sort_unstable_by_key(|token| token.0);
        all
    }

    /// Return its rules, examples and sections, as `pages` gives those of the spec.
    fn page<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        match self.written.pages.last() {
            Some(own) => page(py, own),
            None => Err(PyValueError::new_err("expected a grammar with a page")),
        }
    }

    /// Return the rules of each token of a sentence, as `trace` does for the spec.
    fn trace<'py>(&self, py: Python<'py>, ids: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        traced(py, &self.written, &ids_of(&ids)?)
    }

    /// Return what is wrong with a sentence, or None.
    fn check<'py>(
        &self,
        py: Python<'py>,
        ids: Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut recognizer = self.begin()?;
        for id in ids_of(&ids)? {
            if let Err(refusal) = recognizer.accept(id) {
                let error = recognizer.explained(refusal.reason, id);
                return named_error(py, error, self.machine.lexicon(), None).map(Some);
            }
        }
        if recognizer.is_done() {
            return Ok(None);
        }
        named_error(py, recognizer.cut_short(), self.machine.lexicon(), None).map(Some)
    }

    /// Return the ids that can continue a prefix, uint16, ascending.
    fn next_ids<'py>(
        &self,
        py: Python<'py>,
        prefix: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArray1<u16>>> {
        let mut recognizer = self.begin()?;
        for id in ids_of(&prefix)? {
            if let Err(refusal) = recognizer.accept(id) {
                let error = recognizer.explained(refusal.reason, id);
                return Err(raise_named(py, error, self.machine.lexicon()));
            }
        }
        Ok(recognizer.allowed().into_pyarray(py))
    }
}

impl PyGrammar {
    fn begin(&self) -> PyResult<Recognizer> {
        Recognizer::new(&self.machine, Some(self.kind()), None)
            .ok_or_else(|| PyValueError::new_err("expected a grammar with an object type"))
    }
}

/// The machine of an object type: of the spec, or a declared one.
pub fn machine_of(py: Python<'_>, kind: Option<&str>) -> PyResult<Arc<Machine>> {
    let Some(kind) = kind else { return Ok(Arc::clone(spec().any())) };
    if let Some(machine) = spec().of(kind) {
        return Ok(Arc::clone(machine));
    }
    let found = py.import("logos_grammar.declared")?.call_method1("grammar_of", (kind,))?;
    if found.is_none() {
        let known = spec().kinds().collect::<Vec<_>>().join(", ");
        return Err(PyValueError::new_err(format!(
            "expected a kind of object, one of {known} or a declared one, not {kind:?}"
        )));
    }
    Ok(Arc::clone(&found.cast::<PyGrammar>()?.get().machine))
}
