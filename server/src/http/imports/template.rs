//! `GET /imports/template.csv?kind=…` and `template.xlsx`: an empty list with every column of a kind of import.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::imports::sent_back::SheetFormat;
use domain::rooms;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The kind of list.
#[derive(Deserialize)]
pub(super) struct ImportTemplateQuery {
    #[serde(default)]
    kind: String,
}

/// Returns it as comma-separated values.
pub(super) async fn csv(_: Session, Query(query): Query<ImportTemplateQuery>) -> Result<Response, PageError> {
    template(&query, SheetFormat::Csv)
}

/// Returns it as a workbook.
pub(super) async fn xlsx(
    _: Session,
    Query(query): Query<ImportTemplateQuery>,
) -> Result<Response, PageError> {
    template(&query, SheetFormat::Xlsx)
}

/// The template of a kind; of the first one if none is named.
fn template(query: &ImportTemplateQuery, format: SheetFormat) -> Result<Response, PageError> {
    let kind = rooms::import(&query.kind).unwrap_or(rooms::IMPORTS[0]);
    let made = backend::imports::template::template(kind, format);
    let bytes = made.map_err(|error| PageError::from(error).back_to("/imports", "Imports"))?;
    let name = format!("attachment; filename=\"{}.{}\"", kind.slug, format.ending());
    let headers = [(CONTENT_TYPE, format.media_type().to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
