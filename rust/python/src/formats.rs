//! Files of structures in, their columns out, and back; records of SDF in.

use logos_core::columns::Columns;
use logos_core::formats::{Blanks, FormatError, mmcif, pdb, sdf, settle};
use logos_core::objects::structure::Structure;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::columns;
use crate::error::raise_format;

/// The columns of a structure, and what was left out of its file, in words.
type Read<'py> = (Bound<'py, PyBytes>, Vec<String>);

/// The structure of a PDB file.
#[pyfunction]
pub fn structure_from_pdb<'py>(
    py: Python<'py>,
    text: &[u8],
    blank_occupancy_is_one: bool,
) -> PyResult<Read<'py>> {
    let blanks = Blanks { occupancy_is_one: blank_occupancy_is_one };
    let read =
        py.detach(|| pdb::read(text, blanks).map(|read| held(read.structure, &read.left_out)));
    give(py, read)
}

/// The structure of a block of an mmCIF file.
#[pyfunction]
pub fn structure_from_mmcif<'py>(
    py: Python<'py>,
    text: &[u8],
    block: Option<&[u8]>,
    blank_occupancy_is_one: bool,
) -> PyResult<Read<'py>> {
    let blanks = Blanks { occupancy_is_one: blank_occupancy_is_one };
    let read = py.detach(|| {
        mmcif::read(text, block, blanks).map(|read| held(read.structure, &read.left_out))
    });
    give(py, read)
}

/// The blocks of an mmCIF file that have an atom table: the name, the begin and the end of each.
#[pyfunction]
pub fn mmcif_parts<'py>(
    py: Python<'py>,
    text: &[u8],
) -> PyResult<Vec<(Bound<'py, PyBytes>, usize, usize)>> {
    let parts = py.detach(|| mmcif::parts(text)).map_err(|error| raise_format(py, &error))?;
    let held = |part: mmcif::Part| (PyBytes::new(py, part.name), part.bytes.start, part.bytes.end);
    Ok(parts.into_iter().map(held).collect())
}

/// The PDB file of a structure.
#[pyfunction]
pub fn structure_to_pdb<'py>(
    structure: &Bound<'py, PyAny>,
    hybrid_36: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    written(structure, |structure| pdb::write(structure, pdb::WriteOptions { hybrid_36 }))
}

/// The mmCIF file of a structure.
#[pyfunction]
pub fn structure_to_mmcif<'py>(structure: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    written(structure, mmcif::write)
}

/// The columns of the layout that says a structure in the fewest tokens.
#[pyfunction]
pub fn structure_layout<'py>(structure: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let py = structure.py();
    let bytes = columns::Held::take(structure).map_err(|refusal| refusal.raise(py, None))?;
    let layout = py.detach(|| {
        let structure: Structure = columns::build(&bytes)?;
        Ok(structure.cheapest_layout().to_bytes())
    });
    let layout = layout.map_err(|refusal: crate::error::Refusal| refusal.raise(py, None))?;
    Ok(PyBytes::new(py, &layout))
}

/// The columns of a structure whose strands are cut as those of a file are, and its layout chosen.
#[pyfunction]
pub fn structure_settled<'py>(structure: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let py = structure.py();
    let bytes = columns::Held::take(structure).map_err(|refusal| refusal.raise(py, None))?;
    let settled = py.detach(|| columns::build(&bytes).map(|found| settle(found).to_bytes()));
    Ok(PyBytes::new(py, &settled.map_err(|refusal| refusal.raise(py, None))?))
}

fn held(structure: Structure, left_out: &[FormatError]) -> (Vec<u8>, Vec<String>) {
    (structure.to_bytes(), left_out.iter().map(ToString::to_string).collect())
}

fn give(py: Python<'_>, read: Result<(Vec<u8>, Vec<String>), FormatError>) -> PyResult<Read<'_>> {
    let (bytes, left_out) = read.map_err(|error| raise_format(py, &error))?;
    Ok((PyBytes::new(py, &bytes), left_out))
}

fn written<'py>(
    structure: &Bound<'py, PyAny>,
    write: impl Fn(&Structure) -> Result<Vec<u8>, FormatError> + Send + Sync,
) -> PyResult<Bound<'py, PyBytes>> {
    let py = structure.py();
    let bytes = columns::Held::take(structure).map_err(|refusal| refusal.raise(py, None))?;
    let text = py.detach(|| {
        let structure: Structure = columns::build(&bytes)?;
        Ok(write(&structure))
    });
    let text = text.map_err(|refusal: crate::error::Refusal| refusal.raise(py, None))?;
    Ok(PyBytes::new(py, &text.map_err(|error| raise_format(py, &error))?))
}

/// The records of an SDF or MOL file: of each its line, whether it is a layout, whether it has the
/// atoms, bonds and charges of the record before, its title, its MOL block and its columns; or the
/// line, the column and the reason where it cannot be read.
#[pyfunction]
pub fn sdf_records<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyList>> {
    let read = py.detach(|| {
        sdf::read(text)
            .map(|record| record.map(|record| (record.to_bytes(), record)))
            .collect::<Vec<_>>()
    });
    let records = PyList::empty(py);
    let mut before: Option<&sdf::Record> = None;
    for record in &read {
        match record {
            Ok((columns, record)) => records.append((
                record.line,
                record.is_flat,
                before.is_some_and(|before| record.is_alike(before)),
                PyBytes::new(py, &record.title),
                PyBytes::new(py, &record.block),
                PyBytes::new(py, columns),
            ))?,
            Err(error) => records.append((error.line, error.column, &error.reason))?,
        }
        before = record.as_ref().ok().map(|(_, record)| record);
    }
    Ok(records)
}

/// Where the last run of records of the same molecule ends of which a text has the end.
#[pyfunction]
pub fn sdf_end_of_runs(py: Python<'_>, text: &[u8], most: usize) -> usize {
    py.detach(|| sdf::end_of_runs(text, most))
}
