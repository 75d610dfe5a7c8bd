//! `logos_grammar.complex.Complex`: members, and the columns of their contacts.

use logos_core::columns::Columns;
use logos_core::objects::complex::{Level, Member, Relation};
use logos_core::objects::{Complex, Conformer, Molecule, Structure};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

use super::pocket::LinedChain;
use crate::columns;
use crate::error::{Refusal, field_is_not, members_of, object_of, word_of};
use crate::object::Mirror;

/// Members, and the level and the bytes of their contacts.
pub struct Parts {
    members: Vec<Held>,
    contacts: Option<(Level, Vec<u8>)>,
}

/// What a member holds.
enum Held {
    Lined(LinedChain),
    Molecule(Vec<u8>),
    Conformer(columns::Held),
    Structure(columns::Held),
}

const LEVELS: [(&str, Level); 2] = [("residue", Level::Residue), ("atom", Level::Atom)];

fn contacts_class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    CLASS.import(py, "logos_grammar.contacts", "Contacts")
}

impl Mirror for Complex {
    type Held = Parts;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.complex", "Complex")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Parts, Refusal> {
        let py = object.py();
        let mut members = Vec::new();
        for (place, member) in members_of(object, "members")?.enumerate() {
            let member = member?;
            members.push(if member.is_instance(LinedChain::class(py)?)? {
                Held::Lined(LinedChain::take(&member)?)
            } else if member.is_instance(Molecule::class(py)?)? {
                Held::Molecule(columns::take(&member)?)
            } else if member.is_instance(Conformer::class(py)?)? {
                Held::Conformer(columns::Held::take(&member)?)
            } else if member.is_instance(Structure::class(py)?)? {
                Held::Structure(columns::Held::take(&member)?)
            } else {
                let wanted = "a LinedChain, Molecule, Conformer or Structure";
                return Err(field_is_not(object, &format!("members[{place}]"), wanted, &member));
            });
        }
        let level = LEVELS[word_of(object, "level", &LEVELS.map(|(name, _)| name))?].1;
        let contacts = if object.getattr("contacts")?.is_none() {
            None
        } else {
            Some((level, columns::take(&object_of(object, "contacts", contacts_class(py)?)?)?))
        };
        Ok(Parts { members, contacts })
    }

    fn size(held: &Parts) -> usize {
        let sizes = held.members.iter().map(|member| match member {
            Held::Lined(_) => 0,
            Held::Molecule(bytes) => bytes.len(),
            Held::Conformer(bytes) | Held::Structure(bytes) => bytes.len(),
        });
        sizes.sum::<usize>() + held.contacts.as_ref().map_or(0, |(_, bytes)| bytes.len())
    }

    fn build(Parts { members, contacts }: &Parts) -> Result<Self, Refusal> {
        let members = members.iter().map(|member| {
            Ok(match member {
                Held::Lined(held) => Member::Lined(held.build()?),
                Held::Molecule(bytes) => Member::Molecule(columns::build(bytes)?),
                Held::Conformer(bytes) => Member::Conformer(columns::build(bytes)?),
                Held::Structure(bytes) => Member::Structure(columns::build(bytes)?),
            })
        });
        let contacts = match contacts {
            Some((level, bytes)) => {
                Some(Relation { level: *level, contacts: columns::build(bytes)? })
            }
            None => None,
        };
        Ok(Complex { members: members.collect::<Result<_, Refusal>>()?, contacts })
    }

    fn hold(self) -> Parts {
        let members = self.members.into_iter().map(|member| match member {
            Member::Lined(lined) => Held::Lined(LinedChain::hold(lined)),
            Member::Molecule(molecule) => Held::Molecule(molecule.to_bytes()),
            Member::Conformer(conformer) => Held::Conformer(conformer.hold()),
            Member::Structure(structure) => Held::Structure(structure.hold()),
        });
        let contacts = self.contacts.map(|relation| (relation.level, relation.contacts.to_bytes()));
        Parts { members: members.collect(), contacts }
    }

    fn give(Parts { members, contacts }: Parts, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let members = members.into_iter().map(|member| match member {
            Held::Lined(held) => held.give(py),
            Held::Molecule(bytes) => columns::give(Molecule::class(py)?, &bytes),
            Held::Conformer(held) => Conformer::give(held, py),
            Held::Structure(held) => Structure::give(held, py),
        });
        let members = PyTuple::new(py, members.collect::<PyResult<Vec<_>>>()?)?;
        let class = Complex::class(py)?;
        match contacts {
            None => class.call1((members,)),
            Some((level, bytes)) => {
                let contacts = columns::give(contacts_class(py)?, &bytes)?;
                class.call1((members, contacts, LEVELS[level as usize].0))
            }
        }
    }
}
