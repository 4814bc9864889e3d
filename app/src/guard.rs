//! The guard of every server function. A server function that is not in [`PERMISSIONS`] answers nobody.

use std::sync::Arc;

use axum::http::request::Parts;
use backend::Backend;
use backend::factors::step_up::has_recent_step_up;
use backend::sessions::session::SignedIn;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::error::{AppError, AppResult};

/// Every endpoint of the office with the permission it takes at least. The HTTP layer asks this table before it reads
/// the arguments, [`enter`] asks it again inside (server-side rendering passes no HTTP layer), and the use case asks
/// the policy about the very school.
pub const PERMISSIONS: &[(&str, Permission)] = &[
    ("factors/challenge_passkey", Permission::UseOffice),
    ("sessions/end_sessions", Permission::ManageAccounts),
    ("factors/how_to_step_up", Permission::UseOffice),
    ("recovery/make_code", Permission::ManageAccounts),
    ("factors/step_up", Permission::UseOffice),
    ("factors/remove_factors", Permission::ManageAccounts),
    ("single_sign_on/remove_identities", Permission::ManageAccounts),
    ("accounts/batch", Permission::ViewAccounts),
    ("accounts/batches", Permission::ViewAccounts),
    ("accounts/candidates", Permission::ManageAccounts),
    ("accounts/change_state", Permission::ManageAccounts),
    ("accounts/count", Permission::ViewAccounts),
    ("accounts/grant", Permission::ManageAccounts),
    ("accounts/propose", Permission::ManageAccounts),
    ("accounts/save", Permission::ManageAccounts),
    ("accounts/set_template", Permission::ManageSettings),
    ("accounts/template", Permission::ViewAccounts),
    ("accounts/undo", Permission::ManageAccounts),
    ("invitations/mailbox", Permission::ViewMailbox),
    ("invitations/message", Permission::ViewMailbox),
    ("invitations/progress", Permission::ViewAccounts),
    ("invitations/revoke", Permission::SendInvitations),
    ("invitations/send", Permission::SendInvitations),
    ("invitations/stop", Permission::SendInvitations),
    ("imports/check", Permission::ImportRoll),
    ("imports/commit", Permission::ImportRoll),
    ("imports/discard", Permission::ImportRoll),
    ("imports/list", Permission::ImportRoll),
    ("imports/log", Permission::ImportRoll),
    ("imports/undo", Permission::ImportRoll),
    ("imports/view", Permission::ImportRoll),
    ("roll/add_address", Permission::EditContacts),
    ("roll/choose_address", Permission::EditContacts),
    ("roll/edit_address", Permission::EditContacts),
    ("roll/list", Permission::ViewRoll),
    ("roll/record", Permission::ViewRoll),
    ("roll/remove_address", Permission::EditContacts),
];

/// Sensitive actions: they need a step-up if the last one is too long ago.
pub const STEP_UP: &[&str] = &[
    "recovery/make_code",
    "factors/remove_factors",
    "single_sign_on/remove_identities",
    "accounts/change_state",
    "imports/commit",
    "imports/undo",
    "roll/add_address",
    "roll/choose_address",
    "roll/edit_address",
    "roll/remove_address",
];

/// Whether this endpoint needs a step-up before it does anything.
pub fn owes_step_up(endpoint: &str, backend: &Backend, who: &SignedIn) -> bool {
    STEP_UP.contains(&endpoint) && !has_recent_step_up(backend, who)
}

/// The permission an endpoint declares.
pub fn declared(endpoint: &str) -> Option<Permission> {
    PERMISSIONS.iter().find(|(name, _)| *name == endpoint).map(|(_, permission)| *permission)
}

/// The backend and who is asking, as the HTTP layer put them into the request.
#[derive(Clone)]
pub struct Entered {
    /// For the use case.
    pub backend: Backend,
    /// For the use case.
    pub actor: Actor,
    /// Whose session it is.
    pub signed_in: Arc<SignedIn>,
}

/// Lets the caller of a server function in, or answers 401 or 403.
pub fn enter(endpoint: &str) -> AppResult<Entered> {
    let outcome = (|| {
        let parts = use_context::<Parts>().ok_or_else(AppError::signed_out)?;
        let backend = parts.extensions.get::<Backend>().ok_or_else(AppError::signed_out)?;
        let signed_in = parts.extensions.get::<Arc<SignedIn>>().ok_or_else(AppError::signed_out)?;
        let permission = declared(endpoint).ok_or_else(AppError::refused)?;
        decide(&signed_in.actor, permission, Resource::AnySchool(signed_in.actor.organisation))
            .map_err(|_| AppError::refused())?;
        if owes_step_up(endpoint, backend, signed_in) {
            return Err(AppError::step_up_required());
        }
        Ok(Entered { backend: backend.clone(), actor: signed_in.actor.clone(), signed_in: signed_in.clone() })
    })();
    outcome.inspect_err(answer_with_status)
}

/// Turns the end of a use case into the answer of a server function, with the status that fits.
pub fn answer<T>(result: backend::Result<T>) -> AppResult<T> {
    result.map_err(AppError::from).inspect_err(answer_with_status)
}

/// Gives the answer of a server function the status of its error.
pub(crate) fn answer_with_status(error: &AppError) {
    // The list of routes is made at start without a request: then there is nobody to answer.
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(error.kind.status());
    }
}

/// The value of a cookie of this request.
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    cookie_of(&parts.headers, name)
}

/// The value of a cookie in these headers (RFC 6265, section 4.2).
pub fn cookie_of(headers: &axum::http::HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The theme that the person chose, if it is one of ours.
pub fn theme() -> Option<String> {
    cookie("greencap-theme").filter(|theme| theme == "light" || theme == "dark")
}
