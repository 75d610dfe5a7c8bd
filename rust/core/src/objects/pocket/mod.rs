//! Pocket: chains whose residues say which sites they line.

mod lined;

pub use lined::{Chain, Lined, Site, Sites, Spelled};

use crate::object_type::ObjectType;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<PocketS>");
pub(crate) const CLOSE: u16 = token("<PocketE>");
const SEARCH: u16 = token("<Search>");
const TRANS: u16 = token("<Trans>");

/// Chains with their sites, and what they were found from.
#[derive(Clone, Debug, PartialEq)]
pub struct Pocket {
    /// The chains.
    pub chains: Vec<Lined>,
    /// What was to be found, and of which chains.
    pub given: Option<(Task, Vec<Lined>)>,
}

/// What is to be found of chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Their sites.
    Search,
    /// Their residues as molecules.
    Trans,
}

/// ```ebnf
/// pocket = "<PocketS>" lined lined* ( task lined lined* )? "<PocketE>" ;
/// task = "<Search>" | "<Trans>" ;
/// ```
impl Production for Pocket {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        if let Some((task, given)) = &self.given {
            if given.is_empty() {
                out.refuse("expected a chain of which something is to be found");
            }
            out.many_of("given", given);
            out.token(match task {
                Task::Search => SEARCH,
                Task::Trans => TRANS,
            });
        }
        if self.chains.is_empty() {
            out.refuse("expected a chain");
        }
        out.many_of("chains", &self.chains);
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let first = from.many();
        let pocket = match from.take() {
            SEARCH => Pocket { given: Some((Task::Search, first)), chains: from.many() },
            TRANS => Pocket { given: Some((Task::Trans, first)), chains: from.many() },
            _ => return Pocket { given: None, chains: first },
        };
        from.take();
        pocket
    }
}

impl ObjectType for Pocket {
    const WRITES_SENTENCES: bool = true;
}
