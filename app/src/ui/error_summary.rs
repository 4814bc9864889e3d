//! The list of a form's errors, above the form.

use domain::fields::FieldErrors;
use leptos::prelude::*;

/// Receives the focus when the page opens. Each line links to its field, whose id is its name.
#[component]
pub fn ErrorSummary(
    /// The errors; if empty, nothing is shown.
    errors: FieldErrors,
    /// The heading, in the page's language.
    #[prop(default = "There is a problem")]
    title: &'static str,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let lines = errors
            .0
            .into_iter()
            .map(|error| view! { <li><a href=format!("#{}", error.field)>{error.message}</a></li> })
            .collect_view();
        view! {
            <div class="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
                <h2 id="errors-title">{title}</h2>
                <ul role="list">{lines}</ul>
            </div>
        }
    })
}
