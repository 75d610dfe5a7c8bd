//! SMILES in, molecules out, and back.

use logos_core::objects::molecule::smiles;
use logos_core::objects::{Molecule, reaction};
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error::{raise_conversion, raise_grammar, utf8};
use crate::object::{Held, Mirror};

/// A molecule from its SMILES, and of each atom its position among the atoms of the text.
#[pyfunction]
pub fn molecule_from_smiles<'py>(
    py: Python<'py>,
    text: Bound<'py, PyString>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyArray1<u32>>)> {
    let text = utf8(&text)?;
    let read = py.detach(|| smiles::from_smiles(text.as_bytes()));
    let read = read.map_err(|error| raise_conversion(py, &error, None))?;
    Ok((Molecule::give(read.molecule.hold(), py)?, read.atom_order.into_pyarray(py)))
}

/// A reaction from its SMILES.
#[pyfunction]
pub fn reaction_from_smiles(text: Bound<'_, PyString>) -> PyResult<Bound<'_, PyAny>> {
    let py = text.py();
    let mut ids = Vec::new();
    let mut reader = smiles::Reader::default();
    let read = reaction::smiles::text_to_ids(utf8(&text)?.as_bytes(), &mut reader, &mut ids);
    read.map_err(|error| raise_conversion(py, &error, None))?;
    Held::decode(&ids).map_err(|error| raise_grammar(py, *error))?.give(py)
}

/// The SMILES of a molecule.
#[pyfunction]
pub fn molecule_to_smiles(molecule: Bound<'_, PyAny>) -> PyResult<String> {
    let py = molecule.py();
    let ids = Molecule::take(&molecule).and_then(|held| Held::Molecule(held).encode(Vec::new()));
    let ids = ids.map_err(|refusal| refusal.raise(py, None))?;
    let mut text = Vec::new();
    smiles::ids_to_text(&ids, &mut text);
    Ok(String::from_utf8(text)?)
}
