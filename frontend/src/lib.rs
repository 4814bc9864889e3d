//! Greencap in the browser: hydrates the page that the server rendered, and nothing else.

// Types of whole pages are deep.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        app::ui::reload_required::show();
    }));
    // Waits for the area of the office that the page belongs to.
    leptos::mount::hydrate_lazy(app::routes::App);
}
