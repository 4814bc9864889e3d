//! The office's HTML document and its Content-Security-Policy.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use backend::Backend;
use backend::sessions::page_stamp::PageStamp;
use backend::sessions::session::SignedIn;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::routes::App;
use crate::ui::document::Document;

/// The document in which the application is rendered.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    send_policy();
    let head = view! {
        {stamp().map(|stamp| view! { <script src="/session.js" defer data-stamp=stamp></script> })}
        <HydrationScripts options/>
        <MetaTags/>
    };
    view! { <Document theme=crate::guard::theme() head=head.into_any()><App/></Document> }
}

/// Says for whom the page is drawn.
fn stamp() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let who = parts.extensions.get::<Arc<SignedIn>>()?;
    Some(PageStamp::of_page(who.account).to_text(&parts.extensions.get::<Backend>()?.keys))
}

/// Scripts run only with the nonce; styles, fonts and pictures come only from this server. `wasm-unsafe-eval`
/// only allows the browser to compile our WebAssembly (CSP level 3, section 6.1).
fn send_policy() {
    // At start, the list of routes is made without a request, and so without a response.
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}
