//! `logos_grammar.nucleic_acid.NucleicAcid`: its kind, and its sequence as text.

use logos_core::objects::NucleicAcid;
use logos_core::sequence::{from_text, to_text};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{raise_conversion, text_of};
use crate::object::Mirror;

impl Mirror for NucleicAcid {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.nucleic_acid", "NucleicAcid")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kind = text_of(object, "kind")?;
        let sequence = text_of(object, "sequence")?;
        let strand = match kind.as_str() {
            "dna" => from_text(&sequence).map(NucleicAcid::Dna),
            "rna" => from_text(&sequence).map(NucleicAcid::Rna),
            _ => return Err(PyValueError::new_err(format!("expected dna or rna, not {kind:?}"))),
        };
        strand.map_err(|error| raise_conversion(object.py(), &error, None))
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let fields = match &self {
            NucleicAcid::Dna(nucleotides) => ("dna", to_text(nucleotides)),
            NucleicAcid::Rna(nucleotides) => ("rna", to_text(nucleotides)),
        };
        NucleicAcid::class(py)?.call1(fields)
    }
}
