//! Assemblies: operators of a file as columns, and the names in their lists.

use super::decimal::{self, Decimal};
use crate::columns::Words;
use crate::objects::structure::{Assemblies, MOST_OPERATOR_DECIMALS, Operators, WHOLES};

/// The three rows of the matrix of an operator, each with an element of its vector behind it.
pub(super) type Rows = [[Decimal; 4]; 3];

pub(super) const NOT_ELEMENT: &str = "a decimal number of at most 10 decimals, without an exponent";
const TOO_LONG: &str = "at most three digits before the point of a matrix, and six of a vector";

/// Read an element of a matrix or a vector.
pub(super) fn element(text: &[u8]) -> Result<Decimal, &'static str> {
    decimal::read_within(text, MOST_OPERATOR_DECIMALS).map_err(|_| NOT_ELEMENT)
}

/// Operators and their names as columns, with one count of decimals for matrices and one for vectors.
pub(super) fn operators_of(named: &[(Vec<u8>, Rows)]) -> Result<Operators, &'static str> {
    let mut operators = Operators::default();
    for (name, rows) in named {
        operators.id.push_word(name);
        for (columns, row) in operators.rows_mut().into_iter().zip(rows) {
            for (place, (column, number)) in columns.into_iter().zip(row).enumerate() {
                let whole = number.scaled.div_euclid(10_i64.pow(u32::from(number.decimals)));
                if whole.abs() >= WHOLES[usize::from(place == 3)] {
                    return Err(TOO_LONG);
                }
                decimal::push(column, *number)?;
            }
        }
    }
    let rows = operators.rows_mut().into_iter();
    let (mut matrices, mut vectors) = (Vec::new(), Vec::new());
    for [first, second, third, vector] in rows {
        matrices.extend([first, second, third]);
        vectors.push(vector);
    }
    decimal::align(&mut matrices)?;
    decimal::align(&mut vectors)?;
    Ok(operators)
}

/// The names of a list with commas between.
pub(super) fn names(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|&b| b == b',')
}

/// A list without blanks and ends of lines.
pub(super) fn without_blanks(list: &[u8]) -> Vec<u8> {
    list.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect()
}

/// More operators has no range that is written out.
const MOST_OF_RANGE: i32 = 10_000;

/// The operators of an expression that has no products: `1,2`, `(1-3)`, `(1,4-6)`.
pub(super) fn operators_in(expression: &[u8]) -> Option<Vec<Vec<u8>>> {
    let inner = match expression {
        [b'(', inner @ .., b')'] => inner,
        _ => expression,
    };
    if inner.iter().any(|b| b"()".contains(b)) {
        return None;
    }
    let mut found = Vec::new();
    for name in names(inner) {
        let integer = |part: &[u8]| decimal::read_integer(part).filter(|&n| n >= 0);
        let mut ends = name.splitn(2, |&b| b == b'-');
        match (ends.next().and_then(integer), ends.next().and_then(integer)) {
            (Some(first), Some(last)) if last - first > MOST_OF_RANGE => return None,
            (Some(first), Some(last)) => {
                found.extend((first..=last).map(|number| number.to_string().into_bytes()));
            }
            _ => found.push(name.to_vec()),
        }
    }
    Some(found)
}

impl Assemblies {
    /// The assemblies with other names of the same strands: each name of a list becomes those that its
    /// strands have. A row of which no strand is there is left out.
    pub(super) fn renamed(&self, before: &Words, after: &Words) -> Option<Assemblies> {
        let mut renamed = Assemblies::default();
        for row in 0..self.len() {
            let listed: Vec<&[u8]> = names(self.chains.get(row)).collect();
            let mut found: Vec<&[u8]> = Vec::new();
            for (name, other) in before.iter().zip(after.iter()) {
                if listed.contains(&name) && !found.contains(&other) {
                    found.push(other);
                }
            }
            if !found.is_empty() {
                renamed.id.push_word(self.id.get(row));
                renamed.chains.push_word(&found.join(&b','));
                renamed.operators.push_word(self.operators.get(row));
            }
        }
        (!renamed.is_empty()).then_some(renamed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_without_products_are_lists() {
        let of = |text: &str| {
            let found = operators_in(text.as_bytes())?;
            Some(String::from_utf8(found.join(&b' ')).unwrap())
        };
        assert_eq!(of("1"), Some("1".to_owned()));
        assert_eq!(of("1,2,P"), Some("1 2 P".to_owned()));
        assert_eq!(of("(1-3)"), Some("1 2 3".to_owned()));
        assert_eq!(of("(1,4-6)"), Some("1 4 5 6".to_owned()));
        assert_eq!(of("X-1"), Some("X-1".to_owned()));
        assert_eq!(of("(1-60)(61-88)"), None);
        assert_eq!(of("P(1-2)"), None);
    }
}
