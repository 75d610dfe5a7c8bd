//! `logos_grammar.reaction.Reaction`: three tuples of molecules and a direction.

use logos_core::columns::Columns;
use logos_core::objects::reaction::Direction;
use logos_core::objects::{Molecule, Reaction};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

use crate::columns;
use crate::error::{Refusal, field_is_not, members_of, word_of};
use crate::object::Mirror;

/// The bytes of the molecules of a list.
type Molecules = Vec<Vec<u8>>;

/// Reactants, agents and products as bytes, and the direction.
pub struct Parts {
    lists: [Molecules; 3],
    direction: Direction,
}

const LISTS: [&str; 3] = ["reactants", "agents", "products"];
const DIRECTIONS: [(&str, Direction); 2] =
    [("forward", Direction::Forward), ("retro", Direction::Retro)];

impl Mirror for Reaction {
    type Held = Parts;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.reaction", "Reaction")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Parts, Refusal> {
        let class = Molecule::class(object.py())?;
        let words = DIRECTIONS.map(|(name, _)| name);
        let direction = DIRECTIONS[word_of(object, "direction", &words)?].1;
        let mut lists = [const { Vec::new() }; 3];
        for (list, name) in lists.iter_mut().zip(LISTS) {
            for (place, molecule) in members_of(object, name)?.enumerate() {
                let molecule = molecule?;
                if !molecule.is_instance(class)? {
                    let field = format!("{name}[{place}]");
                    return Err(field_is_not(object, &field, "a Molecule", &molecule));
                }
                list.push(columns::take(&molecule)?);
            }
        }
        Ok(Parts { lists, direction })
    }

    fn build(Parts { lists, direction }: &Parts) -> Result<Self, Refusal> {
        let molecules = |list: &Molecules| -> Result<Vec<Molecule>, Refusal> {
            list.iter().map(|bytes| columns::build(bytes)).collect()
        };
        let [reactants, agents, products] = lists;
        Ok(Reaction {
            reactants: molecules(reactants)?,
            agents: molecules(agents)?,
            products: molecules(products)?,
            direction: *direction,
        })
    }

    fn hold(self) -> Parts {
        let Reaction { reactants, agents, products, direction } = self;
        let bytes = |list: Vec<Molecule>| list.iter().map(Columns::to_bytes).collect();
        Parts { lists: [reactants, agents, products].map(bytes), direction }
    }

    fn give(Parts { lists, direction }: Parts, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let class = Molecule::class(py)?;
        let tuple = |list: Molecules| {
            let molecules = list.iter().map(|bytes| columns::give(class, bytes));
            PyTuple::new(py, molecules.collect::<PyResult<Vec<_>>>()?)
        };
        let [reactants, agents, products] = lists;
        let (direction, _) = DIRECTIONS[direction as usize];
        let (reactants, agents) = (tuple(reactants)?, tuple(agents)?);
        Reaction::class(py)?.call1((reactants, agents, tuple(products)?, direction))
    }
}
