//! `GET /session`: asked by the script of an open page, whether the person it was drawn for is still signed in in this
//! browser. Asking does not prolong the session. Says nothing about the person but the name of someone else who is
//! signed in here now.

use std::sync::Arc;

use app::features::sessions::pages::{CoverWords, cover_words};
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Json, Response};
use backend::Backend;
use backend::sessions::page_stamp::PageStamp;
use backend::sessions::session::SignedIn;
use serde::{Deserialize, Serialize};

use crate::http::extract::Query;
use crate::http::family::Look;

/// The route.
pub(in crate::http) const STANDING: &str = "/session";

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct StandingQuery {
    /// The page's stamp.
    #[serde(default)]
    pub(super) stamp: String,
}

/// What the page does now.
#[derive(Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Standing {
    /// It is shown.
    Same,
    /// It is covered: nobody is signed in.
    Ended(CoverWords),
    /// It is covered: somebody else is.
    Other(CoverWords),
}

pub(super) async fn standing(
    State(backend): State<Backend>,
    Look(look): Look,
    who: Option<Extension<Arc<SignedIn>>>,
    Query(query): Query<StandingQuery>,
) -> Response {
    let stamp = PageStamp::from_text(&backend.keys, &query.stamp);
    let standing = match who {
        None => Standing::Ended(cover_words(look.locale, None)),
        Some(who) if stamp.is_some_and(|stamp| stamp.account == who.account) => Standing::Same,
        Some(who) => Standing::Other(cover_words(look.locale, Some(&who.name))),
    };
    Json(standing).into_response()
}
