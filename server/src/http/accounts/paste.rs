//! `POST /accounts/paste/file`: a file in place of a paste. The answer is its cells, as JSON.

use app::error::AppError;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Json, Response};
use backend::Backend;
use backend::accounts::paste::read_file;
use domain::accounts::paste::outcome::PasteFile;
use domain::ids::SchoolId;

use crate::http::imports::upload;
use crate::http::session::Session;

/// Reads the form and the file in it.
pub(super) async fn file(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let read = async {
        let (school, name, bytes) = read(form.map_err(|_| upload::no_form())?).await?;
        Ok::<PasteFile, AppError>(read_file(&backend, &signed_in.actor, school, (&name, bytes)).await?)
    };
    match read.await.map_err(upload::about_the_file) {
        Ok(file) => Json(file).into_response(),
        Err(error) => (error.kind.status(), Json(error)).into_response(),
    }
}

async fn read(mut form: Multipart) -> Result<(SchoolId, String, Vec<u8>), AppError> {
    let (mut school, mut file) = (None, None);
    while let Some(field) = form.next_field().await.map_err(upload::broken)? {
        match field.name() {
            Some("school") => school = field.text().await.map_err(upload::broken)?.parse::<SchoolId>().ok(),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, upload::bytes(field).await?));
            }
            _ => {}
        }
    }
    let school = school.ok_or_else(|| AppError::from(backend::Error::NotFound("school")))?;
    let (name, bytes) = file.ok_or_else(upload::no_file)?;
    Ok((school, name, bytes))
}
