//! Positions: the rules unrolled into the places where one token is read, and what follows each.
//!
//! Every use of a rule is unrolled where it stands, so that a position knows all of its context.
//! A rule that uses itself at its very end goes round in a loop; one that uses itself elsewhere is
//! called, which is the only thing that needs a stack.

use std::collections::{HashMap, HashSet};

use super::notation::{Expression, Grammar, Tokens};

/// How many positions and ways between them a grammar may have, and how deep its parts may stand in
/// each other, those of the rules that it uses included.
const MOST: usize = 4_000;
const MOST_WAYS: usize = 20_000;
const DEEPEST: usize = 128;

/// What happens on the way from one token to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// An instance of a rule begins.
    Begin(usize),
    /// An instance of a rule ends.
    End(usize),
    /// A call, which goes on at this position when it returns.
    Call(usize),
    /// The return of a call.
    Return,
}

/// A place where one token is read, the beginning of an object, or where a call returns to.
#[derive(Clone, Debug, Default)]
pub(super) struct Position {
    /// What is read there; nothing at a beginning and at a return.
    pub tokens: Tokens,
    /// The rules that it stands in, the outermost first.
    pub rules: Vec<usize>,
    /// The rules that end with it, whatever follows.
    pub ends: Vec<usize>,
}

/// A way from one position to the next; with no target it goes on as the called position does.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub from: usize,
    pub events: Vec<Event>,
    pub tokens: Tokens,
    pub to: Option<usize>,
}

/// A grammar unrolled.
#[derive(Debug)]
pub(super) struct Positions {
    pub all: Vec<Position>,
    pub edges: Vec<Edge>,
    /// The beginning of each object type, in the order of the grammar's.
    pub starts: Vec<usize>,
    /// The positions that stand in a call.
    pub called: HashSet<usize>,
    /// Of each position that ends a call, where it may go back to.
    pub backs: HashMap<usize, Vec<usize>>,
}

/// Unroll a grammar, in which instances of the `scoped` rules begin and end.
///
/// # Errors
/// When a rule needs more than one token to decide or cannot be unrolled.
pub(super) fn unroll(grammar: &Grammar, scoped: &[bool]) -> Result<Positions, String> {
    let mut unroller = Unroller {
        grammar,
        scoped,
        positions: Vec::new(),
        ways: Vec::new(),
        copies: Vec::new(),
        called: HashMap::new(),
        exits: Vec::new(),
        path: Vec::new(),
        around: Vec::new(),
        called_positions: HashSet::new(),
        blocked: 0,
        depth: 0,
        recursive: HashSet::new(),
        left: HashSet::new(),
    };
    let mut starts = Vec::new();
    for &object in &grammar.objects {
        let whole = unroller.rule(object)?;
        if whole.nullable {
            return Err(format!("{} may be empty", grammar.rules[object].name));
        }
        if whole.last.iter().any(|exit| unroller.left.contains(&exit.from)) {
            let name = &grammar.rules[object].name;
            return Err(format!("{name} must end with a token after which nothing can follow"));
        }
        let start = unroller.position(Tokens::new());
        unroller.connect(&[Exit { from: start, events: Vec::new() }], &whole.first);
        starts.push(start);
    }
    let edges = unroller.edges()?;
    let called = unroller.called_positions;
    let mut backs = HashMap::new();
    for (_, exits, all) in unroller.exits {
        backs.extend(exits.into_iter().map(|exit| (exit.from, all.clone())));
    }
    let positions = Positions { all: unroller.positions, edges, starts, called, backs };
    positions.decide(grammar)?;
    Ok(positions)
}

#[derive(Clone)]
enum Target {
    Position(usize),
    /// Wherever a copy of a rule begins.
    Copy(usize),
}

#[derive(Clone)]
struct Entry {
    events: Vec<Event>,
    to: Target,
}

#[derive(Clone)]
struct Exit {
    from: usize,
    events: Vec<Event>,
}

/// An expression unrolled: where it begins and where it ends.
struct Fragment {
    nullable: bool,
    first: Vec<Entry>,
    last: Vec<Exit>,
}

struct Way {
    from: usize,
    events: Vec<Event>,
    to: Target,
}

/// A rule that is being unrolled.
struct Open {
    rule: usize,
    copy: usize,
}

struct Unroller<'g> {
    grammar: &'g Grammar,
    scoped: &'g [bool],
    positions: Vec<Position>,
    ways: Vec<Way>,
    /// Where each copy of a rule begins, known when it is unrolled.
    copies: Vec<Vec<Entry>>,
    /// The copy that each place of a call calls, by the address of the expression.
    called: HashMap<*const Expression, usize>,
    /// Of each called copy: the copy, its exits, and where its calls return to.
    exits: Vec<(usize, Vec<Exit>, Vec<usize>)>,
    path: Vec<Open>,
    /// The rules around the call that is being unrolled.
    around: Vec<usize>,
    called_positions: HashSet<usize>,
    /// How many of the rules on the path do not end where we are.
    blocked: usize,
    /// How many parts we are in.
    depth: usize,
    /// The rules that use themselves.
    recursive: HashSet<usize>,
    /// The positions that a way leaves.
    left: HashSet<usize>,
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
            Expression::Optional(part) => Ok(Fragment { nullable: true, ..self.expression(part)? }),
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
    fn rule(&mut self, rule: usize) -> Result<Fragment, String> {
        let grammar = self.grammar;
        let name = &grammar.rules[rule].name;
        if self.positions.len() > MOST || self.ways.len() > MOST_WAYS {
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

    fn position(&mut self, tokens: Tokens) -> usize {
        let path = self.path.iter().map(|open| open.rule);
        let rules = self.around.iter().copied().chain(path).collect();
        if !self.around.is_empty() {
            self.called_positions.insert(self.positions.len());
        }
        self.positions.push(Position { tokens, rules, ends: Vec::new() });
        self.positions.len() - 1
    }

    fn connect(&mut self, last: &[Exit], first: &[Entry]) {
        for exit in last {
            for entry in first {
                if self.ways.len() > MOST_WAYS {
                    // The rule that is unrolled is refused.
                    return;
                }
                let events = [&exit.events[..], &entry.events].concat();
                self.left.insert(exit.from);
                self.ways.push(Way { from: exit.from, events, to: entry.to.clone() });
            }
        }
    }

    /// All ways, each to one position.
    fn edges(&self) -> Result<Vec<Edge>, String> {
        let mut edges = Vec::new();
        for way in &self.ways {
            self.follow(way.from, &way.events, &way.to, 0, &mut edges)?;
        }
        for (_, exits, backs) in &self.exits {
            let after = |back: usize| -> Tokens {
                let ways = edges.iter().filter(|edge| edge.from == back);
                ways.flat_map(|edge| edge.tokens.clone()).collect()
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
                edges.push(Edge {
                    from: exit.from,
                    events: [&exit.events[..], &[Event::Return]].concat(),
                    tokens: tokens.clone(),
                    to: None,
                });
            }
        }
        Ok(edges)
    }

    fn follow(
        &self,
        from: usize,
        events: &[Event],
        to: &Target,
        depth: usize,
        edges: &mut Vec<Edge>,
    ) -> Result<(), String> {
        match to {
            Target::Position(at) => {
                let tokens = self.positions[*at].tokens.clone();
                edges.push(Edge { from, events: events.to_vec(), tokens, to: Some(*at) });
            }
            Target::Copy(_) if depth > self.grammar.rules.len() => {
                return Err("a rule uses itself at its beginning".to_owned());
            }
            Target::Copy(copy) => {
                for entry in &self.copies[*copy] {
                    let events = [events, &entry.events].concat();
                    self.follow(from, &events, &entry.to, depth + 1, edges)?;
                }
            }
        }
        Ok(())
    }
}

impl Positions {
    /// One token decides: no two ways from one position begin with the same one.
    fn decide(&self, grammar: &Grammar) -> Result<(), String> {
        let mut by_position = vec![Vec::new(); self.all.len()];
        for edge in &self.edges {
            by_position[edge.from].extend(edge.tokens.iter().copied());
        }
        for (position, mut tokens) in self.all.iter().zip(by_position) {
            tokens.sort_unstable();
            if let Some(pair) = tokens.windows(2).find(|pair| pair[0].1 >= pair[1].0) {
                let rule = position.rules.last().map_or("the rules", |&r| &grammar.rules[r].name);
                let token = grammar.lexicon.any_name(pair[1].0).unwrap_or_default();
                return Err(format!("in {rule} one token does not decide what {token} begins"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::notation::File;
    use super::*;
    use crate::spec_texts::SPEC_TEXTS;

    fn unrolled(text: &str, scoped: &[&str]) -> Result<Positions, String> {
        let grammar = Grammar::read(&[File { text, is_object: true, is_declared: false }]).unwrap();
        let scoped: Vec<bool> =
            grammar.rules.iter().map(|rule| scoped.contains(&rule.name.as_str())).collect();
        unroll(&grammar, &scoped)
    }

    #[test]
    fn the_spec_is_unrolled() {
        let files: Vec<File> = SPEC_TEXTS
            .iter()
            .filter(|(path, _)| std::path::Path::new(path).extension().is_some_and(|e| e == "ebnf"))
            .map(|(path, text)| File {
                text,
                is_object: path.starts_with("objects/"),
                is_declared: false,
            })
            .collect();
        let grammar = Grammar::read(&files).unwrap();
        let scoped: Vec<bool> = grammar
            .rules
            .iter()
            .map(|rule| ["atom", "branch", "component", "molecule"].contains(&rule.name.as_str()))
            .collect();
        let all = unroll(&grammar, &scoped).unwrap();
        assert_eq!(all.starts.len(), 7);
        println!("{} positions {} edges", all.all.len(), all.edges.len());
        assert!((500..3000).contains(&all.all.len()), "{}", all.all.len());
    }

    #[test]
    fn what_cannot_be_decided_is_refused() {
        for (text, reason) in [
            ("x = \"C\" | \"C\" ;", "one token does not decide what C begins"),
            ("x = \"C\"* \"C\" ;", "one token does not decide what C begins"),
            ("x = \"C\"? ;", "may be empty"),
            ("x = x \"C\" | \"N\" ;", "uses itself at its beginning"),
        ] {
            let error = unrolled(text, &[]).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn only_a_use_in_the_middle_is_a_call() {
        let calls = |text| {
            let all = unrolled(text, &[]).unwrap();
            all.edges
                .iter()
                .filter(|e| e.events.iter().any(|e| matches!(e, Event::Call(_))))
                .count()
        };
        assert_eq!(calls("x = \"C\" x | \"N\" ;"), 0);
        assert_eq!(calls("x = \"C\" | \"(\" x \")\" ;"), 4);
    }
}
