//! `logos_grammar.antibody.Antibody`: two chains of regions as text.

use logos_core::objects::Antibody;
use logos_core::objects::antibody::{Chains, Light, Variable};
use logos_core::sequence::{Piece, from_text, to_text};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{raise_conversion, text_of};
use crate::object::Mirror;

impl Mirror for Antibody {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.antibody", "Antibody")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        chains_from_python(object)
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        chains_to_python(&self, py)
    }
}

const REGIONS: [&str; 7] = ["fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4"];
const LOCI: [(&str, Light); 3] =
    [("light", Light::Unknown), ("kappa", Light::Kappa), ("lambda", Light::Lambda)];

/// Chains of residues, with holes or without.
pub fn chains_from_python<P: Piece>(object: &Bound<'_, PyAny>) -> PyResult<Chains<P>> {
    let heavy = object.getattr("heavy")?;
    let heavy = if heavy.is_none() {
        None
    } else {
        locus_of(&heavy, &["heavy"])?;
        Some(variable_from_python(&heavy)?)
    };
    let light = object.getattr("light")?;
    let light = if light.is_none() {
        None
    } else {
        let known: Vec<&str> = LOCI.iter().map(|&(name, _)| name).collect();
        let locus = LOCI[locus_of(&light, &known)?].1;
        Some((locus, variable_from_python(&light)?))
    };
    Ok(Chains { heavy, light })
}

/// An `Antibody` of chains, with holes or without.
pub fn chains_to_python<'py, P: Piece>(
    chains: &Chains<P>,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let heavy = chains.heavy.as_ref().map(|variable| variable_to_python("heavy", variable, py));
    let light = chains
        .light
        .as_ref()
        .map(|(light, variable)| variable_to_python(LOCI[*light as usize].0, variable, py));
    Antibody::class(py)?.call1((heavy.transpose()?, light.transpose()?))
}

fn locus_of(chain: &Bound<'_, PyAny>, known: &[&str]) -> PyResult<usize> {
    let locus = text_of(chain, "locus")?;
    known.iter().position(|name| *name == locus).ok_or_else(|| {
        PyValueError::new_err(format!(
            "expected a locus, one of {}, not {locus:?}",
            known.join(", ")
        ))
    })
}

fn variable_from_python<P: Piece>(chain: &Bound<'_, PyAny>) -> PyResult<Variable<P>> {
    let pieces = |name: &str| -> PyResult<Vec<P>> {
        let text = text_of(chain, name)?;
        from_text(&text).map_err(|error| {
            let exception = raise_conversion(chain.py(), &error, None);
            match exception.add_note(chain.py(), format!("in {name}")) {
                Ok(()) => exception,
                Err(other) => other,
            }
        })
    };
    let mut regions = [const { Vec::new() }; 7];
    for (region, name) in regions.iter_mut().zip(REGIONS) {
        *region = pieces(name)?;
    }
    let has_constant = !chain.getattr("constant")?.is_none();
    let constant = has_constant.then(|| pieces("constant")).transpose()?;
    Ok(Variable { regions, constant })
}

fn variable_to_python<'py, P: Piece>(
    locus: &str,
    variable: &Variable<P>,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static CHAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = CHAIN.import(py, "logos_grammar.antibody", "Chain")?;
    let [fr1, cdr1, fr2, cdr2, fr3, cdr3, fr4] = variable.regions.each_ref().map(|r| to_text(r));
    let constant = variable.constant.as_ref().map(|residues| to_text(residues));
    class.call1((locus, fr1, cdr1, fr2, cdr2, fr3, cdr3, fr4, constant))
}
