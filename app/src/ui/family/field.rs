//! Fields of forms, and the summary of what is wrong with them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::icon::Icon;

/// Something that is wrong: the field to go to and the sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The id of the field.
    pub field: &'static str,
    /// In the language of the page.
    pub message: String,
}

impl Problem {
    /// Names a problem of a field.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Everything that is wrong, above the form; takes the focus when the page opens.
#[component]
pub fn ErrorSummary(
    /// The language of the page.
    locale: Locale,
    /// None shows nothing.
    problems: Vec<Problem>,
) -> impl IntoView {
    (!problems.is_empty()).then(|| {
        let lines = problems
            .into_iter()
            .map(|problem| view! { <li><a href=format!("#{}", problem.field)>{problem.message}</a></li> })
            .collect_view();
        view! {
            <div class="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
                <h2 id="errors-title">{td_string!(locale, family.problem)}</h2>
                <ul role="list">{lines}</ul>
            </div>
        }
    })
}

/// The sentence between hint and field.
#[component]
fn FieldProblem(id: String, message: Option<String>) -> impl IntoView {
    message.map(|message| {
        view! {
            <span class="error" id=id>
                <Icon name="circle-alert" />
                {message}
            </span>
        }
    })
}

/// What a field is described by: its hint and its problem, where there are any.
fn described(id: &str, hint: bool, problem: bool) -> Option<String> {
    let parts: Vec<String> = [(hint, "hint"), (problem, "error")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, what)| format!("{id}-{what}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn message_of(problems: &[Problem], id: &str) -> Option<String> {
    problems.iter().find(|problem| problem.field == id).map(|problem| problem.message.clone())
}

/// A line of text.
#[component]
pub fn TextField(
    /// Its id and its name in the form.
    id: &'static str,
    /// The words above it.
    label: &'static str,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What was typed before.
    #[prop(optional)]
    value: String,
    /// What a browser may fill in (HTML, section 4.10.18.7).
    autocomplete: &'static str,
    /// `text` or `email`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Further classes of the input.
    #[prop(default = "input")]
    class: &'static str,
    /// Whether letters are names, which a phone may begin with a capital.
    #[prop(optional)]
    name_like: bool,
    /// The most characters that fit.
    #[prop(optional)]
    longest: Option<usize>,
    /// What is wrong with the form.
    problems: Vec<Problem>,
) -> impl IntoView {
    let message = message_of(&problems, id);
    let wrong = message.is_some();
    let described = described(id, hint.is_some(), wrong);
    view! {
        <div class="field" data-invalid=wrong.then_some("")>
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            <FieldProblem id=format!("{id}-error") message />
            <input
                class=class
                id=id
                name=id
                type=kind
                value=value
                autocomplete=autocomplete
                autocapitalize=if name_like { "words" } else { "none" }
                spellcheck="false"
                required
                maxlength=longest
                aria-describedby=described
                aria-invalid=wrong.then_some("true")
            />
        </div>
    }
    .into_any()
}

/// A password, with a button that shows it where scripts run. Never filled in by the server.
#[component]
pub fn PasswordField(
    /// The language of the page.
    locale: Locale,
    /// Its id and its name in the form.
    #[prop(default = "password")]
    id: &'static str,
    /// The words above it.
    label: &'static str,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// What is wrong with the form.
    problems: Vec<Problem>,
) -> impl IntoView {
    let message = message_of(&problems, id);
    let wrong = message.is_some();
    let described = described(id, hint.is_some(), wrong);
    view! {
        <div class="field" data-invalid=wrong.then_some("")>
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            <FieldProblem id=format!("{id}-error") message />
            <div class="input-row">
                <input
                    class="input"
                    id=id
                    name=id
                    type="password"
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                />
                <button
                    class="btn"
                    type="button"
                    hidden
                    data-show=td_string!(locale, family.show)
                    data-hide=td_string!(locale, family.hide)
                    data-show-name=td_string!(locale, family.show_password)
                    data-hide-name=td_string!(locale, family.hide_password)
                    aria-controls=id
                >
                    {td_string!(locale, family.show)}
                </button>
            </div>
        </div>
    }
    .into_any()
}
