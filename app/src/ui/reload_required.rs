//! The notice on a page that cannot go on: its program met a fault, or a part that the page needs could not be fetched.

use leptos::prelude::document;

/// Marks the notice, so that it is there once.
const MARK: &str = "reload-required";

/// Puts the notice on the page: what happened, and what to do. It is plain HTML, and reloading a link, since the program
/// that drew the page may have ended.
pub fn show(what: &str, advice: &str) {
    if document().get_element_by_id(MARK).is_some() {
        return;
    }
    // Where even this fails, the browser's console has said why.
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
