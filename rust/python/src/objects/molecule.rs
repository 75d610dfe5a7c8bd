//! `logos_grammar.molecule.Molecule`: columns of numpy arrays.

use logos_core::GrammarError;
use logos_core::objects::Molecule;
use logos_core::objects::molecule::{Atom, Bond, Order, Symbol};
use numpy::{Element, IntoPyArray, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::error::raise_grammar;
use crate::object::Mirror;

impl Mirror for Molecule {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.molecule", "Molecule")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let element: Vec<u8> = column(object, "element")?;
        let aromatic: Vec<bool> = column(object, "aromatic")?;
        let isotope: Vec<u32> = column(object, "isotope")?;
        let stereo: Vec<u8> = column(object, "stereo")?;
        let hydrogens: Vec<i8> = column(object, "hydrogens")?;
        let charge: Vec<i8> = column(object, "charge")?;
        let map: Vec<u32> = column(object, "map")?;
        let begin: Vec<u32> = column(object, "begin")?;
        let end: Vec<u32> = column(object, "end")?;
        let order: Vec<u8> = column(object, "order")?;
        let refuse = |i: usize, what: String| {
            raise_grammar(object.py(), GrammarError::unwritable(0, format!("{what}, at atom {i}")))
        };
        let n = element.len();
        let atoms = [aromatic.len(), isotope.len(), stereo.len(), hydrogens.len(), charge.len()];
        let bonds = [end.len(), order.len()];
        let of_one_length = atoms.iter().chain([&map.len()]).all(|&length| length == n)
            && bonds.iter().all(|&length| length == begin.len());
        if !of_one_length {
            return Err(PyValueError::new_err("expected columns of one length"));
        }
        let mut molecule = Molecule::default();
        for i in 0..n {
            let symbol = Symbol::new(element[i], aromatic[i])
                .ok_or_else(|| refuse(i, format!("no symbol for element {}", element[i])))?;
            molecule.atoms.push(Atom {
                isotope: isotope[i],
                symbol,
                stereo: stereo[i],
                hydrogens: match hydrogens[i] {
                    -1 => None,
                    stated => Some(
                        u8::try_from(stated)
                            .map_err(|_| refuse(i, format!("no count of hydrogens is {stated}")))?,
                    ),
                },
                charge: charge[i],
                map: map[i],
            });
        }
        for i in 0..begin.len() {
            let order = *Order::ALL
                .get(usize::from(order[i]))
                .ok_or_else(|| refuse(end[i] as usize, format!("no bond order {}", order[i])))?;
            molecule.bonds.push(Bond { begin: begin[i], end: end[i], order });
        }
        Ok(molecule)
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let fields = PyDict::new(py);
        let Molecule { atoms, bonds } = self;
        set(&fields, "element", atoms.iter().map(|a| a.symbol.atomic_number()))?;
        set(&fields, "aromatic", atoms.iter().map(|a| a.symbol.is_aromatic()))?;
        set(&fields, "isotope", atoms.iter().map(|a| a.isotope))?;
        set(&fields, "stereo", atoms.iter().map(|a| a.stereo))?;
        set(&fields, "hydrogens", atoms.iter().map(|a| a.hydrogens.map_or(-1, |h| h as i8)))?;
        set(&fields, "charge", atoms.iter().map(|a| a.charge))?;
        set(&fields, "map", atoms.iter().map(|a| a.map))?;
        set(&fields, "begin", bonds.iter().map(|b| b.begin))?;
        set(&fields, "end", bonds.iter().map(|b| b.end))?;
        set(&fields, "order", bonds.iter().map(|b| b.order as u8))?;
        Molecule::class(py)?.call((), Some(&fields))
    }
}

fn column<T: Element + Copy>(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<T>> {
    let array: PyReadonlyArray1<T> = object.getattr(name)?.extract()?;
    Ok(array.as_array().to_vec())
}

fn set<T: Element>(
    fields: &Bound<'_, PyDict>,
    name: &str,
    values: impl Iterator<Item = T>,
) -> PyResult<()> {
    fields.set_item(name, values.collect::<Vec<T>>().into_pyarray(fields.py()))
}
