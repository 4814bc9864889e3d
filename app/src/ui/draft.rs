//! What was chosen on a page and no field shows, such as a selection: kept in the tab over a reload, for the person it
//! was drawn for. Fields are kept by `app/public/session.js`, which also says whether a visit is a reload.

use leptos::prelude::*;

use super::live::effect;

/// Brings a draft back if this visit is a reload, and then stores it whenever it changes. `read` returns `None` when
/// there is nothing to keep.
pub fn keep(name: String, read: Box<dyn Fn() -> Option<String>>, bring_back: Box<dyn FnOnce(&str)>) {
    let mut bring_back = Some(bring_back);
    effect(move || {
        if let Some(bring_back) = bring_back.take()
            && let Some(text) = stored(&name)
        {
            untrack(|| bring_back(&text));
        }
        store(&name, read().as_deref());
    });
}

/// Where a draft is: the tab's storage, and its key there. `None` where a browser forbids it, and in a page without a
/// stamp.
fn place(name: &str) -> Option<(web_sys::Storage, String)> {
    let script = document().query_selector("script[data-stamp]").ok()??;
    let stamp = script.get_attribute("data-stamp")?;
    Some((window().session_storage().ok()??, format!("draft {stamp} {name}")))
}

fn stored(name: &str) -> Option<String> {
    document().document_element().filter(|root| root.has_attribute("data-returned"))?;
    let (storage, key) = place(name)?;
    storage.get_item(&key).ok()?
}

fn store(name: &str, text: Option<&str>) {
    let Some((storage, key)) = place(name) else { return };
    // A full storage keeps nothing.
    let _ = match text {
        Some(text) => storage.set_item(&key, text),
        None => storage.remove_item(&key),
    };
}
