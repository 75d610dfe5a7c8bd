//! The rules of the grammar as plain Python values, for `logos_grammar.grammar`.

use logos_core::grammar::carried::{page_paths, spec};
use logos_core::grammar::{Node, Operator, Page, Written};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// Every page of the spec: its path below `spec/`, its rules, its examples and its sections.
#[pyfunction]
pub fn pages(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let all = PyList::empty(py);
    for (path, written) in page_paths().zip(&spec().pages) {
        all.append((path, page(py, written)?))?;
    }
    Ok(all)
}

/// Of each token of a sentence of the spec the innermost rule and the rules in force, outermost
/// first; up to the first token that the rules do not have there.
#[pyfunction]
pub fn trace<'py>(
    py: Python<'py>,
    ids: PyReadonlyArray1<'py, u16>,
) -> PyResult<Bound<'py, PyList>> {
    traced(py, spec(), ids.as_slice()?)
}

/// A part of a rule: its operator, its names, its parts, the ranges of ids with which it can begin,
/// and whether it may be empty.
type PyNode<'py> = Bound<'py, PyTuple>;

/// A page: its rules (name, body, comment, conditions, text), its examples (rule, ids, position and
/// reason when refused, meaning), the names of its sections.
pub fn page<'py>(py: Python<'py>, page: &Page) -> PyResult<Bound<'py, PyTuple>> {
    let rules = PyList::empty(py);
    for rule in &page.rules {
        let body = node(py, &rule.body)?;
        rules.append((&rule.name, body, &rule.comment, &rule.conditions, &rule.text))?;
    }
    let examples = PyList::empty(py);
    for example in &page.examples {
        let refused = example.refused.clone();
        examples.append((&example.rule, &example.ids, refused, &example.meaning))?;
    }
    (rules, examples, &page.sections).into_pyobject(py)
}

fn node<'py>(py: Python<'py>, part: &Node) -> PyResult<PyNode<'py>> {
    let (operator, names): (_, Vec<&str>) = match &part.operator {
        Operator::Token(name) => ("token", vec![name]),
        Operator::Span(first, last) => ("span", vec![first, last]),
        Operator::Name(name) => ("name", vec![name]),
        Operator::Sequence => ("sequence", vec![]),
        Operator::Choice => ("choice", vec![]),
        Operator::Maybe => ("maybe", vec![]),
        Operator::Many => ("many", vec![]),
    };
    let parts = PyList::empty(py);
    for inner in &part.parts {
        parts.append(node(py, inner)?)?;
    }
    (operator, names, parts, &part.first.tokens, part.first.is_nullable).into_pyobject(py)
}

/// Of each token the innermost rule and the rules in force.
pub fn traced<'py>(
    py: Python<'py>,
    written: &Written,
    ids: &[u16],
) -> PyResult<Bound<'py, PyList>> {
    let traced = PyList::empty(py);
    for (rule, rules) in written.trace(ids) {
        traced.append((rule, PyTuple::new(py, rules)?))?;
    }
    Ok(traced)
}
