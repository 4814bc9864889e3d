//! What stands on a page that cannot go on: its program met a fault, or a part of it could not be fetched because the
//! network is away or the server was renewed.

use leptos::prelude::document;

/// Marks the notice, so that it is there once.
const MARK: &str = "reload-required";

/// Puts the notice on the page. It is plain HTML, since the application that drew the page has ended.
pub fn show() {
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
    notice.set_inner_html(
        "<div><p><b>This page has stopped</b></p>\
         <p>Your saved work is safe. <a href=\"\">Reload the page</a> to continue.</p></div>",
    );
    if let Some(body) = document().body() {
        let _ = body.append_child(&notice);
    }
}
