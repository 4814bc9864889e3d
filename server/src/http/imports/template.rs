//! `GET /imports/template.csv`: an empty list with every column that an import knows.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::imports::field::StudentField;

use crate::http::session::Session;

/// The header row, in UTF-8 with the mark by which Excel knows it.
pub(super) async fn template(_: Session) -> impl IntoResponse {
    let names: Vec<&str> = StudentField::ALL
        .into_iter()
        .filter(|field| *field != StudentField::FullName)
        .map(StudentField::label)
        .collect();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"students.csv\""),
    ];
    (headers, format!("\u{feff}{}\r\n", names.join(",")))
}
