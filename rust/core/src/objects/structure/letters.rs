//! Letters: the names of chains, components and atoms, a token for each byte.

use crate::free_text::{byte_of_token, token_of_byte};
use crate::vocabulary::{block, token};
use crate::wire::{Builder, First, Writer, any_of};

/// The tokens of letters.
const LETTER: First =
    First(&[(token("'A"), token("'9")), any_of(block("sign")), (token("x20"), token("x20"))]);

/// Write a name; `false` where it has a byte that is no letter.
#[must_use]
pub(super) fn write_letters(name: &[u8], out: &mut Writer) -> bool {
    for &byte in name {
        out.token(token_of_byte(byte));
    }
    name.iter().all(|byte| matches!(byte, b' '..=b'~'))
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
#[must_use]
pub(super) fn write_marked(mark: u16, name: &[u8], out: &mut Writer) -> bool {
    if name.is_empty() {
        return true;
    }
    out.token(mark);
    write_letters(name, out)
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

/// What is said of a name that no tokens say.
pub(super) const UNPRINTABLE: &str = "a name has printable characters and blanks";
