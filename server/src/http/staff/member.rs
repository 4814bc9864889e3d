//! One member of staff: their account and their invitation.

use app::features::staff::pages::member::{AccountForm, MemberAccount, member_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::accounts::old_username::{former_of_staff, stop_old_usernames};
use backend::accounts::staff::{grant_to_staff, propose_for_staff};
use backend::authorization::roles::people::person as roles_of;
use backend::groups::tutored::tutored;
use backend::invitations::send::send;
use backend::school_year::validity::{DaysOf, days};
use backend::staff::member::member;
use backend::{Backend, Error};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::ids::PersonId;
use domain::invitations::views::{Recipients, SendReport};
use serde::Deserialize;

use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Came {
    #[serde(default)]
    done: String,
}

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    username: String,
    reviewed: String,
}

/// Whether the form asks for a second invitation.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct InviteForm {
    again: String,
}

/// What was just done, from the address that a form led to.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "created" => Some("Account created."),
        "invited" => Some("Invitation code queued."),
        "stopped" => Some("The old username no longer signs in."),
        "allowed" => Some("The old username signs in again."),
        _ => None,
    }
}

/// The page.
pub(super) async fn show(
    mut desk: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, PageError> {
    desk.page.done = done(&came.done);
    page(desk, &backend, &id, None, None).await
}

/// Makes the account.
pub(super) async fn grant(
    desk: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(Typed { username, reviewed }): Form<Typed>,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    // A form without a username is not the one that was reviewed.
    let accepted = !username.is_empty() && username == reviewed;
    let granted = match known(&id) {
        Ok(person) => grant_to_staff(&backend, actor, school, person, &username, accepted).await,
        Err(error) => Err(error),
    };
    Ok(match granted.map_err(told) {
        Ok(_) => Redirect::to(&format!("/staff/{id}?done=created")).into_response(),
        Err(Ok((errors, None))) => {
            page(desk, &backend, &id, Some(AccountForm::refused(username, errors)), None).await?
        }
        Err(Ok((_, problem))) => page(desk, &backend, &id, None, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Sends an invitation code, once: a second press while it is on its way, or of an old page, sends nothing.
pub(super) async fn invite(
    desk: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(InviteForm { again }): Form<InviteForm>,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    let account =
        member(&backend, actor, school, known(&id)?).await?.account.ok_or(Error::NotFound("account"))?;
    let to = Recipients::Accounts { ids: vec![account.id], again: again == "yes" };
    let sent = send(&backend, actor, school, to).await;
    Ok(match sent.map_err(told) {
        Ok(SendReport { queued: 1.., .. }) => {
            Redirect::to(&format!("/staff/{id}?done=invited")).into_response()
        }
        Ok(report) => page(desk, &backend, &id, None, Some(report.sentence_of_one())).await?,
        Err(Ok((_, problem))) => page(desk, &backend, &id, None, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Whether stopping the old username is undone.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OldUsernameForm {
    undo: String,
}

/// Stops the sign-in by old usernames, or undoes that.
pub(super) async fn old_username(
    desk: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(OldUsernameForm { undo }): Form<OldUsernameForm>,
) -> Result<Response, PageError> {
    let (school, stop) = (desk.page.me.school.id, undo.is_empty());
    let whose = (Among::Staff, known(&id)?);
    Ok(match stop_old_usernames(&backend, &desk.who.actor, school, whose, stop).await.map_err(told) {
        Ok(_) => {
            let done = if stop { "stopped" } else { "allowed" };
            Redirect::to(&format!("/staff/{id}?done={done}")).into_response()
        }
        Err(Ok((_, problem))) => page(desk, &backend, &id, None, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

async fn page(
    desk: OfficeRequest,
    backend: &Backend,
    id: &str,
    typed: Option<AccountForm>,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let (actor, school, person) = (&desk.who.actor, desk.page.me.school.id, known(id)?);
    let shown = member(backend, actor, school, person).await?;
    let open = shown.account.as_ref().is_some_and(|account| account.standing.state != AccountState::Closed);
    let makes =
        !open && shown.shows_account && shown.works_here && desk.page.me.may(Permission::ManageAccounts);
    let form = match typed {
        Some(typed) => Some(typed),
        None if makes => match propose_for_staff(backend, actor, school, person).await {
            Ok(row) => Some(AccountForm::proposing(&row)),
            // Somebody else has just made it, or this role is for single groups: there is nothing to offer.
            Err(Error::Conflict { .. }) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let beside = match &shown.account {
        Some(_) => MemberAccount {
            former: former_of_staff(backend, actor, school, person).await?,
            days: days_in_words(backend, actor, DaysOf::Staff(school, person)).await?,
        },
        None => MemberAccount::default(),
    };
    let roles = match desk.page.me.may(Permission::ManageRoles) {
        true if shown.account.is_some() => match roles_of(backend, actor, person).await {
            Ok(found) => Some(found.roles),
            // Nobody to whom they may give roles.
            Err(Error::NotFound(_)) => Some(Vec::new()),
            Err(error) => return Err(error.into()),
        },
        true => Some(Vec::new()),
        false => None,
    };
    let tutored = tutored(backend, actor, school, person).await?;
    Ok(html(StatusCode::OK, member_page(desk.page, shown, beside, (roles, tutored), form, problem)))
}

/// What is no identifier names nobody.
fn known(id: &str) -> Result<PersonId, Error> {
    id.parse().map_err(|_| Error::NotFound("member of staff"))
}

/// The days of the account in a sentence; empty where the account of somebody who left is not theirs to change.
async fn days_in_words(backend: &Backend, actor: &Actor, whose: DaysOf) -> Result<String, Error> {
    match days(backend, actor, whose).await {
        Ok(found) => Ok(found.map(|days| days.sentence()).unwrap_or_default()),
        Err(Error::NotFound(_)) => Ok(String::new()),
        Err(error) => Err(error),
    }
}
