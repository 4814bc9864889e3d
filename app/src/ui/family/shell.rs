//! The document that every family page is in.

use leptos::prelude::*;
use leptos_i18n::{Direction, Locale as _, td_string};

use crate::i18n::Locale;
use crate::ui::title::title_source;

/// What every page needs to know of its request.
#[derive(Debug, Clone)]
pub struct FamilyPage {
    /// The language of the page.
    pub locale: Locale,
    /// The look that was chosen in this browser; without one the device decides.
    pub theme: Option<Theme>,
    /// The name on the cover: the school's or, before it is known, the organisation's.
    pub school: String,
}

/// The two looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Paper.
    Light,
    /// Board.
    Dark,
}

impl Theme {
    /// The word in the cookie and on the page.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.slug() == slug)
    }
}

/// Makes a whole page into text.
pub fn render<V: IntoView>(page: impl FnOnce() -> V) -> String {
    Owner::new().with(|| page().into_view().to_html())
}

/// The document: head, skip link, and the page itself, which holds an element with the id `main`.
#[component]
pub fn FamilyShell(
    /// Of this request.
    page: FamilyPage,
    /// The page's own title.
    #[prop(into)]
    title: String,
    /// Whether the page comes back because something was wrong with a form.
    #[prop(optional)]
    wrong: bool,
    /// Whether staff look at someone's page.
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
    view! {
        <!DOCTYPE html>
        <html lang=locale.as_str() dir=direction data-theme=page.theme.map(Theme::slug)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title inner_html=title_source(&title)></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/greencap.css" />
                <script src="/family.js" defer></script>
            </head>
            <body class=if previewing { "family previewing" } else { "family" }>
                <a class="skip" href="#main">
                    {td_string!(locale, family.skip)}
                </a>
                {children()}
            </body>
        </html>
    }
    .into_any()
}
