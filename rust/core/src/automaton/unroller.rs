//! The unroller: what each expression of the rules becomes, by where it begins and where it ends.

use std::collections::{HashMap, HashSet};

use super::position::{Event, Position, Transition};
use crate::grammar::{Expression, Grammar, Tokens};

/// How many positions and links between them a grammar may have, and how deep its parts may nest in
/// each other, those of the rules that it uses included.
const MOST: usize = 4_000;
const MOST_LINKS: usize = 20_000;
const DEEPEST: usize = 128;

#[derive(Clone)]
enum Target {
    Position(usize),
    /// Wherever a copy of a rule begins.
    Copy(usize),
}

#[derive(Clone)]
pub(crate) struct Entry {
    events: Vec<Event>,
    to: Target,
}

#[derive(Clone)]
pub(crate) struct Exit {
    pub from: usize,
    pub events: Vec<Event>,
}

/// An expression unrolled: where it begins and where it ends.
pub(crate) struct Fragment {
    pub nullable: bool,
    pub first: Vec<Entry>,
    pub last: Vec<Exit>,
}

struct Link {
    from: usize,
    events: Vec<Event>,
    to: Target,
}

/// A rule that is being unrolled.
struct Open {
    rule: usize,
    copy: usize,
}

pub(crate) struct Unroller<'g> {
    grammar: &'g Grammar,
    scoped: &'g [bool],
    pub positions: Vec<Position>,
    links: Vec<Link>,
    /// Where each copy of a rule begins, known when it is unrolled.
    copies: Vec<Vec<Entry>>,
    /// The copy that each place of a call calls, by the address of the expression.
    called: HashMap<*const Expression, usize>,
    /// Of each called copy: the copy, its exits, and where its calls return to.
    pub exits: Vec<(usize, Vec<Exit>, Vec<usize>)>,
    path: Vec<Open>,
    /// The rules around the call that is being unrolled.
    around: Vec<usize>,
    /// How many of the rules on the path do not end where we are.
    blocked: usize,
    /// How many parts we are in.
    depth: usize,
    /// The rules that use themselves.
    recursive: HashSet<usize>,
    /// The positions that a way leaves.
    pub left: HashSet<usize>,
}

impl<'g> Unroller<'g> {
    pub fn new(grammar: &'g Grammar, scoped: &'g [bool]) -> Self {
        Unroller {
            grammar,
            scoped,
            positions: Vec::new(),
            links: Vec::new(),
            copies: Vec::new(),
            called: HashMap::new(),
            exits: Vec::new(),
            path: Vec::new(),
            around: Vec::new(),
            blocked: 0,
            depth: 0,
            recursive: HashSet::new(),
            left: HashSet::new(),
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
                    first: vec![Entry { events: Vec::new(), to: Target::Position(at) }],
                    last: vec![Exit { from: at, events: Vec::new() }],
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
                self.connect(&one.last, &one.first);
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
            self.connect(&all.last, &one.first);
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
            return self.rule(rule);
        };
        self.recursive.insert(rule);
        if open >= self.blocked && !self.scoped[rule] {
            let to = Target::Copy(self.path[open].copy);
            let first = vec![Entry { events: Vec::new(), to }];
            return Ok(Fragment { nullable: false, first, last: Vec::new() });
        }
        let back = self.position(Tokens::new());
        let site: *const Expression = site;
        let copy =
            if let Some(&copy) = self.called.get(&site) { copy } else { self.call(rule, site)? };
        let call = self.exits.iter_mut().find(|(called, ..)| *called == copy);
        if let Some((_, _, backs)) = call {
            backs.push(back);
        }
        Ok(Fragment {
            nullable: false,
            first: vec![Entry { events: vec![Event::Call(back)], to: Target::Copy(copy) }],
            last: vec![Exit { from: back, events: Vec::new() }],
        })
    }

    /// A copy of a rule that is called at a site.
    fn call(&mut self, rule: usize, site: *const Expression) -> Result<usize, String> {
        let copy = self.copies.len();
        self.called.insert(site, copy);
        let outer = self.around.len();
        self.around.extend(self.path.iter().map(|open| open.rule));
        let path = std::mem::take(&mut self.path);
        let blocked = std::mem::take(&mut self.blocked);
        let place = self.exits.len();
        self.exits.push((copy, Vec::new(), Vec::new()));
        let body = self.rule(rule)?;
        self.exits[place].1 = body.last;
        (self.path, self.blocked) = (path, blocked);
        self.around.truncate(outer);
        Ok(copy)
    }

    /// A copy of a rule.
    pub fn rule(&mut self, rule: usize) -> Result<Fragment, String> {
        let grammar = self.grammar;
        let name = &grammar.rules[rule].name;
        if self.positions.len() > MOST || self.links.len() > MOST_LINKS {
            return Err(format!(
                "{name} is too large, as rules are unrolled wherever they are used: expected tokens \
                 of one meaning in a section, and fewer uses"
            ));
        }
        let copy = self.copies.len();
        self.copies.push(Vec::new());
        let blocked = self.blocked;
        if self.scoped[rule] {
            self.blocked = self.path.len();
        }
        self.path.push(Open { rule, copy });
        let mut whole = self.expression(&grammar.rules[rule].expression)?;
        self.path.pop();
        self.blocked = blocked;
        if whole.nullable && self.recursive.contains(&rule) {
            return Err(format!("{name} may be empty and uses itself"));
        }
        if self.scoped[rule] {
            if whole.nullable {
                return Err(format!("{name} may be empty, though a condition counts on it"));
            }
            for entry in &mut whole.first {
                entry.events.insert(0, Event::Begin(rule));
            }
            for exit in &mut whole.last {
                if self.left.contains(&exit.from) {
                    exit.events.push(Event::End(rule));
                } else {
                    self.positions[exit.from].ends.push(rule);
                }
            }
        }
        self.copies[copy].clone_from(&whole.first);
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
        let path = self.path.iter().map(|open| open.rule);
        let rules = self.around.iter().copied().chain(path).collect();
        let is_called = !self.around.is_empty();
        self.positions.push(Position { tokens, rules, is_called, ends: Vec::new() });
        self.positions.len() - 1
    }

    pub fn connect(&mut self, last: &[Exit], first: &[Entry]) {
        for exit in last {
            for entry in first {
                if self.links.len() > MOST_LINKS {
                    // The rule that is unrolled is refused.
                    return;
                }
                let events = [&exit.events[..], &entry.events].concat();
                self.left.insert(exit.from);
                self.links.push(Link { from: exit.from, events, to: entry.to.clone() });
            }
        }
    }

    /// All ways, each to one position.
    pub fn transitions(&self) -> Result<Vec<Transition>, String> {
        let mut transitions = Vec::new();
        for link in &self.links {
            self.follow(link.from, &link.events, &link.to, 0, &mut transitions)?;
        }
        for (_, exits, backs) in &self.exits {
            let after = |back: usize| -> Tokens {
                let ways = transitions.iter().filter(|transition| transition.from == back);
                ways.flat_map(|transition| transition.tokens.clone()).collect()
            };
            let tokens = after(backs[0]);
            let rule = self.positions[backs[0]].rules.last().map_or(0, |&rule| rule);
            let name = &self.grammar.rules[rule].name;
            if tokens.is_empty() {
                return Err(format!("in {name} a rule uses itself with nothing after it"));
            }
            if backs.iter().any(|&back| after(back) != tokens) {
                return Err(format!(
                    "in {name} what follows a rule that uses itself is not the same everywhere"
                ));
            }
            for exit in exits {
                transitions.push(Transition {
                    from: exit.from,
                    events: [&exit.events[..], &[Event::Return]].concat(),
                    tokens: tokens.clone(),
                    to: None,
                });
            }
        }
        Ok(transitions)
    }

    fn follow(
        &self,
        from: usize,
        events: &[Event],
        to: &Target,
        depth: usize,
        transitions: &mut Vec<Transition>,
    ) -> Result<(), String> {
        match to {
            Target::Position(at) => {
                let tokens = self.positions[*at].tokens.clone();
                transitions.push(Transition {
                    from,
                    events: events.to_vec(),
                    tokens,
                    to: Some(*at),
                });
            }
            Target::Copy(_) if depth > self.grammar.rules.len() => {
                return Err("a rule uses itself at its beginning".to_owned());
            }
            Target::Copy(copy) => {
                for entry in &self.copies[*copy] {
                    let events = [events, &entry.events].concat();
                    self.follow(from, &events, &entry.to, depth + 1, transitions)?;
                }
            }
        }
        Ok(())
    }
}
