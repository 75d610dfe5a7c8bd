//! `logos_grammar.infill.Infill`: a template whose text has holes, and the texts that fill them.

use logos_core::objects::infill::Fill;
use logos_core::objects::{Antibody, Infill, NucleicAcid, Protein};
use logos_core::sequence::{Alphabet, Piece, from_text, to_text};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

use super::antibody::{chains_from_python, chains_to_python};
use crate::error::{raise_conversion, text_of, utf8};
use crate::object::Mirror;

impl Mirror for Infill {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.infill", "Infill")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let template = object.getattr("template")?;
        if template.is_instance(Protein::class(py)?)? {
            return Ok(Infill::Protein(text(&template, "sequence")?, fills(object)?));
        }
        if template.is_instance(Antibody::class(py)?)? {
            return Ok(Infill::Antibody(Box::new(chains_from_python(&template)?), fills(object)?));
        }
        if template.is_instance(NucleicAcid::class(py)?)? {
            let kind = text_of(&template, "kind")?;
            return Ok(if kind == "dna" {
                Infill::Dna(text(&template, "sequence")?, fills(object)?)
            } else {
                Infill::Rna(text(&template, "sequence")?, fills(object)?)
            });
        }
        let found = template.get_type().name()?;
        let message =
            format!("expected a Protein, NucleicAcid or Antibody as template, not {found}");
        Err(PyTypeError::new_err(message))
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let (template, fills) = match &self {
            Infill::Protein(template, fills) => {
                (Protein::class(py)?.call1((to_text(template),))?, texts(fills, py)?)
            }
            Infill::Dna(template, fills) => {
                (NucleicAcid::class(py)?.call1(("dna", to_text(template)))?, texts(fills, py)?)
            }
            Infill::Rna(template, fills) => {
                (NucleicAcid::class(py)?.call1(("rna", to_text(template)))?, texts(fills, py)?)
            }
            Infill::Antibody(template, fills) => {
                (chains_to_python(template, py)?, texts(fills, py)?)
            }
        };
        Infill::class(py)?.call1((template, fills))
    }
}

fn text<P: Piece>(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<P>> {
    let text = text_of(object, name)?;
    from_text(&text).map_err(|error| raise_conversion(object.py(), &error, None))
}

fn fills<A: Alphabet>(object: &Bound<'_, PyAny>) -> PyResult<Vec<Fill<A>>> {
    let fill = |text: Bound<'_, PyAny>| {
        let text = utf8(text.cast()?)?;
        let monomers = from_text(text);
        Ok(Fill(monomers.map_err(|error| raise_conversion(object.py(), &error, None))?))
    };
    object.getattr("fills")?.try_iter()?.map(|each| fill(each?)).collect()
}

fn texts<'py, A: Alphabet>(fills: &[Fill<A>], py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, fills.iter().map(|Fill(monomers)| to_text(monomers)))
}
