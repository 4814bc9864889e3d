//! The filters above a table and their values. A plain GET form before hydration, and live after it. They are
//! also in the page's address, so that a list can be bookmarked, shared and returned to.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::Ready;
use super::source::TableRows;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::live::{effect, live};
use crate::ui::memo::memo;

/// How long to wait after typing before the address bar shows the filter.
const PAUSE: Duration = Duration::from_millis(250);

/// A filter that a list declares.
#[derive(Debug, Clone, Copy)]
pub struct FilterField {
    /// Its name in the page's address.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// The control.
    pub input: FieldInput,
    /// The default value, which is left out of the address.
    pub plain: &'static str,
    /// The text of the value's chip beside the count, which removes the filter; `None` if it has no chip.
    pub chip: Option<fn(&str) -> String>,
}

/// The control of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldInput {
    /// A search field.
    Search,
    /// A choice of one value, with a label for "all" if that is possible.
    Choice(Option<&'static str>),
    /// Set by another part of the page.
    Elsewhere,
}

/// The filters of a table with their values.
#[derive(Clone, Copy)]
pub struct Filters {
    fields: &'static [FilterField],
    values: RwSignal<Vec<String>>,
}

impl Filters {
    /// The filters of this page, with the values in its address.
    pub fn new(fields: &'static [FilterField]) -> Self {
        let query = use_query_map();
        let from_address = move || {
            let value = |field: &FilterField| {
                let value = query.with(|map| map.get(field.name)).filter(|value| !value.is_empty());
                value.unwrap_or_else(|| field.plain.to_owned())
            };
            fields.iter().map(value).collect::<Vec<_>>()
        };
        let values = RwSignal::new(untrack(from_address));
        let filters = Self { fields, values };
        // A link on the page, such as a figure above the list, changes the address, and the filters follow.
        let mut before = None;
        effect(move || {
            let now = from_address();
            if before.replace(now.clone()).is_some_and(|before| before != now) {
                values.set(now);
            }
        });
        // Not at every key: it takes the browser half a frame.
        let mut show = debounce(PAUSE, show_address);
        let mut is_first = true;
        effect(move || {
            let query = filters.query();
            if !std::mem::take(&mut is_first) {
                show(query);
            }
        });
        filters
    }

    fn place(self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Reads the value of a filter; an empty value does not filter.
    pub fn with<T>(self, name: &str, read: impl FnOnce(&str) -> T) -> T {
        let place = self.place(name);
        self.values.with(|values| read(place.and_then(|at| values.get(at)).map_or("", String::as_str)))
    }

    /// Returns the value of a filter.
    pub fn get(self, name: &str) -> String {
        self.with(name, str::to_owned)
    }

    /// Sets a filter.
    pub fn set(self, name: &str, value: impl Into<String>) {
        let Some(place) = self.place(name) else { return };
        self.values.update(|values| values[place] = value.into());
    }

    /// Resets every filter to its default.
    pub fn clear(self) {
        self.values.set(self.fields.iter().map(|field| field.plain.to_owned()).collect());
    }

    /// Whether every filter has its default.
    pub fn is_plain(self) -> bool {
        self.values.with(|values| self.fields.iter().zip(values).all(|(field, value)| field.plain == value))
    }

    /// The filters as a query without `?`; empty if every filter has its default.
    pub fn query(self) -> String {
        self.values.with(|values| write(self.fields, values))
    }
}

fn write(fields: &[FilterField], values: &[String]) -> String {
    let said = fields.iter().zip(values).filter(|(field, value)| field.plain != value.as_str());
    said.map(|(field, value)| format!("{}={}", field.name, encode(value))).collect::<Vec<_>>().join("&")
}

/// Percent-encodes a query value (RFC 3986, section 3.4): everything except unreserved characters.
fn encode(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// Shows a query in the address bar without loading anything.
fn show_address(query: String) {
    let Ok(path) = window().location().pathname() else { return };
    let address = if query.is_empty() { path } else { format!("{path}?{query}") };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // If a browser forbids this, it just keeps the old address.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

/// Returns the values and labels of a filter, by its name.
pub type Choices = Callback<&'static str, Vec<(String, String)>>;

/// The fields above the table.
#[component]
pub fn FilterForm(
    /// The filters.
    filters: Filters,
    /// The rows they filter; the choices wait for the first rows.
    #[prop(into)]
    rows: TableRows,
    /// The choices of the filters.
    #[prop(optional_no_strip)]
    choices: Option<Choices>,
) -> impl IntoView {
    let many = rows.source().kind().about().many;
    let field = move |field: &'static FilterField| {
        let id = format!("f-{}", field.name);
        let set = move |event| filters.set(field.name, event_target_value(&event));
        let value = move || filters.get(field.name);
        match field.input {
            FieldInput::Search => view! {
                <div class="field grow">
                    <label for=id.clone()>{field.label}</label>
                    <input class="input" id=id name=field.name type="search" autocomplete="off"
                        prop:value=value value=untrack(value) on:input=set/>
                </div>
            }
            .into_any(),
            FieldInput::Choice(any) => view! {
                <div class="field">
                    <label for=id.clone()>{field.label}</label>
                    <select class="select" id=id name=field.name on:change=set>
                        <Ready rows>{options(field, any, filters, choices)}</Ready>
                    </select>
                </div>
            }
            .into_any(),
            FieldInput::Elsewhere => ().into_any(),
        }
    };
    view! {
        <form class="filters" method="get" aria-label=format!("Filter {many}") on:submit=|event| event.prevent_default()>
            {filters.fields.iter().map(field).collect_view()}
            <noscript><button class="btn" type="submit">"Filter"</button></noscript>
        </form>
    }
}

/// The options of a select element. The chosen one is also marked in the document.
fn options(
    field: &'static FilterField,
    any: Option<&'static str>,
    filters: Filters,
    choices: Option<Choices>,
) -> AnyView {
    // The options are redrawn only if they change.
    let options = memo(move || choices.map(|choices| choices.run(field.name)).unwrap_or_default());
    let current = memo(move || filters.get(field.name));
    live(move || {
        let current = current.get();
        let mut all = options.get();
        // A value that no row has any more stays visible, so that it can be removed.
        if !current.is_empty() && !all.iter().any(|(value, _)| *value == current) {
            all.push((current.clone(), field.chip.map_or_else(|| current.clone(), |chip| chip(&current))));
        }
        any.map(|any| (String::new(), any.to_owned()))
            .into_iter()
            .chain(all)
            .map(|(value, label)| {
                let selected = value == current;
                view! { <option value=value selected=selected>{label}</option> }
            })
            .collect_view()
    })
}

/// The number of matches, and a chip for each filter that removes it.
#[component]
pub(super) fn Applied(filters: Filters, rows: TableRows) -> impl IntoView {
    let about = rows.source().kind().about();
    // A chip stays while its text changes, as with every letter of a search.
    let chip = move |field: &'static FilterField| {
        let label = memo(move || {
            let set = filters.with(field.name, |value| {
                (!value.is_empty() && value != field.plain).then(|| value.to_owned())
            });
            field.chip.zip(set).map(|(chip, value)| chip(&value))
        });
        let shown = memo(move || label.with(Option::is_some));
        live(move || {
            shown.get().then(|| {
                view! {
                    <button class="chip" type="button" on:click=move |_| filters.set(field.name, "")>
                        {live(move || label.get())}" "<Icon name="x"/><Hidden>"Remove filter"</Hidden>
                    </button>
                }
            })
        })
    };
    let words = move || match rows.source().total() {
        Some(1) => format!(" {} matches", about.one),
        _ => format!(" {} match", about.many),
    };
    view! {
        <span class="found" role="status">
            <Ready rows>
                {live(move || rows.source().total().map(|total| view! { <b class="num">{total}</b>{live(words)} }))}
            </Ready>
        </span>
        {filters.fields.iter().map(chip).collect_view()}
        <button class="link" type="button" hidden=move || filters.is_plain() on:click=move |_| filters.clear()>"Clear filters"</button>
    }
}

/// A line above a printed list that says which rows it has; the fields themselves are not printed.
#[component]
pub fn PrintedFilters(
    /// The labels of the filters that are set, and their values in words.
    #[prop(into)]
    set: Signal<Vec<(&'static str, String)>>,
) -> impl IntoView {
    let words = move || {
        let parts = set
            .get()
            .into_iter()
            .map(|(label, value)| if value.starts_with(label) { value } else { format!("{label}: {value}") });
        parts.collect::<Vec<_>>().join(". ")
    };
    view! { <p class="on-paper">{live(words)}</p> }
}

/// The filters of a table as [`PrintedFilters`] says them.
pub(super) fn on_paper(filters: Filters) -> Vec<(&'static str, String)> {
    let said = |field: &FilterField| {
        let value = filters.get(field.name);
        let words = field.chip.map_or_else(|| capital(&value), |chip| chip(&value));
        (!value.is_empty()).then_some((field.label, words))
    };
    filters.fields.iter().filter(|field| !field.label.is_empty()).filter_map(said).collect()
}

/// `not_invited` as "Not invited".
fn capital(slug: &str) -> String {
    let words = slug.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[FilterField] = &[
        FilterField { name: "q", label: "", input: FieldInput::Search, plain: "", chip: None },
        FilterField {
            name: "year",
            label: "",
            input: FieldInput::Choice(Some("Any")),
            plain: "",
            chip: None,
        },
        FilterField {
            name: "roll",
            label: "",
            input: FieldInput::Choice(None),
            plain: "current",
            chip: None,
        },
    ];

    #[test]
    fn a_value_without_words_of_its_own_is_printed_as_a_word() {
        assert_eq!(
            (capital("current"), capital("not_invited")),
            ("Current".to_owned(), "Not invited".to_owned())
        );
        assert_eq!(capital(""), "");
    }

    #[test]
    fn an_address_says_what_differs_from_the_plain_list() {
        let written = |values: [&str; 3]| write(FIELDS, &values.map(str::to_owned));
        assert_eq!(written(["", "", "current"]), "");
        assert_eq!(
            written(["O\u{2019}Neil & co", "10", "all"]),
            "q=O%E2%80%99Neil%20%26%20co&year=10&roll=all"
        );
    }
}
