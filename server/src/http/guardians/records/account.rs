//! The forms of a guardian's account.

use app::features::guardians::pages::record::{ShownCode, code_page};
use app::features::staff::pages::member::AccountForm;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::change_state::change_state_among;
use backend::accounts::create::Among;
use backend::accounts::guardian::grant_to_guardian;
use backend::accounts::old_username::stop_old_usernames;
use backend::invitations::send::send;
use backend::record::record;
use backend::recovery::office_code::make_code;
use backend::{Backend, Error};
use domain::accounts::action::AccountAction;
use domain::invitations::views::{Recipients, SendReport};
use domain::recovery::{CodeHandout, CodeOutcome};
use domain::roll::selection::Selection;
use serde::Deserialize;

use super::person;
use super::record::{Refused, page};
use crate::http::extract::{Form, Path};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The username as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct GrantForm {
    username: String,
    reviewed: String,
}

/// Makes the account.
pub(super) async fn grant(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(GrantForm { username, reviewed }): Form<GrantForm>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    // A form without a username is not the one that was reviewed.
    let accepted = !username.is_empty() && username == reviewed;
    let granted = grant_to_guardian(&backend, actor, school, person(&id)?, &username, accepted).await;
    Ok(match granted.map_err(told) {
        Ok(_) => to(&id, "created"),
        Err(Ok((errors, None))) => {
            let account = Some(AccountForm::refused(username, errors));
            page(office, &backend, &id, Refused { account, ..Refused::default() }).await?
        }
        Err(Ok((_, problem))) => {
            page(office, &backend, &id, Refused { problem, ..Refused::default() }).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Whether the form asks for a second invitation.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct InviteForm {
    again: String,
}

/// Sends an invitation code, once: a second press while it is on its way, or of an old page, sends nothing.
pub(super) async fn invite(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(InviteForm { again }): Form<InviteForm>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let account = record(&backend, actor, person(&id)?).await?.account.ok_or(Error::NotFound("account"))?;
    let to_them = Recipients::Accounts { ids: vec![account.id], again: again == "yes" };
    let sent = send(&backend, actor, school, to_them).await;
    match sent {
        Ok(SendReport { queued: 1.., .. }) => Ok(to(&id, "invited")),
        Ok(report) => {
            let problem = Some(report.sentence_of_one());
            page(office, &backend, &id, Refused { problem, ..Refused::default() }).await
        }
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// What to do to the account.
#[derive(Deserialize)]
pub(super) struct StateForm {
    action: AccountAction,
}

/// Disables, enables, unlocks or closes the account.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(StateForm { action }): Form<StateForm>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let only = Selection::People { ids: vec![person(&id)?] };
    match change_state_among(&backend, actor, school, (Among::Guardians, &only), action).await {
        Ok(outcome) if outcome.waits => Ok(Redirect::to("/approvals?done=asked").into_response()),
        Ok(outcome) if outcome.changed == 0 => {
            let why = outcome.left_alone.first().map_or_else(
                || "They are nobody\u{2019}s guardian at this school.".to_owned(),
                |left| format!("{} is not possible: {}.", action.label(), left.reason),
            );
            page(office, &backend, &id, Refused { problem: Some(why), ..Refused::default() }).await
        }
        Ok(_) => Ok(to(&id, action.slug())),
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// How the code reaches them.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    handout: CodeHandout,
}

/// Makes a one-time code: sent by email, or shown once.
pub(super) async fn code(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(CodeForm { handout }): Form<CodeForm>,
) -> Result<Response, PageError> {
    let whose = person(&id)?;
    match make_code(&backend, &office.who.actor, whose, handout).await {
        Ok(CodeOutcome::Queued) => Ok(to(&id, "code")),
        Ok(CodeOutcome::Shown { name, username, code, page, until }) => {
            let shown = ShownCode { person: whose, name, username, code, page, until };
            Ok(html(StatusCode::OK, code_page(office.page, shown)))
        }
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// Whether stopping the old username is undone.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OldUsernameForm {
    undo: String,
}

/// Stops the sign-in by old usernames, or undoes that.
pub(super) async fn old_username(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(OldUsernameForm { undo }): Form<OldUsernameForm>,
) -> Result<Response, PageError> {
    let (school, stop) = (office.page.me.school.id, undo.is_empty());
    let whose = (Among::Guardians, person(&id)?);
    match stop_old_usernames(&backend, &office.who.actor, school, whose, stop).await {
        Ok(_) => Ok(to(&id, if stop { "stopped" } else { "allowed" })),
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// The record, with a confirmation.
pub(super) fn to(id: &str, done: &str) -> Response {
    Redirect::to(&format!("/guardians/{id}?done={done}")).into_response()
}

/// The record, with why nothing was changed.
pub(super) async fn refused(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    error: Error,
) -> Result<Response, PageError> {
    let (errors, problem) = told(error)?;
    page(office, backend, id, Refused { errors, problem, ..Refused::default() }).await
}
