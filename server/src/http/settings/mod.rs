//! The settings pages that are plain forms: one for each page for which settings of the organisation or of a school are
//! declared, and those of the organisation and its schools.

mod guardian_usernames;
mod organisation;
mod schools;

use std::collections::BTreeMap;

use app::features::settings::pages::settings_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use backend::settings::{SettingsOf, change, load};
use backend::{Backend, Error};
use domain::accounts::settings::{GUARDIAN_USERNAMES_PAGE, USERNAMES_PAGE};
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::settings::GUARDIAN_ACCESS_PAGE;
use domain::registry::{SETTINGS, SETTINGS_PAGES, scope_of};
use domain::roll::settings::{ORGANISATION_PAGE, SCHOOLS_PAGE};
use domain::settings::{DeclaredSetting, SettingsPage};
use domain::single_sign_on::settings::SINGLE_SIGN_ON_PAGE;
use serde::Deserialize;

use super::family::html;
use super::office_request::OfficeRequest;
use super::problem::PageError;
use super::routes::{Access, Routes};
use crate::http::extract::{Form, Query};

/// Each page and its form.
pub(super) fn routes() -> Routes {
    const MANAGES: Permission = Permission::ManageSettings;
    const CHANGE: Access = Access::Holds(MANAGES);
    let of_the_roll = Routes::new()
        .holding(MANAGES, ORGANISATION_PAGE.path, get(organisation::show))
        .step_up(CHANGE, ORGANISATION_PAGE.path, post(organisation::save))
        .holding(MANAGES, GUARDIAN_USERNAMES_PAGE.path, get(guardian_usernames::show))
        .step_up(CHANGE, GUARDIAN_USERNAMES_PAGE.path, post(guardian_usernames::save))
        .holding(MANAGES, SCHOOLS_PAGE.path, get(schools::list))
        .holding(MANAGES, "/settings/schools/new", get(schools::new))
        .step_up(CHANGE, "/settings/schools/new", post(schools::add))
        .holding(MANAGES, "/settings/schools/{code}", get(schools::show))
        .step_up(CHANGE, "/settings/schools/{code}", post(schools::save));
    SETTINGS_PAGES.iter().copied().filter(|page| !settings_of(page).is_empty()).fold(
        of_the_roll,
        |routes, page| {
            let show =
                get(move |office: OfficeRequest, backend: State<Backend>, query: Query<SettingsQuery>| {
                    show(page, office, backend, query)
                });
            let save = post(
                move |office: OfficeRequest,
                      backend: State<Backend>,
                      typed: Form<BTreeMap<String, String>>| {
                    save(page, office, backend, typed)
                },
            );
            routes.holding(MANAGES, page.path, show).step_up(Access::Holds(MANAGES), page.path, save)
        },
    )
}

/// The pages that draw their settings themselves.
const OWN_FORMS: [&SettingsPage; 4] =
    [&USERNAMES_PAGE, &GUARDIAN_USERNAMES_PAGE, &GUARDIAN_ACCESS_PAGE, &SINGLE_SIGN_ON_PAGE];

/// The settings of the form of a page, in order.
fn settings_of(page: &SettingsPage) -> Vec<&'static dyn DeclaredSetting> {
    let in_form =
        |setting: &&'static dyn DeclaredSetting| setting.page() == page && !OWN_FORMS.contains(&page);
    SETTINGS.iter().copied().filter(in_form).collect()
}

/// Whose settings a page shows: the organisation's, or those of the school that the office works for.
fn whose(page: &SettingsPage, office: &OfficeRequest) -> SettingsOf {
    SettingsOf::scope(scope_of(page), office.page.me.school.id)
}

/// The query parameters.
#[derive(Deserialize)]
struct SettingsQuery {
    #[serde(default)]
    done: String,
}

/// The confirmation for what a form just did, from the query.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "saved" => Some("Saved."),
        "added" => Some("School added."),
        _ => None,
    }
}

async fn show(
    page: &'static SettingsPage,
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let shown = load(&backend, &office.who.actor, whose(page, &office), &settings_of(page)).await?;
    Ok(html(StatusCode::OK, settings_page(office.page, page, shown, FieldErrors::default())))
}

async fn save(
    page: &'static SettingsPage,
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(mut typed): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let (settings, of) = (settings_of(page), whose(page, &office));
    let errors = match change(&backend, &office.who.actor, of, &settings, &typed).await {
        Ok(()) => return Ok(Redirect::to(&format!("{}?done=saved", page.path)).into_response()),
        Err(Error::Invalid(errors)) => errors,
        Err(error) => return Err(error.into()),
    };
    let mut shown = load(&backend, &office.who.actor, of, &settings).await?;
    for field in &mut shown.fields {
        field.value = typed.remove(field.slug).unwrap_or_default();
    }
    Ok(html(StatusCode::OK, settings_page(office.page, page, shown, errors)))
}
