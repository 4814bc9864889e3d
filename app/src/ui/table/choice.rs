//! The choice of columns: a menu above the table, saved for each person.

use std::collections::BTreeMap;

use domain::lists::columns::ColumnChoice;
use leptos::html::{Details, Div};
use leptos::prelude::*;

use super::column::{ColumnHead, ColumnRole};
use super::fit::{FittedColumn, is_wanted};
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::memo::Derived;

/// The person's choices of columns for all lists, and how to save a new one.
#[derive(Clone, Copy)]
pub struct SavedColumns {
    choices: RwSignal<BTreeMap<String, ColumnChoice>>,
    keep: Callback<(&'static str, ColumnChoice)>,
}

impl SavedColumns {
    /// Provides it to the tables of a page.
    pub fn provide(
        choices: BTreeMap<String, ColumnChoice>,
        keep: impl Fn((&'static str, ColumnChoice)) + Send + Sync + 'static,
    ) {
        provide_context(Self { choices: RwSignal::new(choices), keep: Callback::new(keep) });
    }

    /// Whether choices are saved on this page.
    pub(super) fn is_here() -> bool {
        use_context::<Self>().is_some()
    }

    /// The choice for a list; empty if choices are not saved here.
    pub(super) fn of(list: &'static str) -> Signal<ColumnChoice> {
        let kept = use_context::<Self>();
        Signal::derive(move || {
            let choice = kept.and_then(|kept| kept.choices.with(|choices| choices.get(list).cloned()));
            choice.unwrap_or_default()
        })
    }

    fn change(self, list: &'static str, change: impl FnOnce(&mut ColumnChoice)) {
        let mut choice =
            self.choices.with_untracked(|choices| choices.get(list).cloned()).unwrap_or_default();
        change(&mut choice);
        self.choices.update(|choices| drop(choices.insert(list.to_owned(), choice.clone())));
        self.keep.run((list, choice));
    }
}

/// The menu. It marks columns that there is no room for; ticking one leaves out others instead. Without
/// scripts it is a form.
#[component]
pub(super) fn ColumnMenu(
    list: &'static str,
    heads: StoredValue<Vec<ColumnHead>>,
    columns: Derived<Vec<FittedColumn>>,
    frame: NodeRef<Div>,
    alive: Signal<bool>,
) -> impl IntoView {
    use_context::<SavedColumns>().map(|kept| menu(kept, list, heads, columns, frame, alive))
}

fn menu(
    kept: SavedColumns,
    list: &'static str,
    heads: StoredValue<Vec<ColumnHead>>,
    columns: Derived<Vec<FittedColumn>>,
    frame: NodeRef<Div>,
    alive: Signal<bool>,
) -> impl IntoView {
    let menu = NodeRef::<Details>::new();
    // The table's width in pixels at the default font size; unknown before the menu is opened.
    let room = RwSignal::new(None::<f64>);
    let measure = move || room.set(frame.get_untracked().and_then(|frame| measured(&frame)));
    let choice = SavedColumns::of(list);
    let is_shown = move |at: usize| {
        columns.with(|columns| {
            let column = columns.iter().find(|column| column.at == at);
            column.is_some_and(|column| room.get().is_none_or(|room| column.fits(room)))
        })
    };
    let item = move |(at, head): (usize, ColumnHead)| {
        let has_no_room = move || choice.with(|choice| is_wanted(&head, choice)) && !is_shown(at);
        let change = move |event| {
            let shown = event_target_checked(&event);
            kept.change(list, |choice| if shown { choice.show(head.slug) } else { choice.hide(head.slug) });
        };
        let usual = (!head.on_request).then(|| view! { <input type="hidden" name="usual" value=head.slug/> });
        let room = move || has_no_room().then(|| view! { <span class="muted">" (no room)"</span> });
        view! {
            {usual}
            <label class="choice">
                <input type="checkbox" name="shown" value=head.slug checked=untrack(|| is_shown(at))
                    prop:checked=move || is_shown(at) on:change=change/>
                <span>{head.heading}{live(room)}</span>
            </label>
        }
    };
    let items = heads.with_value(|heads| {
        let told = heads
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, head)| head.role == ColumnRole::Tells && head.yields > 0);
        told.map(item).collect_view()
    });
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
            if let Some(button) = menu.get_untracked().and_then(|menu| summary(&menu)) {
                let _ = button.focus();
            }
        }
    };
    let on_leave = move |event: leptos::ev::FocusEvent| {
        use wasm_bindgen::JsCast as _;
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = menu.get_untracked().is_some_and(|menu| menu.contains(to.as_ref()));
        if to.is_some() && !inside {
            close();
        }
    };
    let reset = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        kept.change(list, |choice| *choice = ColumnChoice::default());
    };
    view! {
        <details class="menu-at columns" node_ref=menu on:toggle=move |_| measure() on:keydown=on_key on:focusout=on_leave>
            <summary class="btn quiet small"><Icon name="settings" small=true/>"Columns"</summary>
            <div class="menu" role="group" aria-label="Columns shown">
                <form method="post" action="/lists/columns" data-saves-at-once="" on:submit=|event| event.prevent_default()>
                    <input type="hidden" name="list" value=list/>
                    {items}
                    <button class="btn small" type="submit" hidden=move || alive.get()>"Save"</button>
                </form>
                <form method="post" action="/lists/columns">
                    <input type="hidden" name="list" value=list/>
                    <button type="submit" on:click=reset><Icon name="undo-2"/>"Reset columns"</button>
                </form>
            </div>
        </details>
    }
}

fn summary(menu: &web_sys::HtmlElement) -> Option<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast as _;
    menu.query_selector("summary").ok().flatten()?.dyn_into().ok()
}

/// An element's width in pixels at the default font size: the style sheet uses the person's font size.
fn measured(frame: &web_sys::HtmlElement) -> Option<f64> {
    let root = document().document_element()?;
    let style = window().get_computed_style(&root).ok().flatten()?;
    // JavaScript's parser stops at the unit. Rust's would add a table of 10 kB to every first visit.
    let size = js_sys::parse_float(&style.get_property_value("font-size").ok()?);
    (size > 0.0).then(|| f64::from(frame.client_width()) * 16.0 / size)
}
