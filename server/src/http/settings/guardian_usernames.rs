//! The settings page for usernames of guardians: a pattern of the school that the reader works at.

use std::collections::BTreeMap;

use app::features::settings::pages::settings_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::accounts::template::{set_template, template_for};
use backend::settings::{SettingField, SettingsView};
use backend::{Backend, Error};
use domain::accounts::settings::{GUARDIAN_USERNAME_TEMPLATE, GUARDIAN_USERNAMES_PAGE};
use domain::accounts::template::UsernameTemplate;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;
use domain::settings::SettingFacts;

use super::{SettingsQuery, done};
use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Shows the form.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let school = office.page.me.school.id;
    let template = template_for(&backend, &office.who.actor, school, Among::Guardians).await?;
    Ok(shown(office, template.to_string(), FieldErrors::default()))
}

/// Saves what was typed.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(mut typed): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let slug = GUARDIAN_USERNAME_TEMPLATE.slug;
    let text = typed.remove(slug).unwrap_or_default();
    let template = match text.parse::<UsernameTemplate>() {
        Ok(template) => template,
        Err(error) => return Ok(shown(office, text, FieldErrors::one(slug, error.to_string()))),
    };
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    match set_template(&backend, actor, school, Among::Guardians, &template).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=saved", GUARDIAN_USERNAMES_PAGE.path)).into_response()),
        Err(Error::Invalid(errors)) => Ok(shown(office, text, errors)),
        Err(error) => Err(error.into()),
    }
}

fn shown(office: OfficeRequest, value: String, errors: FieldErrors) -> Response {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let may_change =
        decide(actor, Permission::ManageSettings, Resource::School(actor.organisation, school)).is_ok();
    let field = SettingField {
        slug: GUARDIAN_USERNAME_TEMPLATE.slug,
        label: GUARDIAN_USERNAME_TEMPLATE.label,
        hint: (GUARDIAN_USERNAME_TEMPLATE.hint)(SettingFacts { people: 0 }),
        value,
    };
    let view = SettingsView { fields: vec![field], may_change };
    html(StatusCode::OK, settings_page(office.page, &GUARDIAN_USERNAMES_PAGE, view, errors))
}
