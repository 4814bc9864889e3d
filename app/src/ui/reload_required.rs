//! The notice on a page that must be reloaded, because its program failed or a part it needs could not be
//! fetched.

use leptos::prelude::document;

/// Marks the notice, so that it is shown once.
const MARK: &str = "reload-required";

/// Adds the notice to the page: what happened and what to do. It is plain HTML with a link that reloads,
/// because the program that drew the page may have ended.
pub fn show(what: &str, advice: &str) {
    if document().get_element_by_id(MARK).is_some() {
        return;
    }
    // If even this fails, the browser's console says why.
    let Ok(notice) = document().create_element("div") else { return };
    notice.set_id(MARK);
    notice.set_class_name("notice reload-required");
    for (name, value) in [("data-tone", "red"), ("role", "alert")] {
        let _ = notice.set_attribute(name, value);
    }
    notice.set_inner_html(&format!(
        "<div><p><b>{what}</b></p><p>{advice}</p><p><a class=\"btn\" href=\"\">Reload page</a></p></div>"
    ));
    if let Some(body) = document().body() {
        let _ = body.append_child(&notice);
    }
}
