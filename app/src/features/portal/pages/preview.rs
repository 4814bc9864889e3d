//! The staff preview of a portal: first the reason, then the page as its owner sees it, in a frame.

use domain::fields::FieldErrors;
use domain::portal::{PortalChildPage, PortalHome, PreviewReason};
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::child::Child;
use super::children::FamilyWays;
use super::frame::PortalViewer;
use super::home::Portal;
use crate::ui::document::render;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::family::{AuthLayout, FamilyPage, FamilyShell};
use crate::ui::icon::Icon;

/// Why the page asks for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonPrompt {
    /// The preview has not started yet.
    First,
    /// The form was sent without a reason.
    Unanswered,
    /// The preview's time has run out.
    Ended,
}

/// The page that asks for the reason, as HTML.
pub fn reason_page(page: FamilyPage, record: String, name: String, prompt: ReasonPrompt) -> String {
    render(move || view! { <ReasonPage page record name prompt /> })
}

/// Which preview this is.
#[derive(Debug, Clone)]
pub struct PreviewedPage {
    /// The person's name.
    pub name: String,
    /// The name to address them by.
    pub familiar: String,
    /// The page of their record.
    pub record: String,
    /// The address of the preview.
    pub path: String,
}

/// The preview of the home page, as HTML.
pub fn preview_page(page: FamilyPage, of: PreviewedPage, home: PortalHome) -> String {
    let ways = FamilyWays::preview(&of.path);
    framed(page.clone(), of, move || {
        view! { <Portal page home viewer=PortalViewer::Preview ways /> }.into_any()
    })
}

/// The preview of a child's page, as HTML.
pub fn preview_child_page(page: FamilyPage, of: PreviewedPage, child: PortalChildPage) -> String {
    let ways = FamilyWays::preview(&of.path);
    framed(page.clone(), of, move || {
        view! { <Child page child viewer=PortalViewer::Preview ways /> }.into_any()
    })
}

/// A page in the frame that says whose it is and that it is read only.
fn framed(page: FamilyPage, of: PreviewedPage, body: impl FnOnce() -> AnyView + Send + 'static) -> String {
    render(move || {
        let locale = page.locale;
        let PreviewedPage { name, familiar, record, .. } = of;
        let title = td_string!(locale, portal.preview.title, name = name.as_str());
        view! {
            <FamilyShell page=page.clone() title previewing=true>
                <div
                    class="preview-banner"
                    role="region"
                    aria-label=td_string!(locale, portal.preview.region)
                >
                    <Icon name="eye" />
                    <p>
                        <b>{td_string!(locale, portal.preview.banner, name = name)}</b>
                        " "
                        {td_string!(locale, portal.preview.banner_more, familiar = familiar)}
                    </p>
                    <a class="btn" href=record>
                        <Icon name="x" />
                        {td_string!(locale, portal.preview.close)}
                    </a>
                </div>
                {body()}
                <div class="in-preview" id="not-in-preview" popover role="status">
                    {td_string!(locale, portal.preview.not_available)}
                </div>
            </FamilyShell>
        }
    })
}

// Texts for staff, who read English; texts for families are in the locale files.
#[component]
fn ReasonPage(page: FamilyPage, record: String, name: String, prompt: ReasonPrompt) -> impl IntoView {
    const PROBLEM: &str = "Choose a reason for the preview.";
    let locale = page.locale;
    let unanswered = prompt == ReasonPrompt::Unanswered;
    let title = format!("Preview {name}\u{2019}s account");
    let errors: FieldErrors =
        if unanswered { FieldErrors::one("reason-helping", PROBLEM) } else { FieldErrors::default() };
    let choices = PreviewReason::ALL
        .map(|reason| {
            view! {
                <label class="choice boxed">
                    <input type="radio" name="reason" id=format!("reason-{}", reason.slug()) value=reason.slug() required />
                    <span>{reason.label()}</span>
                </label>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <FamilyShell page=page.clone() title=title.clone() wrong=unanswered>
            <AuthLayout page=page>
                <h1>{title}</h1>
                <p class="soft">
                    "You will see the portal as "<b>{name}</b>
                    " does, for up to 30 minutes. You can\u{2019}t change anything. The office and the person can see that you visited, and why."
                </p>
                {(prompt == ReasonPrompt::Ended)
                    .then(|| view! { <p role="status"><b>"The preview has ended."</b>" Choose a reason again to continue."</p> })}
                <ErrorSummary errors title=td_string!(locale, family.problem) />
                <form class="stack" method="post" action=format!("{record}/preview") novalidate>
                    <fieldset class="stack tight" data-invalid=unanswered.then_some("")>
                        <legend class="h3">"Why are you opening it?"</legend>
                        {choices}
                    </fieldset>
                    <button class="btn primary wide large" type="submit">"Preview"</button>
                </form>
                <a class="btn wide large" href=record.clone()>
                    "Close"
                </a>
            </AuthLayout>
        </FamilyShell>
    }
    .into_any()
}
