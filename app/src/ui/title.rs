//! Titles of documents, which may hold a person's name.

/// A title as the source of a page takes it. `<title>` holds text alone, in which `<` and `&` still count (HTML, section
/// 13.1.2, escapable raw text elements); Leptos would put its markers between, and `leptos_meta` writes a title as it is.
/// In the browser the document takes the text itself.
pub fn title_source(title: &str) -> String {
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title.to_owned() }
}
