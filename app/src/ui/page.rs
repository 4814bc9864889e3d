//! The head of a page: the mark in the margin, the title, the sentence, the actions.

use leptos::prelude::*;
use leptos_meta::{MetaContext, Title};

use super::icon::Icon;

/// What was just done, as a context: [`PageHead`] says it. For pages that need no WebAssembly.
#[derive(Debug, Clone, Copy)]
pub struct JustDone(pub Option<&'static str>);

/// The head of an office page.
#[component]
pub fn PageHead(
    /// The `h1`, and the title of the window. No signal: the server reads titles when the page is done, and one that is
    /// drawn again at that moment by another thread has already dropped its signals.
    #[prop(into)]
    title: String,
    /// The one sentence under it.
    #[prop(into)]
    lead: ViewFn,
    /// The page above, as address and name.
    #[prop(optional_no_strip)]
    up: Option<(&'static str, &'static str)>,
    /// What stands in the margin: a cap, or nothing.
    #[prop(optional, into)]
    mark: ViewFn,
    /// Buttons at the right.
    #[prop(optional, into)]
    actions: ViewFn,
    /// The steps of a job that has several.
    #[prop(optional, into)]
    steps: ViewFn,
) -> impl IntoView {
    // A page that needs no WebAssembly has its title in its document.
    let window = use_context::<MetaContext>().map(|_| view! { <Title text=title.clone()/> });
    let done = use_context::<JustDone>().and_then(|done| done.0);
    view! {
        {window}
        <header class="page-head with-margin">
            <span class="in-margin">{mark.run()}</span>
            <div class="in-text">
                <div>
                    {up.map(|(href, name)| view! { <p class="crumb"><a href=href>{name}</a></p> })}
                    <h1>{title}</h1>
                    <p class="lead">{lead.run()}</p>
                </div>
                {steps.run()}
                <div class="row page-actions">{actions.run()}</div>
            </div>
        </header>
        {done.map(|done| view! {
            <div class="notice" data-tone="blue" role="status"><Icon name="circle-check"/><p>{done}</p></div>
        })}
    }
}
