//! Plain requests from the browser, for things other than server functions.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

use crate::error::{AppError, AppResult, ErrorKind};

/// Returns the text at a path on this server. Browser only.
pub async fn get_text(path: &str) -> AppResult<String> {
    let offline = |_| {
        AppError::new(
            ErrorKind::Offline,
            "offline",
            "The server could not be reached. Check your connection and reload the page.",
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
            "The list could not be loaded. Reload the page in a minute.",
        )),
    }
}

/// A file that a form sends.
#[derive(Debug, Clone)]
pub struct FormFile(web_sys::File);

impl FormFile {
    /// A file of the browser, if this is one.
    pub fn of(file: wasm_bindgen::JsValue) -> Option<Self> {
        file.dyn_into::<web_sys::File>().ok().map(Self)
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.0.name()
    }
}

/// The name of a form's field with a file.
const FILE: &str = "file";

/// The file chosen in a form. Browser only.
pub fn file_of(form: &web_sys::HtmlFormElement) -> Option<FormFile> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    data.get(FILE).dyn_into::<web_sys::File>().ok().filter(|file| !file.name().is_empty()).map(FormFile)
}

/// Sends a form to its own address, and reads the JSON response. Browser only.
///
/// `file` is sent as the form's file, where the form has no field for it.
pub async fn post_form<T: serde::de::DeserializeOwned>(
    form: &web_sys::HtmlFormElement,
    file: Option<&FormFile>,
) -> AppResult<T> {
    let offline = |_| {
        AppError::new(
            ErrorKind::Offline,
            "offline",
            "The server could not be reached. Nothing was changed. Check your connection and try again.",
        )
    };
    let body = web_sys::FormData::new_with_form(form).map_err(offline)?;
    if let Some(FormFile(file)) = file {
        body.set_with_blob_and_filename(FILE, file, &file.name()).map_err(offline)?;
    }
    let headers = js_sys::Object::new();
    js_sys::Reflect::set(&headers, &"Accept".into(), &"application/json".into()).map_err(offline)?;
    let request = web_sys::RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    request.set_headers(&headers);
    let sent = leptos::prelude::window().fetch_with_str_and_init(&form.action(), &request);
    let response: web_sys::Response = JsFuture::from(sent).await.map_err(offline)?.unchecked_into();
    let text = JsFuture::from(response.text().map_err(offline)?).await.map_err(offline)?;
    let text = text.as_string().unwrap_or_default();
    let unreadable = || {
        AppError::new(
            ErrorKind::Unexpected,
            "unexpected",
            "There is a problem on our side. Nothing was changed. Try again, and contact your administrator if it keeps happening.",
        )
    };
    if response.ok() {
        return serde_json::from_str(&text).map_err(|_| unreadable());
    }
    Err(match response.status() {
        401 => AppError::signed_out(),
        _ => serde_json::from_str(&text).unwrap_or_else(|_| unreadable()),
    })
}
