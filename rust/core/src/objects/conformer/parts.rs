//! Parts: what a record says beside its points: their order, a title, properties.

use super::Ranks;
use crate::columns;
use crate::columns::Words;
use crate::free_text::{build_text, write_text};
use crate::number::{MAX_SHORT, short_token};
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

const ORDER: u16 = token("<Order>");
const TITLE: u16 = token("<Title>");
const PROPERTY: u16 = token("<Property>");
const RANKS: First = First(&[(short_token(0), short_token(MAX_SHORT))]);

/// ```ebnf
/// order     = "<Order>" rank rank* ;
/// rank      = "#0".."#999" ;
/// ```
impl Production for Ranks {
    const FIRST: First = First(&[(ORDER, ORDER)]);

    fn write(&self, out: &mut Writer) {
        let Some(order) = &self.order else { return };
        let points = order.len();
        if points > MAX_SHORT as usize + 1 {
            let condition = "an order has at most 1,000 points: leave it out by without_order()";
            return out.refuse_cell("order", points - 1, condition);
        }
        out.token(ORDER);
        let mut seen = vec![false; points];
        for (row, &rank) in order.iter().enumerate() {
            let is_new =
                seen.get_mut(rank as usize).is_some_and(|seen| !std::mem::replace(seen, true));
            if !is_new {
                let condition = format!("an order has each number from 0 to {} once", points - 1);
                return out.refuse_cell("order", row, condition);
            }
            out.token(short_token(rank));
        }
    }

    fn build(from: &mut Builder) -> Self {
        let order = from.take_if(ORDER).then(|| {
            let mut order = Vec::new();
            while from.at(RANKS) {
                order.push(u32::from(from.take() - RANKS.0[0].0));
            }
            order
        });
        Ranks { order }
    }
}

columns! {
    /// A title; a conformer without one has an empty column.
    pub struct Title of TitleByte {
        /// Its bytes.
        byte: Vec<u8>,
    }
}

/// ```ebnf
/// title     = "<Title>" ( character | sign | byte ) text ;
/// ```
impl Production for Title {
    const FIRST: First = First(&[(TITLE, TITLE)]);

    fn write(&self, out: &mut Writer) {
        if !self.byte.is_empty() {
            out.token(TITLE);
            write_text(&self.byte, out);
        }
    }

    fn build(from: &mut Builder) -> Self {
        let byte = if from.take_if(TITLE) { build_text(from) } else { Vec::new() };
        Title { byte }
    }
}

columns! {
    /// What a record says by name, in its order.
    pub struct Properties of Property {
        /// Its name.
        property_name: Words,
        /// Its value.
        property_value: Words,
    }
}

/// ```ebnf
/// property  = "<Property>" text text ;
/// ```
impl Production for Properties {
    const FIRST: First = First(&[(PROPERTY, PROPERTY)]);

    fn write(&self, out: &mut Writer) {
        for (name, value) in self.property_name.iter().zip(self.property_value.iter()) {
            out.token(PROPERTY);
            write_text(name, out);
            write_text(value, out);
        }
    }

    fn build(from: &mut Builder) -> Self {
        let mut properties = Properties::default();
        while from.take_if(PROPERTY) {
            properties.property_name.push_word(&build_text(from));
            properties.property_value.push_word(&build_text(from));
        }
        properties
    }
}
