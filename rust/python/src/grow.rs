//! What grows on a molecule joined to it, and a molecule cut into a template and what grows on it.

use logos_core::columns::Columns;
use logos_core::objects::infill::grow::{self, Cut};
use logos_core::objects::infill::{HoledMolecule, MoleculeFill};
use logos_core::objects::{Infill, Molecule};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::columns;
use crate::error::raise_graph;
use crate::object::{Held, Mirror};

/// The template of an infill of a molecule, its holes filled.
#[pyfunction]
pub fn infill_whole<'py>(infill: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = infill.py();
    let taken = Infill::take(infill).map_err(|refusal| refusal.raise(py, None))?;
    let held = Held::Infill(taken);
    // What has no sentence is refused with the reason.
    held.encode(Vec::new()).map_err(|refusal| refusal.raise(py, None))?;
    let built = held.build().map_err(|refusal| refusal.raise(py, None))?;
    let logos_core::Object::Infill(Infill::Molecule(template, fills)) = built else {
        return Err(PyTypeError::new_err("expected an infill of a Molecule"));
    };
    let whole = grow::whole(&template, &fills).map_err(|error| raise_graph(py, &error))?;
    Molecule::give(whole.hold(), py)
}

/// A template, the atoms of its holes, and what was cut off.
type Parts<'py> = (Bound<'py, PyAny>, Vec<u32>, Vec<Bound<'py, PyAny>>);

/// A molecule cut at bonds from an atom that stays to one that goes, or at hydrogens of atoms.
#[pyfunction]
pub fn infill_cut<'py>(
    molecule: &Bound<'py, PyAny>,
    cuts: Vec<(u32, Option<u32>)>,
) -> PyResult<Parts<'py>> {
    let py = molecule.py();
    let taken = Molecule::take(molecule).map_err(|refusal| refusal.raise(py, None))?;
    let whole: Molecule = columns::build(&taken).map_err(|refusal| refusal.raise(py, None))?;
    let held = Held::Molecule(taken);
    held.encode(Vec::new()).map_err(|refusal| refusal.raise(py, None))?;
    let cuts: Vec<Cut> = cuts.into_iter().map(|(at, away)| Cut { at, away }).collect();
    let (template, fills) = grow::cut(&whole, &cuts).map_err(|error| raise_graph(py, &error))?;
    let HoledMolecule { molecule, holes } = template;
    let class = Molecule::class(py)?;
    let fills = fills.iter().map(|MoleculeFill(fill)| columns::give(class, &fill.to_bytes()));
    Ok((Molecule::give(molecule.hold(), py)?, holes, fills.collect::<PyResult<_>>()?))
}
