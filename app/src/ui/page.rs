//! The header of a page: the cap in the margin, the title, the lead sentence and the actions.

use leptos::prelude::*;
use leptos_meta::{MetaContext, Title};

use super::icon::Icon;

/// A context for a confirmation message, which [`PageHead`] shows. For pages that need no WebAssembly.
#[derive(Debug, Clone, Copy)]
pub struct JustDone(pub Option<&'static str>);

/// The header of an office page.
#[component]
pub fn PageHead(
    /// The `h1` and the window's title. Not a signal: the server reads titles when the page is done, and a
    /// title that another thread redraws at that moment has already dropped its signals.
    #[prop(into)]
    title: String,
    /// The sentence below it.
    #[prop(into)]
    lead: ViewFn,
    /// The parent page, as address and name.
    #[prop(optional_no_strip)]
    up: Option<(&'static str, &'static str)>,
    /// The contents of the margin: a cap, or nothing.
    #[prop(optional, into)]
    mark: ViewFn,
    /// Buttons on the right.
    #[prop(optional, into)]
    actions: ViewFn,
    /// The steps of a task that has several.
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
