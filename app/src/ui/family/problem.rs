//! The page for what did not happen.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{AuthLayout, FamilyPage, FamilyShell, render};
use crate::error::AppError;
use crate::i18n::Locale;

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
        let start = BackLink { to: "/", name: td_string!(locale, family.start).to_owned() };
        view! { <ProblemView page title=title.to_owned() text=text.to_owned() way=start/> }
    })
}

/// What did not happen in the office, where the answer is no page of the application, with the way back. The office
/// speaks English.
pub fn office_problem_page(page: FamilyPage, error: AppError, way: BackLink) -> String {
    let page = FamilyPage { locale: Locale::en, ..page };
    let text = match error.fields.0.into_iter().next() {
        Some(field) => field.message,
        None => error.message,
    };
    render(move || view! { <ProblemView page title=error.kind.title().to_owned() text way/> })
}

/// Where a page that cannot help leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackLink {
    /// The address.
    pub to: &'static str,
    /// The words on the link.
    pub name: String,
}

#[component]
fn ProblemView(page: FamilyPage, title: String, text: String, way: BackLink) -> impl IntoView {
    view! {
        <FamilyShell page=page.clone() title=title.clone()>
            <AuthLayout page=page>
                <h1>{title}</h1>
                <p>{text}</p>
                <a class="btn wide large" href=way.to>{way.name}</a>
            </AuthLayout>
        </FamilyShell>
    }
}
