//! Free text: any bytes, a token for each.

use crate::vocabulary::{block, token};
use crate::wire::{Builder, First, Writer, any_of};

const END: u16 = token("<TextE>");
const LETTER_A: u16 = token("'A");
const DIGIT_0: u16 = token("'0");
const SIGN: u16 = block("sign").base;
const BYTE: u16 = block("byte").base;

/// By byte its token: those of names, then signs and other bytes, each in ascending order.
const TOKENS: [u16; 256] = {
    let mut tokens = [0; 256];
    let (mut sign, mut byte) = (SIGN, BYTE);
    let mut at = 0;
    while at < 256 {
        tokens[at] = match at as u8 {
            letter @ b'A'..=b'Z' => LETTER_A + (letter - b'A') as u16,
            digit @ b'0'..=b'9' => DIGIT_0 + (digit - b'0') as u16,
            b'!'..=b'~' => {
                sign += 1;
                sign - 1
            }
            _ => {
                byte += 1;
                byte - 1
            }
        };
        at += 1;
    }
    assert!(sign == block("sign").last() + 1 && byte == block("byte").last() + 1);
    tokens
};

/// By token, from the first letter on, its byte.
const BYTES: [u8; (BYTE + 162 - LETTER_A) as usize] = {
    let mut bytes = [0; (BYTE + 162 - LETTER_A) as usize];
    let mut at = 0;
    while at < 256 {
        bytes[(TOKENS[at] - LETTER_A) as usize] = at as u8;
        at += 1;
    }
    bytes
};

/// The tokens of bytes.
pub const LETTER: First =
    First(&[(LETTER_A, token("'9")), any_of(block("sign")), any_of(block("byte"))]);

/// The token of a byte.
///
/// ```ebnf
/// letter   = character | sign | byte ;
/// ```
#[must_use]
pub const fn token_of_byte(byte: u8) -> u16 {
    TOKENS[byte as usize]
}

/// The byte of a token.
#[must_use]
pub const fn byte_of_token(id: u16) -> u8 {
    BYTES[(id - LETTER_A) as usize]
}

/// ```ebnf
/// text     = letter* "<TextE>" ;
/// ```
pub fn write_text(bytes: &[u8], out: &mut Writer) {
    for &byte in bytes {
        out.token(token_of_byte(byte));
    }
    out.token(END);
}

/// The bytes of a text.
#[must_use]
pub fn build_text(from: &mut Builder) -> Vec<u8> {
    let mut bytes = Vec::new();
    while from.at(LETTER) {
        bytes.push(byte_of_token(from.take()));
    }
    from.take_if(END);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::name;

    #[test]
    fn every_byte_has_the_token_that_is_named_after_it() {
        for byte in 0..=255_u8 {
            let id = token_of_byte(byte);
            let wanted = match byte {
                b'!'..=b'~' => format!("'{}", byte as char),
                _ => format!("x{byte:02X}"),
            };
            assert_eq!(name(id).unwrap(), wanted);
            assert_eq!(byte_of_token(id), byte);
        }
    }

    #[test]
    fn texts_come_back() {
        for text in [&b""[..], b"A", b"ends <TextE> not\r\n", "Ångström".as_bytes(), b"\0\xff"] {
            let mut out = Writer::default();
            write_text(text, &mut out);
            let ids = out.finish().unwrap();
            let mut from = Builder(&ids);
            assert_eq!(build_text(&mut from), text);
            assert_eq!(from.peek(), None);
        }
    }
}
