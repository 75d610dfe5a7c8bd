//! Lexer: the tokens of a CIF text.

use crate::formats::error::{FormatError, shown};

/// A value, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) struct Value<'a> {
    pub text: &'a [u8],
    /// Whether it has quotes or is a text field, so that it is neither `?` nor `.`.
    pub is_quoted: bool,
}

impl<'a> Value<'a> {
    /// A value that is not given.
    pub const UNKNOWN: Value<'static> = Value { text: b"?", is_quoted: false };

    /// Whether it is `?` or `.`.
    #[inline]
    pub fn is_absent(self) -> bool {
        !self.is_quoted && matches!(self.text, b"?" | b".")
    }

    /// Its text, empty for `?` and `.`.
    #[inline]
    pub fn word(self) -> &'a [u8] {
        if self.is_absent() { &[] } else { self.text }
    }
}

/// The characters with which a value without quotes begins, whatever stands before it.
const BEGINS_BARE: [bool; 256] = {
    let mut begins = [false; 256];
    let mut b = b'!' as usize;
    while b < 256 {
        begins[b] = !matches!(b as u8, b'\'' | b'"' | b'#' | b';' | b'_' | 0x7f);
        b += 1;
    }
    begins
};

/// Whether a line ends here: with LF, CR LF or CR.
fn is_line_end(b: u8) -> bool {
    matches!(b, b'\n' | b'\r')
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Token<'a> {
    /// `data_` and the name of the block.
    Block(&'a [u8]),
    /// `save_` and the name of the frame, empty where it ends.
    Frame(&'a [u8]),
    /// `loop_`.
    Loop,
    /// The name of an item.
    Tag(&'a [u8]),
    /// A value.
    Value(Value<'a>),
    /// The end of the text.
    End,
}

/// The tokens of a text, one after another.
pub(in crate::formats) struct Lexer<'a> {
    pub text: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        let at = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Lexer { text, at }
    }

    /// Where the next token begins, or the white space before it.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Go on from a place that `position` gave.
    pub fn return_to(&mut self, position: usize) {
        self.at = position;
    }

    /// Where a part of the text begins.
    pub fn position_of(&self, part: &[u8]) -> usize {
        (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// The next token.
    #[inline]
    pub fn next(&mut self) -> Result<Token<'a>, FormatError> {
        self.skip_blanks()?;
        let Some(&first) = self.text.get(self.at) else { return Ok(Token::End) };
        match first {
            b'\'' | b'"' => self.quoted(first).map(Token::Value),
            b';' if self.is_at_line_start() => self.text_field().map(Token::Value),
            b'_' => Ok(Token::Tag(self.bare())),
            b'd' | b'D' | b'l' | b'L' | b's' | b'S' | b'g' | b'G' => self.word(),
            _ => Ok(Token::Value(Value { text: self.bare(), is_quoted: false })),
        }
    }

    /// The next value; nothing where another token comes, which is not taken.
    #[inline]
    pub fn value(&mut self) -> Result<Option<Value<'a>>, FormatError> {
        let text = self.text;
        let mut start = self.at;
        while text.get(start) == Some(&b' ') {
            start += 1;
        }
        if text.get(start).is_some_and(|&b| BEGINS_BARE[usize::from(b)]) {
            let mut end = start + 1;
            while text.get(end).is_some_and(|&b| b > b' ') {
                end += 1;
            }
            let value = &text[start..end];
            // All reserved words have _ at one of these.
            if value.get(4) != Some(&b'_') && value.get(6) != Some(&b'_') {
                self.at = end;
                return Ok(Some(Value { text: value, is_quoted: false }));
            }
        }
        self.any_value()
    }

    fn any_value(&mut self) -> Result<Option<Value<'a>>, FormatError> {
        self.skip_blanks()?;
        let start = self.at;
        if let Token::Value(value) = self.next()? {
            return Ok(Some(value));
        }
        self.at = start;
        Ok(None)
    }

    #[inline]
    fn skip_blanks(&mut self) -> Result<(), FormatError> {
        while let Some(&b) = self.text.get(self.at) {
            match b {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                b'#' => self.at = self.line_end(),
                0..b' ' | 0x7f => {
                    let reason = format!("expected text, not the control character {b:#04x}");
                    return Err(FormatError::at(self.text, self.at, reason));
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.iter().position(|&b| is_line_end(b)).unwrap_or(rest.len())
    }

    fn is_at_line_start(&self) -> bool {
        self.at == 0 || is_line_end(self.text[self.at - 1])
    }

    /// What goes on until a blank.
    #[inline]
    fn bare(&mut self) -> &'a [u8] {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|&b| b <= b' ').unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A value or a word that is reserved.
    fn word(&mut self) -> Result<Token<'a>, FormatError> {
        let start = self.at;
        let text = self.bare();
        let begins = |word: &[u8]| {
            text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        if text.eq_ignore_ascii_case(b"loop_") {
            Ok(Token::Loop)
        } else if begins(b"data_") {
            Ok(Token::Block(&text[5..]))
        } else if begins(b"save_") {
            Ok(Token::Frame(&text[5..]))
        } else if text.eq_ignore_ascii_case(b"global_") || text.eq_ignore_ascii_case(b"stop_") {
            let reason = format!("expected a value, not the reserved word {}", shown(text));
            Err(FormatError::at(self.text, start, reason))
        } else {
            Ok(Token::Value(Value { text, is_quoted: false }))
        }
    }

    /// A value in quotes, which a quote ends that a blank follows.
    fn quoted(&mut self, quote: u8) -> Result<Value<'a>, FormatError> {
        let start = self.at + 1;
        let mut end = start;
        loop {
            match self.text.get(end) {
                Some(&b) if b == quote && self.text.get(end + 1).is_none_or(|&b| b <= b' ') => {
                    break;
                }
                None | Some(b'\n' | b'\r') => {
                    let reason = "expected the quote that ends this value on its line";
                    return Err(FormatError::at(self.text, self.at, reason));
                }
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        Ok(Value { text: &self.text[start..end], is_quoted: true })
    }

    /// A value of several lines, which a semicolon at the beginning of a line ends.
    fn text_field(&mut self) -> Result<Value<'a>, FormatError> {
        let start = self.at + 1;
        let rest = &self.text[start..];
        let is_end = |pair: &[u8]| is_line_end(pair[0]) && pair[1] == b';';
        let Some(length) = rest.windows(2).position(is_end) else {
            let reason = "expected the line that begins with ; and ends this text field";
            return Err(FormatError::at(self.text, self.at, reason));
        };
        self.at = start + length + 2;
        let text = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
        Ok(Value { text, is_quoted: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<String>, String> {
        let mut lexer = Lexer::new(text.as_bytes());
        let mut found = Vec::new();
        loop {
            let word = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
            found.push(match lexer.next().map_err(|error| error.to_string())? {
                Token::Block(name) => format!("block {}", word(name)),
                Token::Frame(name) => format!("frame {}", word(name)),
                Token::Loop => "loop".to_owned(),
                Token::Tag(tag) => word(tag),
                Token::Value(Value { text, is_quoted: true }) => format!("<{}>", word(text)),
                Token::Value(value) => word(value.text),
                Token::End => return Ok(found),
            });
        }
    }

    fn of(text: &str) -> Vec<String> {
        tokens(text).unwrap()
    }

    #[test]
    fn every_sort_of_token_is_told() {
        assert_eq!(of("\u{feff}data_1ABC # note\n_a.b 1.5"), ["block 1ABC", "_a.b", "1.5"]);
        assert_eq!(of("LOOP_\r\n_a\r\n_b\r\n? .\r\n"), ["loop", "_a", "_b", "?", "."]);
        assert_eq!(
            of("save_x save_ Data_ loops data"),
            ["frame x", "frame ", "block ", "loops", "data"]
        );
        assert_eq!(
            of("'a b' \"c'd\" 'e'f' '' a'b \"#\""),
            ["<a b>", "<c'd>", "<e'f>", "<>", "a'b", "<#>"]
        );
        assert_eq!(of("a#b #c\n#d\ne"), ["a#b", "e"]);
        assert_eq!(of("_t\n;one\ntwo; \n;\nx"), ["_t", "<one\ntwo; >", "x"]);
        assert_eq!(of("_t\r\n;one\r\n;\r\nx ;y"), ["_t", "<one>", "x", ";y"]);
        assert_eq!(of("#a\rb #c\r;d\r;e\r\n"), ["b", "<d>", "e"]);
        assert_eq!(of("'.' '?' '_a' 'loop_'"), ["<.>", "<?>", "<_a>", "<loop_>"]);
        assert_eq!(of(""), [""; 0]);
    }

    #[test]
    fn what_is_no_token_is_refused_where_it_begins() {
        for (text, error) in [
            ("data_a\n_b 'c\nd'", "line 2, column 4: expected the quote"),
            ("a \"b", "line 1, column 3: expected the quote"),
            ("a \"b\rc\"", "line 1, column 3: expected the quote"),
            ("_a\n;text\n", "line 2, column 1: expected the line that begins with ;"),
            ("a\n stop_", "line 2, column 2: expected a value, not the reserved word 'stop_'"),
            ("a \x01b", "line 1, column 3: expected text, not the control character 0x01"),
        ] {
            let found = tokens(text).unwrap_err();
            assert!(found.starts_with(error), "{found}");
        }
    }
}
