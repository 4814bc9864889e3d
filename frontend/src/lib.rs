//! Greencap in the browser: hydrates the page that the server rendered, and nothing else.

// The types of whole pages are deeply nested.
#![recursion_limit = "512"]

use app::ui::part::{CHECK_THE_NETWORK, PartUnavailable};
use app::ui::reload_required;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        reload_required::show(
            "This page has stopped",
            "Your saved work is safe. Reload the page to continue.",
        );
    }));
    wasm_bindgen_futures::spawn_local(async {
        let path = leptos::prelude::window().location().pathname().unwrap_or_default();
        match app::areas::fetch(&path).await {
            Ok(()) => leptos::mount::hydrate_body(app::routes::App),
            // What the server rendered stays.
            Err(PartUnavailable) => {
                reload_required::show("This page did not load completely", CHECK_THE_NETWORK);
            }
        }
    });
}
