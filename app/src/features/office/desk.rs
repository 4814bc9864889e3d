//! Office pages that need no WebAssembly: the frame of the office around plain forms and tables, made on the server.

use domain::fields::FieldErrors;
use leptos::prelude::*;

use super::layout::{Desk, Masthead, Side};
use crate::features::office::me::Me;
use crate::ui::family::Theme;
use crate::ui::icon::Icon;
use crate::ui::title::title_source;

/// What every such page needs to know of its request.
#[derive(Debug, Clone)]
pub struct DeskPage {
    /// Who is at the desk.
    pub me: Me,
    /// The look that was chosen.
    pub theme: Option<Theme>,
    /// The path of the page.
    pub path: String,
    /// What was just done, to be said on top.
    pub done: Option<&'static str>,
}

/// Makes a whole page into text.
pub fn render<V: IntoView + 'static>(
    page: DeskPage,
    title: impl Into<String>,
    body: impl FnOnce() -> V,
) -> String {
    let title = title.into();
    Owner::new().with(|| {
        provide_context(Desk(StoredValue::new(page.me.clone())));
        provide_context(Done(page.done));
        let body = body().into_any();
        view! { <Document page title>{body}</Document> }.into_view().to_html()
    })
}

/// What was just done; [`Head`] says it.
#[derive(Clone, Copy)]
struct Done(Option<&'static str>);

#[component]
fn Document(page: DeskPage, title: String, children: Children) -> impl IntoView {
    let path = Memo::new(move |_| page.path.clone());
    view! {
        <!DOCTYPE html>
        <html lang="en-GB" data-theme=page.theme.map(Theme::slug)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=title_source(&format!("{title} \u{2013} Greencap"))></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/greencap.css"/>
                <script src="/family.js" defer></script>
            </head>
            <body>
                <a class="skip" href="#main">"Skip to content"</a>
                <div class="app">
                    <Masthead me=page.me/>
                    <Side path/>
                    <main class="page" id="main" tabindex="-1">
                        {children()}
                    </main>
                </div>
            </body>
        </html>
    }
    .into_any()
}

/// The head of a page: title, sentence, actions.
#[component]
pub fn Head(
    /// The `h1`.
    #[prop(into)]
    title: String,
    /// The one sentence under it.
    #[prop(into)]
    lead: String,
    /// The page above, as address and name.
    #[prop(optional_no_strip)]
    up: Option<(&'static str, &'static str)>,
    /// Buttons at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head with-margin">
            <span class="in-margin"></span>
            <div class="in-text">
                <div>
                    {up.map(|(href, name)| view! { <p class="crumb"><a href=href>{name}</a></p> })}
                    <h1>{title}</h1>
                    <p class="lead">{lead}</p>
                </div>
                <div class="row page-actions">{children.map(|children| children())}</div>
            </div>
        </header>
        {use_context::<Done>().and_then(|done| done.0).map(|done| view! {
            <div class="notice" data-tone="blue" role="status"><Icon name="circle-check"/><p>{done}</p></div>
        })}
    }
    .into_any()
}

/// The pages of one subject, as tabs.
#[component]
pub fn Tabs(
    /// What they are of.
    name: &'static str,
    /// Addresses and names.
    tabs: &'static [(&'static str, &'static str)],
    /// The address of this page.
    current: &'static str,
) -> impl IntoView {
    let tabs = tabs
        .iter()
        .map(|(href, name)| view! { <a href=*href aria-current=(*href == current).then_some("page")>{*name}</a> })
        .collect_view();
    view! { <nav class="tabs" aria-label=name>{tabs}</nav> }
}

/// Everything that is wrong with a form, above it; takes the focus when the page opens. Each line leads to its field,
/// whose id is its name.
#[component]
pub fn Errors(
    /// None shows nothing.
    errors: FieldErrors,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let lines = errors
            .0
            .into_iter()
            .map(|error| view! { <li><a href=format!("#{}", error.field)>{error.message}</a></li> })
            .collect_view();
        view! {
            <div class="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
                <h2 id="errors-title">"There is a problem"</h2>
                <ul role="list">{lines}</ul>
            </div>
        }
    })
}

/// A label, what is wrong with the field, and its control.
#[component]
fn Field(
    id: &'static str,
    label: &'static str,
    grow: bool,
    #[prop(optional_no_strip)] hint: Option<String>,
    error: Option<String>,
    children: Children,
) -> impl IntoView {
    let wrong = error.is_some();
    view! {
        <div class=if grow { "field grow" } else { "field" } data-invalid=wrong.then_some("")>
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            {error.map(|error| view! {
                <span class="error" id=format!("{id}-error")><Icon name="circle-alert"/>{error}</span>
            })}
            {children()}
        </div>
    }
    .into_any()
}

/// A line of text, a search, a day or a secret.
#[component]
pub fn Input(
    /// Its id and name.
    id: &'static str,
    /// What it asks for.
    label: &'static str,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// `text`, `search`, `date` or `password`.
    kind: &'static str,
    /// What is in it.
    #[prop(into)]
    value: String,
    /// Whether it takes the room that is left.
    #[prop(optional)]
    grow: bool,
    /// Complaints about the form.
    #[prop(optional)]
    errors: FieldErrors,
) -> impl IntoView {
    let error = errors.of(id).map(str::to_owned);
    let wrong = error.is_some();
    let described = [(hint.is_some(), "hint"), (wrong, "error")];
    let described: Vec<String> =
        described.into_iter().filter(|(there, _)| *there).map(|(_, what)| format!("{id}-{what}")).collect();
    view! {
        <Field id label grow hint error>
            <input class="input" id=id name=id type=kind autocomplete="off" value=value
                aria-invalid=wrong.then_some("true")
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))/>
        </Field>
    }
    .into_any()
}

/// One of several.
#[component]
pub fn Select(
    /// Its id and name.
    id: &'static str,
    /// What it asks for.
    label: &'static str,
    /// Values and words.
    choices: Vec<(String, String)>,
    /// The value that is chosen.
    #[prop(into)]
    chosen: String,
    /// Whether it takes the room that is left.
    #[prop(optional)]
    grow: bool,
    /// Complaints about the form.
    #[prop(optional)]
    errors: FieldErrors,
) -> impl IntoView {
    let error = errors.of(id).map(str::to_owned);
    let wrong = error.is_some();
    let options = choices
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <Field id label grow error>
            <select class="select" id=id name=id
                aria-invalid=wrong.then_some("true") aria-describedby=wrong.then(|| format!("{id}-error"))>{options}</select>
        </Field>
    }
    .into_any()
}

/// A value in the query of an address: all but letters, digits and four signs in hexadecimal (RFC 3986, section 2.1).
pub fn in_query(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
