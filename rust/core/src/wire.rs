//! The wire: writing and building sentences with the operators of the notation as verbs.

use std::borrow::Cow;

use crate::error::{Cell, GrammarError};
use crate::vocabulary::Block;

/// One rule of the grammar; `write` and `build` mirror each other and the rule quoted above them.
///
/// Neither judges: what the rules and conditions allow is stated in the spec, and the machine that is
/// compiled from it judges ids before an object is built of them, and after it was written.
pub trait Production: Sized {
    /// The tokens that can begin it.
    const FIRST: First;

    /// Write it; what no token can say is told to the writer.
    fn write(&self, out: &mut Writer);

    /// Build it from a sentence that was judged.
    fn build(from: &mut Builder) -> Self;
}

/// What judging gives.
pub type Result<T> = std::result::Result<T, Box<GrammarError>>;

/// A set of ids as inclusive ranges.
#[derive(Clone, Copy, Debug)]
pub struct First(pub &'static [(u16, u16)]);

impl First {
    /// Whether an id is in the set.
    #[must_use]
    pub const fn has(self, id: u16) -> bool {
        let mut i = 0;
        while i < self.0.len() {
            if self.0[i].0 <= id && id <= self.0[i].1 {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// Every assigned token of a block, as a range.
#[must_use]
pub const fn any_of(block: &Block) -> (u16, u16) {
    (block.base, block.last())
}

/// A sentence being written.
#[derive(Debug, Default)]
pub struct Writer {
    /// The ids so far.
    pub ids: Vec<u16>,
    /// Where this sentence begins among them.
    start: usize,
    broken: Option<GrammarError>,
}

impl Writer {
    /// Write a sentence behind others.
    #[must_use]
    pub fn behind(ids: Vec<u16>) -> Self {
        Writer { start: ids.len(), ids, broken: None }
    }

    /// Write one token.
    #[inline]
    pub fn token(&mut self, id: u16) {
        self.ids.push(id);
    }

    /// Write several tokens.
    #[inline]
    pub fn tokens(&mut self, ids: &[u16]) {
        self.ids.extend_from_slice(ids);
    }

    /// Make room for more tokens.
    pub fn reserve(&mut self, ids: usize) {
        self.ids.reserve(ids);
    }

    /// Write `x`.
    pub fn one<T: Production>(&mut self, x: &T) {
        x.write(self);
    }

    /// Write `x?`.
    pub fn maybe<T: Production>(&mut self, x: Option<&T>) {
        if let Some(x) = x {
            x.write(self);
        }
    }

    /// Write `x*`.
    pub fn many<T: Production>(&mut self, xs: &[T]) {
        for x in xs {
            x.write(self);
        }
    }

    /// Write `open x* close`.
    pub fn between<T: Production>(&mut self, brackets: (u16, u16), xs: &[T]) {
        self.token(brackets.0);
        self.many(xs);
        self.token(brackets.1);
    }

    /// Write `x*` of a list that has a name, so that a cell of its items can be named.
    pub fn many_of<T: Production>(&mut self, list: &'static str, xs: &[T]) {
        for (item, x) in xs.iter().enumerate() {
            let whole = self.broken.is_none();
            x.write(self);
            if let Some(error) = self.broken.as_mut().filter(|_| whole) {
                error.cell = error.cell.take().map(|cell| cell.of_list(list, item));
            }
        }
    }

    /// Write a part that has a name, so that a cell of it can be named.
    pub fn part_of<T: Production>(&mut self, name: &'static str, x: &T) {
        let whole = self.broken.is_none();
        x.write(self);
        if let Some(error) = self.broken.as_mut().filter(|_| whole) {
            error.cell = error.cell.take().map(|cell| cell.of_part(name));
        }
    }

    /// Whether something cannot be written.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.broken.is_some()
    }

    /// Say that the object cannot be written; the first saying stays.
    pub fn refuse(&mut self, condition: impl Into<Cow<'static, str>>) {
        let position = self.ids.len() - self.start;
        self.broken.get_or_insert_with(|| GrammarError::unwritable(position, condition));
    }

    /// Say that a cell of a column of the object cannot be written.
    #[cold]
    pub fn refuse_cell(
        &mut self,
        column: &'static str,
        row: usize,
        condition: impl Into<Cow<'static, str>>,
    ) {
        let position = self.ids.len() - self.start;
        self.broken.get_or_insert_with(|| {
            let cell = Some(Cell { column: Cow::Borrowed(column), row });
            GrammarError { cell, ..GrammarError::unwritable(position, condition) }
        });
    }

    /// The sentence, behind what stood before it.
    ///
    /// # Errors
    /// What was refused first.
    pub fn finish(self) -> Result<Vec<u16>> {
        match self.broken {
            None => Ok(self.ids),
            Some(error) => Err(Box::new(error)),
        }
    }
}

/// A sentence that was judged, from left to right: nothing is checked again.
///
/// Of other ids something is built as well, where a type does so before it compares what it would
/// write (`read_fast`): that ends, and does not panic.
#[derive(Debug)]
pub struct Builder<'a>(pub &'a [u16]);

impl Builder<'_> {
    /// The next token, not taken; none at the end.
    #[inline]
    #[must_use]
    pub fn peek(&self) -> Option<u16> {
        self.0.first().copied()
    }

    /// Take the next token; at the end, where a judged sentence has the token that a rule needs, one
    /// that is in no vocabulary.
    #[inline]
    pub fn take(&mut self) -> u16 {
        let Some((&id, rest)) = self.0.split_first() else { return u16::MAX };
        self.0 = rest;
        id
    }

    /// Take the next token if it is this one.
    #[inline]
    pub fn take_if(&mut self, id: u16) -> bool {
        let is = self.peek() == Some(id);
        if is {
            self.take();
        }
        is
    }

    /// Whether the next token is of a set.
    #[inline]
    #[must_use]
    pub fn at(&self, first: First) -> bool {
        self.peek().is_some_and(|id| first.has(id))
    }

    /// Build `x`.
    pub fn one<T: Production>(&mut self) -> T {
        T::build(self)
    }

    /// Build `x?`.
    pub fn maybe<T: Production>(&mut self) -> Option<T> {
        self.at(T::FIRST).then(|| T::build(self))
    }

    /// Build `x*`.
    pub fn many<T: Production>(&mut self) -> Vec<T> {
        let mut xs = Vec::new();
        while self.at(T::FIRST) {
            xs.push(T::build(self));
        }
        xs
    }

    /// Build `open x* close`.
    pub fn between<T: Production>(&mut self) -> Vec<T> {
        self.take();
        let xs = self.many();
        self.take();
        xs
    }
}
