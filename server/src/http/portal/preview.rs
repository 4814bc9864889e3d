//! Staff's preview of a student's portal.

use app::features::portal::pages::preview::{ReasonPrompt, preview_page, reason_page};
use app::ui::family::FamilyPage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::portal::preview::{begin, show as shown, subject};
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use domain::ids::{PersonId, PreviewId};
use domain::portal::PreviewReason;
use serde::Deserialize;

use crate::http::extract::{Form, Path};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The reason for opening it.
#[derive(Deserialize)]
pub(super) struct PreviewForm {
    #[serde(default)]
    reason: String,
}

/// Asks for the reason. Writes nothing.
pub(super) async fn ask(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    asking(&backend, &who, page, &person, ReasonPrompt::First).await
}

/// Starts the preview, once a reason is given.
pub(super) async fn open(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(person): Path<String>,
    Form(form): Form<PreviewForm>,
) -> Result<Response, PageError> {
    let Some(reason) = PreviewReason::from_slug(&form.reason) else {
        return asking(&backend, &who, page, &person, ReasonPrompt::Unanswered).await;
    };
    let begun = match known(&person) {
        Ok(person) => begin(&backend, &who.actor, who.session, person, reason).await,
        Err(error) => Err(error),
    };
    let preview = begun?;
    Ok(Redirect::to(&format!("/students/{person}/preview/{preview}")).into_response())
}

/// Shows the student's page while the preview lasts, then asks for a reason again.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path((person, preview)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let found = match (known(&person), preview.parse::<PreviewId>()) {
        (Ok(person), Ok(preview)) => shown(&backend, &who.actor, who.session, person, preview).await,
        (Err(error), _) => Err(error),
        (_, Err(_)) => Err(Error::NotFound("preview")),
    };
    Ok(match found? {
        Some((of, home)) => {
            // The header names the student's school, as it does for the student.
            let school =
                home.schools.first().map_or_else(|| page.school.clone(), |school| school.name.clone());
            html(StatusCode::OK, preview_page(FamilyPage { school, ..page }, of.name, home))
        }
        None => asking(&backend, &who, page, &person, ReasonPrompt::Ended).await?,
    })
}

async fn asking(
    backend: &Backend,
    who: &SignedIn,
    page: FamilyPage,
    person: &str,
    prompt: ReasonPrompt,
) -> Result<Response, PageError> {
    let subject = match known(person) {
        Ok(person) => subject(backend, &who.actor, person).await,
        Err(error) => Err(error),
    };
    let of = subject?;
    Ok(html(StatusCode::OK, reason_page(page, of.person, of.name, prompt)))
}

/// Parses the id of a person; an invalid one is not found.
fn known(person: &str) -> Result<PersonId, Error> {
    person.parse().map_err(|_| Error::NotFound("student"))
}
