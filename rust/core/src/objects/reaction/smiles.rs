//! Reaction SMILES: `reactants>agents>products`, molecules separated by dots.
//!
//! A molecule of several components (a salt) is held together by `ChemAxon`'s fragment grouping
//! after the text, ` |f:0.1,3.4|`: the fragments of the whole text are counted from 0.
//! A reaction is written forwards; a retro reaction has no text of its own.

use std::ops::Range;

use super::{AGENTS, CLOSE, OPEN, REACT};
use crate::error::TextError;
use crate::objects::molecule::{self, smiles};
use crate::sequence::character;
use crate::vocabulary::token;
use crate::wire::{First, Reader};

const DOT: u16 = token(".");
const MOLECULE: First = First(&[(molecule::OPEN, molecule::OPEN)]);

/// Append the sentence of a reaction SMILES.
///
/// # Errors
/// At the first character that no reaction SMILES has there.
pub fn text_to_ids(
    text: &[u8],
    reader: &mut smiles::Reader,
    out: &mut Vec<u16>,
) -> Result<(), TextError> {
    let (body, groups) = split_extension(text)?;
    let sides = split_sides(text, body)?;
    let sides = sides.map(|side| split_fragments(body, side));
    let fragments = sides.iter().flatten().count();
    if let Some(&(stranger, at)) = groups.iter().flatten().find(|(index, _)| *index >= fragments) {
        let reason = format!("fragment {stranger} is grouped, but there are only {fragments}");
        return Err(TextError::new(at, reason));
    }
    out.push(OPEN);
    let mut first = 0;
    for (side, end) in sides.into_iter().zip([AGENTS, REACT, CLOSE]) {
        for (index, fragment) in side.iter().enumerate() {
            let index = first + index;
            match groups.iter().find(|group| group.iter().any(|&(member, _)| member == index)) {
                None => {
                    let read = reader.text_to_ids(&body[fragment.clone()], out);
                    read.map_err(|error| error.shifted(character(text, fragment.start)))?;
                }
                Some(group) if group[0].0 == index => {
                    read_group(body, &side, first, group, reader, out)?;
                }
                Some(_) => {}
            }
        }
        first += side.len();
        out.push(end);
    }
    Ok(())
}

/// A molecule of several fragments, in the order of the text.
fn read_group(
    body: &[u8],
    side: &[Range<usize>],
    first: usize,
    group: &[(usize, usize)],
    reader: &mut smiles::Reader,
    out: &mut Vec<u16>,
) -> Result<(), TextError> {
    let mut joined = Vec::new();
    for &(index, at) in group {
        let fragment = index.checked_sub(first).and_then(|i| side.get(i)).ok_or_else(|| {
            TextError::new(at, "expected the fragments of a group on one side of the reaction")
        })?;
        if !joined.is_empty() {
            joined.push(b'.');
        }
        joined.extend_from_slice(&body[fragment.clone()]);
    }
    let start = side[group[0].0 - first].start;
    reader.text_to_ids(&joined, out).map_err(|error| error.shifted(character(body, start)))
}

/// Groups of fragments, each fragment with the character that names it.
type Groups = Vec<Vec<(usize, usize)>>;

/// The text before the extension, and the groups of fragments in it.
fn split_extension(text: &[u8]) -> Result<(&[u8], Groups), TextError> {
    let Some(blank) = text.iter().position(|&b| b == b' ') else { return Ok((text, Vec::new())) };
    let (body, extension) = (&text[..blank], &text[blank + 1..]);
    let expected = || {
        TextError::new(
            character(text, blank),
            "expected the end, or a fragment grouping |f:…|, after the reaction",
        )
    };
    let inner = extension.strip_prefix(b"|f:").and_then(|rest| rest.strip_suffix(b"|"));
    let inner = inner.ok_or_else(expected)?;
    let mut at = blank + 4;
    let mut groups: Groups = Vec::new();
    let mut seen = Vec::new();
    for group in inner.split(|&b| b == b',') {
        let mut members = Vec::new();
        for member in group.split(|&b| b == b'.') {
            let index =
                std::str::from_utf8(member).ok().and_then(|text| text.parse::<usize>().ok());
            let index = index.filter(|index| !seen.contains(index)).ok_or_else(|| {
                TextError::new(at, "expected the number of a fragment that is not grouped yet")
            })?;
            seen.push(index);
            members.push((index, at));
            at += member.len() + 1;
        }
        members.sort_unstable();
        groups.push(members);
    }
    Ok((body, groups))
}

/// Reactants, agents and products, between two `>` that are not part of a dative bond.
fn split_sides(text: &[u8], body: &[u8]) -> Result<[Range<usize>; 3], TextError> {
    let arrow = |&i: &usize| body[i] == b'>' && (i == 0 || body[i - 1] != b'-');
    let arrows: Vec<usize> = (0..body.len()).filter(arrow).collect();
    match arrows[..] {
        [a, b] => Ok([0..a, a + 1..b, b + 1..body.len()]),
        [_, _, third, ..] => {
            Err(TextError::new(character(text, third), "expected two >, not a third"))
        }
        _ => Err(TextError::new(
            character(text, body.len()),
            "expected two > in a reaction: reactants>agents>products",
        )),
    }
}

/// The fragments of a side, between dots that stand in no branch.
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
) -> crate::wire::Result<()> {
    let mut from = Reader::new(ids);
    from.token(OPEN)?;
    let mut fragments = 0;
    let mut groups = Vec::new();
    for end in [AGENTS, REACT, CLOSE] {
        let mut separated = true;
        while from.at(MOLECULE) {
            let start = from.position();
            molecule::validate(&mut from, reader.walk())?;
            let sentence = &ids[start..from.position()];
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
        from.token(end)?;
        if end != CLOSE {
            out.push(b'>');
        }
    }
    from.end()?;
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
