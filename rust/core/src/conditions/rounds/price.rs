//! Price: how many tokens the shortest instance of a rule has, by the count of decimals in force.

use crate::automaton::registers::{Allocator, Registers};
use crate::conditions::arguments::Stated;
use crate::conditions::fractions;
use crate::grammar::{Expression, Grammar};

/// What the shortest instance of a rule takes.
#[derive(Clone, Debug)]
pub(super) struct Price {
    /// Its tokens without decimals.
    tokens: u32,
    decimals: Option<Decimals>,
}

/// The decimals that end it.
#[derive(Clone, Debug)]
struct Decimals {
    /// The tokens that put a count in force.
    block: (u16, u16),
    /// How many decimals a token takes.
    each: u32,
    /// The register: the count in force.
    count: usize,
}

const CONDITIONS: &str = "expected its rules without other conditions than one on their decimals";
const DECLARED: &str = "expected the count of decimals between what is counted and the rounds";
/// How deep rules may lie in each other.
const DEPTH: usize = 16;

impl Price {
    /// The price of a rule.
    ///
    /// # Errors
    /// When its rules use themselves or state conditions whose price is not known.
    pub fn of(grammar: &Grammar, rule: usize, registers: &mut Allocator) -> Result<Self, String> {
        let mut clauses = 0;
        for (other, each) in grammar.rules.iter().enumerate() {
            let is_in = grammar.uses(rule, other);
            clauses += if is_in { each.clauses.len() } else { 0 };
        }
        let found = fractions::of_rule(grammar, rule)?;
        if clauses != usize::from(found.is_some()) {
            return Err(CONDITIONS.to_owned());
        }
        let tokens = fewest(grammar, &Expression::Rule(rule), DEPTH);
        let decimals = found.map(|(block, each)| Decimals { block, each, count: registers.word() });
        match tokens {
            Some(tokens) => Ok(Price { tokens, decimals }),
            None => Err("expected rules that do not use themselves".to_owned()),
        }
    }

    /// Check that its count of decimals is read after what is counted and before the rounds.
    pub fn is_declared_between(
        &self,
        stated: &Stated,
        of: usize,
        round: usize,
    ) -> Result<(), String> {
        let Some(decimals) = &self.decimals else { return Ok(()) };
        let grammar = stated.grammar;
        let Expression::Sequence(parts) = &grammar.rules[stated.holder].expression else {
            return Err(DECLARED.to_owned());
        };
        let reads = |part: &Expression| reads(grammar, part, decimals.block);
        let uses = |part: &Expression, rule: usize| uses(grammar, part, rule);
        let last_of = parts.iter().rposition(|part| uses(part, of));
        let first_round = parts.iter().position(|part| uses(part, round));
        let is_between = |at: usize| Some(at) > last_of && Some(at) < first_round;
        let mut declared = (0..parts.len()).filter(|&at| reads(&parts[at]));
        if declared.all(is_between) { Ok(()) } else { Err(DECLARED.to_owned()) }
    }

    /// Whether a token puts its count of decimals in force.
    pub fn is_declared_by(&self, range: impl Fn((u16, u16)) -> bool) -> bool {
        self.decimals.as_ref().is_some_and(|decimals| range(decimals.block))
    }

    /// A token puts a count of decimals in force.
    pub fn declare(&self, registers: &mut Registers, id: u16) {
        if let Some(decimals) = &self.decimals
            && (decimals.block.0..=decimals.block.1).contains(&id)
        {
            registers.set(decimals.count, u32::from(id - decimals.block.0));
        }
    }

    /// No count is in force.
    pub fn forget(&self, registers: &mut Registers) {
        if let Some(decimals) = &self.decimals {
            registers.set(decimals.count, 0);
        }
    }

    /// Without decimals.
    pub fn least(&self) -> u32 {
        self.tokens
    }

    /// With the count in force.
    pub fn now(&self, registers: &Registers) -> u32 {
        let decimals = self.decimals.as_ref();
        self.tokens + decimals.map_or(0, |each| registers.get(each.count).div_ceil(each.each))
    }

    /// With the greatest count.
    pub fn most(&self) -> u32 {
        let greatest = |one: &Decimals| u32::from(one.block.1 - one.block.0).div_ceil(one.each);
        self.tokens + self.decimals.as_ref().map_or(0, greatest)
    }
}

/// How few tokens an expression has; none where rules lie too deep in each other.
fn fewest(grammar: &Grammar, expression: &Expression, depth: usize) -> Option<u32> {
    match expression {
        Expression::Tokens(_) => Some(1),
        Expression::Rule(_) if depth == 0 => None,
        Expression::Rule(rule) => fewest(grammar, &grammar.rules[*rule].expression, depth - 1),
        Expression::Sequence(parts) => {
            parts.iter().map(|part| fewest(grammar, part, depth)).sum::<Option<u32>>()
        }
        Expression::Choice(options) => {
            let all = options.iter().map(|option| fewest(grammar, option, depth));
            all.collect::<Option<Vec<u32>>>()?.into_iter().min()
        }
        Expression::Maybe(part) | Expression::Many(part) => fewest(grammar, part, depth).map(|_| 0),
    }
}

/// Whether an expression uses a rule.
pub(super) fn uses(grammar: &Grammar, expression: &Expression, rule: usize) -> bool {
    let mut found = false;
    expression.each_rule(&mut |used| found |= grammar.uses(used, rule));
    found
}

/// Whether an expression reads a token of a range.
fn reads(grammar: &Grammar, expression: &Expression, range: (u16, u16)) -> bool {
    fn own(expression: &Expression, range: (u16, u16)) -> bool {
        match expression {
            Expression::Tokens(tokens) => {
                tokens.iter().any(|each| each.0 <= range.1 && range.0 <= each.1)
            }
            Expression::Rule(_) => false,
            Expression::Sequence(parts) | Expression::Choice(parts) => {
                parts.iter().any(|part| own(part, range))
            }
            Expression::Maybe(part) | Expression::Many(part) => own(part, range),
        }
    }
    let rules = (0..grammar.rules.len()).filter(|&rule| uses(grammar, expression, rule));
    own(expression, range)
        || rules.into_iter().any(|rule| own(&grammar.rules[rule].expression, range))
}
