//! The frame around every family page.

use domain::roll::office::OfficeContact;
use leptos::prelude::*;
use leptos_i18n::{Direction, Locale as _, td_string};

use crate::i18n::Locale;
use crate::ui::document::{Document, PlainHead};
use crate::ui::theme::Theme;

/// What every page needs to know about its request.
#[derive(Debug, Clone)]
pub struct FamilyPage {
    /// The page's language.
    pub locale: Locale,
    /// The theme chosen in this browser; without one, the device's.
    pub theme: Option<Theme>,
    /// The site name: the school's or, before it is known, the organisation's.
    pub school: String,
    /// The name of the person who is signed in in this browser, if anyone is.
    pub signed_in: Option<String>,
    /// How to reach its office.
    pub office: OfficeContact,
    /// Whether anybody can sign in: not before the first administrator has set Greencap up.
    pub set_up: bool,
}

/// The skip link and the page itself, which must have an element with the id `main`.
#[component]
pub fn FamilyShell(
    /// The page of this request.
    page: FamilyPage,
    /// The page's own title.
    #[prop(into)]
    title: String,
    /// Whether the page shows a form with errors.
    #[prop(optional)]
    wrong: bool,
    /// Whether this is a staff preview.
    #[prop(optional)]
    previewing: bool,
    /// The page.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, family.title, page = title, school = page.school);
    let title = if wrong { td_string!(locale, family.error_title, title = title) } else { title };
    let direction = match locale.direction() {
        Direction::RightToLeft => "rtl",
        Direction::LeftToRight | Direction::Auto => "ltr",
    };
    let class = if previewing { "family previewing" } else { "family" };
    view! {
        <Document lang=locale.as_str() dir=direction theme=page.theme head=view! { <PlainHead title /> }.into_any() class>
            <a class="skip" href="#main">
                {td_string!(locale, family.skip)}
            </a>
            {children()}
        </Document>
    }
    .into_any()
}
