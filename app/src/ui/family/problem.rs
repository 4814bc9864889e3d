//! The page for what did not happen.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{FamilyPage, FamilyShell, Gate, render};

/// Why a page cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

/// The page as HTML.
pub fn problem_page(page: FamilyPage, kind: ProblemKind) -> String {
    render(move || {
        let locale = page.locale;
        let (title, text) = match kind {
            ProblemKind::NotFound => {
                (td_string!(locale, family.not_found_title), td_string!(locale, family.not_found))
            }
            ProblemKind::Refused => {
                (td_string!(locale, family.refused_title), td_string!(locale, family.refused))
            }
            ProblemKind::Busy => (td_string!(locale, family.busy_title), td_string!(locale, family.busy)),
            ProblemKind::Unavailable => {
                (td_string!(locale, family.unavailable_title), td_string!(locale, family.unavailable))
            }
            ProblemKind::Unexpected => {
                (td_string!(locale, family.unexpected_title), td_string!(locale, family.unexpected))
            }
        };
        view! {
            <FamilyShell page=page.clone() title=title>
                <Gate page=page>
                    <h1>{title}</h1>
                    <p>{text}</p>
                    <a class="btn wide large" href="/">
                        {td_string!(locale, family.start)}
                    </a>
                </Gate>
            </FamilyShell>
        }
    })
}
