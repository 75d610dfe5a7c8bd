//! Reaction: what goes in, what helps, and what comes out; written forwards or backwards.

pub mod smiles;
mod text;

pub use text::ReactionText;

use crate::objects::Molecule;
use crate::vocabulary::token;
use crate::wire::{First, Production, Reader, Result, Writer};

pub(crate) const OPEN: u16 = token("<ReactionS>");
pub(crate) const CLOSE: u16 = token("<ReactionE>");
pub(crate) const AGENTS: u16 = token("<Agents>");
pub(crate) const REACT: u16 = token("<React>");
const REVERSE_REACT: u16 = token("<ReverseReact>");
const TURN: First = First(&[(AGENTS, AGENTS), (REVERSE_REACT, REVERSE_REACT)]);

/// Three lists of molecules, each in a given order and each possibly empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// What goes in.
    pub reactants: Vec<Molecule>,
    /// What helps: solvents, catalysts, reagents.
    pub agents: Vec<Molecule>,
    /// What comes out.
    pub products: Vec<Molecule>,
    /// Whether the products are written first.
    pub direction: Direction,
}

/// Which way a reaction is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Reactants, agents, products.
    Forward,
    /// Products, reactants, agents.
    Retro,
}

/// ```ebnf
/// reaction = "<ReactionS>" molecule* ( forward | retro ) "<ReactionE>" ;
/// forward  = "<Agents>" molecule* "<React>" molecule* ;
/// retro    = "<ReverseReact>" molecule* "<Agents>" molecule* ;
/// ```
impl Production for Reaction {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        match self.direction {
            Direction::Forward => {
                out.many_of("reactants", &self.reactants);
                out.token(AGENTS);
                out.many_of("agents", &self.agents);
                out.token(REACT);
                out.many_of("products", &self.products);
            }
            Direction::Retro => {
                out.many_of("products", &self.products);
                out.token(REVERSE_REACT);
                out.many_of("reactants", &self.reactants);
                out.token(AGENTS);
                out.many_of("agents", &self.agents);
            }
        }
        out.token(CLOSE);
    }

    fn read(from: &mut Reader) -> Result<Self> {
        from.token(OPEN)?;
        let first = from.many()?;
        let reaction = if from.any(TURN)? == AGENTS {
            let agents = from.many()?;
            from.token(REACT)?;
            let products = from.many()?;
            Reaction { reactants: first, agents, products, direction: Direction::Forward }
        } else {
            let reactants = from.many()?;
            from.token(AGENTS)?;
            let agents = from.many()?;
            Reaction { reactants, agents, products: first, direction: Direction::Retro }
        };
        from.token(CLOSE)?;
        Ok(reaction)
    }
}
