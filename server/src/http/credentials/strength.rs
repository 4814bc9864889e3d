//! How good a password is while it is typed, for the script of the page.

use app::ui::family::{FamilyPage, StrengthView};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::{Form, Json};
use backend::credentials::blocklist::is_common;
use domain::credentials::password::Strength;
use serde::Deserialize;

use crate::http::family::look;

/// The shortest and the longest minimum that a school may ask for.
const MINIMUMS: (usize, usize) = (8, 64);

/// What stands in the field, and what the page knows of its owner. Nothing is looked up, so nothing can be found out; the
/// form itself is judged by all that the school knows.
#[derive(Deserialize)]
pub(super) struct Typed {
    password: String,
    minimum: usize,
    #[serde(default)]
    known: String,
}

/// The language of the request; the page itself is not needed.
pub(super) struct Look(FamilyPage);

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(look(parts)))
    }
}

/// Judges it.
pub(super) async fn judge(Look(page): Look, Form(typed): Form<Typed>) -> Json<StrengthView> {
    let minimum = typed.minimum.clamp(MINIMUMS.0, MINIMUMS.1);
    let strength = Strength::of(&typed.password, minimum, &[&typed.known], is_common);
    Json(StrengthView::new(page.locale, strength))
}
