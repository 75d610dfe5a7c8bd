//! SMILES in, molecules out, and back.

use logos_core::objects::Molecule;
use logos_core::objects::molecule::smiles;
use logos_core::{Object, encode};
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error::{raise_conversion, raise_grammar, utf8};
use crate::object::Mirror;

/// A molecule from its SMILES, and of each atom its position among the atoms of the text.
#[pyfunction]
pub fn molecule_from_smiles<'py>(
    py: Python<'py>,
    text: Bound<'py, PyString>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyArray1<u32>>)> {
    let text = utf8(&text, None)?;
    let read = py.detach(|| smiles::from_smiles(text.as_bytes()));
    let read = read.map_err(|error| raise_conversion(py, &error, None))?;
    Ok((read.molecule.to_python(py)?, read.atom_order.into_pyarray(py)))
}

/// The SMILES of a molecule.
#[pyfunction]
pub fn molecule_to_smiles(molecule: Bound<'_, PyAny>) -> PyResult<String> {
    let py = molecule.py();
    let object = Object::from(<Molecule as Mirror>::from_python(&molecule)?);
    let ids = encode(&object).map_err(|error| raise_grammar(py, *error))?;
    let mut text = Vec::new();
    smiles::ids_to_text(&ids, &mut text);
    Ok(String::from_utf8(text)?)
}
