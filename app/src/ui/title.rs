//! Document titles, which may contain a person's name.

/// Encodes a title for a page's source. `<title>` contains only text, in which `<` and `&` still count (HTML,
/// section 13.1.2, escapable raw text elements); Leptos would insert markers, and `leptos_meta` writes a
/// title unchanged. In the browser the document takes the text itself.
pub fn title_source(title: &str) -> String {
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title.to_owned() }
}
