//! Staff's preview of a student's portal.

use app::features::portal::pages::preview::{preview_page, reason_page};
use app::ui::family::FamilyPage;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::portal::preview::{preview, subject};
use backend::{Backend, Error};
use domain::ids::PersonId;
use domain::portal::PreviewReason;
use serde::Deserialize;

use super::super::family::{Family, html, problem};
use super::super::session::Session;

/// Why it is opened.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    reason: String,
}

/// Asks why. Writes nothing.
pub(super) async fn ask(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(person): Path<String>,
) -> Response {
    let subject = match known(&person) {
        Ok(person) => subject(&backend, &who.actor, person).await,
        Err(error) => Err(error),
    };
    match subject {
        Ok(of) => html(StatusCode::OK, reason_page(page, of.person, of.name, false)),
        Err(error) => problem(page, error),
    }
}

/// Shows the student's page, once a reason is given.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(person): Path<String>,
    Form(answer): Form<Answer>,
) -> Response {
    let Some(reason) = PreviewReason::from_slug(&answer.reason) else {
        let subject = match known(&person) {
            Ok(person) => subject(&backend, &who.actor, person).await,
            Err(error) => Err(error),
        };
        return match subject {
            Ok(of) => html(StatusCode::OK, reason_page(page, of.person, of.name, true)),
            Err(error) => problem(page, error),
        };
    };
    let shown = match known(&person) {
        Ok(person) => preview(&backend, &who.actor, person, reason).await,
        Err(error) => Err(error),
    };
    match shown {
        Ok((of, home)) => {
            // The head names the student's school, as it does for the student.
            let school =
                home.schools.first().map_or_else(|| page.school.clone(), |school| school.name.clone());
            html(StatusCode::OK, preview_page(FamilyPage { school, ..page }, of.name, home))
        }
        Err(error) => problem(page, error),
    }
}

/// What is no identifier names nobody.
fn known(person: &str) -> Result<PersonId, Error> {
    person.parse().map_err(|_| Error::NotFound("student"))
}
