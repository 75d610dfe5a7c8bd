//! `logos_grammar.nucleic_acid.NucleicAcid`: its kind, and its sequence as text.

use logos_core::objects::NucleicAcid;
use logos_core::sequence::{from_text, to_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{Refusal, text_of, word_of};
use crate::object::Mirror;

/// A strand as text.
pub struct Strand {
    /// Which sugar it has.
    pub sugar: Sugar,
    /// Its nucleotides.
    pub sequence: String,
}

/// The sugar of a strand.
#[derive(Clone, Copy)]
pub enum Sugar {
    /// Deoxyribose.
    Dna,
    /// Ribose.
    Rna,
}

impl Sugar {
    /// Its word in Python.
    pub const fn name(self) -> &'static str {
        match self {
            Sugar::Dna => "dna",
            Sugar::Rna => "rna",
        }
    }
}

impl Mirror for NucleicAcid {
    type Held = Strand;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.nucleic_acid", "NucleicAcid")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Strand, Refusal> {
        let sugars = [Sugar::Dna, Sugar::Rna];
        let sugar = sugars[word_of(object, "kind", &sugars.map(Sugar::name))?];
        Ok(Strand { sugar, sequence: text_of(object, "sequence")? })
    }

    fn build(Strand { sugar, sequence }: &Strand) -> Result<Self, Refusal> {
        Ok(match sugar {
            Sugar::Dna => NucleicAcid::Dna(from_text(sequence)?),
            Sugar::Rna => NucleicAcid::Rna(from_text(sequence)?),
        })
    }

    fn hold(self) -> Strand {
        match self {
            NucleicAcid::Dna(strand) => Strand { sugar: Sugar::Dna, sequence: to_text(&strand) },
            NucleicAcid::Rna(strand) => Strand { sugar: Sugar::Rna, sequence: to_text(&strand) },
        }
    }

    fn give(Strand { sugar, sequence }: Strand, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        NucleicAcid::class(py)?.call1((sugar.name(), sequence))
    }
}
