//! `GET /guardians/{person}`, and the same page after a form was not taken.

use app::features::guardians::pages::record::{GuardianRecord, TypedAddress, record_page};
use app::features::staff::pages::member::AccountForm;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::guardian::propose_for_guardian;
use backend::guardians::people::deliveries::deliveries;
use backend::guardians::people::shown::guardian;
use backend::guardians::people::survivor::survivor;
use backend::record::record;
use backend::{Backend, Error};
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::fields::FieldErrors;
use domain::ids::AutocreateId;
use serde::Deserialize;

use super::{done, person};
use crate::http::extract::{Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Came {
    #[serde(default)]
    done: String,
    /// The simulation that led here.
    #[serde(default)]
    run: Option<AutocreateId>,
}

/// What a form had, that was not taken.
#[derive(Default)]
pub(super) struct Refused {
    pub(super) account: Option<AccountForm>,
    pub(super) typed: TypedAddress,
    pub(super) errors: FieldErrors,
    pub(super) problem: Option<String>,
    pub(super) run: Option<AutocreateId>,
}

/// The record.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, PageError> {
    office.page.done = done(&came.done);
    page(office, &backend, &id, Refused { run: came.run, ..Refused::default() }).await
}

/// The record, with what was not taken.
pub(super) async fn page(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    refused: Refused,
) -> Result<Response, PageError> {
    let (actor, school, id) = (&office.who.actor, office.page.me.school.id, person(id)?);
    let shown = match guardian(backend, actor, id).await {
        Err(error @ Error::NotFound(_)) => {
            return match survivor(backend, actor, id).await? {
                Some(survivor) => Ok(Redirect::to(&format!("/guardians/{survivor}")).into_response()),
                None => Err(error.into()),
            };
        }
        found => found?,
    };
    let all = record(backend, actor, id).await?;
    let open = all.account.as_ref().is_some_and(|account| account.standing.state != AccountState::Closed);
    let makes = !open && all.shows_account && office.page.me.may(Permission::ManageAccounts);
    let form = match refused.account {
        Some(form) => Some(form),
        None if makes => match propose_for_guardian(backend, actor, school, id).await {
            Ok(row) => Some(AccountForm::proposing(&row)),
            // Nobody's guardian at this school, or somebody else has just made it: there is nothing to offer.
            Err(Error::Conflict { .. }) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let sent = if all.shows_account { deliveries(backend, actor, id).await? } else { Vec::new() };
    let guardian = GuardianRecord {
        shown,
        deliveries: sent,
        record: all,
        form,
        typed: refused.typed,
        errors: refused.errors,
        problem: refused.problem,
        run: refused.run,
    };
    Ok(html(StatusCode::OK, record_page(office.page, guardian)))
}
