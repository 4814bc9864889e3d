//! Keyset pagination: a page starts after a row rather than after a number of rows, so that nothing is shown
//! twice or missed when rows are added, and the last page costs no more than the first.

use std::fmt::{self, Display};
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<R> {
    /// The rows, in the order of the list.
    pub rows: Vec<R>,
    /// Where the next page starts; `None` on the last page.
    pub next: Option<Cursor>,
}

impl<R> Page<R> {
    /// Creates a page from the rows of a query that asked for one more than fits. `key` returns a row's sort
    /// key.
    pub fn of<K: Display>(mut rows: Vec<R>, size: usize, key: impl Fn(&R) -> K) -> Self {
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(|row| Cursor::behind(key(row)));
        Self { rows, next }
    }

    /// Maps each row.
    pub fn map<S>(self, change: impl FnMut(R) -> S) -> Page<S> {
        Page { rows: self.rows.into_iter().map(change).collect(), next: self.next }
    }

    /// Maps each row, and stops at the first error.
    pub fn try_map<S, E>(self, change: impl FnMut(R) -> Result<S, E>) -> Result<Page<S>, E> {
        Ok(Page { rows: self.rows.into_iter().map(change).collect::<Result<_, E>>()?, next: self.next })
    }
}

/// The position in a list after which a page starts, as written in web addresses. Only the list understands
/// its contents, which the server reads with [`Cursor::key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

/// A cursor that does not belong to this list, such as a mistyped one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("This web address is not valid for this list. Open the list again.")]
pub struct CursorError;

impl Cursor {
    /// The position after the row with this key.
    pub fn behind(key: impl Display) -> Self {
        Self(key.to_string())
    }

    /// The key of the last row before the page.
    pub fn key<K: FromStr>(&self) -> Result<K, CursorError> {
        self.0.parse().map_err(|_| CursorError)
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of lists ordered by time, latest first. The id orders rows with the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeKey {
    /// The time, in microseconds as in PostgreSQL.
    pub at: DateTime<Utc>,
    /// The row's id.
    pub id: Uuid,
}

impl Display for TimeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.timestamp_micros(), self.id)
    }
}

impl FromStr for TimeKey {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (at, id) = text.split_once('.').ok_or(CursorError)?;
        // Times outside these years are outside PostgreSQL's too.
        let at = at
            .parse()
            .ok()
            .and_then(DateTime::from_timestamp_micros)
            .filter(|at| (1..=9999).contains(&at.year()))
            .ok_or(CursorError)?;
        Ok(Self { at, id: id.parse().map_err(|_| CursorError)? })
    }
}

/// The key of lists ordered by name. The id orders rows with the same name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameKey {
    /// The list's sort key, such as a person's.
    pub sort_key: String,
    /// The row's id.
    pub id: Uuid,
}

impl Display for NameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.sort_key)
    }
}

impl FromStr for NameKey {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (id, sort_key) = text.split_once('.').ok_or(CursorError)?;
        Ok(Self { sort_key: sort_key.to_owned(), id: id.parse().map_err(|_| CursorError)? })
    }
}

/// The order that somebody chose for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The slug of the column that it is sorted by.
    pub by: String,
    /// From the last to the first.
    pub descending: bool,
}

impl Order {
    /// The column of `columns` that the list is sorted by.
    ///
    /// # Errors
    /// It is none of them.
    pub fn column(&self, columns: &[&'static str]) -> Result<&'static str, CursorError> {
        columns.iter().copied().find(|column| *column == self.by).ok_or(CursorError)
    }
}

/// The key of lists that people sort: a cursor counts only in the order in which it was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// The order of the list.
    pub order: Order,
    /// What the last row of the page before is sorted by.
    pub named: NameKey,
}

impl SortKey {
    /// Where a page begins in this order; at the start of the list where the cursor is of another one.
    ///
    /// # Errors
    /// The cursor is of no list that people sort.
    pub fn after(order: &Order, cursor: Option<&Cursor>) -> Result<Option<NameKey>, CursorError> {
        let after: Option<Self> = cursor.map(Cursor::key).transpose()?;
        Ok(after.filter(|after| after.order == *order).map(|after| after.named))
    }
}

const DESCENDING: char = '-';

impl Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.order.descending {
            write!(f, "{DESCENDING}")?;
        }
        write!(f, "{}.{}", self.order.by, self.named)
    }
}

impl FromStr for SortKey {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (column, named) = text.split_once('.').ok_or(CursorError)?;
        let turned = column.strip_prefix(DESCENDING);
        let order = Order { by: turned.unwrap_or(column).to_owned(), descending: turned.is_some() };
        Ok(Self { order, named: named.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_names_the_next_one_only_where_there_are_more_rows() {
        let page = |found: u32| Page::of((1..=found).collect(), 3, |row| *row);
        assert_eq!(page(4), Page { rows: vec![1, 2, 3], next: Some(Cursor::from("3".to_owned())) });
        assert_eq!(page(3), Page { rows: vec![1, 2, 3], next: None });
        assert_eq!(page(0), Page { rows: vec![], next: None });
    }

    #[test]
    fn a_cursor_of_another_list_is_an_error() {
        let cursor = Cursor::from("17".to_owned());
        assert_eq!(cursor.key::<u32>(), Ok(17));
        assert_eq!(cursor.key::<TimeKey>(), Err(CursorError));
        assert_eq!(Cursor::from("17.not-an-id".to_owned()).key::<TimeKey>(), Err(CursorError));
    }

    proptest! {
        #[test]
        fn a_name_comes_back_as_it_was(sort_key: String, id: u128) {
            let named = NameKey { sort_key, id: Uuid::from_u128(id) };
            prop_assert_eq!(named.to_string().parse(), Ok(named));
        }

        #[test]
        fn a_cursor_of_a_sorted_list_counts_in_its_own_order_alone(
            by in "[a-z][a-z-]{0,5}", descending: bool, sort_key: String, id: u128,
        ) {
            let order = Order { by, descending };
            let named = NameKey { sort_key, id: Uuid::from_u128(id) };
            let cursor = Cursor::behind(SortKey { order: order.clone(), named: named.clone() });
            prop_assert_eq!(SortKey::after(&order, Some(&cursor)), Ok(Some(named)));
            let turned = Order { descending: !descending, ..order };
            prop_assert_eq!(SortKey::after(&turned, Some(&cursor)), Ok(None));
        }

        #[test]
        fn a_moment_comes_back_as_it_was(micros in 0i64..4_102_444_800_000_000, id: u128) {
            let moment = TimeKey { at: DateTime::from_timestamp_micros(micros).unwrap(), id: Uuid::from_u128(id) };
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }
}
