//! The first administrator's form, behind the link that the server prints at its first start.

use app::features::setup::pages::setup::{SetupView, setup_gone_page, setup_page};
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::credentials::new_password::STAFF_MINIMUM;
use backend::sessions::session::SignedIn;
use backend::setup::administrator::AdministratorForm;
use backend::setup::link::{is_open, set_up};
use backend::sign_in::sign_in::SignInOutcome;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use serde::Deserialize;

use crate::http::extract::{Form, Path};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::sign_in::next::NextPath;
use crate::http::sign_in::steps::onward_instead;
use crate::http::visitor::Visiting;

/// The submitted form.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct SetupForm {
    given: String,
    family: String,
    email: String,
    username: String,
    password: String,
}

/// Shows the form. Does not use up the link.
pub(super) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    Ok(if is_open(&backend, &token).await? {
        let shown = SetupView { token, minimum: STAFF_MINIMUM, ..SetupView::default() };
        html(StatusCode::OK, setup_page(page, shown))
    } else {
        html(StatusCode::GONE, setup_gone_page(page))
    })
}

/// Handles the submitted form.
pub(super) async fn create(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    Path(token): Path<String>,
    Form(submitted): Form<SetupForm>,
) -> Result<Response, PageError> {
    let SetupForm { given, family, email, username, password } = submitted;
    let form = AdministratorForm { given, family, email, username, password };
    Ok(match set_up(&backend, &visitor, &token, &form).await {
        Ok(session) => {
            onward_instead(&backend, who, SignInOutcome::Entered(session), &NextPath::default()).await?
        }
        Err(Error::Invalid(errors)) => html(StatusCode::OK, setup_page(page, again(token, form, errors))),
        Err(Error::NotFound(_)) => html(StatusCode::GONE, setup_gone_page(page)),
        Err(error) => return Err(error.into()),
    })
}

fn again(token: String, form: AdministratorForm, errors: FieldErrors) -> SetupView {
    let AdministratorForm { given, family, email, username, password: _ } = form;
    SetupView { token, given, family, email, username, minimum: STAFF_MINIMUM, errors }
}
