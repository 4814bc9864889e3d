//! The HTML document of the office, and its Content-Security-Policy.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::routes::App;
use crate::ui::document::Document;

/// The document that the application is rendered into.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    send_policy();
    let head = view! {
        <HydrationScripts options/>
        <MetaTags/>
    };
    view! { <Document theme=crate::guard::theme() head=head.into_any()><App/></Document> }
}

/// Scripts run by nonce alone; styles, fonts and pictures come from here alone. `wasm-unsafe-eval` lets the browser
/// compile our WebAssembly and nothing else (CSP level 3, section 6.1).
fn send_policy() {
    // The list of routes is made at start without a request: then there is nobody to answer.
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}
