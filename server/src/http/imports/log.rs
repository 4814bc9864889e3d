//! `GET /imports/{import}/log.csv` and `log.ndjson`: the log as a file, written in parts as it is read.

use std::convert::Infallible;

use app::ui::family::FamilyPage;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use backend::Backend;
use backend::imports::log;
use domain::access::actor::Actor;
use domain::ids::ImportId;
use domain::imports::outcome::Outcome;
use futures_util::stream::{self, StreamExt as _};
use serde::Deserialize;

use crate::http::family::Family;
use crate::http::office::refused;
use crate::http::session::Session;

/// Rows that are read at a time.
const PART: u16 = 2000;

/// Which rows.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    outcome: Option<Outcome>,
}

/// For a spreadsheet: the file's own columns, and what happened.
pub(super) async fn csv(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Family(page): Family,
    Path(import): Path<ImportId>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let asked = Asked { backend, actor: signed_in.actor.clone(), import, outcome: wanted.outcome };
    send(page, asked, Format::Csv).await
}

/// For programs: one JSON object per row, as `greencap import students --log` writes it.
pub(super) async fn ndjson(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Family(page): Family,
    Path(import): Path<ImportId>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let asked = Asked { backend, actor: signed_in.actor.clone(), import, outcome: wanted.outcome };
    send(page, asked, Format::Ndjson).await
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Ndjson,
}

impl Format {
    fn headers(self) -> [(axum::http::HeaderName, &'static str); 2] {
        match self {
            Self::Csv => [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"import-log.csv\""),
            ],
            Self::Ndjson => [
                (CONTENT_TYPE, "application/x-ndjson"),
                (CONTENT_DISPOSITION, "attachment; filename=\"import-log.ndjson\""),
            ],
        }
    }
}

struct Asked {
    backend: Backend,
    actor: Actor,
    import: ImportId,
    outcome: Option<Outcome>,
}

impl Asked {
    async fn part(&self, format: Format, after: u32) -> backend::Result<(Vec<u8>, Option<u32>)> {
        let Self { backend, actor, import, outcome } = self;
        match format {
            Format::Csv => log::csv(backend, actor, *import, *outcome, after, PART).await,
            Format::Ndjson => {
                let page = log::page(backend, actor, *import, *outcome, after, PART).await?;
                let mut text = Vec::new();
                for named in &page.lines {
                    serde_json::to_writer(&mut text, &named.line).map_err(backend::Error::unexpected)?;
                    text.push(b'\n');
                }
                Ok((text, page.next))
            }
        }
    }
}

async fn send(page: FamilyPage, asked: Asked, format: Format) -> Response {
    // The first part decides the status; a part that fails later ends the file early.
    let (first, next) = match asked.part(format, 0).await {
        Ok(part) => part,
        Err(error) => {
            return refused(page, error, "/imports", "Imports");
        }
    };
    let rest = stream::unfold((asked, next), move |(asked, next)| async move {
        let (part, next) = asked.part(format, next?).await.ok()?;
        Some((part, (asked, next)))
    });
    let parts = stream::once(async { first }).chain(rest).map(|part| Ok::<_, Infallible>(Bytes::from(part)));
    // The layer that compresses asks once more after the end.
    let parts = parts.fuse();
    (format.headers(), Body::from_stream(parts)).into_response()
}
