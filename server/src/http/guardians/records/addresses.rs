//! The forms of a guardian's addresses.

use app::features::guardians::pages::record::TypedAddress;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::people::postal::{PostalAddress, set};
use backend::roll::addresses::{add, edit, make_primary, remove, restore};
use backend::{Backend, Error};
use domain::fields::{FieldError, FieldErrors};
use domain::ids::{AddressId, AutocreateId};
use domain::roll::address::AddressKind;
use serde::Deserialize;

use super::account::{refused, to};
use super::person;
use super::record::{Refused, page};
use crate::http::extract::{Form, Path};
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// An address as typed, and whether it is new or corrects one.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AddressForm {
    which: String,
    value: String,
    /// The simulation that led here.
    run: Option<AutocreateId>,
}

/// Adds or corrects an address.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(AddressForm { which, value, run }): Form<AddressForm>,
) -> Result<Response, PageError> {
    let (actor, whose) = (&office.who.actor, person(&id)?);
    let kinds = [AddressKind::Email, AddressKind::Phone];
    let saved = match kinds.into_iter().find(|kind| kind.slug() == which) {
        Some(kind) => add(&backend, actor, whose, kind, &value).await,
        None => edit(&backend, actor, whose, address(&which)?, &value).await,
    };
    Ok(match saved.map_err(told) {
        Ok(_) => match run {
            Some(run) => Redirect::to(&format!("/guardians/{id}?done=saved&run={run}")).into_response(),
            None => to(&id, "saved"),
        },
        Err(Ok((errors, problem))) => {
            // The use case names the kind of address; the page has one field for both.
            let here = errors.0.into_iter().map(|error| FieldError::new("value", error.message));
            let (typed, errors) = (TypedAddress { which, value }, here.collect());
            page(office, &backend, &id, Refused { typed, errors, problem, run, ..Refused::default() }).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

/// What to do to an address.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum AddressAct {
    Primary,
    Remove,
    Restore,
}

/// The pressed button.
#[derive(Deserialize)]
pub(super) struct ActForm {
    act: AddressAct,
}

/// Sends messages to an address, removes it, or brings it back.
pub(super) async fn act(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path((id, which)): Path<(String, String)>,
    Form(ActForm { act }): Form<ActForm>,
) -> Result<Response, PageError> {
    let (actor, whose, which) = (&office.who.actor, person(&id)?, address(&which)?);
    let done = match act {
        AddressAct::Primary => make_primary(&backend, actor, whose, which).await,
        AddressAct::Remove => remove(&backend, actor, whose, which).await,
        AddressAct::Restore => restore(&backend, actor, whose, which).await,
    };
    match done {
        Ok(_) => Ok(to(&id, "saved")),
        Err(Error::Invalid(errors)) => {
            let problem = errors.0.into_iter().next().map(|error| error.message);
            page(office, &backend, &id, Refused { problem, ..Refused::default() }).await
        }
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// Where they live, as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PostalForm {
    lines: String,
    postcode: String,
}

/// Writes where they live.
pub(super) async fn postal(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(PostalForm { lines, postcode }): Form<PostalForm>,
) -> Result<Response, PageError> {
    match set(&backend, &office.who.actor, person(&id)?, &PostalAddress { lines, postcode }).await {
        Ok(()) => Ok(to(&id, "saved")),
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// What is no identifier is no address.
fn address(id: &str) -> Result<AddressId, Error> {
    id.parse().map_err(|_| FieldErrors::one("value", "Choose what to add or correct.").into())
}
