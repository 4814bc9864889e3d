//! The graduation cap: grey without an account, green with one. It also differs in shape, not only in colour,
//! and always has a sentence.

use domain::credentials::status::AccountStatus;
use leptos::prelude::*;

use super::icon::Icon;
use super::live::live;

/// The size of the cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CapSize {
    /// 18 pixels, in summaries.
    Small,
    /// 22 pixels, in tables.
    #[default]
    Row,
    /// 44 pixels, in page headers.
    Large,
}

/// Only the drawing: solid with a tassel for someone with an account, an outline for someone without, or with a closed
/// one.
#[component]
pub fn CapDrawing(
    /// Whether there is an account.
    has: bool,
) -> impl IntoView {
    if has {
        view! {
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path class="cap-solid" d="M12 4.2 22.6 9 12 13.8 1.4 9Z"/>
                <path class="cap-solid" d="M5.6 12.5 12 15.4l6.4-2.9v3.6c0 2-2.9 3.5-6.4 3.5s-6.4-1.5-6.4-3.5Z"/>
                <path class="cap-tassel" d="M21.4 9.6v6.1"/>
                <path class="cap-solid" d="M20.3 15.4h2.2l.5 3.6h-3.2z"/>
            </svg>
        }
        .into_any()
    } else {
        view! {
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 4.2 22.6 9 12 13.8 1.4 9Z"/>
                <path d="M6 11.2v4.6c0 1.7 2.6 3 6 3s6-1.3 6-3v-4.6"/>
            </svg>
        }
        .into_any()
    }
}

/// A person's cap. With `href` it is a link: green opens the preview, grey creates an account, or re-opens it.
#[component]
pub fn Cap(
    /// The person's status.
    status: AccountStatus,
    /// The person's name, for the sentence.
    #[prop(into)]
    name: Signal<String>,
    /// The link's target.
    #[prop(optional_no_strip)]
    href: Option<Signal<String>>,
    /// The size.
    #[prop(optional)]
    size: CapSize,
) -> impl IntoView {
    let has = status.has_account();
    let badge = match status {
        AccountStatus::Locked => Some("lock"),
        AccountStatus::Disabled => Some("ban"),
        AccountStatus::NoAccount | AccountStatus::Closed if href.is_some() => Some("plus"),
        _ => None,
    };
    let class = match size {
        CapSize::Small => "cap small",
        CapSize::Row => "cap",
        CapSize::Large => "cap large",
    };
    let closed = status == AccountStatus::Closed;
    let says = match (has, href.is_some()) {
        (false, true) if closed => "has a closed account. Re-open it",
        (false, false) if closed => "has a closed account",
        (true, true) => "has an account. Preview it",
        (true, false) => "has an account",
        (false, true) => "has no account. Create it",
        (false, false) => "has no account",
    };
    let sentence = move || name.with(|name| format!("{name} {says}"));
    let inside = view! {
        <CapDrawing has/>
        {badge.map(|badge| view! { <span class="badge"><Icon name=badge/></span> })}
        <span class="vh">{live(sentence)}</span>
    };
    match href {
        // The preview is outside the application, so the router must not handle the link.
        Some(href) if has => {
            view! { <a href=href rel="external" class=class data-has="">{inside}</a> }.into_any()
        }
        Some(href) => view! { <a href=href class=class>{inside}</a> }.into_any(),
        None => view! { <span class=class data-has=has.then_some("")>{inside}</span> }.into_any(),
    }
}
