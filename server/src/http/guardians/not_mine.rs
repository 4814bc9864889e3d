//! "This is not my child" from a message: a page with one button. Opening it changes nothing, because mail scanners open
//! every link.

use app::features::guardians::pages::family::not_mine_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::guardians::access::not_mine::link::{NOT_MINE, TOKEN_LENGTH, press_link, view};

use crate::http::cookies::whole;
use crate::http::extract::Path;
use crate::http::family::{Family, html};
use crate::http::problem::PageError;

/// Shows the button, or that it was pressed.
pub(super) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let shown = view(&backend, whole(&token, TOKEN_LENGTH)?).await?;
    Ok(html(StatusCode::OK, not_mine_page(page, shown, format!("{NOT_MINE}/{token}"))))
}

/// Stops the access.
pub(super) async fn press(
    State(backend): State<Backend>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    press_link(&backend, whole(&token, TOKEN_LENGTH)?).await?;
    Ok(Redirect::to(&format!("{NOT_MINE}/{token}")).into_response())
}
