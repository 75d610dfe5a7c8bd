//! The spec that the core carries, as data, and a declared grammar beside it.

use std::sync::LazyLock;

use super::error::Result;
use super::files::File;
use super::page::Written;
use crate::spec_texts::SPEC_TEXTS;

/// The rules of the spec: those of each file of `spec/` that has rules, in their order.
fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    SPEC_TEXTS.iter().copied().filter(|(path, _)| path.ends_with("ebnf"))
}

/// The paths of the pages of the spec, in their order.
pub fn page_paths() -> impl Iterator<Item = &'static str> {
    files().map(|(path, _)| path)
}

/// The spec.
///
/// # Panics
/// Never: the spec is read in the tests.
#[must_use]
pub fn spec() -> &'static Written {
    static SPEC: LazyLock<Written> = LazyLock::new(|| {
        let files: Vec<File> = files()
            .map(|(path, text)| File {
                text,
                is_object: path.starts_with("objects/"),
                is_declared: false,
            })
            .collect();
        Written::read(&files).unwrap_or_else(|error| panic!("spec: {error}"))
    });
    &SPEC
}

/// A declared grammar, whose page is the last, after those of the spec.
///
/// # Errors
/// As `Grammar::read`.
pub fn declared(text: &str) -> Result<Written> {
    let spec = files().map(|(_, text)| File { text, is_object: false, is_declared: false });
    let own = File { text, is_object: true, is_declared: true };
    Written::read(&spec.chain([own]).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::super::page::{Example, Operator};
    use super::*;
    use crate::vocabulary::token;

    const TRIED: &str = "tokens: tried at 7168\n    <TriedS>  begins\n    <TriedE>  ends\n    one\n\
        (* What is tried\n   (twice). *)\ntried = \"<TriedS>\" unit* bond? \"<TriedE>\" ;\n\n\
        (* A unit. *)\nunit = \"one\" | \"C\"..\"N\" ;\n    where: as_many(\"one\", \"C\")\n\n\
        accepted: tried\n    7168 7169          nothing\n\n    7168 7170 7169\n\
        refused: tried\n    at 0: expected  cut short\n    7168 7168  at 1: expected\n";

    #[test]
    fn a_page_is_what_is_written() {
        let written = declared(TRIED).unwrap();
        let page = written.pages.last().unwrap();
        assert_eq!(page.sections, ["tried"]);
        let [tried, unit] = &page.rules[..] else { panic!("{page:?}") };
        assert_eq!((tried.name.as_str(), unit.name.as_str()), ("tried", "tried.unit"));
        assert_eq!(tried.comment, "What is tried (twice).");
        assert_eq!(tried.text, "tried = \"<TriedS>\" unit* bond? \"<TriedE>\" ;");
        assert_eq!(unit.comment, "A unit.");
        assert_eq!(unit.conditions, ["as_many(\"one\", \"C\")"]);
        let operators: Vec<_> = tried.body.parts.iter().map(|part| &part.operator).collect();
        let token = |name: &str| Operator::Token(name.to_owned());
        assert_eq!(
            operators,
            [&token("<TriedS>"), &Operator::Many, &Operator::Maybe, &token("<TriedE>")]
        );
        let units = &tried.body.parts[1];
        assert_eq!(units.parts[0].operator, Operator::Name("tried.unit".to_owned()));
        assert_eq!(units.first.tokens, [(token_id("C"), token_id("N")), (7170, 7170)]);
        assert!(units.first.is_nullable && !tried.body.first.is_nullable);
        let [_, span] = &unit.body.parts[..] else { panic!("{unit:?}") };
        assert_eq!(span.operator, Operator::Span("C".to_owned(), "N".to_owned()));
        let example = |ids: &[u16], refused: Option<(usize, &str)>, meaning: &str| Example {
            rule: "tried".to_owned(),
            ids: ids.to_vec(),
            refused: refused.map(|(at, reason)| (at, reason.to_owned())),
            meaning: meaning.to_owned(),
        };
        assert_eq!(
            page.examples,
            [
                example(&[7168, 7169], None, "nothing"),
                example(&[7168, 7170, 7169], None, ""),
                example(&[], Some((0, "expected")), "cut short"),
                example(&[7168, 7168], Some((1, "expected")), ""),
            ]
        );
    }

    const fn token_id(name: &str) -> u16 {
        token(name)
    }

    #[test]
    fn examples_that_are_none_are_refused_with_their_line() {
        for (example, reason) in [
            ("accepted: tried\n    7168, 7170\n", "expected an example, found '7168, 7170'"),
            ("accepted: tried\n    one\n", "expected an example, found 'one'"),
            ("refused: tried\n    1  because\n", "expected `at N: reason`, found 'because'"),
            ("refused: tried\n    1\n", "expected `at N: reason`, found ''"),
        ] {
            let error = declared(&format!("{TRIED}{example}")).map(|_| ()).expect_err(example);
            assert_eq!((error.line, error.reason.as_str()), (21, reason));
        }
    }

    #[test]
    fn the_rules_of_each_token_are_traced_whatever_the_conditions() {
        let ids: Vec<u16> =
            ["<MoleculeS>", "C", "(", "[", "O", "]", ")", "close1", "<MoleculeE>", "C"]
                .map(|name| crate::vocabulary::id(name).unwrap())
                .to_vec();
        let traced = spec().trace(&ids);
        let rules: Vec<&str> = traced.iter().map(|(rule, _)| *rule).collect();
        // After the branch no closing can follow, and the trace ends.
        assert_eq!(rules, ["molecule", "bare", "branch", "bracket", "symbol", "bracket", "branch"]);
        assert_eq!(traced[4].1[0], "molecule");
        assert!(traced[4].1.ends_with(&["bracket", "symbol"]), "{:?}", traced[4].1);
        let each_once = |rules: &[&str]| {
            rules.iter().all(|rule| rules.iter().filter(|other| other == &rule).count() == 1)
        };
        assert!(traced.iter().all(|(_, rules)| each_once(rules)));
        let own = declared(TRIED).unwrap();
        let own = own.trace(&[7168, 7170, 7169]);
        assert_eq!(own[1], ("tried.unit", vec!["tried", "tried.unit"]));
        assert_eq!(own.len(), 3);
        assert!(spec().trace(&[7168]).is_empty());
        assert!(spec().trace(&[]).is_empty());
    }
}
