//! The HTML document around every page.

use leptos::prelude::*;

use super::theme::Theme;
use super::title::title_source;

/// The document: language, theme, style sheet, and the page's own elements.
#[component]
pub fn Document(
    /// A language tag (BCP 47).
    #[prop(default = "en-GB")]
    lang: &'static str,
    /// `ltr` or `rtl`.
    #[prop(default = "ltr")]
    dir: &'static str,
    /// The chosen theme.
    theme: Option<Theme>,
    /// Further elements of the head: the title, scripts.
    head: AnyView,
    /// Classes of the body.
    #[prop(optional)]
    class: Option<&'static str>,
    /// The body.
    children: Children,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=lang dir=dir data-theme=theme.map(Theme::slug)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/greencap.css"/>
                {head}
            </head>
            <body class=class>{children()}</body>
        </html>
    }
}

/// The head of a page that needs no WebAssembly: its title, and the script with enhancements.
#[component]
pub fn PlainHead(
    /// The title of the window.
    title: String,
) -> impl IntoView {
    view! {
        <title inner_html=title_source(&title)></title>
        <script src="/family.js" defer></script>
    }
}

/// Renders a whole page as text.
pub fn render<V: IntoView>(page: impl FnOnce() -> V) -> String {
    // `Owner::new` would make it a child of the streamed page that this thread worked at last: it would read that
    // request's contexts, and lose its signals as soon as that page ends on another thread.
    Owner::default().with(|| page().into_view().to_html())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_no_request_that_its_thread_was_busy_with() {
        // Leptos leaves the owner of a streamed page on each thread that worked at it.
        let other = Owner::new_root(None);
        provide_context("theirs");
        let page = render(|| {
            let ours = RwSignal::new("ours");
            let theirs = use_context::<&str>().unwrap_or("nothing of theirs");
            // That page ends, on another thread, while this one is drawn.
            other.cleanup();
            view! { <p>{move || ours.get()}", "{theirs}</p> }
        });
        assert_eq!(page.replace("<!>", ""), "<p>ours, nothing of theirs</p>");
    }
}
