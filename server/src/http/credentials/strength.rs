//! The strength of a password while it is typed, for the page's script.

use app::ui::family::{FamilyPage, StrengthView};
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use backend::credentials::blocklist::is_common;
use domain::credentials::password::{RulesMet, Strength};
use serde::Deserialize;

use crate::http::extract::Form;
use crate::http::family::look;

/// The lowest and highest minimum length that a school may require.
const MINIMUMS: (usize, usize) = (8, 64);

/// The password, and what the page says about its owner. Nothing is looked up, so nothing can be found out;
/// the form itself checks against everything the school has.
#[derive(Deserialize)]
pub(super) struct PasswordStrengthForm {
    password: String,
    minimum: usize,
    #[serde(default)]
    known: String,
}

/// The language of the request; the page itself is not needed.
pub(super) struct RequestLocale(FamilyPage);

impl<S: Sync> FromRequestParts<S> for RequestLocale {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(look(parts)))
    }
}

/// Estimates the strength.
pub(super) async fn judge(
    RequestLocale(page): RequestLocale,
    Form(form): Form<PasswordStrengthForm>,
) -> Json<StrengthView> {
    let minimum = form.minimum.clamp(MINIMUMS.0, MINIMUMS.1);
    let known = [form.known.as_str()];
    let strength = Strength::of(&form.password, minimum, &known, is_common);
    let met = RulesMet::of(&form.password, minimum, &known, is_common);
    Json(StrengthView::new(page.locale, strength, met))
}
