//! Points in, contacts out.

use logos_core::contacts::{Pairs, Units, contacts};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The lower unit, the higher unit and the bin of the distance of each contact.
type Found<'py> = (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u8>>);

/// The contacts of units, each of some points and one member.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "each column of the points is one, as is each option")]
pub fn contacts_of<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, i64>,
    y: PyReadonlyArray1<'py, i64>,
    z: PyReadonlyArray1<'py, i64>,
    decimals: u8,
    unit: PyReadonlyArray1<'py, u32>,
    member: PyReadonlyArray1<'py, u32>,
    limit: u128,
    between: bool,
    separation: Option<u32>,
) -> PyResult<Found<'py>> {
    let [x, y, z] = [x.as_slice()?, y.as_slice()?, z.as_slice()?];
    let (unit, member) = (unit.as_slice()?, member.as_slice()?);
    if x.len() != y.len() || x.len() != z.len() {
        return Err(PyValueError::new_err("expected x, y and z of one length"));
    }
    let found = py.detach(|| {
        let points: Vec<_> = x.iter().zip(y).zip(z).map(|((&x, &y), &z)| [x, y, z]).collect();
        let units = Units { points: &points, decimals, unit, member };
        contacts(units, Pairs { between, separation }, limit)
    });
    let found = found.map_err(|invalid| PyValueError::new_err(invalid.to_string()))?;
    Ok((
        found.first.into_pyarray(py),
        found.second.into_pyarray(py),
        found.distance.into_pyarray(py),
    ))
}
