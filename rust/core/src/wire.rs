//! The wire: writing and reading sentences with the operators of the notation as verbs.

use std::borrow::Cow;

use crate::error::{Cell, GrammarError};
use crate::vocabulary::Block;

/// One rule of the grammar; `write` and `read` mirror each other and the rule quoted above them.
pub trait Production: Sized {
    /// The tokens that can begin it.
    const FIRST: First;

    /// Whether the machine has to judge what is written, because `write` does not.
    const JUDGED: bool = false;

    /// Write it; what cannot be written is told to the writer.
    fn write(&self, out: &mut Writer);

    /// Read it.
    ///
    /// # Errors
    /// At the first token that cannot stand where it stands.
    fn read(from: &mut Reader) -> Result<Self>;
}

/// What reading gives.
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
    pub fn token(&mut self, id: u16) {
        self.ids.push(id);
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

    /// Write `x*` of a list that has a name, so that a cell of its items can be named.
    pub fn many_of<T: Production>(&mut self, list: &'static str, xs: &[T]) {
        for (item, x) in xs.iter().enumerate() {
            let whole = self.broken.is_none();
            x.write(self);
            let broken = self.broken.as_mut().filter(|_| whole);
            if let Some(cell) = broken.and_then(|error| error.cell.as_mut()) {
                cell.column = Cow::Owned(format!("{list}[{item}].{}", cell.column));
            }
        }
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

/// A sentence being read. It remembers what would have been taken at the present position, so
/// that an error names exactly what can stand there.
#[derive(Debug)]
pub struct Reader<'a> {
    ids: &'a [u16],
    position: usize,
    expected: Vec<(u16, u16)>,
    expected_at: usize,
}

impl<'a> Reader<'a> {
    /// Read from the beginning of `ids`.
    #[must_use]
    pub fn new(ids: &'a [u16]) -> Self {
        Reader { ids, position: 0, expected: Vec::new(), expected_at: 0 }
    }

    /// How many tokens have been read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// All tokens that have not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u16] {
        &self.ids[self.position..]
    }

    /// Go to a position, up to which the tokens are known to be right.
    pub(crate) fn go_to(&mut self, position: usize) {
        self.position = position;
    }

    /// Go to the end, up to which the tokens are known to be right.
    pub fn go_to_end(&mut self) {
        self.position = self.ids.len();
    }

    /// The next token, not taken.
    #[must_use]
    pub fn peek(&self) -> Option<u16> {
        self.ids.get(self.position).copied()
    }

    /// Take the next token, which was peeked at.
    pub fn skip(&mut self) {
        self.position += 1;
    }

    /// Whether the next token is of a set; if not, the set is remembered as expected here.
    pub fn at(&mut self, first: First) -> bool {
        if self.peek().is_some_and(|id| first.has(id)) {
            return true;
        }
        self.expect(first.0);
        false
    }

    /// Remember ranges as expected here.
    pub fn expect(&mut self, ranges: &[(u16, u16)]) {
        if self.expected_at != self.position {
            self.expected.clear();
            self.expected_at = self.position;
        }
        self.expected.extend_from_slice(ranges);
    }

    /// Read one token of a set.
    ///
    /// # Errors
    /// When the next token is not of it.
    pub fn any(&mut self, first: First) -> Result<u16> {
        if !self.at(first) {
            return Err(self.refuse(None));
        }
        let id = self.ids[self.position];
        self.position += 1;
        Ok(id)
    }

    /// Read `"…"`.
    ///
    /// # Errors
    /// When the next token is another.
    pub fn token(&mut self, id: u16) -> Result<()> {
        if self.peek() == Some(id) {
            self.position += 1;
            return Ok(());
        }
        self.expect(&[(id, id)]);
        Err(self.refuse(None))
    }

    /// Read `x`.
    ///
    /// # Errors
    /// As reading x.
    pub fn one<T: Production>(&mut self) -> Result<T> {
        if !self.at(T::FIRST) {
            return Err(self.refuse(None));
        }
        T::read(self)
    }

    /// Read `x?`.
    ///
    /// # Errors
    /// As reading x, once it has begun.
    pub fn maybe<T: Production>(&mut self) -> Result<Option<T>> {
        if self.at(T::FIRST) { T::read(self).map(Some) } else { Ok(None) }
    }

    /// Read `x*`.
    ///
    /// # Errors
    /// As reading x, once it has begun.
    pub fn many<T: Production>(&mut self) -> Result<Vec<T>> {
        let mut xs = Vec::new();
        while self.at(T::FIRST) {
            xs.push(T::read(self)?);
        }
        Ok(xs)
    }

    /// Read the end.
    ///
    /// # Errors
    /// When tokens follow.
    pub fn end(&mut self) -> Result<()> {
        if self.peek().is_none() {
            Ok(())
        } else {
            self.expect(&[]);
            Err(self.refuse(None))
        }
    }

    /// The error that the next token gives: not expected, or expected but for a condition.
    #[must_use]
    pub fn refuse(&mut self, condition: Option<&'static str>) -> Box<GrammarError> {
        self.expect(&[]);
        let mut expected: Vec<u16> =
            self.expected.iter().flat_map(|&(low, high)| low..=high).collect();
        expected.sort_unstable();
        expected.dedup();
        let found = self.peek();
        let condition = condition.filter(|_| found.is_some()).map(Cow::Borrowed);
        Box::new(GrammarError { position: self.position, expected, found, condition, cell: None })
    }
}
