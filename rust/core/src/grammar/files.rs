//! The files of a grammar read as its rules.

use std::collections::HashMap;
use std::ops::Range;

use super::draft::{Draft, Named, Names};
use super::error::{Result, fail};
use super::lexer::{Text, lex};
use super::lexicon::Lexicon;
use super::own_names::qualify;
use super::page::{Example, examples};
use super::rule::Grammar;
use super::rule_reader::RuleReader;

/// One file of a grammar.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its text; what follows `accepted:` and `refused:` are examples and not read.
    pub text: &'a str,
    /// Whether its first rule is an object type.
    pub is_object: bool,
    /// Whether its rules may have names that others have: in it they mean its own.
    pub is_declared: bool,
}

impl Grammar {
    /// Read the files of a grammar.
    ///
    /// # Errors
    /// Where a file does not keep the notation, or a name is used twice or not known.
    pub fn read(files: &[File]) -> Result<Grammar> {
        Ok(read(files)?.0)
    }
}

/// A file as it is written, before names are looked up.
pub(crate) struct DraftPage {
    pub rules: Vec<DraftRule>,
    pub examples: Vec<Example>,
    pub sections: Vec<String>,
}

/// A rule as it is written.
pub(crate) struct DraftRule {
    pub name: String,
    pub body: Named,
    pub comment: String,
    pub text: String,
}

/// Read the files of a grammar, and keep them as they are written.
pub(crate) fn read(files: &[File]) -> Result<(Grammar, Vec<DraftPage>)> {
    let mut drafts = Vec::new();
    let mut objects = Vec::new();
    let mut pages = Vec::new();
    let mut lexicon = Lexicon::default();
    let texts = files.iter().map(|file| lex(file.text)).collect::<Result<Vec<_>>>()?;
    for text in &texts {
        lexicon.read(&text.sections)?;
    }
    for (file, text) in files.iter().zip(&texts) {
        if file.is_object {
            objects.push(drafts.len());
        }
        let first = drafts.len();
        RuleReader::new(text.lexemes.clone(), &lexicon).rules(&mut drafts)?;
        if drafts.len() == first {
            return fail(1, "expected a rule");
        }
        pages.push(page(file, text, &drafts[first..])?);
        if file.is_declared {
            let (spec, own) = drafts.split_at_mut(first);
            qualify(own, spec)?;
        }
    }
    let mut places = HashMap::new();
    for (place, draft) in drafts.iter().enumerate() {
        if places.insert(draft.name.clone(), place).is_some() {
            return fail(draft.line, format!("the rule {} stands twice", draft.name));
        }
    }
    let names = Names { places, lexicon: &lexicon };
    let rules = drafts.into_iter().map(|draft| draft.resolve(&names)).collect::<Result<_>>()?;
    Ok((Grammar { rules, objects, lexicon }, pages))
}

/// A file as it is written; in a declared one, what is its own is called `object.name`.
fn page(file: &File, text: &Text, drafts: &[Draft]) -> Result<DraftPage> {
    let object = &drafts[0].name;
    let headings = text.sections.iter().filter_map(|(_, line)| line.strip_prefix("tokens:"));
    let sections: Vec<String> = headings
        .filter_map(|heading| heading.split_whitespace().next().map(str::to_owned))
        .collect();
    let own = drafts.iter().map(|draft| &draft.name).chain(&sections);
    let names: HashMap<String, String> = own
        .filter(|&name| file.is_declared && name != object)
        .map(|name| (name.clone(), format!("{object}.{name}")))
        .collect();
    let mut rules = Vec::new();
    let mut before = 0;
    for draft in drafts {
        let Range { start, end } = draft.lexemes;
        let is_above = |(at, _): &&(usize, String)| (before..=start).contains(at);
        let comment = text.comments.iter().rfind(is_above).map(|(_, words)| words.clone());
        let mut body = draft.expression.clone();
        body.rename(&names);
        rules.push(DraftRule {
            name: names.get(&draft.name).unwrap_or(&draft.name).clone(),
            body,
            comment: comment.unwrap_or_default(),
            text: text.whole[text.spans[start].start..text.spans[end - 1].end].to_owned(),
        });
        before = end;
    }
    Ok(DraftPage { rules, examples: examples(text)?, sections })
}

#[cfg(test)]
mod tests {
    use super::super::rule::{Argument, Expression};
    use super::*;

    fn read(text: &str) -> Result<Grammar> {
        Grammar::read(&[File { text, is_object: true, is_declared: false }])
    }

    #[test]
    fn rules_comments_and_conditions_are_read() {
        let grammar = read(
            "(* one\n two *)\nx = \"C\"..\"N\" y? ( amino_acid | \"(\" )* ;\n    where: as_many(\"C\", y)\n\
             y = \".\" ;\naccepted: x\n    1 2  = no rule\nz = x ;\n",
        )
        .unwrap();
        assert_eq!(
            grammar.rules.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["x", "y", "z"]
        );
        let condition = &grammar.rules[0].clauses[0];
        assert_eq!(condition.text, "as_many(\"C\", y)");
        assert_eq!(
            condition.arguments,
            [Argument::Quoted("C".to_owned()), Argument::Name("y".to_owned())]
        );
        assert_eq!(grammar.rules[2].expression, Expression::Rule(0));
    }

    #[test]
    fn what_is_no_notation_is_refused_with_its_line() {
        for (text, line, reason) in [
            ("x = \"C\"", 1, "expected ;"),
            ("x = ;", 1, "expected a token, a rule or a parenthesis"),
            ("\nx = \"nothing\" ;", 2, "no token has the name \"nothing\""),
            ("x = nothing ;", 1, "nothing is no rule and no block of the vocabulary"),
            ("x = \"C\" ;\nx = \"N\" ;", 2, "the rule x stands twice"),
            ("x = \"N\"..\"C\" ;", 1, "expected a range whose second token has the higher id"),
            ("(* x", 1, "this comment never ends"),
            ("x = \"C ;", 1, "this quotation mark is never closed"),
            (
                "x = \"C\" ;\n    where: unique",
                2,
                "expected a condition such as opened(x, y), not \"unique\"",
            ),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!((error.line, error.reason.as_str()), (line, reason), "{text}");
        }
    }
}
