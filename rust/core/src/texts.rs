//! Columns: many texts to flat ids and back, on several threads, with no object in between.

use std::ops::Range;
use std::thread;

use crate::error::{GrammarError, TextError};
use crate::object::with_cell;
use crate::objects;
use crate::text::Text;

macro_rules! define {
    ($($name:literal $Kind:ident $module:ident::$Text:ident)*) => {
        /// Which kind of text a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // the vocabulary says in words what each is
        pub enum Kind {
            $($Kind,)*
        }

        impl Kind {
            /// Every kind, by name.
            pub const ALL: &[(&'static str, Kind)] = &[$(($name, Kind::$Kind),)*];

            /// The kind of a name.
            #[must_use]
            pub fn named(name: &str) -> Option<Kind> {
                Kind::ALL.iter().find(|(each, _)| *each == name).map(|&(_, kind)| kind)
            }
        }

        /// Encode a column of texts; with `stop` nothing is encoded after a first error.
        #[must_use]
        pub fn encode(
            kind: Kind,
            texts: Rows<u8>,
            threads: usize,
            stop: bool,
        ) -> Column<u16, TextError> {
            match kind {
                $(Kind::$Kind => each_row(&texts, threads, stop, || {
                    let mut kept = objects::$module::$Text::default();
                    move |text: &[u8], ids: &mut Vec<u16>| kept.encode(text, ids)
                }),)*
            }
        }

        /// Decode a column of sentences to texts, checking each.
        #[must_use]
        pub fn decode(
            kind: Kind,
            sentences: Rows<u16>,
            threads: usize,
        ) -> Column<u8, Box<GrammarError>> {
            match kind {
                $(Kind::$Kind => each_row(&sentences, threads, true, || {
                    let mut kept = objects::$module::$Text::default();
                    move |ids: &[u16], text: &mut Vec<u8>| {
                        kept.decode(ids, text).map_err(|error| with_cell(error, ids))
                    }
                }),)*
            }
        }
    };
}

crate::for_each_text!(define);

/// Rows of something, one after another: row i is `items[bounds[i].0..bounds[i].1]`.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, T> {
    /// The items of all rows.
    pub items: &'a [T],
    /// Where each row begins and ends.
    pub bounds: &'a [(usize, usize)],
}

impl<'a, T> Rows<'a, T> {
    /// One row.
    #[must_use]
    pub fn row(&self, i: usize) -> &'a [T] {
        &self.items[self.bounds[i].0..self.bounds[i].1]
    }

    /// Cut into at most `parts` runs of rows that hold about as much.
    fn cut(&self, parts: usize) -> Vec<Range<usize>> {
        let n = self.bounds.len();
        let (Some(first), Some(last)) = (self.bounds.first(), self.bounds.last()) else {
            return Vec::new();
        };
        let size = last.1 - first.0;
        let cut = |part: usize| {
            let target = first.0 + size * part / parts;
            if part == parts { n } else { self.bounds.partition_point(|bound| bound.0 < target) }
        };
        (0..parts).map(|part| cut(part)..cut(part + 1)).filter(|rows| !rows.is_empty()).collect()
    }
}

/// The lines of a text: `\n` or `\r\n` ends each, the last needs no end.
#[must_use]
pub fn lines(text: &[u8]) -> Vec<(usize, usize)> {
    let mut bounds = Vec::with_capacity(text.len() / 40);
    let mut start = 0;
    let mut end_line = |end: usize, start: usize| {
        let end = if end > start && text[end - 1] == b'\r' { end - 1 } else { end };
        bounds.push((start, end));
    };
    while let Some(length) = text[start..].iter().position(|&b| b == b'\n') {
        end_line(start + length, start);
        start += length + 1;
    }
    if start < text.len() {
        end_line(text.len(), start);
    }
    bounds
}

/// Rows one after another, and what was refused.
#[derive(Debug)]
pub struct Column<T, E> {
    /// The items of all rows.
    pub items: Vec<T>,
    /// Where each row ends.
    pub ends: Vec<i64>,
    /// The rows that were refused, which are empty, and why.
    pub errors: Vec<(usize, E)>,
}

/// Do the same to each row, on several threads, keeping the order.
fn each_row<I, O, E, F>(
    rows: &Rows<I>,
    threads: usize,
    stop: bool,
    make: impl Fn() -> F + Sync,
) -> Column<O, E>
where
    I: Sync,
    O: Copy + Send,
    E: Send,
    F: FnMut(&[I], &mut Vec<O>) -> Result<(), E>,
{
    let run = |range: Range<usize>| {
        let mut translate = make();
        let size = rows.bounds[range.end - 1].1.saturating_sub(rows.bounds[range.start].0);
        let mut column = Column {
            items: Vec::with_capacity(size + 2 * range.len()),
            ends: Vec::with_capacity(range.len()),
            errors: Vec::new(),
        };
        for i in range {
            let start = column.items.len();
            if let Err(error) = translate(rows.row(i), &mut column.items) {
                column.items.truncate(start);
                column.errors.push((i, error));
                if stop {
                    break;
                }
            }
            column.ends.push(column.items.len() as i64);
        }
        column
    };
    let mut parts = rows.cut(threads.max(1));
    let Some(last) = parts.pop() else {
        return Column { items: Vec::new(), ends: Vec::new(), errors: Vec::new() };
    };
    let columns: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = parts.into_iter().map(|range| scope.spawn(|| run(range))).collect();
        let last = run(last);
        // A thread can only fail by a panic, which is passed on as it is.
        let join = |other: thread::ScopedJoinHandle<'_, Column<O, E>>| {
            other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        others.into_iter().map(join).chain([last]).collect()
    });
    joined(columns)
}

fn joined<T: Copy, E>(columns: Vec<Column<T, E>>) -> Column<T, E> {
    let mut columns = columns.into_iter();
    let Some(mut all) = columns.next() else {
        return Column { items: Vec::new(), ends: Vec::new(), errors: Vec::new() };
    };
    for column in columns {
        let shift = all.items.len() as i64;
        all.items.extend_from_slice(&column.items);
        all.ends.extend(column.ends.into_iter().map(|end| end + shift));
        all.errors.extend(column.errors);
    }
    all
}
