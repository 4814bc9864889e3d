//! What a form that waits for a step-up says, shown before it continues: a browser can be left with a form that someone
//! else filled in.

use domain::ids::PendingFormId;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;

/// A form that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingView {
    /// Its id.
    pub id: PendingFormId,
    /// The path and query that it is sent to.
    pub address: String,
    /// The page that it was filled in on, if known: a path of this site.
    pub page: Option<String>,
    /// Its fields, in order.
    pub fields: Vec<WaitingField>,
    /// How many more fields there are.
    pub more: usize,
}

/// A field of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingField {
    /// Its name, as words.
    pub name: String,
    /// What was entered.
    pub value: WaitingValue,
}

/// What was entered in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingValue {
    /// Nothing.
    Empty,
    /// A password or code, which is not shown.
    Secret,
    /// What the page wrote itself, such as a selection of people.
    Chosen,
    /// This.
    Whole(String),
    /// More than is shown.
    Long {
        /// How it starts.
        start: String,
        /// How long it is.
        characters: usize,
    },
}

impl WaitingValue {
    fn text(self, locale: Locale) -> String {
        match self {
            Self::Empty => td_string!(locale, factors.waiting.empty).to_owned(),
            Self::Secret => td_string!(locale, factors.waiting.secret).to_owned(),
            Self::Chosen => td_string!(locale, factors.waiting.chosen).to_owned(),
            Self::Whole(text) => text,
            Self::Long { start, characters } => {
                td_string!(locale, factors.waiting.long, start = start, count = characters)
            }
        }
    }
}

/// What the form says, and where it goes.
#[component]
pub fn WaitingContents(
    /// The language of the page.
    locale: Locale,
    /// The form.
    waits: WaitingView,
) -> impl IntoView {
    let WaitingView { address, fields, more, .. } = waits;
    let fields = fields
        .into_iter()
        .map(|field| view! { <div><dt>{field.name}</dt><dd><bdi>{field.value.text(locale)}</bdi></dd></div> })
        .collect_view();
    let more = (more > 0).then(|| view! { <p>{td_string!(locale, factors.waiting.more, count = more)}</p> });
    view! {
        <div class="stack">
            <h2>{td_string!(locale, factors.waiting.title)}</h2>
            <p>{td_string!(locale, factors.waiting.check)}</p>
            // A list of its own: no field can pass for it.
            <dl class="facts long">
                <div><dt>{td_string!(locale, factors.waiting.address)}</dt><dd class="code">{address}</dd></div>
            </dl>
            <dl class="facts long">{fields}</dl>
            {more}
        </div>
    }
    .into_any()
}

/// The button that discards it, and the way back to its page.
#[component]
pub fn WaitingWays(
    /// The language of the page.
    locale: Locale,
    /// The form's id.
    id: PendingFormId,
    /// The page that it was filled in on, if known.
    page: Option<String>,
) -> impl IntoView {
    view! {
        <form class="stack" method="post" action="/account/step-up/discard">
            <input type="hidden" name="form" value=id.to_string() />
            {page.clone().map(|page| view! { <input type="hidden" name="next" value=page /> })}
            <button class="btn wide large" type="submit">
                {td_string!(locale, factors.waiting.discard)}
            </button>
        </form>
        {page
            .map(|page| {
                view! {
                    <a class="tap" href=page>
                        {td_string!(locale, factors.waiting.page)}
                    </a>
                }
            })}
    }
    .into_any()
}
