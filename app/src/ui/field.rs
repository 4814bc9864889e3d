//! Form fields: label, hint, error and control.

use domain::fields::FieldErrors;
use leptos::html::Input;
use leptos::prelude::*;

use super::icon::Icon;
use super::live::{effect, live};

/// The value of a field: the text in the page as sent, or a signal that follows what is typed.
#[derive(Debug, Clone)]
pub enum FieldValue {
    /// For a page that needs no WebAssembly.
    Sent(String),
    /// For a page that does.
    Live(RwSignal<String>),
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Sent(text)
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Sent(text.to_owned())
    }
}

impl From<RwSignal<String>> for FieldValue {
    fn from(signal: RwSignal<String>) -> Self {
        Self::Live(signal)
    }
}

/// Whether there is an error that the field itself says.
pub fn is_said(error: &Option<String>) -> bool {
    error.as_ref().is_some_and(|error| !error.is_empty())
}

/// The ids of the elements that describe a control: its hint and its error, if any.
pub fn described_by(id: &str, hint: bool, wrong: bool) -> Option<String> {
    let parts = [(hint, "hint"), (wrong, "error")];
    let ids: Vec<String> =
        parts.into_iter().filter(|(there, _)| *there).map(|(_, what)| format!("{id}-{what}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The frame around a field: label, hint, error and control. An error turns the margin red; an empty one is said at
/// another field.
#[component]
pub fn Field(
    /// The control's id.
    id: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// A sentence below the label.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// The error, if any.
    error: Signal<Option<String>>,
    /// Whether it takes the remaining width.
    #[prop(optional)]
    grow: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=if grow { "field grow" } else { "field" } data-invalid=move || error.with(Option::is_some).then_some("")>
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            {live(move || error.get().filter(|error| !error.is_empty()).map(|error| view! {
                <span class="error" id=format!("{id}-error")><Icon name="circle-alert"/>{error}</span>
            }))}
            {children()}
        </div>
    }
    .into_any()
}

/// A line of text. Its error is read out with it; an error that appears while the page is open moves the
/// focus to it.
#[component]
pub fn TextField(
    /// The field's `id` and `name`; unique on the page.
    id: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// `text`, `email`, `search`, `date` or `password`. The server and the domain decide what is valid.
    #[prop(default = "text")]
    kind: &'static str,
    /// The keyboard a phone shows, if it does not follow from the kind (HTML, section 6.8.7).
    #[prop(optional)]
    input_mode: Option<&'static str>,
    /// What a browser may fill in (HTML, section 4.10.18.7).
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Further classes of the control.
    #[prop(default = "input")]
    class: &'static str,
    /// Whether it is a name, which a phone may capitalise.
    #[prop(optional)]
    name_like: bool,
    /// The maximum length, in characters.
    #[prop(optional)]
    longest: Option<usize>,
    /// Whether it is required.
    #[prop(optional)]
    required: bool,
    /// Whether it takes the remaining width.
    #[prop(optional)]
    grow: bool,
    /// The value.
    #[prop(into)]
    value: FieldValue,
    /// The form's errors, if the page was sent with them.
    #[prop(optional)]
    errors: FieldErrors,
    /// The error, if it is found while the page is open.
    #[prop(optional, into)]
    error: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let sent_with_error = errors.of(id).is_some();
    let error = error.unwrap_or_else(|| Signal::stored(errors.of(id).map(str::to_owned)));
    let input = NodeRef::<Input>::new();
    effect(move || {
        if error.with(Option::is_some)
            && let Some(input) = input.get()
        {
            // Only fails if the element has been removed; then there is nothing to focus.
            let _ = input.focus();
        }
    });
    let (sent, live) = match value {
        FieldValue::Sent(text) => (Some(text), RwSignal::new(String::new())),
        FieldValue::Live(signal) => (None, signal),
    };
    let hint = hint.filter(|hint| !hint.is_empty());
    let hinted = hint.is_some();
    view! {
        <Field id label hint error grow>
            <input class=class type=kind inputmode=input_mode id=id name=id node_ref=input autocomplete=autocomplete
                autocapitalize=if name_like { "words" } else { "none" } spellcheck="false" required=required maxlength=longest
                autofocus=sent_with_error aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by(id, hinted, error.with(is_said))
                value=sent prop:value=live on:input=move |event| live.set(event_target_value(&event))/>
        </Field>
    }
    .into_any()
}

/// A choice of one option, for a page that needs no WebAssembly.
#[component]
pub fn SelectField(
    /// The field's id and name.
    id: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Values and their labels.
    choices: Vec<(String, String)>,
    /// The chosen value.
    #[prop(into)]
    chosen: String,
    /// Whether it takes the remaining width.
    #[prop(optional)]
    grow: bool,
    /// The form's errors.
    #[prop(optional)]
    errors: FieldErrors,
) -> impl IntoView {
    let error = errors.of(id).map(str::to_owned);
    let wrong = error.is_some();
    let hinted = hint.is_some();
    let options = choices
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <Field id label hint error=Signal::stored(error) grow>
            <select class="select" id=id name=id aria-invalid=wrong.then_some("true")
                aria-describedby=described_by(id, hinted, wrong)>{options}</select>
        </Field>
    }
    .into_any()
}
