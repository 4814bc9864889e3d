//! The words over a page whose person is no longer signed in in this browser. Its script shows them.

use leptos_i18n::td_string;
use serde::Serialize;

use crate::i18n::Locale;

/// What a covered page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverWords {
    /// What happened.
    title: String,
    /// What it means.
    text: &'static str,
    /// About what was typed or chosen in the page.
    typed: &'static str,
    /// About a file that was chosen in the page.
    file: &'static str,
    /// The button for signing in.
    action: &'static str,
    /// The link for leaving it.
    discard: &'static str,
    /// The same link if nothing was typed or chosen.
    leave: &'static str,
}

/// The words; `other` is who is signed in instead.
pub fn cover_words(locale: Locale, other: Option<&str>) -> CoverWords {
    let (title, text, typed, action) = match other {
        None => (
            td_string!(locale, sessions.ended.title).to_owned(),
            td_string!(locale, sessions.cover.ended),
            td_string!(locale, sessions.cover.typed_own),
            td_string!(locale, sessions.sign_in),
        ),
        Some(name) => (
            td_string!(locale, sessions.someone_else.title, name = name),
            td_string!(locale, sessions.cover.someone_else),
            td_string!(locale, sessions.cover.typed),
            td_string!(locale, sessions.someone_else.switch),
        ),
    };
    CoverWords {
        title,
        text,
        typed,
        action,
        file: td_string!(locale, sessions.cover.file),
        discard: td_string!(locale, sessions.cover.discard),
        leave: td_string!(locale, sessions.cover.leave),
    }
}
