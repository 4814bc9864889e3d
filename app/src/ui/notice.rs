//! Notices in the page: errors that block work, and what people must know before they continue.

use leptos::prelude::*;

use super::icon::Icon;
use crate::error::{AppError, ErrorKind};

/// A notice with a title, a text and an optional link.
#[component]
pub fn Notice(
    /// `red`, `amber`, `marker` or `blue`.
    tone: &'static str,
    /// The title.
    #[prop(into)]
    title: String,
    /// What it says is over once someone has signed in again: it hides then, or, with `page`, the page loads again.
    #[prop(default = None)]
    signed_out: Option<&'static str>,
    /// Sentences and links.
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        "red" => "circle-alert",
        "amber" => "triangle-alert",
        _ => "info",
    };
    view! {
        <div class="notice" data-tone=tone data-signed-out=signed_out role=(tone == "red").then_some("alert")>
            <Icon name=icon/>
            <div>
                <p><b>{title}</b></p>
                {children()}
            </div>
        </div>
    }
}

/// An error as a notice: what happened, what to do.
#[component]
pub fn ErrorNotice(
    /// What went wrong.
    error: AppError,
    /// Whether it stands in place of what the page shows.
    #[prop(optional)]
    of_page: bool,
) -> impl IntoView {
    let title = error.kind.title();
    let sign_in = error.kind == ErrorKind::SignedOut;
    let signed_out = sign_in.then_some(if of_page { "page" } else { "part" });
    view! {
        <Notice tone="red" title=title signed_out>
            <p>{error.message}</p>
            {(!error.fields.is_empty()).then(|| view! {
                <ul>{error.fields.0.into_iter().map(|field| view! { <li>{field.message}</li> }).collect_view()}</ul>
            })}
            {sign_in.then(|| view! { <p><a href="/sign-in" rel="external">"Sign in"</a></p> })}
        </Notice>
    }
}
