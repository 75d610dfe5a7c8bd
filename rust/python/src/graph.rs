//! Graphs in, molecules out.

use logos_core::objects::Molecule;
use logos_core::objects::molecule::graph::{DoubleBond, Graph, from_graph};
use logos_core::objects::molecule::{Atoms, Bonds};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::raise_graph;
use crate::object::Mirror;

/// The molecule, the row of each of its atoms, and double bonds between directed bonds.
type Found<'py> = (Bound<'py, PyAny>, Bound<'py, PyArray1<u32>>, Vec<u32>);

/// A molecule from columns of atoms and bonds in any order.
#[pyfunction]
pub fn molecule_from_graph<'py>(
    py: Python<'py>,
    columns: &Bound<'py, PyDict>,
    double_bonds: Vec<(u32, u32, u32, bool)>,
) -> PyResult<Found<'py>> {
    let atoms = Atoms {
        element: column(columns, "element")?.extract()?,
        aromatic: column(columns, "aromatic")?.extract()?,
        isotope: column(columns, "isotope")?.extract()?,
        stereo: column(columns, "stereo")?.extract()?,
        hydrogens: column(columns, "hydrogens")?.extract()?,
        charge: column(columns, "charge")?.extract()?,
        map: column(columns, "map")?.extract()?,
    };
    let bonds = Bonds {
        begin: column(columns, "begin")?.extract()?,
        end: column(columns, "end")?.extract()?,
        order: column(columns, "order")?.extract()?,
    };
    let (n, m) = (atoms.element.len(), bonds.begin.len());
    let of_atoms = [
        atoms.aromatic.len(),
        atoms.isotope.len(),
        atoms.stereo.len(),
        atoms.hydrogens.len(),
        atoms.charge.len(),
        atoms.map.len(),
    ];
    if of_atoms != [n; 6] || [bonds.end.len(), bonds.order.len()] != [m; 2] {
        return Err(PyValueError::new_err("expected columns of one length"));
    }
    let double_bonds = double_bonds
        .into_iter()
        .map(|(bond, at_begin, at_end, cis)| DoubleBond { bond, at_begin, at_end, cis })
        .collect();
    let graph = Graph { molecule: Molecule { atoms, bonds }, double_bonds };
    let found = py.detach(|| from_graph(&graph)).map_err(|error| raise_graph(py, &error))?;
    let molecule = Molecule::give(found.arranged.molecule.hold(), py)?;
    Ok((molecule, found.arranged.atom_order.into_pyarray(py), found.between_directions))
}

fn column<'py>(columns: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let found = columns.get_item(name)?;
    found.ok_or_else(|| PyValueError::new_err(format!("expected a column {name}")))
}
