//! The examples of the spec: accepted ones come back as they are, refused ones where and why.

use logos_core::GrammarError;
use logos_core::free_text::{build_text, byte_of_token, token_of_byte, write_text};
use logos_core::number::{Fixed, Index};
use logos_core::object::{decode, encode};
use logos_core::recognizer::{Machine, Recognizer};
use logos_core::space::{Point, STEP, build_place, write_place};
use logos_core::spec_texts::SPEC_TEXTS;
use logos_core::wire::{Builder, First, Production, Writer};

struct Example {
    rule: &'static str,
    ids: Vec<u16>,
    /// Where and why it is refused; `None` when it is accepted.
    refused: Option<(usize, String)>,
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for (_, text) in SPEC_TEXTS.iter().filter(|(file, _)| file.strip_suffix(".ebnf").is_some()) {
        let mut heading: Option<(bool, &str)> = None;
        for line in text.lines() {
            if let Some(rule) = line.strip_prefix("accepted: ") {
                heading = Some((true, rule.trim()));
            } else if let Some(rule) = line.strip_prefix("refused: ") {
                heading = Some((false, rule.trim()));
            } else if let (Some((accepted, rule)), true) = (heading, line.starts_with("    ")) {
                examples.push(example(accepted, rule, line));
            } else if !line.trim().is_empty() {
                heading = None;
            }
        }
    }
    examples
}

fn example(accepted: bool, rule: &'static str, line: &str) -> Example {
    let is_id = |word: &&str| word.bytes().all(|b| b.is_ascii_digit());
    let (ids, refused) = if accepted {
        let (ids, _) = line.trim_start().split_once("  ").unwrap_or((line.trim(), ""));
        (ids, None)
    } else {
        let (ids, rest) = line.split_once("at ").expect("a refused example says where");
        let (position, reason) = rest.split_once(": ").expect("a refused example says why");
        let reason = reason.split("  ").next().unwrap_or_default().trim();
        (ids, Some((position.parse().expect("a position"), reason.to_owned())))
    };
    let ids = ids.split_whitespace().take_while(is_id).map(|id| id.parse().expect("an id"));
    Example { rule, ids: ids.collect(), refused }
}

/// Judge a rule that is no object as the only part of an object, build it and write it again.
fn through<T: Production>(rule: &str, ids: &[u16]) -> Result<Vec<u16>, Box<GrammarError>> {
    const BRACKETS: (u16, u16) = (7168, 7169);
    let grammar =
        format!("tokens: alone at 7168\n    <S>\n    <E>\nalone = \"<S>\" {rule} \"<E>\" ;");
    let machine = Machine::declared(&grammar).expect("a grammar of one rule");
    let mut recognizer = Recognizer::new(&machine, None, None).expect("it has one object type");
    for id in [BRACKETS.0].iter().chain(ids).chain(&[BRACKETS.1]) {
        if let Err(refusal) = recognizer.accept(*id) {
            let mut error = recognizer.explained(refusal.reason, *id);
            error.position -= 1;
            return Err(Box::new(error));
        }
    }
    let mut from = Builder(ids);
    let x: T = from.one();
    assert_eq!(from.peek(), None, "{rule} {ids:?}");
    let mut out = Writer::default();
    out.one(&x);
    out.finish()
}

/// A rule of a point, with no count of decimals in force, or of a text.
macro_rules! parts {
    ($($Part:ident($Held:ty) $write:expr, $build:expr;)*) => {$(
        struct $Part($Held);

        impl Production for $Part {
            const FIRST: First = First(&[]);

            fn write(&self, out: &mut Writer) {
                $write(&self.0, out);
            }

            fn build(from: &mut Builder) -> Self {
                $Part($build(from))
            }
        }
    )*};
}

parts! {
    Place(Point) |&at: &Point, out| write_place(at, 0, out), |from| build_place(from, 0);
    Step(Point) |&step: &Point, out| STEP.write(step, 0, out), |from| STEP.build(from, 0);
    Text(Vec<u8>) |text: &Vec<u8>, out| write_text(text, out), build_text;
    Letter(u8) |&byte: &u8, out: &mut Writer| out.token(token_of_byte(byte)),
        |from: &mut Builder| byte_of_token(from.take());
}

fn again(rule: &str, ids: &[u16]) -> Result<Vec<u16>, Box<GrammarError>> {
    match rule {
        "index" => through::<Index>(rule, ids),
        "numbers" => through::<Fixed>(rule, ids),
        "place" => through::<Place>(rule, ids),
        "step" => through::<Step>(rule, ids),
        "text" => through::<Text>(rule, ids),
        "letter" => through::<Letter>(rule, ids),
        _ => decode(ids).and_then(|object| encode(&object)),
    }
}

#[test]
fn accepted_examples_come_back_as_they_are() {
    let accepted: Vec<_> = examples().into_iter().filter(|e| e.refused.is_none()).collect();
    assert!(accepted.len() > 50, "{}", accepted.len());
    for Example { rule, ids, .. } in accepted {
        assert_eq!(again(rule, &ids).as_ref(), Ok(&ids), "{rule} {ids:?}");
    }
}

#[test]
fn refused_examples_are_refused_where_and_why_they_say() {
    let mut count = 0;
    for Example { rule, ids, refused } in examples() {
        let Some((position, reason)) = refused else { continue };
        let error = again(rule, &ids).expect_err(&format!("{rule} {ids:?}"));
        assert_eq!(error.position, position, "{rule} {ids:?}");
        // A sentence that is cut short breaks nothing yet.
        if position < ids.len() {
            assert_eq!(error.condition.as_deref().unwrap_or("expected"), reason, "{rule} {ids:?}");
        }
        count += 1;
    }
    assert!(count > 50, "{count}");
}
