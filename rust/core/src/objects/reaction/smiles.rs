//! Reaction SMILES: `reactants>agents>products`, molecules separated by dots.
//!
//! A molecule of several components (a salt) is held together by `ChemAxon`'s fragment grouping
//! after the text, ` |f:0.1,3.4|`: the fragments of the whole text are counted from 0. Parentheses
//! around its components, as `RDKit` writes them, are read, too.
//! A reaction is written forwards; a retro reaction has no text of its own.

use std::collections::HashMap;
use std::ops::Range;

use super::{AGENTS, CLOSE, Direction, OPEN, REACT, REVERSE_REACT, read_with};
use crate::error::TextError;
use crate::judge::judge_as;
use crate::objects::molecule::{self, smiles};
use crate::sequence::character;
use crate::vocabulary::token;
use crate::wire;

const DOT: u16 = token(".");

/// Append the sentence of a reaction SMILES.
///
/// # Errors
/// At the first character that no reaction SMILES has there.
pub fn text_to_ids(
    text: &[u8],
    reader: &mut smiles::Reader,
    out: &mut Vec<u16>,
) -> Result<(), TextError> {
    let (body, groups) = Groups::split_off(text)?;
    let sides = split_sides(body)?.map(|side| split_fragments(body, side));
    let fragments = sides.iter().flatten().count();
    if let Some(stranger) = groups.members().find(|member| member.fragment >= fragments) {
        let reason = format!("there are only {fragments} fragments, counted from 0");
        return Err(TextError::new(character(text, stranger.at), reason));
    }
    out.push(OPEN);
    let mut first = 0;
    for (side, end) in sides.into_iter().zip([AGENTS, REACT, CLOSE]) {
        for index in 0..side.len() {
            match groups.of(first + index) {
                None => read_fragment(body, side[index].clone(), reader, out)?,
                Some(group) if group[0].fragment == first + index => {
                    let mut pieces = Vec::with_capacity(group.len());
                    for member in group {
                        // Fragments ascend, so that none is before this side.
                        let fragment = side.get(member.fragment - first).ok_or_else(|| {
                            let reason =
                                "expected a group of fragments on one side of the reaction";
                            TextError::new(character(text, member.at), reason)
                        })?;
                        pieces.push(fragment.clone());
                    }
                    read_group(body, &pieces, reader, out)?;
                }
                // It was read with the first of its group.
                Some(_) => {}
            }
        }
        first += side.len();
        out.push(end);
    }
    Ok(())
}

/// A molecule that is one fragment, or several in parentheses.
fn read_fragment(
    body: &[u8],
    mut fragment: Range<usize>,
    reader: &mut smiles::Reader,
    out: &mut Vec<u16>,
) -> Result<(), TextError> {
    if let [b'(', .., b')'] = body[fragment.clone()] {
        fragment = fragment.start + 1..fragment.end - 1;
    }
    let read = reader.text_to_ids(&body[fragment.clone()], out);
    read.map_err(|error| error.shifted(character(body, fragment.start)))
}

/// A molecule of several fragments, in the order of the text.
fn read_group(
    body: &[u8],
    fragments: &[Range<usize>],
    reader: &mut smiles::Reader,
    out: &mut Vec<u16>,
) -> Result<(), TextError> {
    let joined = fragments.iter().map(|fragment| &body[fragment.clone()]).collect::<Vec<_>>();
    reader.text_to_ids(&joined.join(&b'.'), out).map_err(|mut error| {
        // Where it is in the text: the fragments before it and their dots lead away from there.
        for fragment in fragments {
            let length = character(&body[fragment.clone()], fragment.len());
            if error.position <= length {
                return error.shifted(character(body, fragment.start));
            }
            error.position -= length + 1;
        }
        error
    })
}

/// Which fragments are one molecule.
#[derive(Default)]
struct Groups {
    groups: Vec<Vec<Member>>,
    of_fragment: HashMap<usize, usize>,
}

/// A fragment in a group, and the byte at which it is named.
struct Member {
    fragment: usize,
    at: usize,
}

impl Groups {
    /// The text before the extension, and the groups in it.
    fn split_off(text: &[u8]) -> Result<(&[u8], Self), TextError> {
        let mut groups = Groups::default();
        let Some(blank) = text.iter().position(|&b| b == b' ') else { return Ok((text, groups)) };
        let inner = text[blank + 1..].strip_prefix(b"|f:").and_then(|rest| rest.strip_suffix(b"|"));
        let inner = inner.ok_or_else(|| {
            let reason = "expected the end, or a fragment grouping |f:…|, after the reaction";
            TextError::new(character(text, blank), reason)
        })?;
        let mut at = blank + 4;
        for group in inner.split(|&b| b == b',') {
            let mut members = Vec::new();
            for digits in group.split(|&b| b == b'.') {
                let named = fragment(digits);
                let place = groups.groups.len();
                let new = |&fragment: &usize| groups.of_fragment.insert(fragment, place).is_none();
                let fragment = named.filter(new).ok_or_else(|| {
                    let reason = "expected the number of a fragment that is not grouped yet";
                    TextError::new(character(text, at), reason)
                })?;
                members.push(Member { fragment, at });
                at += digits.len() + 1;
            }
            members.sort_unstable_by_key(|member| member.fragment);
            groups.groups.push(members);
        }
        Ok((&text[..blank], groups))
    }

    fn members(&self) -> impl Iterator<Item = &Member> {
        self.groups.iter().flatten()
    }

    /// The group of a fragment, ascending.
    fn of(&self, fragment: usize) -> Option<&[Member]> {
        self.of_fragment.get(&fragment).map(|&place| self.groups[place].as_slice())
    }
}

/// A number of digits alone.
fn fragment(digits: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(digits).ok()?;
    let only_digits = digits.bytes().all(|b| b.is_ascii_digit());
    if only_digits { digits.parse().ok() } else { None }
}

/// Reactants, agents and products, between two `>` that are not part of a dative bond.
fn split_sides(body: &[u8]) -> Result<[Range<usize>; 3], TextError> {
    let arrow = |&i: &usize| body[i] == b'>' && (i == 0 || body[i - 1] != b'-');
    let mut arrows = (0..body.len()).filter(arrow);
    let (Some(first), Some(second)) = (arrows.next(), arrows.next()) else {
        let reason = "expected two > in a reaction: reactants>agents>products";
        return Err(TextError::new(character(body, body.len()), reason));
    };
    match arrows.next() {
        None => Ok([0..first, first + 1..second, second + 1..body.len()]),
        Some(third) => Err(TextError::new(character(body, third), "expected two >, not a third")),
    }
}

/// The fragments of a side, between dots that stand in no parentheses.
fn split_fragments(body: &[u8], side: Range<usize>) -> Vec<Range<usize>> {
    if side.is_empty() {
        return Vec::new();
    }
    let mut fragments = Vec::new();
    let mut start = side.start;
    let mut depth = 0_usize;
    for i in side.clone() {
        match body[i] {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 => {
                fragments.push(start..i);
                start = i + 1;
            }
            _ => {}
        }
    }
    fragments.push(start..side.end);
    fragments
}

/// Check the sentence of a forward reaction and append its text.
///
/// # Errors
/// At the first token that cannot stand where it stands.
pub fn ids_to_text(
    ids: &[u16],
    reader: &mut smiles::Reader,
    out: &mut Vec<u8>,
) -> wire::Result<()> {
    let molecule = |ids: &[u16]| molecule::length(ids, reader.walk()).map(|length| ((), length));
    if !matches!(read_with(ids, molecule), Some((Direction::Forward, _))) {
        judge_forward(ids)?;
    }
    let mut fragments = 0;
    let mut groups = Vec::new();
    let mut rest = &ids[1..];
    for end in [AGENTS, REACT, CLOSE] {
        let mut separated = true;
        while rest[0] == molecule::OPEN {
            let length = 1 + rest.iter().take_while(|&&id| id != molecule::CLOSE).count();
            let (sentence, after) = rest.split_at(length);
            rest = after;
            if !separated {
                out.push(b'.');
            }
            separated = false;
            smiles::ids_to_text(sentence, out);
            let components = 1 + sentence.iter().filter(|&&id| id == DOT).count();
            if components > 1 {
                groups.push(fragments..fragments + components);
            }
            fragments += components;
        }
        rest = &rest[1..];
        if end != CLOSE {
            out.push(b'>');
        }
    }
    let grouped = !groups.is_empty();
    for (i, group) in groups.into_iter().enumerate() {
        out.extend_from_slice(if i == 0 { b" |f:" } else { b"," });
        let members: Vec<String> = group.map(|index| index.to_string()).collect();
        out.extend_from_slice(members.join(".").as_bytes());
    }
    if grouped {
        out.push(b'|');
    }
    Ok(())
}

/// Judge a sentence that must be a forward reaction: a retro reaction has no text of its own.
fn judge_forward(ids: &[u16]) -> wire::Result<()> {
    let retro = ids.iter().position(|&id| id == REVERSE_REACT).unwrap_or(ids.len());
    match judge_as("reaction", &ids[..retro]) {
        // It stands behind a sentence.
        Ok(()) => judge_as("reaction", ids),
        Err(mut error) => {
            error.found = ids.get(error.position).copied();
            error.expected.retain(|&id| id != REVERSE_REACT);
            Err(error)
        }
    }
}
