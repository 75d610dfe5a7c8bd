//! Quote: a value as CIF writes it.

use crate::formats::error::{FormatError, shown};

/// Write a value, in quotes where it needs them; an empty one is `.`.
///
/// # Errors
/// For a value that no quotes hold.
pub(in crate::formats) fn write(value: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    if value.is_empty() {
        out.push(b'.');
    } else if is_bare(value) {
        out.extend_from_slice(value);
    } else if let Some(quote) = [b'\'', b'"'].into_iter().find(|quote| fits(value, *quote)) {
        out.push(quote);
        out.extend_from_slice(value);
        out.push(quote);
    } else if !value.contains(&b'\r') && !value.windows(2).any(|pair| pair == b"\n;") {
        out.extend_from_slice(b"\n;");
        out.extend_from_slice(value);
        out.extend_from_slice(b"\n;\n");
    } else {
        let reason = format!("expected a name that CIF can hold, not {}", shown(value));
        return Err(FormatError::unwritable(reason));
    }
    Ok(())
}

/// Whether a value needs no quotes.
fn is_bare(value: &[u8]) -> bool {
    let begins =
        |word: &[u8]| value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let is_reserved = begins(b"data_")
        || begins(b"save_")
        || [&b"loop_"[..], b"stop_", b"global_"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word));
    !matches!(value, b"?" | b".")
        && !matches!(value[0], b'_' | b'#' | b'$' | b'\'' | b'"' | b';' | b'[' | b']')
        && value.iter().all(|&b| b > b' ' && b != 0x7f)
        && !is_reserved
}

/// Whether a quote holds a value: it is of one line and has no such quote before a blank.
fn fits(value: &[u8], quote: u8) -> bool {
    !value.iter().any(|b| matches!(b, b'\n' | b'\r'))
        && !value.windows(2).any(|pair| pair[0] == quote && pair[1] <= b' ')
}

#[cfg(test)]
mod tests {
    use super::super::{Lexer, Token, Value};
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for value in [
            "CA", "O5'", "a b", "it's", "'x", "\"x", "a' b", "a' \"b", "a' b\" c", "?", ".", "_a",
            "#1", ";", ";a", "loop_", "data_x", "Save_", "global_", "stop_x", "\u{e9}", "a\nb",
            "\ta", "\u{7f}",
        ] {
            let mut out = b"_t ".to_vec();
            write(value.as_bytes(), &mut out).unwrap();
            out.push(b' ');
            let mut lexer = Lexer::new(&out);
            assert_eq!(lexer.next().unwrap(), Token::Tag(b"_t"));
            let Token::Value(Value { text, is_quoted }) = lexer.next().unwrap() else {
                panic!("expected a value: {value}");
            };
            assert_eq!(text, value.as_bytes());
            assert!(is_quoted || !matches!(value, "?" | "."));
            assert_eq!(lexer.next().unwrap(), Token::End, "{value}");
        }
        assert!(write(b"a\n;b", &mut Vec::new()).is_err());
        assert!(write(b"a\rb", &mut Vec::new()).is_err());
    }
}
