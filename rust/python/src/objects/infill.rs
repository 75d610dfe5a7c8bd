//! `logos_grammar.infill.Infill`: a template whose text has holes, and the texts that fill them; or
//! a molecule, the atoms at which it grows, and the molecules that grow there.

use logos_core::columns::Columns;
use logos_core::objects::infill::{Fill, HoledMolecule, MoleculeFill};
use logos_core::objects::{Antibody, Infill, Molecule, NucleicAcid, Protein};
use logos_core::sequence::{Alphabet, from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};

use super::antibody::{self, Regions};
use super::nucleic_acid::{Strand, Sugar};
use crate::columns;
use crate::error::{Refusal, field_is_not, members_of, str_of};
use crate::object::Mirror;

/// A template, and what fills its holes.
pub enum Parts {
    /// As texts.
    Sequence(Template, Vec<String>),
    /// The bytes of a molecule, the atoms at which it grows, and the bytes of what grows there.
    Molecule(Vec<u8>, Vec<u32>, Vec<Vec<u8>>),
}

/// What has holes, as text.
pub enum Template {
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
        let template = if found.is_instance(Molecule::class(py)?)? {
            return take_grown(object, &found);
        } else if found.is_instance(Protein::class(py)?)? {
            Template::Protein(Protein::take(&found)?)
        } else if found.is_instance(Antibody::class(py)?)? {
            Template::Antibody(Box::new(Antibody::take(&found)?))
        } else if found.is_instance(NucleicAcid::class(py)?)? {
            Template::NucleicAcid(NucleicAcid::take(&found)?)
        } else {
            let wanted = "a Molecule, Protein, NucleicAcid or Antibody";
            return Err(field_is_not(object, "template", wanted, &found));
        };
        let fills = members_of(object, "fills")?.enumerate().map(|(place, fill)| {
            let fill = fill?;
            match fill.cast::<PyString>() {
                Ok(text) => Ok(str_of(text)?.to_owned()),
                Err(_) => Err(field_is_not(object, &format!("fills[{place}]"), "a str", &fill)),
            }
        });
        Ok(Parts::Sequence(template, fills.collect::<Result<_, Refusal>>()?))
    }

    fn build(parts: &Parts) -> Result<Self, Refusal> {
        let (template, fills) = match parts {
            Parts::Sequence(template, fills) => (template, fills),
            Parts::Molecule(template, holes, fills) => {
                let molecule = columns::build(template)?;
                let template = Box::new(HoledMolecule { molecule, holes: holes.clone() });
                let fills = fills.iter().map(|fill| Ok(MoleculeFill(columns::build(fill)?)));
                return Ok(Infill::Molecule(template, fills.collect::<Result<_, Refusal>>()?));
            }
        };
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
                Parts::Sequence(Template::Protein(to_text(&template)), texts(&fills))
            }
            Infill::Dna(template, fills) => {
                let strand = Strand { sugar: Sugar::Dna, sequence: to_text(&template) };
                Parts::Sequence(Template::NucleicAcid(strand), texts(&fills))
            }
            Infill::Rna(template, fills) => {
                let strand = Strand { sugar: Sugar::Rna, sequence: to_text(&template) };
                Parts::Sequence(Template::NucleicAcid(strand), texts(&fills))
            }
            Infill::Antibody(template, fills) => {
                let regions = Box::new(antibody::hold(&template));
                Parts::Sequence(Template::Antibody(regions), texts(&fills))
            }
            Infill::Molecule(template, fills) => {
                let fills = fills.iter().map(|MoleculeFill(fill)| fill.to_bytes()).collect();
                Parts::Molecule(template.molecule.to_bytes(), template.holes, fills)
            }
        }
    }

    fn give(parts: Parts, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let (template, fills) = match parts {
            Parts::Sequence(template, fills) => (template, fills),
            Parts::Molecule(template, holes, fills) => {
                let class = Molecule::class(py)?;
                let fills = fills.iter().map(|fill| columns::give(class, fill));
                let fills = PyTuple::new(py, fills.collect::<PyResult<Vec<_>>>()?)?;
                let template = columns::give(class, &template)?;
                return Infill::class(py)?.call1((template, fills, PyTuple::new(py, holes)?));
            }
        };
        let template = match template {
            Template::Protein(text) => Protein::give(text, py)?,
            Template::NucleicAcid(strand) => NucleicAcid::give(strand, py)?,
            Template::Antibody(regions) => Antibody::give(*regions, py)?,
        };
        Infill::class(py)?.call1((template, PyTuple::new(py, fills)?))
    }
}

/// A molecule, the atoms at which it grows, and what grows there.
fn take_grown(object: &Bound<'_, PyAny>, template: &Bound<'_, PyAny>) -> Result<Parts, Refusal> {
    let class = Molecule::class(object.py())?;
    let mut holes = Vec::new();
    for (place, hole) in members_of(object, "holes")?.enumerate() {
        let hole = hole?;
        let row = hole.extract();
        let field = format!("holes[{place}]");
        holes.push(row.map_err(|_| field_is_not(object, &field, "the row of an atom", &hole))?);
    }
    let mut fills = Vec::new();
    for (place, fill) in members_of(object, "fills")?.enumerate() {
        let fill = fill?;
        if !fill.is_instance(class)? {
            return Err(field_is_not(object, &format!("fills[{place}]"), "a Molecule", &fill));
        }
        fills.push(columns::take(&fill)?);
    }
    Ok(Parts::Molecule(columns::take(template)?, holes, fills))
}

fn filled<A: Alphabet>(fills: &[String]) -> Result<Vec<Fill<A>>, Refusal> {
    fills.iter().map(|text| Ok(Fill(from_text(text)?))).collect()
}

fn texts<A: Alphabet>(fills: &[Fill<A>]) -> Vec<String> {
    fills.iter().map(|Fill(monomers)| to_text(monomers)).collect()
}
