//! `logos_grammar.infill.Infill`: a template whose text has holes, and the texts that fill them.

use logos_core::objects::infill::Fill;
use logos_core::objects::{Antibody, Infill, NucleicAcid, Protein};
use logos_core::sequence::{Alphabet, from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};

use super::antibody::{self, Regions};
use super::nucleic_acid::{Strand, Sugar};
use crate::error::{Refusal, field_is_not, members_of, str_of};
use crate::object::Mirror;

/// A template, and the texts that fill its holes.
pub struct Parts {
    template: Template,
    fills: Vec<String>,
}

/// What has holes, as text.
enum Template {
    Protein(String),
    NucleicAcid(Strand),
    Antibody(Box<Regions>),
}

impl Mirror for Infill {
    type Held = Parts;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.infill", "Infill")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Parts, Refusal> {
        let py = object.py();
        let found = object.getattr("template")?;
        let template = if found.is_instance(Protein::class(py)?)? {
            Template::Protein(Protein::take(&found)?)
        } else if found.is_instance(Antibody::class(py)?)? {
            Template::Antibody(Box::new(Antibody::take(&found)?))
        } else if found.is_instance(NucleicAcid::class(py)?)? {
            Template::NucleicAcid(NucleicAcid::take(&found)?)
        } else {
            let wanted = "a Protein, NucleicAcid or Antibody";
            return Err(field_is_not(object, "template", wanted, &found));
        };
        let fills = members_of(object, "fills")?.enumerate().map(|(place, fill)| {
            let fill = fill?;
            match fill.cast::<PyString>() {
                Ok(text) => Ok(str_of(text)?.to_owned()),
                Err(_) => Err(field_is_not(object, &format!("fills[{place}]"), "a str", &fill)),
            }
        });
        Ok(Parts { template, fills: fills.collect::<Result<_, Refusal>>()? })
    }

    fn build(Parts { template, fills }: &Parts) -> Result<Self, Refusal> {
        Ok(match template {
            Template::Protein(text) => Infill::Protein(from_text(text)?, filled(fills)?),
            Template::NucleicAcid(Strand { sugar: Sugar::Dna, sequence }) => {
                Infill::Dna(from_text(sequence)?, filled(fills)?)
            }
            Template::NucleicAcid(Strand { sugar: Sugar::Rna, sequence }) => {
                Infill::Rna(from_text(sequence)?, filled(fills)?)
            }
            Template::Antibody(regions) => {
                Infill::Antibody(Box::new(antibody::build(regions)?), filled(fills)?)
            }
        })
    }

    fn hold(self) -> Parts {
        match self {
            Infill::Protein(template, fills) => {
                Parts { template: Template::Protein(to_text(&template)), fills: texts(&fills) }
            }
            Infill::Dna(template, fills) => {
                let strand = Strand { sugar: Sugar::Dna, sequence: to_text(&template) };
                Parts { template: Template::NucleicAcid(strand), fills: texts(&fills) }
            }
            Infill::Rna(template, fills) => {
                let strand = Strand { sugar: Sugar::Rna, sequence: to_text(&template) };
                Parts { template: Template::NucleicAcid(strand), fills: texts(&fills) }
            }
            Infill::Antibody(template, fills) => {
                let regions = Box::new(antibody::hold(&template));
                Parts { template: Template::Antibody(regions), fills: texts(&fills) }
            }
        }
    }

    fn give(Parts { template, fills }: Parts, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let template = match template {
            Template::Protein(text) => Protein::give(text, py)?,
            Template::NucleicAcid(strand) => NucleicAcid::give(strand, py)?,
            Template::Antibody(regions) => Antibody::give(*regions, py)?,
        };
        Infill::class(py)?.call1((template, PyTuple::new(py, fills)?))
    }
}

fn filled<A: Alphabet>(fills: &[String]) -> Result<Vec<Fill<A>>, Refusal> {
    fills.iter().map(|text| Ok(Fill(from_text(text)?))).collect()
}

fn texts<A: Alphabet>(fills: &[Fill<A>]) -> Vec<String> {
    fills.iter().map(|Fill(monomers)| to_text(monomers)).collect()
}
