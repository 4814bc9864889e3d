//! "Are these your children?", for the adults of a family.

use std::collections::BTreeMap;

use domain::fields::{FieldError, FieldErrors};
use domain::guardians::family::AskedChild;
use domain::ids::PersonId;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::activate::Steps;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::family::{AuthPage, FamilyPage};

/// Where the question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedAt {
    /// With an invitation, before a password is chosen.
    Invitation,
    /// On the way into the portal.
    Portal,
}

/// The page as HTML, with what was answered before and the children that have no answer yet.
pub fn children_page(
    page: FamilyPage,
    at: AskedAt,
    children: Vec<AskedChild>,
    answers: &BTreeMap<PersonId, bool>,
    missing: &[PersonId],
) -> String {
    let locale = page.locale;
    let errors: FieldErrors = children
        .iter()
        .filter(|child| missing.contains(&child.person))
        .map(|child| {
            let words =
                td_string!(locale, invitations.activate.child_missing, name = child.familiar.as_str());
            FieldError::new(&field(child.person, "yes"), words)
        })
        .collect();
    let children: Vec<_> = children
        .into_iter()
        .map(|child| {
            let answer = answers.get(&child.person).copied();
            let wrong = missing.contains(&child.person);
            (child, answer, wrong)
        })
        .collect();
    render(move || {
        let title = td_string!(locale, invitations.activate.children_title);
        // Scanners of mail open invitations, and nothing in the portal.
        let (above, action, went_on) = match at {
            AskedAt::Invitation => (
                view! { <Steps locale current=2 /> }.into_any(),
                "/activate/children",
                Some("/activate/here"),
            ),
            AskedAt::Portal => (().into_any(), "/portal/are-these-yours", None),
        };
        let questions = children
            .into_iter()
            .map(|(child, answer, wrong)| view! { <Question locale child answer wrong /> })
            .collect_view();
        view! {
            <AuthPage page title above=above errors=errors.clone()>
                <ErrorSummary errors title=td_string!(locale, family.problem) />
                <p class="soft">{td_string!(locale, invitations.activate.children_text)}</p>
                <form class="stack" method="post" action=action novalidate data-went-on=went_on>
                    {questions}
                    <p class="muted">{td_string!(locale, invitations.activate.children_help)}</p>
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, family.next)}
                    </button>
                </form>
            </AuthPage>
        }
    })
}

/// The id of an answer's button.
fn field(child: PersonId, answer: &str) -> String {
    format!("child-{child}-{answer}")
}

/// One child: whose name, which school, yes or no. Nothing is chosen beforehand.
#[component]
fn Question(locale: Locale, child: AskedChild, answer: Option<bool>, wrong: bool) -> impl IntoView {
    let choices = [
        ("yes", true, td_string!(locale, invitations.activate.child_yes)),
        ("no", false, td_string!(locale, invitations.activate.child_no)),
    ]
    .map(|(value, yes, words)| {
        view! {
            <label class="choice boxed">
                <input
                    type="radio"
                    name=format!("child-{}", child.person)
                    id=field(child.person, value)
                    value=value
                    checked=answer == Some(yes)
                    required
                />
                <span>{words}</span>
            </label>
        }
    })
    .into_iter()
    .collect_view();
    view! {
        <fieldset class="stack tight" data-invalid=wrong.then_some("")>
            <legend class="h3">
                <bdi>{child.familiar}</bdi>
                {(!child.school.is_empty()).then(|| view! { ", " <bdi>{child.school}</bdi> })}
            </legend>
            {choices}
        </fieldset>
    }
}
