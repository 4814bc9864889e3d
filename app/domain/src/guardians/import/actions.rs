//! Words that say whether an adult and a student belong together: "active", "deleted".

use super::lists::{ACTION, GONE};
use super::relation_words::yes_or_no;
use crate::fold::romanise;
use crate::imports::cells::Cells;

/// The code of a word that says neither that a link is there nor that it is over.
pub(super) const ACTION_UNKNOWN: &str = "action_unknown";

/// Whether a row says that a link is over. A word that is not known rejects the row.
pub(super) fn ends(cells: &mut Cells<'_>) -> bool {
    let action = cells.text(&ACTION).value().map(ToString::to_string).unwrap_or_default();
    if !action.is_empty() && !is_action(&action) {
        cells.reject(&ACTION, &action, ACTION_UNKNOWN);
    }
    is_end(&action)
}

/// Whether a row says that the other system has the adult no longer.
pub(super) fn is_gone(cells: &mut Cells<'_>) -> bool {
    cells.text(&GONE).value().is_some_and(|text| yes_or_no(text) == Some(true))
}

/// Whether a word says that something is there or over: what a column of actions has.
pub(super) fn is_action(word: &str) -> bool {
    is_end(word)
        || matches!(
            romanise(word).trim(),
            "active"
                | "add"
                | "added"
                | "new"
                | "insert"
                | "create"
                | "update"
                | "link"
                | "linked"
                | "current"
                | "enabled"
                | "confirmed"
                | "verified"
                | "approved"
                | "yes"
                | "y"
                | "true"
                | "1"
        )
}

/// Whether the word of a row says that something is over.
fn is_end(action: &str) -> bool {
    matches!(
        romanise(action).trim(),
        "deleted"
            | "delete"
            | "del"
            | "remove"
            | "removed"
            | "inactive"
            | "ended"
            | "end"
            | "completed"
            | "tobedeleted"
            | "unlink"
            | "unlinked"
            | "drop"
            | "dropped"
            | "disabled"
    )
}
