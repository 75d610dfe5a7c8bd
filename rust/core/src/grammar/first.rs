//! FIRST: the tokens with which each part of a rule can begin, and whether it may be empty.

use super::rule::{Expression, Grammar};
use super::tokens::Tokens;

/// With which tokens a part can begin, and whether it may have none at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct First {
    /// Ascending ranges that neither overlap nor touch.
    pub tokens: Tokens,
    /// Whether the part may be empty.
    pub is_nullable: bool,
}

/// FIRST of every rule of a grammar.
#[derive(Clone, Debug)]
pub struct FirstSets(Vec<First>);

impl FirstSets {
    /// Compute FIRST of every rule: let the rules tell each other until no set grows.
    #[must_use]
    pub fn of(grammar: &Grammar) -> Self {
        let mut sets = FirstSets(vec![First::default(); grammar.rules.len()]);
        let mut is_growing = true;
        while is_growing {
            is_growing = false;
            for (place, rule) in grammar.rules.iter().enumerate() {
                let found = sets.first(&rule.expression);
                if found != sets.0[place] {
                    sets.0[place] = found;
                    is_growing = true;
                }
            }
        }
        sets
    }

    /// FIRST of a part of a rule.
    #[must_use]
    pub fn first(&self, part: &Expression) -> First {
        match part {
            Expression::Tokens(tokens) => {
                First { tokens: merged(tokens.clone()), is_nullable: false }
            }
            Expression::Rule(rule) => self.0[*rule].clone(),
            Expression::Maybe(part) | Expression::Many(part) => {
                First { is_nullable: true, ..self.first(part) }
            }
            Expression::Choice(options) => {
                let all: Vec<First> = options.iter().map(|option| self.first(option)).collect();
                First {
                    is_nullable: all.iter().any(|one| one.is_nullable),
                    tokens: merged(all.into_iter().flat_map(|one| one.tokens).collect()),
                }
            }
            Expression::Sequence(parts) => {
                let mut all = First { tokens: Tokens::new(), is_nullable: true };
                for part in parts {
                    let one = self.first(part);
                    all.tokens.extend(one.tokens);
                    all.is_nullable = one.is_nullable;
                    if !one.is_nullable {
                        break;
                    }
                }
                First { tokens: merged(all.tokens), ..all }
            }
        }
    }

    /// Whether a part can begin with a token.
    pub(crate) fn begins(&self, part: &Expression, id: u16) -> bool {
        let has = |tokens: &Tokens| tokens.iter().any(|&(low, high)| low <= id && id <= high);
        match part {
            Expression::Tokens(tokens) => has(tokens),
            Expression::Rule(rule) => has(&self.0[*rule].tokens),
            Expression::Maybe(part) | Expression::Many(part) => self.begins(part, id),
            Expression::Choice(options) => options.iter().any(|option| self.begins(option, id)),
            Expression::Sequence(parts) => {
                let empty = parts.iter().take_while(|part| self.is_nullable(part)).count();
                parts.iter().take(empty + 1).any(|part| self.begins(part, id))
            }
        }
    }

    /// Whether a part may be empty.
    pub(crate) fn is_nullable(&self, part: &Expression) -> bool {
        match part {
            Expression::Tokens(_) => false,
            Expression::Rule(rule) => self.0[*rule].is_nullable,
            Expression::Maybe(_) | Expression::Many(_) => true,
            Expression::Choice(options) => options.iter().any(|option| self.is_nullable(option)),
            Expression::Sequence(parts) => parts.iter().all(|part| self.is_nullable(part)),
        }
    }
}

/// Ranges in ascending order, those that overlap or touch made one.
fn merged(mut tokens: Tokens) -> Tokens {
    tokens.sort_unstable();
    let mut all = Tokens::new();
    for (low, high) in tokens {
        match all.last_mut() {
            Some(last) if u32::from(low) <= u32::from(last.1) + 1 => last.1 = last.1.max(high),
            _ => all.push((low, high)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::files::File;
    use super::*;

    #[test]
    fn rules_tell_each_other_with_what_they_begin() {
        let text = "x = y? z* \"C\" ;\ny = \"N\" x | \"O\" ;\nz = ( \".\" | \"(\" )? \")\" ;\n\
                    w = y? z* ;";
        let grammar = Grammar::read(&[File { text, is_object: true, is_declared: false }]).unwrap();
        let sets = FirstSets::of(&grammar);
        let ids = |names: &[&str]| {
            merged(
                names.iter().map(|name| grammar.token(name).unwrap()).map(|id| (id, id)).collect(),
            )
        };
        for (rule, names, is_nullable) in [
            ("x", &["N", "O", ".", "(", ")", "C"][..], false),
            ("y", &["N", "O"], false),
            ("z", &[".", "(", ")"], false),
            ("w", &["N", "O", ".", "(", ")"], true),
        ] {
            let expression = &grammar.rules[grammar.place(rule).unwrap()].expression;
            let first = sets.first(expression);
            assert_eq!(first, First { tokens: ids(names), is_nullable }, "{rule}");
            for id in 0..1200 {
                let is_first = first.tokens.iter().any(|&(low, high)| low <= id && id <= high);
                assert_eq!(sets.begins(expression, id), is_first, "{rule} {id}");
            }
        }
    }
}
