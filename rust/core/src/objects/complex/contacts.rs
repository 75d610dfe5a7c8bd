//! Contacts: which units of a complex are near to each other, how near, and in what way.

use crate::columns;
use crate::number::Index;
use crate::vocabulary::{Block, block, token};
use crate::wire::{Builder, Production, Writer};

const CONTACTS: u16 = token("<Contacts>");
const ATOM_CONTACTS: u16 = token("<AtomContacts>");
const FROM: u16 = token("<From>");
const BIN: &Block = block("distance_bin");
const KIND: &Block = block("contact_kind");
/// A distance that is not said.
const UNSAID: i8 = -1;

columns! {
    /// Contacts, by their first unit and then by their second.
    pub struct Contacts of Contact {
        /// The earlier unit, counted through the members from 0.
        first: Vec<u32>,
        /// The later unit.
        second: Vec<u32>,
        /// How far they are apart, in whole halves of an ångström, or -1 where that is not said.
        distance: Vec<i8>,
        /// What it is: a bit for each kind.
        kind: Vec<u16>,
    }
}

/// What the units of a structure are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Its residues.
    Residue,
    /// Its atoms.
    Atom,
}

/// Contacts of units.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// What the units of structures are.
    pub level: Level,
    /// The contacts.
    pub contacts: Contacts,
}

impl Relation {
    /// ```ebnf
    /// contacts      = "<Contacts>" unit_contacts* ;
    /// unit_contacts = "<From>" first_unit unit_contact unit_contact* ;
    /// atom_contacts      = "<AtomContacts>" atom_unit_contacts* ;
    /// atom_unit_contacts = "<From>" first_atom_unit atom_unit_contact atom_unit_contact* ;
    /// ```
    pub(super) fn write(&self, units: usize, out: &mut Writer) {
        out.token(match self.level {
            Level::Residue => CONTACTS,
            Level::Atom => ATOM_CONTACTS,
        });
        let mut before = None;
        for (row, contact) in self.contacts.iter().enumerate() {
            let pair = (contact.first, contact.second);
            if contact.first >= contact.second || contact.second as usize >= units {
                let reason = "a contact is of a unit and one after it, of those that there are";
                return out.refuse_cell("contacts.second", row, reason);
            }
            if before.is_some_and(|before| before >= pair) {
                return out.refuse_cell("contacts.first", row, "pairs of units ascend");
            }
            if before.is_none_or(|(first, _)| first != contact.first) {
                out.token(FROM);
                out.one(&Index(contact.first));
            }
            write_contact(row, contact, out);
            before = Some(pair);
        }
    }

    /// Build contacts, if they are said.
    pub(super) fn build(from: &mut Builder) -> Option<Self> {
        let level = if from.take_if(CONTACTS) {
            Level::Residue
        } else if from.take_if(ATOM_CONTACTS) {
            Level::Atom
        } else {
            return None;
        };
        let mut contacts = Contacts::default();
        while from.take_if(FROM) {
            let Index(first) = from.one();
            while from.at(Index::FIRST) {
                contacts.push(build_contact(first, from));
            }
        }
        Some(Relation { level, contacts })
    }
}

/// ```ebnf
/// unit_contact  = second_unit distance_bin? contact_kind* ;
///     where: rising(contact_kind)
/// atom_unit_contact  = second_atom_unit distance_bin? contact_kind* ;
///     where: rising(contact_kind)
/// first_unit    = index ;
/// second_unit   = index ;
/// first_atom_unit    = index ;
/// second_atom_unit   = index ;
/// ```
fn write_contact(row: usize, contact: Contact, out: &mut Writer) {
    out.one(&Index(contact.second));
    match u16::try_from(contact.distance) {
        Ok(bin) if bin < BIN.assigned() => out.token(BIN.base + bin),
        Err(_) if contact.distance == UNSAID => {}
        _ => out.refuse_cell("contacts.distance", row, "a distance is 0 to 63, or -1"),
    }
    if contact.kind >> KIND.assigned() != 0 {
        out.refuse_cell("contacts.kind", row, "a kind is one of the 14 lowest bits");
    }
    for kind in (0..KIND.assigned()).filter(|kind| contact.kind >> kind & 1 == 1) {
        out.token(KIND.base + kind);
    }
}

fn build_contact(first: u32, from: &mut Builder) -> Contact {
    let Index(second) = from.one();
    let mut contact = Contact { first, second, distance: UNSAID, kind: 0 };
    if let Some(id) = from.peek().filter(|&id| BIN.has(id)) {
        from.take();
        contact.distance = (id - BIN.base) as i8;
    }
    while let Some(id) = from.peek().filter(|&id| KIND.has(id)) {
        from.take();
        contact.kind |= 1 << (id - KIND.base);
    }
    contact
}
