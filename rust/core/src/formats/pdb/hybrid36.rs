//! Hybrid-36: numbers that are too large for their columns, as `A000` for 10,000.

/// The number of a field of a width that is not decimal.
pub(super) fn read(text: &[u8], width: u32) -> Option<i32> {
    if text.len() != width as usize {
        return None;
    }
    let is_upper = match text[0] {
        b'A'..=b'Z' => true,
        b'a'..=b'z' => false,
        _ => return None,
    };
    let mut number = 0_i64;
    for &b in text {
        let digit = match b {
            b'0'..=b'9' => b - b'0',
            b'A'..=b'Z' if is_upper => b - b'A' + 10,
            b'a'..=b'z' if !is_upper => b - b'a' + 10,
            _ => return None,
        };
        number = number * 36 + i64::from(digit);
    }
    i32::try_from(number - 10 * 36_i64.pow(width - 1) + base(width, is_upper)).ok()
}

/// Write a number that is too large for `width` digits; false when it is too large for this too.
pub(super) fn write(number: i64, width: u32, out: &mut Vec<u8>) -> bool {
    let letters = 26 * 36_i64.pow(width - 1);
    let upper = number - base(width, true);
    let (is_upper, above) = if upper < letters { (true, upper) } else { (false, upper - letters) };
    if above < 0 || above >= letters {
        return false;
    }
    let mut rest = above + 10 * 36_i64.pow(width - 1);
    let start = out.len();
    out.resize(start + width as usize, 0);
    for place in out[start..].iter_mut().rev() {
        let digit = (rest % 36) as u8;
        let letter = if is_upper { b'A' } else { b'a' };
        *place = if digit < 10 { b'0' + digit } else { letter + digit - 10 };
        rest /= 36;
    }
    true
}

/// The first number of the upper or the lower letters.
fn base(width: u32, is_upper: bool) -> i64 {
    10_i64.pow(width) + if is_upper { 0 } else { 26 * 36_i64.pow(width - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for (number, text) in [
            (100_000, "A0000"),
            (100_001, "A0001"),
            (43_770_015, "ZZZZZ"),
            (43_770_016, "a0000"),
            (87_440_031, "zzzzz"),
        ] {
            let mut out = Vec::new();
            assert!(write(number, 5, &mut out));
            assert_eq!(out, text.as_bytes());
            assert_eq!(read(text.as_bytes(), 5).map(i64::from), Some(number));
        }
        assert_eq!(read(b"A000", 4), Some(10_000));
        assert_eq!(read(b"zzzz", 4), Some(10_000 + 2 * 26 * 36 * 36 * 36 - 1));
        for other in ["A00", "A00a", "1000", "A-00", "A0000"] {
            assert_eq!(read(other.as_bytes(), 4), None, "{other}");
        }
        for other in [99_999, 87_440_032, -1] {
            assert!(!write(other, 5, &mut Vec::new()), "{other}");
        }
    }
}
