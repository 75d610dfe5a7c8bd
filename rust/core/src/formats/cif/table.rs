//! Table: one category of a block, from a loop or from single items.

use super::Value;

/// The items of a category and their values, row by row.
#[derive(Default)]
pub(in crate::formats) struct Table<'a> {
    /// The names of the items, with that of the category.
    pub tags: Vec<&'a [u8]>,
    /// As many values for each row as there are items.
    pub values: Vec<Value<'a>>,
    /// Whether it is from a loop.
    pub is_loop: bool,
}

impl<'a> Table<'a> {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.tags.len()).unwrap_or(0)
    }

    /// The column of an item; the case of letters does not matter.
    pub fn column(&self, item: &str) -> Option<Column<'_, 'a>> {
        let at =
            self.tags.iter().position(|tag| item_of(tag).eq_ignore_ascii_case(item.as_bytes()))?;
        Some(Column { table: self, at })
    }
}

/// The values of one item.
#[derive(Clone, Copy)]
pub(in crate::formats) struct Column<'t, 'a> {
    table: &'t Table<'a>,
    at: usize,
}

impl<'a> Column<'_, 'a> {
    /// The value of a row.
    pub fn get(self, row: usize) -> Value<'a> {
        self.table.values[row * self.table.tags.len() + self.at]
    }
}

/// The value of a row of an item that may be absent.
pub(in crate::formats) fn value<'a>(column: Option<Column<'_, 'a>>, row: usize) -> Value<'a> {
    column.map_or(Value::UNKNOWN, |column| column.get(row))
}

/// The name of the category of an item: what stands before the point.
pub(in crate::formats) fn category_of(tag: &[u8]) -> &[u8] {
    tag.split(|&b| b == b'.').next().unwrap_or(tag)
}

/// The name of an item in its category.
pub(in crate::formats) fn item_of(tag: &[u8]) -> &[u8] {
    tag.get(category_of(tag).len() + 1..).unwrap_or(&[])
}
