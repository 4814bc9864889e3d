//! `POST /imports/upload`: the file of the import page.

use app::error::{AppError, ErrorKind};
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Redirect, Response};
use backend::Backend;
use backend::imports::stage::{ImportFile, ReadBefore, stage_as};
use backend::tables::limits;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;
use domain::ids::{ImportId, SchoolId};
use domain::imports::encoding::TextEncoding;
use domain::imports::kind::KindSlug;
use domain::imports::reading::ReadOptions;
use domain::imports::unsent::{UNSENT, Unsent};
use domain::imports::views::ImportView;

use crate::http::problem::PageError;
use crate::http::session::Session;

/// Reads the form and stages the file. Redirects a browser to the import's page; returns its URL to a script
/// that asks for JSON. Errors are returned the same two ways.
pub(super) async fn upload(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let wants_json = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accepted| accepted.contains("application/json"));
    let actor = &signed_in.actor;
    let staged = async {
        // Before the file is read: people who may not import have nothing to send.
        decide(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))
            .map_err(backend::Error::from)?;
        Ok(stage_as(&backend, actor, read(form.map_err(|_| no_form())?).await?).await?)
    };
    Ok(match staged.await.map_err(about_the_file) {
        Ok(ImportView { id, .. }) if wants_json => Json(format!("/imports/{id}")).into_response(),
        Ok(ImportView { id, .. }) => Redirect::to(&format!("/imports/{id}")).into_response(),
        Err(error) if wants_json => (error.kind.status(), Json(error)).into_response(),
        Err(error) => return Err(PageError::from(error).back_to("/imports", "Choose another file")),
    })
}

/// The problem is in the file; nobody has changed anything meanwhile.
pub(in crate::http) fn about_the_file(mut error: AppError) -> AppError {
    if error.kind == ErrorKind::Conflict {
        error.kind = ErrorKind::Invalid;
    }
    error
}

async fn read(mut form: Multipart) -> Result<ImportFile, AppError> {
    let (mut kind, mut school, mut file, mut pasted, mut replaces) = (None, None, None, None, None);
    let mut options = ReadOptions::default();
    let mut unsent = Unsent::default();
    let mut errors = FieldErrors::default();
    let usable = |text: String| {
        if text.contains('\0') { Err(AppError::unusable_character()) } else { Ok(text) }
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("kind") => kind = Some(KindSlug(usable(field.text().await.map_err(broken)?)?)),
            Some("school") => school = field.text().await.map_err(broken)?.parse::<SchoolId>().ok(),
            Some("replaces") => replaces = field.text().await.map_err(broken)?.parse::<ImportId>().ok(),
            Some(UNSENT) => match usable(field.text().await.map_err(broken)?)?.as_str() {
                // A form that was sent without WebAssembly.
                "" => {}
                text => match serde_json::from_str(text) {
                    Ok(choices) => unsent = choices,
                    Err(_) => errors.push(
                        UNSENT,
                        "Your choices on this page can\u{2019}t be read. Reload the page and choose again.",
                    ),
                },
            },
            Some("encoding") => match field.text().await.map_err(broken)?.trim() {
                "" => {}
                name => match name.parse::<TextEncoding>() {
                    Ok(encoding) => options.encoding = Some(encoding),
                    Err(_) => errors.push("encoding", "Choose one of the encodings in the list."),
                },
            },
            Some("sheet") => options = options.with_sheet(&field.text().await.map_err(broken)?),
            Some("header_row") => match field.text().await.map_err(broken)?.trim() {
                "" => {}
                row => match row.parse::<u32>() {
                    Ok(row) => options.header_row = Some(row),
                    Err(_) => errors.push(
                        "header_row",
                        "Enter the number of a row, such as 3, or 0 if no row has column names.",
                    ),
                },
            },
            Some("fill_merged") => match field.text().await.map_err(broken)?.trim() {
                "" => {}
                text => match text.parse::<bool>() {
                    Ok(fills) => options.fill_merged = Some(fills),
                    Err(_) => errors.push("fill_merged", "Choose what merged cells mean."),
                },
            },
            Some("pasted") => {
                // Without a name: it is called by the day.
                let cells = usable(field.text().await.map_err(broken)?)?;
                if cells.trim().is_empty() {
                    errors.push(
                        "pasted",
                        "Copy cells in a spreadsheet, with the column names, and paste them here.",
                    );
                } else if cells.len() > limits::FILE {
                    return Err(too_large());
                } else {
                    pasted = Some((String::new(), cells.into_bytes()));
                }
            }
            Some("file") => {
                let name = usable(field.file_name().unwrap_or_default().to_owned())?;
                file = Some((name, bytes(field).await?));
            }
            _ => {}
        }
    }
    let school = school.ok_or_else(|| AppError::from(backend::Error::NotFound("school")))?;
    let kind = kind.ok_or_else(|| AppError::from(backend::Error::NotFound("kind of import")))?;
    if !errors.is_empty() {
        return Err(backend::Error::from(errors).into());
    }
    let file = file.filter(|(name, _)| !name.is_empty());
    let (file_name, file) = pasted.or(file).ok_or_else(no_file)?;
    let read_before = replaces.map(|import| ReadBefore { import, unsent });
    Ok(ImportFile { kind, school, name: file_name, bytes: file, options, read_before })
}

/// Reads the file, up to the limit.
pub(in crate::http) async fn bytes(mut field: Field<'_>) -> Result<Vec<u8>, AppError> {
    let mut file = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if file.len() + chunk.len() > limits::FILE {
            return Err(too_large());
        }
        file.extend_from_slice(&chunk);
    }
    Ok(file)
}

fn too_large() -> AppError {
    backend::Error::from(limits::too_large()).into()
}

/// What was sent is no form with a file in it.
pub(in crate::http) fn no_form() -> AppError {
    AppError::new(ErrorKind::Invalid, "upload_broken", "No file was sent. Choose the file again.")
}

pub(in crate::http) fn no_file() -> AppError {
    backend::Error::from(FieldErrors::one("file", "Choose a file first.")).into()
}

pub(in crate::http) fn broken(error: MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    AppError::new(ErrorKind::Invalid, "upload_broken", "The upload was interrupted. Choose the file again.")
}
