//! Items: the data of a record by name: a line `> <NAME>`, the lines of the value, a blank line.

use super::Items;
use super::source::{Source, is_blank};
use crate::formats::error::FormatError;

/// Read the items from a line on. A blank line that is followed by neither an item nor the end
/// belongs to the value.
pub(super) fn read(source: &Source, begin: usize) -> Result<Items, FormatError> {
    let mut items = Items::default();
    let mut name = None;
    let mut value: Vec<&[u8]> = Vec::new();
    for (row, line) in source.lines.iter().enumerate().skip(begin) {
        let is_ended = value.last().is_some_and(|line| is_blank(line));
        if line.bytes.starts_with(b">") && (name.is_none() || is_ended) {
            take(&mut items, name.replace(name_of(line.bytes)), &mut value);
        } else if name.is_some() {
            value.push(line.bytes);
        } else if !is_blank(line.bytes) {
            return Err(source.error(row, 0, "expected a data item, such as > <NAME>"));
        }
    }
    take(&mut items, name, &mut value);
    Ok(items)
}

/// Append an item, less the blank lines at its end.
fn take(items: &mut Items, name: Option<&[u8]>, value: &mut Vec<&[u8]>) {
    let Some(name) = name else { return };
    while value.last().is_some_and(|line| is_blank(line)) {
        value.pop();
    }
    items.name.push_word(name);
    items.value.push_word(&value.join(&b'\n'));
    value.clear();
}

/// What is between the angle brackets of a header, else what is behind its first character.
fn name_of(line: &[u8]) -> &[u8] {
    let first = line.iter().position(|&b| b == b'<');
    let last = line.iter().rposition(|&b| b == b'>');
    match (first, last) {
        (Some(first), Some(last)) if first < last => &line[first + 1..last],
        _ => trimmed(&line[1..]),
    }
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && is_blank(&[*first])
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_blank(&[*last])
    {
        bytes = rest;
    }
    bytes
}
