//! Declared grammars: what users write for object types of their own.

use std::sync::Arc;

use super::machine::Machine;
use super::recognizer::Recognizer;
use crate::conditions::check_declared;
use crate::grammar::lexicon::room;
use crate::grammar::{File, Grammar};
use crate::spec_texts::SPEC_TEXTS;

impl Machine {
    /// Compile the grammar of one object type, which may use the rules of the spec.
    ///
    /// # Errors
    /// Says why it is refused: no notation, a name or id that is taken, one token does not decide,
    /// or what it opens could not always be closed.
    pub fn declared(text: &str) -> Result<Arc<Machine>, String> {
        let spec = SPEC_TEXTS.iter().filter(|(path, _)| path.ends_with("ebnf"));
        let mut files: Vec<File> =
            spec.map(|(_, text)| File { text, is_object: false, is_declared: false }).collect();
        let borrowed = Grammar::read(&files).map_err(|error| error.to_string())?.rules.len();
        files.push(File { text, is_object: true, is_declared: true });
        let grammar = Grammar::read(&files).map_err(|error| error.to_string())?;
        own_names(&grammar)?;
        check_declared(&grammar, borrowed)?;
        own_uses(&grammar, borrowed)?;
        own_beginning(Machine::compile(&grammar.of(&grammar.objects))?)
    }
}

fn own_names(grammar: &Grammar) -> Result<(), String> {
    if grammar.lexicon.sections.is_empty() {
        return Err(format!(
            "expected a section `tokens: NAME at {}` for the tokens of its own",
            room().base
        ));
    }
    for section in &grammar.lexicon.sections {
        match grammar.place(&section.name) {
            Some(place) if !grammar.objects.contains(&place) => {
                let name = &section.name;
                return Err(format!(
                    "{name} is a rule and cannot be a section too; only the object can, which is \
                     the first rule"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Every rule of its own is used. A token need not be: a mistake is left in place.
fn own_uses(grammar: &Grammar, borrowed: usize) -> Result<(), String> {
    let used = grammar.used_by(&grammar.objects);
    match (borrowed..used.len()).find(|&rule| !used[rule]) {
        Some(idle) => Err(format!("{} is used by no rule", grammar.rules[idle].name)),
        None => Ok(()),
    }
}

/// A sentence is known by its first token, and the spec has the others.
fn own_beginning(machine: Machine) -> Result<Arc<Machine>, String> {
    let machine = Arc::new(machine);
    let first = Recognizer::new(&machine, None, None).map(|mut one| one.allowed());
    for id in first.unwrap_or_default() {
        if machine.lexicon.name(id).is_none() {
            return Err(format!(
                "{} must begin with a token of its own, from {} on, not with {}",
                machine.starts[0].0,
                room().base,
                machine.lexicon.any_name(id).unwrap_or_default()
            ));
        }
    }
    Ok(machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = "tokens: x at 7168\n    <XS>\n    <XE>\n    one\n    two\n\
                          tokens: o at 7200\n    o{1..3}\ntokens: c at 7210\n    c{1..3}\n";

    fn compile(rules: &str) -> Result<Arc<Machine>, String> {
        Machine::declared(&format!("{TOKENS}{rules}"))
    }

    /// How many tokens are needed at least, by trying all sentences in the order of their length.
    fn brute(recognizer: &Recognizer, longest: usize) -> Option<usize> {
        let mut now = vec![recognizer.clone()];
        for length in 0..=longest {
            if now.iter().any(Recognizer::is_done) {
                return Some(length);
            }
            let mut after = Vec::new();
            for one in &mut now {
                for id in one.allowed() {
                    let mut next = one.clone();
                    if next.accept(id).is_ok() {
                        after.push(next);
                    }
                }
            }
            now = after;
        }
        None
    }

    fn is_exact(rules: &str, depth: usize, ahead: usize) {
        let machine = compile(rules).unwrap();
        let mut now = vec![Recognizer::new(&machine, None, None).unwrap()];
        for _ in 0..depth {
            let mut after = Vec::new();
            for one in &mut now {
                let ids: Vec<u16> = one.ids().collect();
                let wanted = brute(one, ahead);
                match wanted {
                    Some(wanted) => {
                        assert_eq!(one.min_tokens_to_complete(), wanted, "{rules} {ids:?}");
                    }
                    None => assert!(one.min_tokens_to_complete() > ahead, "{rules} {ids:?}"),
                }
                for id in one.allowed() {
                    let mut next = one.clone();
                    next.accept(id).unwrap();
                    after.push(next);
                }
            }
            now = after;
        }
    }

    const LABELS: &str = "    where: lowest_free(o, c, r)\n    where: opened(c, o)\n    \
                          where: closes_within(o, c, x)\n";

    #[test]
    fn what_debts_need_is_exact() {
        is_exact(&format!("x = \"<XS>\" r* \"<XE>\" ;\n{LABELS}r = \"one\" ( o | c )? ;\n"), 6, 8);
        is_exact(
            &format!("x = \"<XS>\" r* \"<XE>\" ;\n{LABELS}r = \"one\" \"two\" o? c* ;\n"),
            6,
            7,
        );
        is_exact(
            &format!("x = \"<XS>\" r* \"<XE>\" ;\n{LABELS}r = \"one\" o? | \"two\" c c? ;\n"),
            5,
            8,
        );
        is_exact(
            "x = \"<XS>\" \"one\"* ( \"two\" c )* \"<XE>\" ;\n    where: as_many(\"two\", \"one\")\n",
            5,
            8,
        );
        is_exact("x = \"<XS>\" r* \"<XE>\" ;\nr = \"one\" ( c r* \"two\" )? ;\n", 5, 6);
    }

    #[test]
    fn objects_of_the_spec_stand_beside_each_other() {
        let rules = "x = \"<XS>\" ( molecule | infill )* reaction? \"<XE>\" ;\n";
        let mut one = Recognizer::new(&compile(rules).unwrap(), None, Some(14)).unwrap();
        // An infill with a hole that is owed: <XS> <InfillS> <ProteinS> <Hole>, then to the end.
        for id in [7168, 1088, 32, 1090] {
            one.accept(id).unwrap();
        }
        assert_eq!(
            (one.min_tokens_to_complete(), one.closing_tokens()),
            (4, vec![33, 1091, 1089, 7169])
        );
    }

    #[test]
    fn names_of_the_spec_mean_its_own_rules_in_a_declared_file() {
        let machine = compile(
            "x = \"<XS>\" branch molecule bond \"<XE>\" ;\nbranch = \"one\" ;\nbond = \"two\" ;\n",
        );
        let mut one = Recognizer::new(&machine.unwrap(), None, None).unwrap();
        // C(=C)C in between keeps the rules of the spec.
        let molecule = [192, 384, 195, 225, 384, 196, 384, 193];
        for id in [&[7168, 7170][..], &molecule, &[7171, 7169]].concat() {
            one.accept(id).unwrap();
        }
        assert!(one.is_done());
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_the_reason() {
        let labels = |rules: &str| rules.replace("WHERE\n", LABELS);
        for (rules, reason) in [
            ("x = \"<XS>\" \"nothing\" ;", "no token has the name \"nothing\""),
            ("x = \"<XS>\" \"one\"* ;", "x must end with a token after which nothing can follow"),
            (
                "x = \"<XS>\" \"one\"? \"one\" \"<XE>\" ;",
                "one token does not decide what one begins",
            ),
            (
                "x = protein ;",
                "x must begin with a token of its own, from 7168 on, not with <ProteinS>",
            ),
            ("bond = \"<XS>\" ;", "bond is a name of the spec: expected another one"),
            (
                "x = \"<XS>\" o ;\no = \"one\" ;",
                "o is a rule and cannot be a section too; only the object can, which is the first rule",
            ),
            ("residue = \"<XS>\" ;", "residue is a name of the spec: expected another one"),
            ("x = \"<XS>\" ;\nx = \"<XE>\" ;", "the rule x stands twice"),
            ("x = \"<XS>\" ;\ny = \"<XE>\" ;", "y is used by no rule"),
            ("X = \"<XS>\" ;", "expected a name in small letters"),
            (
                "x = \"<XS>\" s \"<XE>\" ;\ns = ( \"one\" s \"two\" )? ;",
                "s may be empty and uses itself",
            ),
            ("x = \"<XS>\" r* \"<XE>\" ;\nWHERE\nr = \"one\" ( o | \"c1\" )? ;", "neither in part"),
            ("x = \"<XS>\" r* \"<XE>\" ;\nWHERE\nr = \"one\" \"o1\"..\"c3\" ;", "neither in part"),
            ("x = \"<XS>\" ( o | c )* r \"<XE>\" ;\nWHERE\nr = \"one\" ;", "stands outside"),
            (
                "x = \"<XS>\" r* \"<XE>\" ;\n    where: lowest_free(o, c, r)\n    where: opened(p, o)\n    \
                 where: closes_within(o, c, x)\nr = \"one\" ( o | c | p )? ;\ntokens: p at 7300\n    p{1..3}\n",
                "expected it to be about o and c",
            ),
            (
                "x = \"<XS>\" r* \"<XE>\" ;\n    where: lowest_free(o, p, r)\n    where: opened(p, o)\n    \
                 where: closes_within(o, p, x)\nr = \"one\" ( o | p )? ;\ntokens: p at 7300\n    p{1..2}\n",
                "with as many tokens",
            ),
            (
                "x = \"<XS>\" \"one\"* \"<XE>\" ;\n    where: as_many(\"one\", \"one\")",
                "expected two different tokens",
            ),
            (
                "x = \"<XS>\" o* c* \"<XE>\" ;\n    where: as_many(\"c1\", \"o1\")",
                "neither in part",
            ),
            (
                "x = \"<XS>\" \"one\"* \"two\"* \"<XE>\" ;\n    where: as_many(\"two\", \"one\", \"<XE>\")",
                "expected 2 arguments",
            ),
            (
                "x = \"<XS>\" \"one\"* r \"<XE>\" ;\nr = \"two\" ;\n    where: as_many(\"two\", \"one\")",
                "stands outside",
            ),
            ("x = \"<XS>\" \"one\"?? ;", "expected one of ? and * alone"),
            (
                "x = \"<XS>\" decimals ( number | y ) \"<XE>\" ;\ny = \"one\" \"two\" \"one\"? ;",
                "expected as many numbers on the shortest way",
            ),
            (
                "x = \"<XS>\" r \"<XE>\" ;\nr = \"one\" ( \"two\" s \"<XS>\" | \"<XE>\" s \"two\" )? ;\n\
                 s = r o? ;",
                "what follows a rule that uses itself is not the same everywhere",
            ),
            ("x = \"<XS>\" (((((((((((((((((\"one\"))))))))))))))))) ;", "at most 16 parentheses"),
            (
                "x = \"<XS>\" \"one\" ;\n    where: unjoined(c, o, atom)",
                "unjoined(c, o, atom): expected one of lowest_free, opened",
            ),
            (
                "x = \"<XS>\" o \"<XE>\" ;\n    where: opened(c, o)",
                "x: expected lowest_free(…) once, as it has labels",
            ),
            (
                "x = \"<XS>\" r r? \"<XE>\" ;\nWHERE\nr = \"one\" o* | \"two\" c? ;",
                "could not always be closed",
            ),
            ("x = \"<XS>\" r* \"<XE>\" ;\nWHERE\nr = \"one\" o c ;", "must be optional"),
            ("x = \"<XS>\" r* \"<XE>\" ;\nWHERE\nr = o | \"two\" \"one\" c ;", "must be optional"),
            (
                "x = \"<XS>\" \"one\"* \"two\"? \"<XE>\" ;\n    where: as_many(\"two\", \"one\")",
                "could not always be closed or matched",
            ),
            (
                "x = \"<XS>\" r* \"<XE>\" ;\nWHERE\nr = \"one\" ( o | c )? ( \"two\" r* \"<XS>\" )? ;",
                "in a rule that uses itself",
            ),
        ] {
            let error = compile(&labels(rules)).map(|_| ()).expect_err(rules);
            assert!(error.contains(reason), "{rules}: {error}");
        }
    }
}
