//! Molecule: atoms and bonds in the order in which SMILES writes them.
//!
//! `walk` keeps the side conditions, `read` and `write` are the two directions of the sentence,
//! `smiles` is the text, `graph` the way from a graph in any order.

pub(crate) mod atom;
mod cell;
pub mod graph;
pub(crate) mod kind;
mod labels;
pub(in crate::objects) mod parts;
mod place;
mod read;
pub mod smiles;
pub(crate) mod symbol;
mod text;
mod walk;
mod write;

pub use atom::{Atom, Atoms, IMPLIED, MAX_CHARGE, MAX_HYDROGENS, MAX_STEREO};
pub use symbol::Symbol;
pub use text::MoleculeText;

pub(crate) use read::{length, read};

use crate::columns;
use crate::columns::{Bytes, Columns};
use crate::error::Cell;
use crate::object_type::ObjectType;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<MoleculeS>");
pub(crate) const CLOSE: u16 = token("<MoleculeE>");
const DOT: u16 = token(".");
const BRANCH_OPEN: u16 = token("(");
const BRANCH_CLOSE: u16 = token(")");

/// An ordered molecular graph.
///
/// The order of atoms is a depth-first order. Bonds are sorted by their later atom; the first bond
/// of an atom leads to its parent, its nearest earlier neighbour; the others close rings to earlier
/// atoms on the path, in the order in which SMILES writes them, which is part of the molecule.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Molecule {
    /// Its atoms.
    pub atoms: Atoms,
    /// Its bonds.
    pub bonds: Bonds,
}

columns! {
    /// The bonds of a molecule.
    pub struct Bonds of Bond {
        /// Its earlier atom.
        begin: Vec<u32>,
        /// Its later atom.
        end: Vec<u32>,
        /// The code of its [`Order`], read from `begin` to `end`.
        order: Vec<u8>,
    }
}

impl Columns for Molecule {
    fn write_bytes(&self, out: &mut Vec<u8>) {
        self.atoms.write_bytes(out);
        self.bonds.write_bytes(out);
    }

    fn read_bytes(from: &mut Bytes) -> Option<Self> {
        Some(Molecule { atoms: Atoms::read_bytes(from)?, bonds: Bonds::read_bytes(from)? })
    }
}

/// What a bond is, read from its begin to its end. The codes are those of the bond blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Order {
    /// A single bond.
    Single = 0,
    /// A double bond.
    Double = 1,
    /// A triple bond.
    Triple = 2,
    /// A quadruple bond.
    Quadruple = 3,
    /// An aromatic bond.
    Aromatic = 4,
    /// A single bond whose end is above its begin.
    Up = 5,
    /// A single bond whose end is below its begin.
    Down = 6,
    /// A bond of any or zero order.
    Any = 7,
    /// A dative bond: begin donates to end.
    Dative = 8,
    /// A dative bond: end donates to begin.
    DativeBack = 9,
}

impl Order {
    /// Every order, by code.
    pub const ALL: [Order; 10] = [
        Order::Single,
        Order::Double,
        Order::Triple,
        Order::Quadruple,
        Order::Aromatic,
        Order::Up,
        Order::Down,
        Order::Any,
        Order::Dative,
        Order::DativeBack,
    ];

    /// The order of a code.
    #[must_use]
    pub fn of(code: u8) -> Option<Self> {
        Order::ALL.get(usize::from(code)).copied()
    }

    /// The same bond read from its other atom.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Order::Up => Order::Down,
            Order::Down => Order::Up,
            Order::Dative => Order::DativeBack,
            Order::DativeBack => Order::Dative,
            same => same,
        }
    }

    /// What two atoms are bonded by when no symbol stands between them.
    #[must_use]
    pub const fn implied(both_aromatic: bool) -> Self {
        if both_aromatic { Order::Aromatic } else { Order::Single }
    }
}

/// ```ebnf
/// molecule  = "<MoleculeS>" component ( "." component )* "<MoleculeE>" ;
///     where: lowest_free(ring_open, ring_close, atom)
///     where: opened(ring_close, ring_open)
///     where: in_turn(ring_close, ring_open, atom)
///     where: unjoined(ring_close, ring_open, atom)
///     where: closes_within(ring_open, ring_close, component)
///     where: closes_within(ring_open, ring_close, branch)
///     where: joins_only("-", aromatic)
///     where: joins_only("ring-", aromatic)
///     where: joins_not(":", aromatic)
///     where: joins_not("ring:", aromatic)
/// ```
impl Production for Molecule {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        write::write_components(self, out);
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        let (molecule, length) = read(from.0).expect("a judged sentence has a molecule");
        from.0 = &from.0[length..];
        molecule
    }
}

impl ObjectType for Molecule {
    const WRITES_SENTENCES: bool = true;

    fn read_fast(ids: &[u16]) -> Option<Self> {
        read(ids).filter(|(_, length)| *length == ids.len()).map(|(molecule, _)| molecule)
    }

    fn cell_at(ids: &[u16], position: usize) -> Option<Cell> {
        cell::cell_at(ids, position)
    }
}
