//! "Are these your children?": asked once, before a guardian chooses a password.

use std::collections::BTreeMap;

use app::features::invitations::pages::children::{AskedAt, children_page};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::Backend;
use backend::guardians::family::asked::{self, ChildrenAnswer};
use backend::invitations::open;
use backend::single_sign_on::offers::offers;
use domain::ids::PersonId;

use super::activate::{OpenedInvitation, PASSWORD, children_of, not_ready, opened, titled, token};
use crate::http::cookies::go_on;
use crate::http::extract::Form;
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::visitor::Visiting;

/// Where it goes on if there is a choice of ways to sign in.
const CHECK: &str = "/activate/check";

/// Shows the question.
pub(super) async fn ask(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let invited = match opened(&backend, &headers).await {
        Ok(Some(OpenedInvitation::Ready(invited))) => invited,
        other => return not_ready(page, other),
    };
    let children = children_of(&backend, &headers).await?;
    if children.is_empty() {
        return Ok(go_on(CHECK, [])?);
    }
    let page = titled(page, &invited);
    Ok(html(StatusCode::OK, children_page(page, AskedAt::Invitation, children, &BTreeMap::new(), &[])))
}

/// Takes the answer. One that leaves a child out is asked for again, and nothing is changed.
pub(super) async fn answer(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let invited = match opened(&backend, &headers).await {
        Ok(Some(OpenedInvitation::Ready(invited))) => invited,
        other => return not_ready(page, other),
    };
    let token = token(&backend, &headers).unwrap_or_default();
    open::went_on(&backend, &token).await?;
    let answers = answers(&form);
    match asked::answer(&backend, &visitor, &token, &saying(&answers, true), &saying(&answers, false)).await?
    {
        ChildrenAnswer::Taken(_)
            if invited.takes_password && offers(&backend).await?.providers.is_empty() =>
        {
            Ok(go_on(PASSWORD, [])?)
        }
        ChildrenAnswer::Taken(_) => Ok(go_on(CHECK, [])?),
        ChildrenAnswer::Incomplete(missing) => {
            let children = children_of(&backend, &headers).await?;
            Ok(html(
                StatusCode::OK,
                children_page(titled(page, &invited), AskedAt::Invitation, children, &answers, &missing),
            ))
        }
    }
}

/// The answers of a form: whether each child is theirs.
pub(in crate::http) fn answers(form: &BTreeMap<String, String>) -> BTreeMap<PersonId, bool> {
    form.iter()
        .filter_map(|(field, value)| {
            let child = field.strip_prefix("child-")?.parse().ok()?;
            match value.as_str() {
                "yes" => Some((child, true)),
                "no" => Some((child, false)),
                _ => None,
            }
        })
        .collect()
}

/// The children who got this answer.
pub(in crate::http) fn saying(answers: &BTreeMap<PersonId, bool>, yes: bool) -> Vec<PersonId> {
    answers.iter().filter(|(_, said)| **said == yes).map(|(child, _)| *child).collect()
}
