//! `logos_grammar.antibody.Antibody`: two chains of regions as text.

use logos_core::objects::Antibody;
use logos_core::objects::antibody::{Chains, Light, Variable};
use logos_core::sequence::{Piece, from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{Refusal, object_of, text_of, word_of};
use crate::object::Mirror;

/// The regions of both chains, and the locus of the light one.
pub struct Regions {
    heavy: Option<Texts>,
    light: Option<(Light, Texts)>,
}

/// The regions of a chain as text.
struct Texts {
    variable: [String; 7],
    constant: Option<String>,
}

const REGIONS: [&str; 7] = ["fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4"];
const CONSTANT: &str = "constant";
const LOCI: [(&str, Light); 3] =
    [("light", Light::Unknown), ("kappa", Light::Kappa), ("lambda", Light::Lambda)];

impl Mirror for Antibody {
    type Held = Regions;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.antibody", "Antibody")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Regions, Refusal> {
        let heavy = match chain_of(object, "heavy")? {
            None => None,
            Some(chain) => {
                word_of(&chain, "locus", &["heavy"])?;
                Some(texts_of(&chain)?)
            }
        };
        let light = match chain_of(object, "light")? {
            None => None,
            Some(chain) => {
                let locus = LOCI[word_of(&chain, "locus", &LOCI.map(|(name, _)| name))?].1;
                Some((locus, texts_of(&chain)?))
            }
        };
        Ok(Regions { heavy, light })
    }

    fn build(held: &Regions) -> Result<Self, Refusal> {
        build(held)
    }

    fn hold(self) -> Regions {
        hold(&self)
    }

    fn give(Regions { heavy, light }: Regions, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let heavy = heavy.map(|texts| chain("heavy", texts, py)).transpose()?;
        let light = light.map(|(locus, texts)| chain(LOCI[locus as usize].0, texts, py));
        Antibody::class(py)?.call1((heavy, light.transpose()?))
    }
}

/// Chains of residues, with holes or without.
pub fn build<P: Piece>(Regions { heavy, light }: &Regions) -> Result<Chains<P>, Refusal> {
    Ok(Chains {
        heavy: heavy.as_ref().map(variable).transpose()?,
        light: match light {
            Some((locus, texts)) => Some((*locus, variable(texts)?)),
            None => None,
        },
    })
}

/// What Python holds of chains.
pub fn hold<P: Piece>(chains: &Chains<P>) -> Regions {
    let texts = |variable: &Variable<P>| Texts {
        variable: variable.regions.each_ref().map(|region| to_text(region)),
        constant: variable.constant.as_ref().map(|residues| to_text(residues)),
    };
    Regions {
        heavy: chains.heavy.as_ref().map(texts),
        light: chains.light.as_ref().map(|(locus, variable)| (*locus, texts(variable))),
    }
}

fn variable<P: Piece>(Texts { variable, constant }: &Texts) -> Result<Variable<P>, Refusal> {
    let pieces = |text: &str, name: &'static str| {
        from_text(text).map_err(|error| Refusal::Text(error, Some(name)))
    };
    let mut regions = [const { Vec::new() }; 7];
    for ((region, text), name) in regions.iter_mut().zip(variable).zip(REGIONS) {
        *region = pieces(text, name)?;
    }
    let constant = constant.as_ref().map(|text| pieces(text, CONSTANT)).transpose()?;
    Ok(Variable { regions, constant })
}

fn chain_of<'py>(
    antibody: &Bound<'py, PyAny>,
    field: &str,
) -> Result<Option<Bound<'py, PyAny>>, Refusal> {
    if antibody.getattr(field)?.is_none() {
        return Ok(None);
    }
    object_of(antibody, field, chain_class(antibody.py())?).map(Some)
}

fn texts_of(chain: &Bound<'_, PyAny>) -> Result<Texts, Refusal> {
    let mut variable = [const { String::new() }; 7];
    for (text, name) in variable.iter_mut().zip(REGIONS) {
        *text = text_of(chain, name)?;
    }
    let has_constant = !chain.getattr(CONSTANT)?.is_none();
    Ok(Texts { variable, constant: has_constant.then(|| text_of(chain, CONSTANT)).transpose()? })
}

fn chain<'py>(
    locus: &str,
    Texts { variable: [fr1, cdr1, fr2, cdr2, fr3, cdr3, fr4], constant }: Texts,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    chain_class(py)?.call1((locus, fr1, cdr1, fr2, cdr2, fr3, cdr3, fr4, constant))
}

fn chain_class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static CHAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    CHAIN.import(py, "logos_grammar.antibody", "Chain")
}
