//! The unroller: what each expression of the rules becomes, by where it begins and where it ends.

use std::collections::{HashMap, HashSet};

use super::links::{Entry, Exit, Fragment, Links, MOST_LINKS, Passed, Target, call_of, legs};
use super::position::{Event, Position, Transition};
use super::sharing::Sharing;
use crate::grammar::{Expression, Grammar, Tokens};

/// How many positions a grammar may have, and how deep its parts may nest in each other, those of the
/// rules that it uses included.
const MOST: usize = 4_000;
const DEEPEST: usize = 128;

/// Where a rule is used, and the rules around it whose conditions look into it.
type Site = (*const Expression, Vec<usize>);

/// A rule that is being unrolled.
struct Open {
    rule: usize,
    copy: usize,
}

pub(crate) struct Unroller<'g> {
    grammar: &'g Grammar,
    sharing: &'g Sharing,
    pub positions: Vec<Position>,
    pub links: Links,
    /// The copy that each place of a call calls, by the address of the expression and the rule around
    /// it that states what is kept there.
    called: HashMap<Site, usize>,
    /// The copy of each rule that is called from several places.
    shared: HashMap<usize, usize>,
    /// Of each copy that a rule within itself calls: the copy, its exits, and where its calls return
    /// to.
    pub exits: Vec<(usize, Vec<Exit>, Vec<usize>)>,
    path: Vec<Open>,
    /// The rules around the call that is being unrolled.
    around: Vec<usize>,
    /// The number of the copy that is called and is being unrolled, and how many there are.
    level: usize,
    levels: usize,
    /// How many of the rules on the path do not end where we are.
    blocked: usize,
    /// How many parts we are in.
    depth: usize,
    /// The rules that use themselves.
    recursive: HashSet<usize>,
}

impl<'g> Unroller<'g> {
    pub fn new(grammar: &'g Grammar, sharing: &'g Sharing) -> Self {
        Unroller {
            grammar,
            sharing,
            positions: Vec::new(),
            links: Links::default(),
            called: HashMap::new(),
            shared: HashMap::new(),
            exits: Vec::new(),
            path: Vec::new(),
            around: Vec::new(),
            level: 0,
            levels: 0,
            blocked: 0,
            depth: 0,
            recursive: HashSet::new(),
        }
    }
}

impl Unroller<'_> {
    fn expression(&mut self, expression: &Expression) -> Result<Fragment, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("expected parts that stand at most {DEEPEST} deep in each other"));
        }
        let unrolled = self.part(expression);
        self.depth -= 1;
        unrolled
    }

    fn part(&mut self, expression: &Expression) -> Result<Fragment, String> {
        match expression {
            Expression::Tokens(tokens) => {
                let at = self.position(tokens.clone());
                Ok(Fragment {
                    nullable: false,
                    first: vec![Entry { passed: Vec::new(), to: Target::Position(at) }],
                    last: vec![Exit { from: at, passed: Vec::new() }],
                })
            }
            Expression::Rule(rule) => self.reference(*rule, expression),
            Expression::Sequence(parts) => self.sequence(parts),
            Expression::Choice(options) => {
                let mut all = Fragment { nullable: false, first: Vec::new(), last: Vec::new() };
                for option in options {
                    let one = self.expression(option)?;
                    all.nullable |= one.nullable;
                    all.first.extend(one.first);
                    all.last.extend(one.last);
                }
                Ok(all)
            }
            Expression::Maybe(part) => Ok(Fragment { nullable: true, ..self.expression(part)? }),
            Expression::Many(part) => {
                let one = self.blocking(|this| this.expression(part))?;
                self.links.connect(&one.last, &one.first);
                Ok(Fragment { nullable: true, ..one })
            }
        }
    }

    fn sequence(&mut self, parts: &[Expression]) -> Result<Fragment, String> {
        let mut all = Fragment { nullable: true, first: Vec::new(), last: Vec::new() };
        for (i, part) in parts.iter().enumerate() {
            let one = if i + 1 == parts.len() {
                self.expression(part)?
            } else {
                self.blocking(|this| this.expression(part))?
            };
            self.links.connect(&all.last, &one.first);
            if all.nullable {
                all.first.extend(one.first);
            }
            if one.nullable {
                all.last.extend(one.last);
            } else {
                all.last = one.last;
            }
            all.nullable &= one.nullable;
        }
        Ok(all)
    }

    /// A rule where it is used.
    fn reference(&mut self, rule: usize, site: &Expression) -> Result<Fragment, String> {
        let Some(open) = self.path.iter().rposition(|open| open.rule == rule) else {
            return self.used(rule);
        };
        self.recursive.insert(rule);
        if open >= self.blocked && !self.sharing.is_scoped(rule) {
            let to = Target::Copy(self.path[open].copy);
            let first = vec![Entry { passed: Vec::new(), to }];
            return Ok(Fragment { nullable: false, first, last: Vec::new() });
        }
        let back = self.position(Tokens::new());
        let site: Site = (site, self.sharing.seeing(rule, &self.rules()));
        let copy =
            if let Some(&copy) = self.called.get(&site) { copy } else { self.again(rule, site)? };
        let call = self.exits.iter_mut().find(|(called, ..)| *called == copy);
        if let Some((_, _, backs)) = call {
            backs.push(back);
        }
        Ok(call_of(copy, back))
    }

    /// A rule that is not within itself: called if it is shared, else a copy.
    pub fn used(&mut self, rule: usize) -> Result<Fragment, String> {
        // A rule whose instances are told of ends with its token, which a call would not know.
        let mut ending = self.path[self.blocked..].iter().map(|open| open.rule);
        let is_told = ending.any(|rule| self.sharing.is_scoped(rule));
        if is_told || !self.sharing.is_called(rule, &self.rules()) {
            return self.rule(rule);
        }
        let back = self.position(Tokens::new());
        let copy = if let Some(&copy) = self.shared.get(&rule) {
            copy
        } else {
            let copy = self.links.copies.len();
            self.shared.insert(rule, copy);
            self.apart(Vec::new(), |this| this.rule(rule))?;
            copy
        };
        Ok(call_of(copy, back))
    }

    /// A copy of a rule that is called within itself, at a site.
    fn again(&mut self, rule: usize, site: Site) -> Result<usize, String> {
        let copy = self.links.copies.len();
        self.called.insert(site, copy);
        let place = self.exits.len();
        self.exits.push((copy, Vec::new(), Vec::new()));
        let body = self.apart(self.rules(), |this| this.rule(rule))?;
        self.exits[place].1 = body.last;
        Ok(copy)
    }

    /// What is called, with the rules that count as around it.
    fn apart<T>(&mut self, around: Vec<usize>, inner: impl FnOnce(&mut Self) -> T) -> T {
        let around = std::mem::replace(&mut self.around, around);
        let path = std::mem::take(&mut self.path);
        let blocked = std::mem::take(&mut self.blocked);
        self.levels += 1;
        let level = std::mem::replace(&mut self.level, self.levels);
        let result = inner(self);
        (self.around, self.path, self.blocked, self.level) = (around, path, blocked, level);
        result
    }

    /// A copy of a rule.
    pub fn rule(&mut self, rule: usize) -> Result<Fragment, String> {
        let grammar = self.grammar;
        let name = &grammar.rules[rule].name;
        if self.positions.len() > MOST || self.links.count() > MOST_LINKS {
            return Err(format!(
                "{name} is too large, as rules are unrolled wherever they are used: expected tokens \
                 of one meaning in a section, and fewer uses"
            ));
        }
        let copy = self.links.copies.len();
        self.links.copies.push(Vec::new());
        let blocked = self.blocked;
        if self.sharing.is_scoped(rule) {
            self.blocked = self.path.len();
        }
        self.path.push(Open { rule, copy });
        let mut whole = self.expression(&grammar.rules[rule].expression)?;
        self.path.pop();
        self.blocked = blocked;
        if whole.nullable && self.recursive.contains(&rule) {
            return Err(format!("{name} may be empty and uses itself"));
        }
        if self.sharing.is_scoped(rule) {
            if whole.nullable {
                return Err(format!("{name} may be empty, though a condition counts on it"));
            }
            for entry in &mut whole.first {
                entry.passed.insert(0, Passed::Event(Event::Begin(rule)));
            }
            for exit in &mut whole.last {
                if self.links.left.contains(&exit.from) {
                    exit.passed.push(Passed::Event(Event::End(rule)));
                } else {
                    self.positions[exit.from].ends.push(rule);
                }
            }
        }
        self.links.copies[copy].clone_from(&whole.first);
        Ok(whole)
    }

    /// What is not the end of the rules on the path.
    fn blocking<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let blocked = std::mem::replace(&mut self.blocked, self.path.len());
        let result = inner(self);
        self.blocked = blocked;
        result
    }

    pub fn position(&mut self, tokens: Tokens) -> usize {
        let rules = self.rules();
        let (is_called, level) = (!self.around.is_empty(), self.level);
        self.positions.push(Position { tokens, rules, is_called, ends: Vec::new(), level });
        self.positions.len() - 1
    }

    /// The rules that we are in.
    fn rules(&self) -> Vec<usize> {
        self.around.iter().copied().chain(self.path.iter().map(|open| open.rule)).collect()
    }

    /// All ways, each to one position.
    pub fn transitions(&self) -> Result<Vec<Transition>, String> {
        let mut transitions = self.links.transitions(&self.positions)?;
        for (_, exits, backs) in &self.exits {
            let after = |back: usize| -> Tokens {
                let ways = transitions.iter().filter(|transition| transition.from == back);
                ways.flat_map(|transition| transition.tokens.clone()).collect()
            };
            let tokens = after(backs[0]);
            let is_empty = backs.iter().any(|&back| after(back).is_empty());
            let rule = self.positions[backs[0]].rules.last().map_or(0, |&rule| rule);
            let name = &self.grammar.rules[rule].name;
            if is_empty {
                return Err(format!("in {name} a rule uses itself with nothing after it"));
            }
            // With tokens after which nothing comes in the copy a call returns at once.
            if exits.iter().all(|exit| self.links.is_last(exit)) {
                continue;
            }
            if backs.iter().any(|&back| after(back) != tokens) {
                return Err(format!(
                    "in {name} what follows a rule that uses itself is not the same everywhere"
                ));
            }
            for exit in exits {
                let legs = legs(&exit.passed, None);
                transitions.push(Transition { from: exit.from, legs, tokens: tokens.clone() });
            }
        }
        Ok(transitions)
    }
}
