//! Choosing a file: by pressing the zone or dropping the file on it. It can be removed again.

use leptos::html::Input;
use leptos::prelude::*;

use super::field::{Field, described_by};
use super::icon::{Hidden, Icon};

/// A chosen file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ChosenFile {
    name: String,
    size: String,
}

/// The browser's own control fills the zone, so that pressing, dropping and keys work as usual. Once the page
/// is interactive the zone shows the chosen file; until then, or without scripts, the control does.
#[component]
pub fn FileField(
    /// The field's `id` and `name`; unique on the page.
    id: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// Which files are accepted, and their maximum size.
    #[prop(into)]
    hint: String,
    /// The extensions and media types that the browser offers first (HTML, section 4.10.5.1.17).
    accept: &'static str,
    /// The error, if any.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let chosen = RwSignal::new(None::<ChosenFile>);
    let look = move || {
        let file = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        chosen.set(file.map(|file| ChosenFile { name: file.name(), size: size(file.size()) }));
    };
    // A browser that returns to a page may have kept the chosen file.
    Effect::new(move || {
        input.track();
        look();
    });
    let take_back = move |_| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            // Only fails if the element has been removed; then there is nothing to focus.
            let _ = input.focus();
        }
        look();
    };
    view! {
        <Field id label hint=Some(hint) error>
            <div class="file-zone" data-has=move || chosen.with(Option::is_some).then_some("")>
                <input type="file" id=id name=id node_ref=input required accept=accept on:change=move |_| look()
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || described_by(id, true, error.with(Option::is_some))/>
                <p aria-hidden="true"><Icon name="upload"/>"Choose a file or drop it here"</p>
            </div>
            <div role="status">
                {move || chosen.get().map(|ChosenFile { name, size }| view! {
                    <p class="file-chosen">
                        <Icon name="file-text"/>
                        <b>{name.clone()}</b>
                        <span class="muted">{size}</span>
                        <button class="btn small" type="button" on:click=take_back>"Remove"<Hidden>" "{name}</Hidden></button>
                    </p>
                })}
            </div>
        </Field>
    }
    .into_any()
}

/// Formats a number of bytes, using powers of 1000 (IEC 80000-13).
fn size(bytes: f64) -> String {
    match bytes {
        small if small < 1_000.0 => format!("{small:.0} bytes"),
        medium if medium < 999_500.0 => format!("{:.0} kB", medium / 1e3),
        large => format!("{:.1} MB", large / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_the_largest_unit_that_keeps_it_above_one() {
        let said = [0.0, 999.0, 1_000.0, 312_400.0, 999_499.0, 999_500.0, 31_900_000.0].map(size);
        assert_eq!(said, ["0 bytes", "999 bytes", "1 kB", "312 kB", "999 kB", "1.0 MB", "31.9 MB"]);
    }
}
