//! Asking the browser for a passkey, from the office.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Returns a passkey's answer to these options, as JSON, or an error if the browser does not support passkeys
/// or the owner declines. Browser only.
pub async fn answer(options: &str) -> Result<String, JsValue> {
    let window = leptos::prelude::window();
    let reader = Reflect::get(&window, &"PublicKeyCredential".into())?;
    let read: Function = Reflect::get(&reader, &"parseRequestOptionsFromJSON".into())?.dyn_into()?;
    let asked = Object::new();
    Reflect::set(&asked, &"publicKey".into(), &read.call1(&reader, &JSON::parse(options)?)?)?;
    let navigator = Reflect::get(&window, &"navigator".into())?;
    let credentials = Reflect::get(&navigator, &"credentials".into())?;
    let get: Function = Reflect::get(&credentials, &"get".into())?.dyn_into()?;
    let promise: Promise = get.call1(&credentials, &asked)?.dyn_into()?;
    let credential = JsFuture::from(promise).await?;
    JSON::stringify(&credential).map(String::from)
}
