//! SSBOND and LINK: bonds between residues.

use super::hybrid36;
use super::line::Line;
use crate::formats::decimal::{self, Decimal};
use crate::formats::links::{LinkEnd, NamedLink};
use crate::formats::rows::{Number, UNKNOWN};
use crate::objects::structure::LinkKind;

/// The bond of a line of SSBOND.
pub(super) fn of_disulfide(line: Line) -> NamedLink {
    let end = |component: usize, chain: usize| LinkEnd {
        chain: line.field(chain, chain + 1),
        label: None,
        component: line.field(component, component + 3),
        number: number(line.field(chain + 2, chain + 6)),
        insertion: line.field(chain + 6, chain + 7),
        name: b"SG",
        altloc: b"",
        symmetry: symmetry(line, component > 11),
    };
    let ends = [end(11, 15), end(25, 29)];
    let kind = Some(LinkKind::Disulfide);
    NamedLink { ends, kind, distance: distance(line), position: line.start }
}

/// The bond of a line of LINK.
pub(super) fn of_link(line: Line) -> NamedLink {
    let end = |name: usize| LinkEnd {
        chain: line.field(name + 9, name + 10),
        label: None,
        component: line.field(name + 5, name + 9),
        number: number(line.field(name + 10, name + 14)),
        insertion: line.field(name + 14, name + 15),
        name: line.field(name, name + 4),
        altloc: line.field(name + 4, name + 5),
        symmetry: symmetry(line, name > 12),
    };
    let ends = [end(12), end(42)];
    NamedLink { ends, kind: None, distance: distance(line), position: line.start }
}

fn number(field: &[u8]) -> Option<Number> {
    if field.is_empty() {
        return Some(UNKNOWN);
    }
    let value = decimal::read_integer(field).or_else(|| hybrid36::read(field, 4))?;
    Some(Number { value, state: 0 })
}

/// The symmetry operator of an end; both lines have them in the same columns.
fn symmetry(line: Line<'_>, is_second: bool) -> &[u8] {
    if is_second { line.field(66, 72) } else { line.field(59, 65) }
}

/// The length of the bond, where it is a number.
fn distance(line: Line) -> Option<Decimal> {
    decimal::read(line.field(73, 78)).ok()
}
