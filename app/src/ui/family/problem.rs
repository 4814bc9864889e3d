//! The error page.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{AuthPage, FamilyConflict, FamilyPage};
use crate::error::ErrorKind;
use crate::i18n::Locale;
use crate::ui::document::render;

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// It does not exist, or this person may not know that it does.
    NotFound,
    /// The link was cut off, or changed: no link of a message looks like it.
    CutLink,
    /// This person may not see it.
    Refused,
    /// The server is too busy.
    Busy,
    /// The database is unavailable.
    Unavailable,
    /// Our mistake.
    Unexpected,
    /// The request cannot be read.
    Malformed,
    /// It contains a character that cannot be used.
    UnusableCharacter,
    /// It is larger than any form of ours.
    TooLarge,
    /// The page is the answer to a form, and was opened by its address.
    AnswerToForm,
    /// The data has changed, on a page for families.
    Conflict(FamilyConflict),
    /// The data has changed, on a page of the office; a limit was reached, or the input is invalid: the use case says what
    /// happened and what to do.
    Said {
        /// Which of these it is.
        kind: ErrorKind,
        /// What happened, and what to do.
        text: String,
    },
}

impl ProblemKind {
    fn words(self, locale: Locale) -> (&'static str, String) {
        let (title, text) = match self {
            Self::NotFound => {
                (td_string!(locale, family.not_found_title), td_string!(locale, family.not_found))
            }
            Self::CutLink => (td_string!(locale, family.cut_link_title), td_string!(locale, family.cut_link)),
            Self::Refused => (td_string!(locale, family.refused_title), td_string!(locale, family.refused)),
            Self::Busy => (td_string!(locale, family.busy_title), td_string!(locale, family.busy)),
            Self::Unavailable => {
                (td_string!(locale, family.unavailable_title), td_string!(locale, family.unavailable))
            }
            Self::Unexpected => {
                (td_string!(locale, family.unexpected_title), td_string!(locale, family.unexpected))
            }
            Self::Malformed => (td_string!(locale, family.problem), td_string!(locale, family.malformed)),
            Self::UnusableCharacter => {
                (td_string!(locale, family.problem), td_string!(locale, family.unusable_character))
            }
            Self::TooLarge => (td_string!(locale, family.problem), td_string!(locale, family.too_large)),
            Self::AnswerToForm => {
                (td_string!(locale, family.answer_to_form_title), td_string!(locale, family.answer_to_form))
            }
            Self::Conflict(conflict) => {
                (td_string!(locale, family.conflict_title), conflict.sentence(locale))
            }
            Self::Said { kind, text } => {
                let title = match kind {
                    ErrorKind::Conflict => td_string!(locale, family.conflict_title),
                    ErrorKind::Limited => td_string!(locale, family.limited_title),
                    ErrorKind::Invalid => td_string!(locale, family.problem),
                    kind => kind.title(),
                };
                return (title, text);
            }
        };
        (title, text.to_owned())
    }
}

/// A link from an error page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackLink {
    /// The address.
    pub to: &'static str,
    /// The link text.
    pub name: String,
}

/// The page as HTML, with a link to the start page or to `way`.
pub fn problem_page(page: FamilyPage, kind: ProblemKind, way: Option<BackLink>) -> String {
    render(move || {
        let (title, text) = kind.words(page.locale);
        let start = BackLink { to: "/", name: td_string!(page.locale, family.start).to_owned() };
        let way = way.unwrap_or(start);
        view! {
            <AuthPage page title=title>
                <p>{text}</p>
                <a class="btn wide large" href=way.to>{way.name}</a>
            </AuthPage>
        }
    })
}
