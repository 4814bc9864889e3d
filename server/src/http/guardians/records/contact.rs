//! One contact: changing it, ending it, starting it again, and linking it to an account.

use app::features::guardians::pages::contact::contact_page;
use app::features::guardians::pages::matched::matched_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::contacts::change::change as change_contact;
use backend::guardians::contacts::end::{end as end_contact, start_again};
use backend::guardians::contacts::link::link as link_contact;
use backend::guardians::contacts::shown::{contact, with_probable};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::guardians::ending::EndReason;
use domain::guardians::form::ContactForm;
use serde::Deserialize;

use super::{contact_id, done, opened_word, person};
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

/// The page of a contact.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, PageError> {
    office.page.done = done(&came.done);
    page(office, &backend, &id, None, (FieldErrors::default(), None)).await
}

/// Changes it.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(form): Form<ContactForm>,
) -> Result<Response, PageError> {
    let changed = match form.parse() {
        Ok(facts) => change_contact(&backend, &office.who.actor, contact_id(&id)?, facts).await,
        Err(errors) => Err(errors.into()),
    };
    Ok(match changed.map_err(told) {
        Ok(()) => to(&id, "saved"),
        Err(Ok(why)) => page(office, &backend, &id, Some(form), why).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Why it ends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct EndForm {
    reason: String,
}

/// Ends it.
pub(super) async fn end(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(EndForm { reason }): Form<EndForm>,
) -> Result<Response, PageError> {
    let chosen = EndReason::CHOICES.into_iter().find(|choice| choice.slug() == reason);
    let ended = match chosen {
        Some(reason) => end_contact(&backend, &office.who.actor, contact_id(&id)?, reason).await,
        None => Err(FieldErrors::one("reason", "Choose why the contact ends.").into()),
    };
    Ok(match ended.map_err(told) {
        Ok(_) => to(&id, "ended"),
        Err(Ok(why)) => page(office, &backend, &id, None, why).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Starts it again.
pub(super) async fn again(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let started = start_again(&backend, &office.who.actor, contact_id(&id)?).await;
    Ok(match started.map_err(told) {
        Ok(started) => to(&id, opened_word(started.opened, "again")),
        Err(Ok((errors, problem))) => {
            // The page of an ended contact has no fields.
            let problem = problem.or_else(|| errors.0.into_iter().next().map(|error| error.message));
            page(office, &backend, &id, None, (FieldErrors::default(), problem)).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Whose account probably is theirs.
pub(super) async fn matches(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    matched(office, &backend, &id, None).await
}

/// The person who has the account.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LinkForm {
    person: String,
}

/// Links the student to that account.
pub(super) async fn link(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(LinkForm { person: whom }): Form<LinkForm>,
) -> Result<Response, PageError> {
    let whom = person(&whom)?;
    let linked = link_contact(&backend, &office.who.actor, contact_id(&id)?, whom).await;
    Ok(match linked.map_err(told) {
        Ok(opening) => {
            let done = opening.map_or("linked", |opening| opened_word(opening, "linked"));
            Redirect::to(&format!("/guardians/{whom}?done={done}")).into_response()
        }
        Err(Ok((errors, problem))) => {
            let problem = problem.or_else(|| errors.0.into_iter().next().map(|error| error.message));
            matched(office, &backend, &id, problem).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

async fn matched(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let (shown, probable) = with_probable(backend, &office.who.actor, contact_id(id)?).await?;
    Ok(html(StatusCode::OK, matched_page(office.page, shown, probable, problem)))
}

fn to(id: &str, done: &str) -> Response {
    Redirect::to(&format!("/guardians/contacts/{id}?done={done}")).into_response()
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    form: Option<ContactForm>,
    (errors, problem): (FieldErrors, Option<String>),
) -> Result<Response, PageError> {
    let shown = contact(backend, &office.who.actor, contact_id(id)?).await.map_err(|error| match error {
        Error::NotFound(_) => Error::NotFound("contact"),
        other => other,
    })?;
    let form = form.unwrap_or_else(|| ContactForm::of(&shown.facts));
    Ok(html(StatusCode::OK, contact_page(office.page, shown, form, errors, problem)))
}
