//! Staff's preview of the portal of a student or a guardian.

use app::features::portal::pages::preview::{
    PreviewedPage, ReasonPrompt, preview_child_page, preview_page, reason_page,
};
use app::ui::family::FamilyPage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::portal::preview::{PreviewSubject, begin, show as shown, show_child as shown_child, subject};
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
    let (of, preview) = begun?;
    Ok(Redirect::to(&format!("{}/preview/{preview}", of.record())).into_response())
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
            let of_child =
                || home.children.first().and_then(|child| child.schools.first()).map(|school| &school.name);
            let school = home.schools.first().map(|school| &school.name).or_else(of_child).cloned();
            let school = school.unwrap_or_else(|| page.school.clone());
            let of = previewed(of, home.familiar.clone(), &preview);
            html(StatusCode::OK, preview_page(FamilyPage { school, ..page }, of, home))
        }
        None => asking(&backend, &who, page, &person, ReasonPrompt::Ended).await?,
    })
}

/// Shows the page of one of a guardian's children while the preview lasts, then asks for a reason again.
pub(super) async fn show_child(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path((person, preview, child)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let found = match (known(&person), preview.parse::<PreviewId>(), known(&child)) {
        (Ok(person), Ok(preview), Ok(child)) => {
            shown_child(&backend, &who.actor, who.session, person, preview, child).await
        }
        _ => Err(Error::NotFound("preview")),
    };
    Ok(match found? {
        Some((of, child)) => {
            let school = child.child.schools.first().map(|school| school.name.clone());
            let school = school.unwrap_or_else(|| page.school.clone());
            let familiar = of.name.clone();
            let of = previewed(of, familiar, &preview);
            html(StatusCode::OK, preview_child_page(FamilyPage { school, ..page }, of, child))
        }
        None => asking(&backend, &who, page, &person, ReasonPrompt::Ended).await?,
    })
}

/// Which preview the page is of.
fn previewed(of: PreviewSubject, familiar: String, preview: &str) -> PreviewedPage {
    let record = of.record();
    PreviewedPage { familiar, path: format!("{record}/preview/{preview}"), record, name: of.name }
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
    Ok(html(StatusCode::OK, reason_page(page, of.record(), of.name, prompt)))
}

/// Parses the id of a person; an invalid one is not found.
fn known(person: &str) -> Result<PersonId, Error> {
    person.parse().map_err(|_| Error::NotFound("student"))
}
