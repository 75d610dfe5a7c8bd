//! Decimal: a number of a text as an integer and its count of decimals, and columns of them.

use crate::number::Fixed;

/// A number as it is written: `scaled` divided by ten to the power of `decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub scaled: i64,
    pub decimals: u8,
}

/// As many decimals have a token each group.
const MOST_DECIMALS: u8 = 9;
/// As many digits fit in an `i64` whatever they are.
const MOST_DIGITS: usize = 18;

/// What is wrong with a number.
pub(super) const NOT_DECIMAL: &str = "a decimal number such as -12.340, without an exponent";
pub(super) const TOO_LONG: &str = "a number of at most 18 digits, 9 of them decimals";

/// Read a number: a sign, digits, a point, digits. Minus zero is zero.
#[inline]
pub(super) fn read(text: &[u8]) -> Result<Decimal, &'static str> {
    read_within(text, MOST_DECIMALS).map_err(|is_long| if is_long { TOO_LONG } else { NOT_DECIMAL })
}

/// The same with at most `most_decimals`. The error says whether it is a number that is too long.
#[inline]
pub(super) fn read_within(text: &[u8], most_decimals: u8) -> Result<Decimal, bool> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.len() > MOST_DIGITS + 1 {
        return Err(is_decimal(digits));
    }
    let mut scaled = 0_i64;
    let mut point = None;
    for (at, &b) in digits.iter().enumerate() {
        let digit = b.wrapping_sub(b'0');
        if digit < 10 {
            scaled = scaled.wrapping_mul(10).wrapping_add(i64::from(digit));
        } else if b == b'.' && point.is_none() {
            point = Some(at);
        } else {
            return Err(false);
        }
    }
    let decimals = point.map_or(0, |at| digits.len() - at - 1);
    let count = digits.len() - usize::from(point.is_some());
    if count == 0 {
        return Err(false);
    }
    if count > MOST_DIGITS || decimals > usize::from(most_decimals) {
        return Err(true);
    }
    Ok(Decimal { scaled: if negative { -scaled } else { scaled }, decimals: decimals as u8 })
}

/// Read eight columns of PDB that end in a point and three digits, with blanks before the number.
/// `None` says nothing: then [`read`] does.
#[inline]
pub(super) fn read_thousandths(field: [u8; 8]) -> Option<i64> {
    let word = u64::from_le_bytes(field);
    if field[4] != b'.' {
        return None;
    }
    read_digits::<1, 4>(u64::from(b'0') | (word & 0xffff_ffff) << 8 | word >> 40 << 40)
}

/// The same of the last six of eight columns, that end in a point and two digits.
#[inline]
pub(super) fn read_hundredths(field: [u8; 8]) -> Option<i64> {
    let word = u64::from_le_bytes(field);
    if field[5] != b'.' {
        return None;
    }
    read_digits::<3, 3>(ZEROS & 0xff_ffff | (word >> 16 & 0xff_ffff) << 24 | word >> 48 << 48)
}

/// The number of eight characters, of which the first `START` are zeros, and of the next `WHOLE`
/// some may be blanks and a sign before digits.
#[inline]
fn read_digits<const START: usize, const WHOLE: usize>(word: u64) -> Option<i64> {
    // A byte is 1 where a character is no digit; these must be the first ones of the field.
    let value = word ^ ZEROS;
    let over = value.wrapping_add(ONES * 0x76) | value;
    let others = (over >> 7 & ONES) >> (8 * START);
    let filled = others.wrapping_mul(0xff);
    let count = (filled.trailing_ones() / 8) as usize;
    if filled & filled.wrapping_add(1) != 0 || count > WHOLE {
        return None;
    }
    let filled = filled << (8 * START);
    let mut is_negative = false;
    if count > 0 {
        // The last of them is a blank or a minus, the others are blanks.
        let last = 8 * (START + count - 1);
        is_negative = (word >> last) as u8 == b'-';
        let blanks = if is_negative { filled & !(0xff << last) } else { filled };
        if word & blanks != BLANKS & blanks {
            return None;
        }
    }
    let digits = (word & !filled | ZEROS & filled) - ZEROS;
    // Neighbours are put together: to four numbers of two digits, to two of four, to one.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    let number = (low.wrapping_add(high) >> 32) as i64;
    Some(if is_negative { -number } else { number })
}

const BLANKS: u64 = ONES * b' ' as u64;
const ONES: u64 = 0x0101_0101_0101_0101;
const ZEROS: u64 = ONES * b'0' as u64;

fn is_decimal(digits: &[u8]) -> bool {
    digits.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        && digits.split(|&b| b == b'.').count() <= 2
}

/// Read an integer: a sign and digits.
#[inline]
pub(super) fn read_integer(text: &[u8]) -> Option<i32> {
    match read(text) {
        Ok(Decimal { scaled, decimals: 0 }) if !text.contains(&b'.') => i32::try_from(scaled).ok(),
        _ => None,
    }
}

/// Append a number to a column, whose count of decimals becomes the largest of its numbers.
#[inline]
pub(super) fn push(column: &mut Fixed, number: Decimal) -> Result<(), &'static str> {
    if number.decimals == column.decimals {
        column.scaled.push(number.scaled);
        return Ok(());
    }
    push_other(column, number)
}

#[cold]
fn push_other(column: &mut Fixed, number: Decimal) -> Result<(), &'static str> {
    if number.decimals > column.decimals {
        rescale(column, number.decimals)?;
        column.scaled.push(number.scaled);
    } else {
        column.scaled.push(scaled_to(number.scaled, column.decimals - number.decimals)?);
    }
    Ok(())
}

/// Give the numbers of a column more decimals.
pub(super) fn rescale(column: &mut Fixed, decimals: u8) -> Result<(), &'static str> {
    let more = decimals - column.decimals;
    for scaled in &mut column.scaled {
        *scaled = scaled_to(*scaled, more)?;
    }
    column.decimals = decimals;
    Ok(())
}

fn scaled_to(scaled: i64, more: u8) -> Result<i64, &'static str> {
    scaled.checked_mul(10_i64.pow(u32::from(more))).ok_or(TOO_LONG)
}

/// Give several columns one count of decimals, the largest of theirs.
pub(super) fn align(columns: &mut [&mut Fixed]) -> Result<(), &'static str> {
    let most = columns.iter().map(|column| column.decimals).max().unwrap_or(0);
    columns.iter_mut().try_for_each(|column| rescale(column, most))
}

/// Write a number with all its decimals.
pub(super) fn write(scaled: i64, decimals: u8, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 24];
    let mut at = digits.len();
    let mut rest = scaled.unsigned_abs();
    let mut written = 0;
    while rest > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
    }
    if scaled < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let of = |text: &str| read(text.as_bytes()).map(|n| (n.scaled, n.decimals));
        assert_eq!(of("12.340"), Ok((12_340, 3)));
        assert_eq!(of("-0.000"), Ok((0, 3)));
        assert_eq!(of("+.5"), Ok((5, 1)));
        assert_eq!(of("-7."), Ok((-7, 0)));
        assert_eq!(of("000000000000000001"), Ok((1, 0)));
        assert_eq!(of("-999999999.999999999"), Ok((-999_999_999_999_999_999, 9)));
        for long in ["1234567890123456789", "0.1234567890", "1.00000000000000000000"] {
            assert_eq!(of(long), Err(TOO_LONG), "{long}");
        }
        for other in ["", "-", ".", "-.", "1e5", "1.2.3", "inf", "nan", "1 2", "--1", "1-", "?"] {
            assert_eq!(of(other), Err(NOT_DECIMAL), "{other}");
        }
        assert_eq!(of("12345678901234567890x"), Err(NOT_DECIMAL));
        assert_eq!(read_integer(b"-12"), Some(-12));
        assert_eq!(read_integer(b"12."), None);
        assert_eq!(read_integer(b"2147483648"), None);
    }

    #[test]
    fn columns_are_read_as_any_number() {
        // Every combination of characters of which fields are made, in few columns.
        let characters = b" -09.+x/:";
        for number in 0..9_usize.pow(6) {
            let field: [u8; 6] =
                std::array::from_fn(|at| characters[number / 9_usize.pow(at as u32) % 9]);
            let mut columns = *b"9.000000";
            columns[2..].copy_from_slice(&field);
            if let Some(scaled) = read_hundredths(columns) {
                let trimmed = field.trim_ascii_start();
                assert_eq!(read(trimmed), Ok(Decimal { scaled, decimals: 2 }), "{field:?}");
            }
        }
        assert_eq!(read_thousandths(*b"-999.999"), Some(-999_999));
        assert_eq!(read_thousandths(*b"1234.567"), Some(1_234_567));
        assert_eq!(read_thousandths(*b"   -.500"), Some(-500));
        assert_eq!(read_thousandths(*b"  -0.000"), Some(0));
        assert_eq!(read_hundredths(*b"9\n  1.00"), Some(100));
        assert_eq!(read_hundredths(*b"  -10.25"), Some(-1025));
        for other in [b"12.34567", b"    .12x", b"1 23.456", b"- 1.2345", b"  +1.000", b"   1.0 0"]
        {
            assert_eq!(read_thousandths(*other), None, "{other:?}");
        }
    }

    #[test]
    fn a_column_has_the_most_decimals_of_its_numbers() {
        let mut column = Fixed::default();
        for text in ["1", "-2.50", "3.125", "0.1"] {
            push(&mut column, read(text.as_bytes()).unwrap()).unwrap();
        }
        assert_eq!(column, Fixed { decimals: 3, scaled: vec![1000, -2500, 3125, 100] });
        let too_large = Decimal { scaled: 10_i64.pow(17), decimals: 0 };
        assert_eq!(push(&mut column, too_large), Err(TOO_LONG));
        let mut wide = Fixed { decimals: 0, scaled: vec![10_i64.pow(17)] };
        assert_eq!(push(&mut wide, Decimal { scaled: 1, decimals: 9 }), Err(TOO_LONG));
    }

    #[test]
    fn numbers_are_written_with_all_their_decimals() {
        let of = |scaled, decimals| {
            let mut out = Vec::new();
            write(scaled, decimals, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(of(-12_340, 3), "-12.340");
        assert_eq!(of(5, 3), "0.005");
        assert_eq!(of(-5, 3), "-0.005");
        assert_eq!(of(0, 2), "0.00");
        assert_eq!(of(7, 0), "7");
        assert_eq!(of(i64::MIN, 9), "-9223372036.854775808");
    }
}
