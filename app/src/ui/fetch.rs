//! Plain requests from the browser, for what is no server function.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

use crate::error::{AppError, AppResult, ErrorKind};

/// The text at an address of this server. Browser only.
pub async fn get_text(path: &str) -> AppResult<String> {
    let offline = |_| {
        AppError::new(
            ErrorKind::Offline,
            "offline",
            "The server could not be reached. Check the connection and load the page again.",
        )
    };
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str(path)).await.map_err(offline)?;
    let response: web_sys::Response = response.unchecked_into();
    match response.status() {
        200 => {
            let text = JsFuture::from(response.text().map_err(offline)?).await.map_err(offline)?;
            Ok(text.as_string().unwrap_or_default())
        }
        401 => Err(AppError::signed_out()),
        403 => Err(AppError::refused()),
        _ => Err(AppError::new(
            ErrorKind::Unavailable,
            "unavailable",
            "The list could not be loaded. Load the page again in a minute.",
        )),
    }
}
