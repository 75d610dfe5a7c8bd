//! Transitions that a condition may refuse without an account of it in what is owed or demanded.
//!
//! The shortest way to the end must not lead through one: where it does, a configuration could be
//! without a completion, or need more tokens than the tables say. So such a grammar is rejected, and
//! a condition that forgets to say what it owes is found when a grammar that states it is compiled.

use super::guarded::Guarded;
use crate::automaton::PositionAutomaton;
use crate::conditions::{ClauseId, Conditions};

const NEEDED: &str = "expected what it can refuse to be optional, beside a way to the end that is \
                      not longer";
const RETURN: &str = "expected it not to hold for the end of a rule that uses itself";
const WITH_DEBTS: &str = "it stands with labels or a count in the same rules";

/// The clause that may refuse a transition without an account of it, if any.
pub(super) fn refusing(way: &Guarded, conditions: &Conditions) -> Option<ClauseId> {
    way.guards.iter().find_map(|guard| {
        let condition = &conditions.all[usize::from(guard.condition)];
        (!condition.accounts_for(guard.code)).then(|| condition.clause())
    })
}

/// Whether the grammar may state such a condition where it does.
///
/// # Errors
/// When an obligation, or a return, could be refused.
pub(super) fn check_places(
    ways: &[Guarded],
    automaton: &PositionAutomaton,
    conditions: &Conditions,
) -> Result<(), String> {
    let all = &conditions.all;
    let touches = |place: usize, way: &Guarded| {
        way.codes(place).any(|code| all[place].effect(code).touches())
    };
    let owing: Vec<usize> = (0..all.len())
        .filter(|&place| all[place].most_owed(&automaton.all).is_some())
        .filter(|&place| ways.iter().any(|way| touches(place, way)))
        .collect();
    for way in ways {
        let Some(clause) = refusing(way, conditions) else { continue };
        if way.on().is_none() {
            return Err(conditions.said(clause, RETURN));
        }
        let is_in = |holder: usize| way.ahead().any(|to| automaton.all[to].rules.contains(&holder));
        if owing.iter().any(|&place| touches(place, way) || is_in(all[place].holder())) {
            return Err(conditions.said(clause, WITH_DEBTS));
        }
    }
    Ok(())
}

/// The error of a grammar whose shortest way leads through such a transition.
pub(super) fn is_needed(clause: ClauseId, conditions: &Conditions) -> String {
    conditions.said(clause, NEEDED)
}

#[cfg(test)]
mod tests {
    use super::super::completion::Completion;
    use super::super::demands::due;
    use super::super::guarded::Guards;
    use crate::automaton::bits::Bits;
    use crate::automaton::mask::Words;
    use crate::automaton::registers::Registers;
    use crate::automaton::unroll;
    use crate::conditions::{ClauseId, Code, Condition, Conditions, Patch, Seen};
    use crate::grammar::{File, Grammar};

    /// A condition that may refuse a token, and may say nothing of it.
    #[derive(Debug)]
    struct Refuses {
        token: u16,
        clause: ClauseId,
        accounts: bool,
    }

    #[derive(Debug)]
    struct Nothing;

    impl Patch for Nothing {
        fn restrict(&self, _: &Registers, _: &mut Words) {}
    }

    impl Condition for Refuses {
        fn holder(&self) -> usize {
            0
        }

        fn clause(&self) -> ClauseId {
            self.clause
        }

        fn rules(&self) -> Vec<usize> {
            Vec::new()
        }

        fn read(&self, seen: &Seen, code: &mut Code) {
            if seen.is(self.token) {
                code.guards.push(0);
            }
        }

        fn act(&self, _: u8, _: u16, _: &mut Registers) {}

        fn refusal(&self, _: u8, _: u16, _: &Registers) -> Option<ClauseId> {
            Some(self.clause)
        }

        fn lower(&self, _: Vec<(u8, Bits)>) -> Box<dyn Patch> {
            Box::new(Nothing)
        }

        fn accounts_for(&self, _: u8) -> bool {
            self.accounts
        }
    }

    /// Compile rules in which `two` may be refused.
    fn compile(rules: &str, accounts: bool) -> Result<(), String> {
        let text =
            format!("tokens: x at 7168\n    <XS>\n    <XE>\n    one\n    two\n    three\n{rules}");
        let file = File { text: &text, is_object: true, is_declared: true };
        let grammar = Grammar::read(&[file]).map_err(|error| error.to_string())?;
        let mut conditions = Conditions::of(&grammar)?;
        let clause = conditions.clauses.len() as ClauseId;
        conditions.clauses.push("refuses(two)".to_owned());
        conditions.all.push(Box::new(Refuses { token: 7171, clause, accounts }));
        let automaton = unroll(&grammar, conditions.about())?;
        let due = due(&automaton, &conditions)?;
        let ways = Guards::new(&grammar, &conditions, &automaton, due).all()?;
        Completion::of(&ways, &automaton, &mut conditions).map(|_| ())
    }

    #[test]
    fn what_may_be_refused_is_not_needed() {
        for rules in [
            "x = \"<XS>\" \"two\"? \"<XE>\" ;",
            "x = \"<XS>\" ( \"one\" | \"two\" )* \"<XE>\" ;",
            "x = \"<XS>\" ( \"one\" | \"two\" ) \"<XE>\" ;",
            "x = \"<XS>\" ( \"one\" | \"two\" \"three\" ) \"<XE>\" ;",
        ] {
            assert_eq!(compile(rules, false), Ok(()), "{rules}");
        }
        for (rules, reason) in [
            ("x = \"<XS>\" \"two\" \"<XE>\" ;", super::NEEDED),
            ("x = \"<XS>\" \"one\"? \"two\" \"<XE>\" ;", super::NEEDED),
            ("x = \"<XS>\" ( \"one\" | \"three\" \"two\" ) \"<XE>\" ;", super::NEEDED),
            ("x = \"<XS>\" ( \"one\" \"three\" | \"two\" ) \"<XE>\" ;", super::NEEDED),
            ("x = \"<XS>\" r \"<XE>\" ;\nr = \"one\" ( r \"two\" )? ;", super::RETURN),
            (
                "x = \"<XS>\" \"one\"* ( \"three\" \"two\"? )* \"<XE>\" ;\n    \
                 where: as_many(\"three\", \"one\")",
                super::WITH_DEBTS,
            ),
        ] {
            let error = compile(rules, false).expect_err(rules);
            assert_eq!(error, format!("refuses(two): {reason}"), "{rules}");
            assert_eq!(compile(rules, true), Ok(()), "{rules}");
        }
    }
}
