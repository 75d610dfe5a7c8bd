//! Record: its header, its tables, its data items.

use super::source::Source;
use super::{Record, items, v2000, v3000};
use crate::formats::decimal;
use crate::formats::error::FormatError;
use crate::formats::line::{CR_ALONE, Line};

/// How many lines stand before the atoms of V2000.
pub(super) const HEADER: usize = 4;
/// The line of the counts.
pub(super) const COUNTS: usize = 3;
/// The columns of line 2 that say the dimension.
const DIMENSION: (usize, usize) = (20, 22);

/// Read one record.
pub(super) fn read(source: &Source) -> Result<Record, FormatError> {
    let last = source.lines.len().saturating_sub(1);
    check_ends(source)?;
    if source.lines.len() < HEADER {
        return Err(source.error(last, 0, "expected a counts line as the fourth of a record"));
    }
    let end = source.lines[HEADER..].iter().position(is_end);
    let end = HEADER + end.ok_or_else(|| source.error(last, 0, "expected M  END"))?;
    let mut record =
        Record { line: source.line, title: source.lines[0].bytes.to_vec(), ..Record::default() };
    let version = (33, 39);
    match source.lines[COUNTS].field(version.0, version.1) {
        b"V3000" => v3000::read(source, end, &mut record)?,
        b"V2000" | b"" => v2000::read(source, end, &mut record)?,
        _ => return Err(source.not(COUNTS, version, "V2000 or V3000 in columns 34 to 39")),
    }
    record.items = items::read(source, end + 1)?;
    let atoms = &mut record.atoms;
    decimal::align(&mut [&mut atoms.x, &mut atoms.y, &mut atoms.z]).map_err(|_| {
        source.error(COUNTS, 0, "expected coordinates that fit in 64 bits with as many decimals")
    })?;
    let is_flat = atoms.z.scaled.iter().all(|&z| z == 0);
    record.is_flat = is_flat && source.lines[1].raw(DIMENSION.0, DIMENSION.1) != b"3D";
    record.block = block(&source.lines[..=end], if is_flat { b"2D" } else { b"3D" });
    Ok(record)
}

fn is_end(line: &Line) -> bool {
    line.bytes.starts_with(b"M  END")
}

/// Refuse a line that a carriage return ends or, in the MOL block, parts; one within a value is the
/// value's.
fn check_ends(source: &Source) -> Result<(), FormatError> {
    let mut is_block = true;
    for (row, line) in source.lines.iter().enumerate() {
        let found = line.bytes.iter().position(|&b| b == b'\r');
        if let Some(at) = found.filter(|_| is_block || line.bytes.ends_with(b"\r")) {
            return Err(source.error(row, at, CR_ALONE));
        }
        is_block &= row < HEADER || !is_end(line);
    }
    Ok(())
}

/// The lines of a MOL block with its dimension in line 2.
fn block(lines: &[Line], dimension: &[u8]) -> Vec<u8> {
    let size = lines.iter().map(|line| line.bytes.len() + 1).sum::<usize>();
    let mut block = Vec::with_capacity(size + DIMENSION.1);
    for (row, line) in lines.iter().enumerate() {
        if row == 1 {
            let begin = block.len();
            block.extend_from_slice(line.raw(0, DIMENSION.0));
            block.resize(begin + DIMENSION.0, b' ');
            block.extend_from_slice(dimension);
        } else {
            block.extend_from_slice(line.bytes);
        }
        block.push(b'\n');
    }
    block
}
