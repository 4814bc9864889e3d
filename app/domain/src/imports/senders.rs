//! The senders of files: what columns mean is remembered for each. A sender is told by the names of its columns.

use chrono::{DateTime, Utc};

use super::names::header_key;
use crate::ids::SenderId;

/// The most characters in the name of a sender.
pub const MAX_NAME: usize = 80;

/// A sender, as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderView {
    /// The sender.
    pub id: SenderId,
    /// What the office calls it.
    pub name: String,
    /// When its latest file was imported.
    pub used_at: DateTime<Utc>,
    /// The names of the columns that are imported, each with its field.
    pub columns: Vec<(String, String)>,
}

/// Whether two files have the same columns, in any order and spelling.
pub fn same_columns(one: &[String], other: &[String]) -> bool {
    let folded = |headers: &[String]| {
        let mut keys: Vec<String> = headers.iter().map(|header| header_key(header)).collect();
        keys.sort_unstable();
        keys
    };
    one.len() == other.len() && folded(one) == folded(other)
}

/// What a sender is called at first: the name of its file, without its ending.
pub fn sender_name(file_name: &str) -> String {
    let name = file_name.rsplit_once('.').map_or(file_name, |(name, _)| name).trim();
    let name = if name.is_empty() { file_name } else { name };
    name.chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_sender_is_told_by_its_columns_in_any_order_and_spelling() {
        let first = headers(&["Adm No", "Forename", "Surname"]);
        assert!(same_columns(&first, &headers(&["SURNAME", "adm_no", "Fore name"])));
        assert!(!same_columns(&first, &headers(&["Adm No", "Forename"])));
        assert!(!same_columns(&first, &headers(&["Adm No", "Forename", "Forename"])));
    }

    #[test]
    fn a_sender_is_first_called_like_its_file() {
        assert_eq!(sender_name("students 2026.xlsx"), "students 2026");
        assert_eq!(sender_name("Pasted on 30 Nov 2026"), "Pasted on 30 Nov 2026");
        assert_eq!(sender_name(".csv"), ".csv");
    }
}
