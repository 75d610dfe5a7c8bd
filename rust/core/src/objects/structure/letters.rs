//! Letters: the names of chains, components and atoms, a token for each byte.

use crate::free_text::{LETTER, byte_of_token, token_of_byte};
use crate::wire::{Builder, Writer};

/// Write a name.
pub(super) fn write_letters(name: &[u8], out: &mut Writer) {
    for &byte in name {
        out.token(token_of_byte(byte));
    }
}

/// Write a name, or nothing where it is empty, behind its mark.
///
/// ```ebnf
/// label   = "<Label>" letter letter* ;
/// entity  = "<Entity>" letter letter* ;
/// segment = "<Segment>" letter letter* ;
/// insertion      = "<Insertion>" letter letter* ;
/// altloc      = "<Alt>" letter letter* ;
/// ```
pub(super) fn write_marked(mark: u16, name: &[u8], out: &mut Writer) {
    if !name.is_empty() {
        out.token(mark);
        write_letters(name, out);
    }
}

/// Take letters, as many as there are, in the place of those that were taken before.
pub(super) fn build_letters(from: &mut Builder, name: &mut Vec<u8>) {
    name.clear();
    while from.at(LETTER) {
        name.push(byte_of_token(from.take()));
    }
}

/// Take what stands behind a mark, if it does.
pub(super) fn build_marked(mark: u16, from: &mut Builder, name: &mut Vec<u8>) {
    if from.take_if(mark) {
        build_letters(from, name);
    } else {
        name.clear();
    }
}
