//! The page for what did not happen.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{AuthPage, FamilyPage};
use crate::error::ErrorKind;
use crate::i18n::Locale;
use crate::ui::document::render;

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is not there, or not for this person to know of.
    NotFound,
    /// It is there, and not for this person.
    Refused,
    /// Too many at once.
    Busy,
    /// The database is away.
    Unavailable,
    /// A mistake of ours.
    Unexpected,
    /// It does not fit what is there, is over a limit, or is wrong in itself: the use case says what happened and what to do.
    Said {
        /// Which of these.
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
            Self::Refused => (td_string!(locale, family.refused_title), td_string!(locale, family.refused)),
            Self::Busy => (td_string!(locale, family.busy_title), td_string!(locale, family.busy)),
            Self::Unavailable => {
                (td_string!(locale, family.unavailable_title), td_string!(locale, family.unavailable))
            }
            Self::Unexpected => {
                (td_string!(locale, family.unexpected_title), td_string!(locale, family.unexpected))
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

/// Where a page that cannot help leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackLink {
    /// The address.
    pub to: &'static str,
    /// The words on the link.
    pub name: String,
}

/// The page as HTML; it leads back to the start, or to `way`.
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
