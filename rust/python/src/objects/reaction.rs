//! `logos_grammar.reaction.Reaction`: three tuples of molecules and a direction.

use logos_core::objects::reaction::Direction;
use logos_core::objects::{Molecule, Reaction};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

use crate::error::text_of;
use crate::object::Mirror;

impl Mirror for Reaction {
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.reaction", "Reaction")
    }

    fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let direction = text_of(object, "direction")?;
        Ok(Reaction {
            reactants: molecules(object, "reactants")?,
            agents: molecules(object, "agents")?,
            products: molecules(object, "products")?,
            direction: match direction.as_str() {
                "forward" => Direction::Forward,
                "retro" => Direction::Retro,
                other => {
                    let message = format!("expected direction forward or retro, not {other:?}");
                    return Err(PyValueError::new_err(message));
                }
            },
        })
    }

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let direction = match self.direction {
            Direction::Forward => "forward",
            Direction::Retro => "retro",
        };
        Reaction::class(py)?.call1((
            tuple(py, self.reactants)?,
            tuple(py, self.agents)?,
            tuple(py, self.products)?,
            direction,
        ))
    }
}

fn molecules(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<Molecule>> {
    object.getattr(name)?.try_iter()?.map(|each| Molecule::from_python(&each?)).collect()
}

fn tuple(py: Python<'_>, molecules: Vec<Molecule>) -> PyResult<Bound<'_, PyTuple>> {
    let molecules: PyResult<Vec<_>> =
        molecules.into_iter().map(|each| each.to_python(py)).collect();
    PyTuple::new(py, molecules?)
}
