//! Fractions: how many tokens of `number_fraction` end a rule, by the count of decimals in force.
//!
//! What they say of one number, three decimals a token, is `places`; of three numbers, one decimal of
//! each a token or three of one, is `together`: files of their own, which say only how many decimals
//! of a number one token takes on the whole.

use std::sync::Arc;

use super::arguments::Stated;
use super::condition::{Ahead, ClauseId, Code, Condition, Patch, Seen, is_in};
use super::stated::Clauses;
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::{WORDS, Words, all_but_uneven};
use crate::automaton::registers::Registers;
use crate::grammar::{Argument, Expression, Grammar, Tokens, block};

#[derive(Clone, Debug)]
struct Fractions {
    holder: usize,
    clause: ClauseId,
    rule: usize,
    /// The tokens that put a count in force, and the rule in which alone they do.
    decimals: (u16, u16),
    of: Option<usize>,
    tokens: (u16, u16),
    left: Left,
    /// Every id but the fractions that are not multiples of 10, or of 100.
    tens: Arc<[u32; WORDS]>,
    hundreds: Arc<[u32; WORDS]>,
}

/// How many groups must still come: the registers, and what they mean.
#[derive(Clone, Debug)]
struct Left {
    /// The registers: the count in force, and how many groups were read of the present number.
    count: usize,
    groups: usize,
    /// By count how many groups a number has, and of what the last has to be a multiple.
    of_count: Arc<[(u32, u32)]>,
}

impl Left {
    /// For each count of decimals how many groups of `each` there are, and of what the last has to be a
    /// multiple.
    fn meant(each: u32, most: u16) -> Arc<[(u32, u32)]> {
        let last = |count: u32| match count % each {
            1 if each == 3 => 100,
            2 => 10,
            _ => 1,
        };
        (0..=u32::from(most)).map(|count| (count.div_ceil(each), last(count))).collect()
    }

    /// How many groups a number has, and of what the last has to be a multiple.
    #[inline]
    fn all(&self, registers: &Registers) -> (u32, u32) {
        self.of_count.get(registers.get(self.count) as usize).copied().unwrap_or_default()
    }

    /// How many groups must still come, and of what the next has to be a multiple.
    #[inline]
    fn now(&self, registers: &Registers) -> (u32, u32) {
        let (all, last) = self.all(registers);
        match all.saturating_sub(registers.get(self.groups)) {
            1 => (1, last),
            left => (left, 1),
        }
    }
}

/// The conditions on fractions, and how many decimals of a number a token takes by them.
pub(super) const EACH: [(&str, u32); 2] = [("places", 3), ("together", 1)];

// Actions.
const DECLARE: u8 = 0;
const BEGIN: u8 = 1;
const READ: u8 = 2;

// Guards.
/// A group may be read, and this one.
const FRACTION: u8 = 0;
/// All groups were read.
const WHOLE: u8 = 1;

/// Read a clause of one of these conditions.
pub(super) fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let each = EACH.iter().find(|(name, _)| *name == stated.clause.name).map_or(1, |one| one.1);
    let of_block = |name: &str| block(name).map(|all| all[0]);
    let fractions = of_block("number_fraction").ok_or("no block number_fraction")?;
    let (decimals, of) = match stated.rule(1) {
        Ok(rule) => (of_block("decimals").ok_or("no block decimals")?, Some(rule)),
        Err(_) => (stated.block(1)?, None),
    };
    let rule = stated.rule(0)?;
    if !ends_with_any(stated.grammar, &stated.grammar.rules[rule].expression, fractions) {
        return Err("expected its rule to end with any number of `number_fraction`, as in \
                    `whole fraction*`"
            .to_owned());
    }
    if of.is_some_and(|rule| !is_one_of(stated.grammar, &Expression::Rule(rule), decimals)) {
        return Err("expected a rule that is one token of `decimals`".to_owned());
    }
    let condition = Fractions {
        holder: stated.holder,
        clause: stated.id,
        rule,
        decimals,
        of,
        tokens: fractions,
        left: Left {
            count: clauses.registers.word(),
            groups: clauses.registers.word(),
            of_count: Left::meant(each, decimals.1 - decimals.0),
        },
        tens: Arc::from(all_but_uneven(fractions, 10)),
        hundreds: Arc::from(all_but_uneven(fractions, 100)),
    };
    clauses.others.push(Box::new(condition));
    Ok(())
}

/// A block that puts a count of decimals in force, and how many decimals a token takes.
pub(super) type Count = ((u16, u16), u32);

/// What counts the decimals of a rule, where a condition says so.
///
/// # Errors
/// When the count is that of another rule.
pub(super) fn of_rule(grammar: &Grammar, rule: usize) -> Result<Option<Count>, String> {
    for clause in grammar.rules.iter().flat_map(|rule| &rule.clauses) {
        let Some(&(_, each)) = EACH.iter().find(|(name, _)| *name == clause.name) else { continue };
        let [Argument::Name(of), Argument::Name(decimals)] = &clause.arguments[..] else {
            continue;
        };
        if grammar.place(of) != Some(rule) {
            continue;
        }
        return match grammar.block(decimals).filter(|_| grammar.place(decimals).is_none()) {
            Some(block) => Ok(Some((block[0], each))),
            None => Err("expected decimals whose count a block puts in force".to_owned()),
        };
    }
    Ok(None)
}

/// Whether a rule ends with tokens of a range, any number of them and all that it has.
fn ends_with_any(grammar: &Grammar, expression: &Expression, range: (u16, u16)) -> bool {
    let Expression::Sequence(parts) = expression else { return false };
    let Some((Expression::Many(last), before)) = parts.split_last() else { return false };
    is_one_of(grammar, last, range) && !before.iter().any(|part| reads_any(grammar, part, range))
}

/// Whether an expression is one token of a range.
fn is_one_of(grammar: &Grammar, expression: &Expression, range: (u16, u16)) -> bool {
    match expression {
        Expression::Tokens(tokens) => is_in(tokens, range),
        Expression::Rule(rule) => is_one_of(grammar, &grammar.rules[*rule].expression, range),
        _ => false,
    }
}

/// Whether an expression reads tokens of a range, or may by a rule that is not looked into.
fn reads_any(grammar: &Grammar, expression: &Expression, range: (u16, u16)) -> bool {
    fn reads(grammar: &Grammar, part: &Expression, range: (u16, u16), depth: usize) -> bool {
        let any = |parts: &[Expression]| parts.iter().any(|x| reads(grammar, x, range, depth));
        match part {
            Expression::Tokens(tokens) => {
                tokens.iter().any(|each| each.0 <= range.1 && range.0 <= each.1)
            }
            Expression::Rule(_) if depth == 0 => true,
            Expression::Rule(rule) => {
                reads(grammar, &grammar.rules[*rule].expression, range, depth - 1)
            }
            Expression::Sequence(parts) | Expression::Choice(parts) => any(parts),
            Expression::Maybe(part) | Expression::Many(part) => reads(grammar, part, range, depth),
        }
    }
    reads(grammar, expression, range, 8)
}

impl Condition for Fractions {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        vec![self.rule]
    }

    fn covers(&self) -> Vec<usize> {
        Vec::new()
    }

    fn tokens(&self) -> Tokens {
        vec![self.tokens]
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if rule == self.rule {
            code.actions.push(BEGIN);
        }
    }

    fn leave(&self, rule: usize, _: &Position, _: bool, code: &mut Code) {
        if rule == self.rule {
            code.guards.push(WHOLE);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if seen.is_in(self.decimals) && self.of.is_none_or(|rule| seen.within(rule)) {
            code.actions.push(DECLARE);
        }
        if seen.within(self.rule) && seen.is_in(self.tokens) {
            code.actions.push(READ);
            code.guards.push(FRACTION);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            DECLARE => {
                registers.set(self.left.count, u32::from(id - self.decimals.0));
                // No number has begun.
                registers.set(self.left.groups, u32::MAX);
            }
            BEGIN => registers.set(self.left.groups, 0),
            _ => registers.set(self.left.groups, registers.get(self.left.groups) + 1),
        }
    }

    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        let (left, unit) = self.left.now(registers);
        let holds = match guard {
            WHOLE => left == 0,
            _ => left > 0 && u32::from(id - self.tokens.0) % unit == 0,
        };
        (!holds).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        let mut patch =
            Numbers { condition: self.clone(), fraction: Bits::default(), whole: Bits::default() };
        for (guard, bits) in guards {
            let tokens = if guard == WHOLE { &mut patch.whole } else { &mut patch.fraction };
            tokens.add(&bits);
        }
        Box::new(patch)
    }

    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn units(&self, code: &Code) -> u32 {
        u32::from(code.acts(BEGIN))
    }

    fn resets_units(&self, code: &Code) -> bool {
        code.acts(DECLARE)
    }

    fn heaviest_unit(&self) -> u32 {
        self.left.of_count.iter().map(|&(groups, _)| groups).max().unwrap_or(0)
    }

    fn unit_weight(&self, registers: &Registers) -> u32 {
        self.left.all(registers).0
    }

    fn more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        self.left.now(registers).0 + ahead.units * self.unit_weight(registers)
    }
}

/// The guards of a state: the tokens that are one more group, and those that come after all of them.
#[derive(Debug)]
struct Numbers {
    condition: Fractions,
    fraction: Bits,
    whole: Bits,
}

impl Patch for Numbers {
    fn restrict(&self, registers: &Registers, mask: &mut Words) {
        let (left, unit) = self.condition.left.now(registers);
        if left > 0 {
            mask.clear(&self.whole);
        }
        match (left, unit) {
            (0, _) => mask.clear(&self.fraction),
            (_, 1) => {}
            (_, 10) => mask.keep_within(&self.fraction, &self.condition.tens),
            _ => mask.keep_within(&self.fraction, &self.condition.hundreds),
        }
    }
}
