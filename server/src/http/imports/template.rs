//! `GET /imports/template.csv?kind=…`: an empty list with every column of a kind of import.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::rooms;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::session::Session;

/// The kind of list.
#[derive(Deserialize)]
pub(super) struct ImportTemplateQuery {
    #[serde(default)]
    kind: String,
}

/// Returns the header row, in UTF-8 with the byte order mark by which Excel recognises it; for the first kind
/// if none is named.
pub(super) async fn template(_: Session, Query(query): Query<ImportTemplateQuery>) -> impl IntoResponse {
    let kind = rooms::import(&query.kind).unwrap_or(rooms::IMPORTS[0]);
    let names: Vec<&str> = kind.template().map(|field| field.label).collect();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", kind.slug)),
    ];
    (headers, format!("\u{feff}{}\r\n", names.join(",")))
}
