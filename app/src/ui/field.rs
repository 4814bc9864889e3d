//! One line of text to be typed, with its label, hint and error.

use leptos::html::Input;
use leptos::prelude::*;

use super::icon::Icon;

/// A field. An error turns its margin red, is read out with it, and takes the focus when it appears.
#[component]
pub fn TextField(
    /// The field's `id` and `name`; unique on the page.
    id: &'static str,
    /// What it asks for.
    label: &'static str,
    /// What helps to answer.
    #[prop(optional)]
    hint: &'static str,
    /// `text` or `email`: which keyboard a phone shows. What is right is decided by the server and the domain.
    #[prop(default = "text")]
    input_mode: &'static str,
    /// `text` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in (HTML, section 4.10.18.7).
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it, if anything.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    Effect::new(move || {
        if error.with(Option::is_some)
            && let Some(input) = input.get()
        {
            // Only fails for an element that is gone; then there is nothing to focus.
            let _ = input.focus();
        }
    });
    let describes = move || {
        let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
        let wrong = error.with(Option::is_some).then(|| format!("{id}-error"));
        let ids: Vec<String> = hint.into_iter().chain(wrong).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    view! {
        <div class="field" data-invalid=move || error.with(Option::is_some).then_some("")>
            <label for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            {move || error.get().map(|error| view! {
                <span class="error" id=format!("{id}-error")><Icon name="circle-alert"/>{error}</span>
            })}
            <input class="input" type=kind inputmode=input_mode id=id name=id node_ref=input autocomplete=autocomplete
                autocapitalize="off" spellcheck="false"
                aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describes
                prop:value=value on:input=move |event| value.set(event_target_value(&event))/>
        </div>
    }
}
