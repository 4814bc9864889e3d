//! Choosing a file: by pressing the zone, by dropping the file on it, and the way to take it back.

use leptos::html::Input;
use leptos::prelude::*;

use super::field::{Field, described_by};
use super::icon::{Hidden, Icon};

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chosen {
    name: String,
    size: String,
}

/// The browser's own control fills the zone, so that pressing, dropping and keys are the browser's. Once the page is alive
/// the zone says what was chosen; until then, and without scripts, the control says it itself.
#[component]
pub fn FileField(
    /// The field's `id` and `name`; unique on the page.
    id: &'static str,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// Which files, and how large.
    #[prop(into)]
    hint: String,
    /// The endings and media types that the browser offers first (HTML, section 4.10.5.1.17).
    accept: &'static str,
    /// What is wrong with it, if anything.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let chosen = RwSignal::new(None::<Chosen>);
    let look = move || {
        let file = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        chosen.set(file.map(|file| Chosen { name: file.name(), size: size(file.size()) }));
    };
    // A browser that comes back to a page may keep what was chosen there.
    Effect::new(move || {
        input.track();
        look();
    });
    let take_back = move |_| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            // Only fails for an element that is gone; then there is nothing to focus.
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
                {move || chosen.get().map(|Chosen { name, size }| view! {
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

/// A number of bytes as people say it, in powers of 1000 (IEC 80000-13).
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
