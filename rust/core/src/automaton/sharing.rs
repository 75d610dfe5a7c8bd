//! Sharing: which rules are unrolled once and called wherever they are used.
//!
//! A rule can be called if its last token says that it is the last: then the call returns with that
//! token, and its callers may be followed by anything. It is called where nothing inside of it
//! depends on the rules around, if that takes fewer positions or if it has calls within it.

use crate::grammar::{Expression, FirstSets, Grammar, Rule, Tokens};

/// A rule is worth a call from this number of positions on: a call takes one, to return to.
const LARGE: usize = 3;

/// What a condition distinguishes by the rules around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// The rules whose instances it is told of.
    pub rules: Vec<usize>,
    /// Those of which it makes the same whatever rules are around.
    pub counted: Vec<usize>,
    /// The rule that states it.
    pub holder: usize,
    /// Its tokens.
    pub tokens: Tokens,
    /// The rules of which it looks at every token.
    pub covers: Vec<usize>,
}

impl About {
    /// Whether it is of one of its rules.
    fn is_of(&self, rule: usize) -> bool {
        let depends = self.rules.contains(&rule) && !self.counted.contains(&rule);
        self.holder == rule || depends
    }
}

/// What is known of the rules before they are unrolled.
#[derive(Debug)]
pub(crate) struct Sharing {
    conditions: Vec<About>,
    /// By rule the rules that it uses, at any depth.
    uses: Vec<Vec<bool>>,
    /// By condition and rule whether the rule or one that it uses has what the condition is about.
    touched: Vec<Vec<bool>>,
    is_shared: Vec<bool>,
}

impl Sharing {
    pub fn of(grammar: &Grammar, conditions: Vec<About>) -> Self {
        let uses = uses(grammar);
        let touched = conditions.iter().map(|about| touched(grammar, &uses, about)).collect();
        let mut sharing = Sharing { conditions, uses, touched, is_shared: Vec::new() };
        let count = grammar.rules.len();
        let ends = sharing.last_tokens_are_known(grammar);
        let mut sizes = Sizes { grammar, ends: &ends, of: vec![None; count] };
        let can_be_called: Vec<bool> =
            (0..count).map(|rule| ends[rule] && sizes.of_rule(rule) >= LARGE).collect();
        let is_used_twice = used_twice(grammar, &can_be_called);
        // What has calls within it is called even where it is used once: a condition around cannot
        // account for what calls itself.
        let has_calls =
            |rule: usize| (0..count).any(|i| sharing.uses[rule][i] && sharing.uses[i][i]);
        sharing.is_shared = (0..count)
            .map(|rule| can_be_called[rule] && (is_used_twice[rule] || has_calls(rule)))
            .collect();
        sharing
    }

    /// Whether a condition is told of the instances of a rule.
    pub fn is_scoped(&self, rule: usize) -> bool {
        self.conditions.iter().any(|about| about.rules.contains(&rule))
    }

    /// Those of these rules that state a condition which looks into a rule within itself, or at every
    /// token: a copy of it for each of them.
    pub fn seeing(&self, rule: usize, around: &[usize]) -> Vec<usize> {
        let looks = |place: usize| {
            let about = &self.conditions[place];
            about.covers == [about.holder] || self.touched[place][rule]
        };
        let holders = (0..self.conditions.len()).filter(|&place| looks(place));
        let mut holders: Vec<usize> = holders.map(|place| self.conditions[place].holder).collect();
        holders.retain(|holder| around.contains(holder));
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// Whether a rule is called where it is used in these rules.
    pub fn is_called(&self, rule: usize, around: &[usize]) -> bool {
        let turns_back = |&outer: &usize| outer == rule || self.uses[rule][outer];
        self.is_shared[rule]
            && !around.iter().any(turns_back)
            && !(0..self.conditions.len()).any(|place| self.sees(place, rule, around))
    }

    /// By rule whether it has tokens, and each one that may be its last is.
    fn last_tokens_are_known(&self, grammar: &Grammar) -> Vec<bool> {
        let first = FirstSets::of(grammar);
        let mut known: Vec<bool> =
            grammar.rules.iter().map(|rule| !first.is_nullable(&rule.expression)).collect();
        loop {
            let ends = |(place, rule): (usize, &Rule)| {
                known[place] && self.last_is_known(&rule.expression, &first, &known)
            };
            let next: Vec<bool> = grammar.rules.iter().enumerate().map(ends).collect();
            if next == known {
                return known;
            }
            known = next;
        }
    }

    /// Whether nothing of an expression can follow what may be its end.
    fn last_is_known(&self, part: &Expression, first: &FirstSets, known: &[bool]) -> bool {
        let of = |part: &Expression| self.last_is_known(part, first, known);
        match part {
            Expression::Tokens(_) => true,
            // A rule that ends with itself is a loop, but a call where instances are told of.
            Expression::Rule(rule) => {
                known[*rule] && !(self.uses[*rule][*rule] && self.is_scoped(*rule))
            }
            Expression::Sequence(parts) => {
                parts.last().is_some_and(|part| !first.is_nullable(part) && of(part))
            }
            Expression::Choice(options) => options.iter().all(of),
            Expression::Maybe(part) => of(part),
            Expression::Many(_) => false,
        }
    }

    /// Whether what a condition makes of the tokens of a rule depends on the rules around.
    fn sees(&self, condition: usize, rule: usize, around: &[usize]) -> bool {
        let about = &self.conditions[condition];
        around.iter().any(|outer| about.covers.contains(outer))
            || (self.touched[condition][rule] && around.iter().any(|&outer| about.is_of(outer)))
    }
}

/// The rules that are used directly, once for each place.
fn direct(expression: &Expression, tell: &mut impl FnMut(usize)) {
    match expression {
        Expression::Tokens(_) => {}
        Expression::Rule(rule) => tell(*rule),
        Expression::Sequence(parts) | Expression::Choice(parts) => {
            for part in parts {
                direct(part, tell);
            }
        }
        Expression::Maybe(part) | Expression::Many(part) => direct(part, tell),
    }
}

fn uses(grammar: &Grammar) -> Vec<Vec<bool>> {
    let count = grammar.rules.len();
    let mut all = Vec::with_capacity(count);
    for rule in &grammar.rules {
        let mut used = vec![false; count];
        let mut waiting = Vec::new();
        direct(&rule.expression, &mut |inner| waiting.push(inner));
        while let Some(inner) = waiting.pop() {
            if !std::mem::replace(&mut used[inner], true) {
                direct(&grammar.rules[inner].expression, &mut |next| waiting.push(next));
            }
        }
        all.push(used);
    }
    all
}

fn touched(grammar: &Grammar, uses: &[Vec<bool>], about: &About) -> Vec<bool> {
    let count = grammar.rules.len();
    let own: Vec<bool> = (0..count)
        .map(|rule| about.is_of(rule) || reads(&grammar.rules[rule].expression, &about.tokens))
        .collect();
    (0..count).map(|rule| own[rule] || (0..count).any(|i| uses[rule][i] && own[i])).collect()
}

/// Whether an expression itself reads any of some tokens.
fn reads(expression: &Expression, any: &Tokens) -> bool {
    match expression {
        Expression::Tokens(tokens) => {
            tokens.iter().any(|one| any.iter().any(|other| one.0 <= other.1 && other.0 <= one.1))
        }
        Expression::Rule(_) => false,
        Expression::Sequence(parts) | Expression::Choice(parts) => {
            parts.iter().any(|part| reads(part, any))
        }
        Expression::Maybe(part) | Expression::Many(part) => reads(part, any),
    }
}

/// How many positions a copy of each rule takes; from [`LARGE`] on it may be more.
struct Sizes<'a> {
    grammar: &'a Grammar,
    ends: &'a [bool],
    of: Vec<Option<usize>>,
}

impl Sizes<'_> {
    fn of_rule(&mut self, rule: usize) -> usize {
        if let Some(size) = self.of[rule] {
            return size;
        }
        // A rule within itself is a loop or a call.
        self.of[rule] = Some(1);
        let size = self.of_part(&self.grammar.rules[rule].expression);
        self.of[rule] = Some(size);
        size
    }

    fn of_part(&mut self, part: &Expression) -> usize {
        match part {
            Expression::Tokens(_) => 1,
            Expression::Rule(rule) => match self.of_rule(*rule) {
                LARGE.. if self.ends[*rule] => 1,
                size => size,
            },
            Expression::Sequence(parts) | Expression::Choice(parts) => {
                parts.iter().fold(0, |sum, part| LARGE.min(sum + self.of_part(part)))
            }
            Expression::Maybe(part) | Expression::Many(part) => self.of_part(part),
        }
    }
}

/// By rule whether it would be unrolled more than once, when those that can be called are not.
fn used_twice(grammar: &Grammar, called: &[bool]) -> Vec<bool> {
    let mut times = vec![0_u32; grammar.rules.len()];
    loop {
        let mut next = vec![0_u32; grammar.rules.len()];
        for &object in &grammar.objects {
            next[object] = 1;
        }
        for (rule, one) in grammar.rules.iter().enumerate() {
            let copies = if called[rule] { times[rule].min(1) } else { times[rule] };
            direct(&one.expression, &mut |inner| next[inner] = (next[inner] + copies).min(2));
        }
        if next == times {
            return times.into_iter().map(|times| times > 1).collect();
        }
        times = next;
    }
}

#[cfg(test)]
mod tests {
    use super::super::unroll;
    use super::*;
    use crate::grammar::File;

    const NUMBER: &str = "n = \"C\" | ( \"N\" | \"O\" ) \"C\" \"N\" ;\n";

    /// How many positions a grammar takes, with a condition about an `S` in x or without one.
    fn positions(text: &str, is_about: bool) -> usize {
        let grammar = Grammar::read(&[File { text, is_object: true, is_declared: false }]).unwrap();
        let (holder, id) = (grammar.objects[0], grammar.token("S").unwrap());
        let about =
            About { rules: vec![holder], holder, tokens: vec![(id, id)], ..About::default() };
        unroll(&grammar, if is_about { vec![about] } else { Vec::new() }).unwrap().all.len()
    }

    #[test]
    fn each_further_use_of_what_ends_by_its_token_takes_one_position() {
        let used = |count: usize| {
            let uses = "n \".\" ".repeat(count);
            positions(&format!("x = \"[\" {uses} \"]\" ;\n{NUMBER}"), false)
        };
        assert_eq!((used(3) - used(2), used(20) - used(2)), (2, 36));
        // One use alone is unrolled, and takes five and the dot after it.
        assert_eq!((used(1) - used(0), used(2) - used(0)), (6, 5 + 4));
    }

    #[test]
    fn what_may_go_on_is_unrolled() {
        let uses = |rule: &str| positions(&format!("x = \"[\" n \".\" n \"]\" ;\n{rule}"), false);
        assert_eq!(uses("n = \"C\" \"N\" \"O\"? ;\n"), uses("n = \"C\" \"N\" \"O\" ;\n") + 1);
    }

    #[test]
    fn what_a_condition_around_looks_at_is_unrolled() {
        let text = "x = \"[\" y \".\" y \".\" z \".\" z \"]\" ;\ny = \"C\" \"N\" \"O\" ;\n\
                    z = \"C\" \"N\" \"S\" ;\n";
        assert_eq!(positions(text, true), positions(text, false) + 1);
    }

    #[test]
    fn a_choice_that_is_shared_calls_what_it_shares() {
        let text = "x = \"[\" y \".\" y \".\" n \"]\" ;\ny = \"(\" n | \")\" n | n ;\n";
        let whole = positions(&format!("{text}{NUMBER}"), false);
        // The end and the beginning, x with three places to return to, y with three, n.
        assert_eq!(whole, 2 + 4 + 3 + (2 + 3) + 5);
    }
}
