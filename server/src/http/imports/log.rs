//! `POST /imports/{import}/log`: the log as a file, written in parts as it is read. A form rather than a
//! link, because it is recorded in the audit log.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use backend::Backend;
use backend::imports::export::export;
use domain::ids::ImportId;
use domain::imports::outcome::LogFilter;
use futures_util::stream::{self, StreamExt as _};
use serde::Deserialize;

use crate::http::extract::{Form, Path};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The rows to include, or all.
#[derive(Deserialize)]
pub(super) struct ImportLogForm {
    #[serde(default)]
    outcome: Option<LogFilter>,
}

/// Returns a spreadsheet file: the file's own columns, and the outcome.
pub(super) async fn log(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Path(import): Path<ImportId>,
    Form(form): Form<ImportLogForm>,
) -> Result<Response, PageError> {
    // The first part decides the status; a part that fails later ends the file early.
    let begun = async {
        let file = export(&backend, &signed_in.actor, import, form.outcome).await?;
        let first = file.part(0).await?;
        Ok::<_, backend::Error>((file, first))
    }
    .await;
    let (file, (first, next)) = match begun {
        Ok(begun) => begun,
        Err(error) => return Err(PageError::from(error).back_to("/imports", "Imports")),
    };
    let rest = stream::unfold((file, next), async |(file, next)| {
        let (part, next) = file.part(next?).await.ok()?;
        Some((part, (file, next)))
    });
    let parts = stream::once(async { first }).chain(rest).map(|part| Ok::<_, Infallible>(Bytes::from(part)));
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (CONTENT_DISPOSITION, "attachment; filename=\"import-log.csv\"");
    // The compression layer polls again after the end.
    Ok(([kind, name], Body::from_stream(parts.fuse())).into_response())
}
