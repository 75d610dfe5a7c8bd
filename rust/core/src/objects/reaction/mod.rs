//! Reaction: what goes in, what helps, and what comes out; written forwards or backwards.

pub mod smiles;
mod text;

pub use text::ReactionText;

use crate::error::Cell;
use crate::object_type::ObjectType;
use crate::objects::Molecule;
use crate::objects::molecule;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<ReactionS>");
pub(crate) const CLOSE: u16 = token("<ReactionE>");
pub(crate) const AGENTS: u16 = token("<Agents>");
pub(crate) const REACT: u16 = token("<React>");
pub(crate) const REVERSE_REACT: u16 = token("<ReverseReact>");

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

    fn build(from: &mut Builder) -> Self {
        let (_, first) = (from.take(), from.many());
        let (turn, second) = (from.take(), from.many());
        let (_, third) = (from.take(), from.many());
        from.take();
        Reaction::written(direction_of(turn), [first, second, third])
    }
}

impl ObjectType for Reaction {
    const WRITES_SENTENCES: bool = true;

    fn read_fast(ids: &[u16]) -> Option<Self> {
        read_with(ids, molecule::read).map(|(direction, lists)| Reaction::written(direction, lists))
    }

    /// The cell of the molecule that has the token; a token between two molecules has no cell.
    fn cell_at(ids: &[u16], position: usize) -> Option<Cell> {
        let turn = ids.iter().find(|id| TAGS.contains(id))?;
        let lists = match direction_of(*turn) {
            Direction::Forward => ["reactants", "agents", "products"],
            Direction::Retro => ["products", "reactants", "agents"],
        };
        let before = &ids[..ids.len().min(position + 1)];
        let start = before.iter().rposition(|&id| id == molecule::OPEN)?;
        let tags = before[..start].iter().filter(|id| TAGS.contains(id)).count();
        let list = before[..start].rsplit(|id| TAGS.contains(id)).next()?;
        let item = list.iter().filter(|&&id| id == molecule::OPEN).count();
        if before[start..position].contains(&molecule::CLOSE) {
            return None;
        }
        let cell = Molecule::cell_at(&ids[start..], position - start)?;
        Some(cell.of_list(lists.get(tags)?, item))
    }
}

/// The tags between the lists of a reaction.
const TAGS: [u16; 3] = [AGENTS, REACT, REVERSE_REACT];

impl Reaction {
    /// The reaction whose lists are written in this order.
    fn written(direction: Direction, lists: [Vec<Molecule>; 3]) -> Self {
        let (reactants, agents, products) = match (direction, lists) {
            (Direction::Forward, [reactants, agents, products])
            | (Direction::Retro, [products, reactants, agents]) => (reactants, agents, products),
        };
        Reaction { reactants, agents, products, direction }
    }
}

/// The direction of the tag after the first list.
fn direction_of(turn: u16) -> Direction {
    if turn == REVERSE_REACT { Direction::Retro } else { Direction::Forward }
}

/// The direction and the lists of ids that are a reaction, seen faster than the machine judges.
///
/// `read` gives what ids begin with as a molecule, and how many of them it takes.
fn read_with<M>(
    ids: &[u16],
    mut read: impl FnMut(&[u16]) -> Option<(M, usize)>,
) -> Option<(Direction, [Vec<M>; 3])> {
    let mut many = |rest: &mut &[u16]| {
        let mut molecules = Vec::new();
        while let Some((molecule, length)) = read(rest) {
            molecules.push(molecule);
            *rest = &rest[length..];
        }
        molecules
    };
    let mut rest = ids.strip_prefix(&[OPEN])?;
    let first = many(&mut rest);
    let direction = direction_of(*rest.first()?);
    let tags = match direction {
        Direction::Forward => [AGENTS, REACT],
        Direction::Retro => [REVERSE_REACT, AGENTS],
    };
    rest = rest.strip_prefix(&tags[..1])?;
    let second = many(&mut rest);
    rest = rest.strip_prefix(&tags[1..])?;
    let third = many(&mut rest);
    (rest == [CLOSE]).then_some((direction, [first, second, third]))
}
