//! The settings of single sign-on.

use app::features::single_sign_on::pages::providers::{provider_page, providers_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use backend::single_sign_on::providers::ProviderForm;
use backend::single_sign_on::providers::addresses::set_addresses;
use backend::single_sign_on::providers::check::{Checked, check};
use backend::single_sign_on::providers::list::{list, load};
use backend::single_sign_on::providers::relink::relink;
use backend::single_sign_on::providers::remove::remove;
use backend::single_sign_on::providers::require::require;
use backend::single_sign_on::providers::save::save;
use backend::{Backend, Error};
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::{ProviderId, SchoolId};
use domain::single_sign_on::settings::SignInAddresses;
use serde::Deserialize;

use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;
use crate::http::routes::{Access, Routes};

/// The pages and their forms.
pub(in crate::http) fn routes() -> Routes {
    const SETTINGS: Permission = Permission::ManageSettings;
    const CHANGE: Access = Access::Holds(SETTINGS);
    Routes::new()
        .holding(SETTINGS, "/settings/single-sign-on", get(show))
        .step_up(CHANGE, "/settings/single-sign-on/required", post(set_required))
        .step_up(CHANGE, "/settings/single-sign-on/addresses", post(choose_addresses))
        .holding(SETTINGS, "/settings/single-sign-on/new", get(new))
        .holding(SETTINGS, "/settings/single-sign-on/{provider}", get(edit))
        .step_up(CHANGE, "/settings/single-sign-on/{provider}", post(change))
        .step_up(CHANGE, "/settings/single-sign-on/{provider}/check", post(ask))
        .step_up(CHANGE, "/settings/single-sign-on/{provider}/relink", post(ask_everyone_again))
        .step_up(CHANGE, "/settings/single-sign-on/{provider}/remove", post(take_away))
}

/// The query parameters.
#[derive(Deserialize)]
struct ProvidersQuery {
    #[serde(default)]
    done: String,
}

fn done(word: &str) -> Option<&'static str> {
    match word {
        "saved" => Some("Saved."),
        "removed" => Some("Provider removed."),
        "relinked" => Some("All links removed. Everyone links their account again at their next sign-in."),
        _ => None,
    }
}

async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<ProvidersQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    overview(office, &backend, FieldErrors::default()).await
}

async fn overview(
    office: OfficeRequest,
    backend: &Backend,
    errors: FieldErrors,
) -> Result<Response, PageError> {
    let shown = list(backend, &office.who.actor).await?;
    Ok(html(StatusCode::OK, providers_page(office.page, shown, errors)))
}

async fn set_required(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let schools: Vec<SchoolId> =
        pairs.iter().filter(|(key, _)| key == "school").filter_map(|(_, id)| id.parse().ok()).collect();
    Ok(match require(&backend, &office.who.actor, &schools).await {
        Ok(()) => Redirect::to("/settings/single-sign-on?done=saved").into_response(),
        Err(Error::Invalid(errors)) => overview(office, &backend, errors).await?,
        Err(error) => return Err(error.into()),
    })
}

/// The chosen addresses. An unticked checkbox sends nothing.
#[derive(Deserialize)]
struct SignInAddressesForm {
    any: Option<String>,
}

async fn choose_addresses(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(chosen): Form<SignInAddressesForm>,
) -> Result<Response, PageError> {
    let counts = if chosen.any.is_some() { SignInAddresses::Any } else { SignInAddresses::Primary };
    set_addresses(&backend, &office.who.actor, counts).await?;
    Ok(Redirect::to("/settings/single-sign-on?done=saved").into_response())
}

/// A new provider has an id before it is saved, because its redirect URI contains it.
async fn new(State(backend): State<Backend>) -> Response {
    let id: ProviderId = backend.new_id();
    Redirect::to(&format!("/settings/single-sign-on/{id}")).into_response()
}

async fn edit(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Query(query): Query<ProvidersQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    page(office, &backend, &id, None, FieldErrors::default(), None).await
}

/// The submitted form. An unticked checkbox sends nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
struct SaveProviderForm {
    kind: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: String,
    domains: String,
    trusts_second_factor: Option<String>,
    enabled: Option<String>,
}

impl From<SaveProviderForm> for ProviderForm {
    fn from(submitted: SaveProviderForm) -> Self {
        Self {
            kind: submitted.kind,
            name: submitted.name,
            issuer: submitted.issuer,
            client_id: submitted.client_id,
            client_secret: submitted.client_secret,
            domains: submitted.domains,
            trusts_second_factor: submitted.trusts_second_factor.is_some(),
            enabled: submitted.enabled.is_some(),
        }
    }
}

async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(submitted): Form<SaveProviderForm>,
) -> Result<Response, PageError> {
    let form = ProviderForm::from(submitted);
    let saved = match known(&id) {
        Ok(id) => save(&backend, &office.who.actor, id, &form).await,
        Err(error) => Err(error),
    };
    Ok(match saved {
        Ok(()) => Redirect::to(&format!("/settings/single-sign-on/{id}?done=saved")).into_response(),
        Err(Error::Invalid(errors)) => page(office, &backend, &id, Some(form), errors, None).await?,
        Err(error) => return Err(error.into()),
    })
}

async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let checked = match known(&id) {
        Ok(id) => check(&backend, &office.who.actor, id).await,
        Err(error) => Err(error),
    };
    let checked = checked?;
    page(office, &backend, &id, None, FieldErrors::default(), Some(checked)).await
}

async fn ask_everyone_again(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    relink(&backend, &office.who.actor, known(&id)?).await?;
    Ok(Redirect::to(&format!("/settings/single-sign-on/{id}?done=relinked")).into_response())
}

async fn take_away(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let removed = match known(&id) {
        Ok(id) => remove(&backend, &office.who.actor, id).await,
        Err(error) => Err(error),
    };
    removed?;
    Ok(Redirect::to("/settings/single-sign-on?done=removed").into_response())
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    typed: Option<ProviderForm>,
    errors: FieldErrors,
    checked: Option<Checked>,
) -> Result<Response, PageError> {
    let shown = match known(id) {
        Ok(id) => load(backend, &office.who.actor, id).await,
        Err(error) => Err(error),
    };
    let mut shown = shown?;
    // A secret is not sent back.
    shown.form = typed.map_or(shown.form, |typed| ProviderForm { client_secret: String::new(), ..typed });
    Ok(html(StatusCode::OK, provider_page(office.page, shown, errors, checked)))
}

/// Parses the id of a provider; an invalid one is not found.
fn known(id: &str) -> Result<ProviderId, Error> {
    id.parse().map_err(|_| Error::NotFound("identity provider"))
}
