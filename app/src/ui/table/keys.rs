//! Keyboard control of the table; the keys are those of the design, section 8.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::picks::Picks;
use super::source::TableRows;
use super::viewport::Viewport;
use crate::ui::live::effect;

/// The focused row of a table, and the row from which Shift extends.
#[derive(Clone, Copy)]
pub(super) struct Keyboard {
    rows: TableRows,
    picks: Option<Picks>,
    viewport: Viewport,
    send: Option<Callback<()>>,
    place: RwSignal<usize>,
    anchor: StoredValue<usize>,
    alive: RwSignal<bool>,
}

impl Keyboard {
    pub(super) fn new(
        rows: TableRows,
        picks: Option<Picks>,
        viewport: Viewport,
        send: Option<Callback<()>>,
    ) -> Self {
        let alive = RwSignal::new(false);
        effect(move || alive.set(true));
        Self { rows, picks, viewport, send, place: RwSignal::new(0), anchor: StoredValue::new(0), alive }
    }

    /// Whether keys work: not on the server, and not before the page is interactive.
    pub(super) fn is_alive(self) -> bool {
        self.alive.get()
    }

    /// The same, as a signal.
    pub(super) fn alive(self) -> Signal<bool> {
        self.alive.into()
    }

    /// The row with the list's tab stop.
    pub(super) fn place(self) -> usize {
        self.place.get().min(self.rows.source().at_hand().saturating_sub(1))
    }

    /// Called when a row receives the focus.
    pub(super) fn stand(self, place: usize) {
        if self.place.get_untracked() != place {
            self.place.set(place);
        }
    }

    /// Called when a checkbox is clicked; with Shift, all rows from the last one are set to the same.
    pub(super) fn click(self, place: usize, event: &MouseEvent) {
        let Some(picks) = self.picks else { return };
        let picked = event_target_checked(event);
        if event.shift_key() {
            self.extend(place, picked);
        } else if let Some(id) = self.id(place) {
            picks.set([id], picked);
        }
        self.anchor.set_value(place);
    }

    fn extend(self, to: usize, picked: bool) {
        let Some(picks) = self.picks else { return };
        let from = self.anchor.get_value();
        let range = from.min(to)..=from.max(to);
        picks.set(range.filter_map(|place| self.id(place)), picked);
    }

    fn id(self, place: usize) -> Option<uuid::Uuid> {
        untrack(|| self.rows.source().id(place))
    }

    /// Moves the focus to a row and scrolls it into view.
    fn go(self, place: usize) {
        self.place.set(place);
        self.viewport.reveal(place);
        // At once if possible, because the next key may be pressed within the same frame; a distant row still
        // has to be drawn.
        if !self.focus(place) {
            request_animation_frame(move || {
                self.focus(place);
            });
        }
    }

    /// A control in a row.
    fn entry(self, place: usize, control: &str) -> Option<web_sys::HtmlElement> {
        let selector = format!("tr[data-place=\"{place}\"] {control}");
        self.viewport.find(&selector)?.dyn_into().ok()
    }

    /// Moves the focus to a row. Returns whether it is in the document.
    fn focus(self, place: usize) -> bool {
        self.entry(place, ":is([data-pick], [data-open])").is_some_and(|control| control.focus().is_ok())
    }

    fn open(self, place: usize) {
        if let Some(link) = self.entry(place, "[data-open]") {
            link.click();
        }
    }
}

/// Handles a key pressed in the table.
pub(super) fn on_key(keyboard: Keyboard, event: &KeyboardEvent) {
    let Some(place) = place_of(event) else { return };
    let last = untrack(|| keyboard.rows.source().at_hand()).saturating_sub(1);
    let control = event.ctrl_key() || event.meta_key();
    let handled = match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            let to = if event.key() == "ArrowDown" { (place + 1).min(last) } else { place.saturating_sub(1) };
            if event.shift_key() {
                if let Some(picks) = keyboard.picks {
                    picks.set([place, to].into_iter().filter_map(|at| keyboard.id(at)), true);
                }
            } else {
                keyboard.anchor.set_value(to);
            }
            keyboard.go(to);
            true
        }
        "Home" => {
            keyboard.go(0);
            true
        }
        "End" => {
            keyboard.go(last);
            true
        }
        // Space on the name selects; on the checkbox itself the browser does it.
        " " if !on_box(event) && keyboard.picks.is_some() => {
            if let (Some(picks), Some(id)) = (keyboard.picks, keyboard.id(place)) {
                picks.toggle(id);
            }
            keyboard.anchor.set_value(place);
            true
        }
        "Enter" if on_box(event) => {
            keyboard.open(place);
            true
        }
        "a" if control => {
            if let Some(picks) = keyboard.picks {
                pick_all(keyboard.rows, picks);
            }
            keyboard.picks.is_some()
        }
        "Escape" => {
            if let Some(picks) = keyboard.picks {
                picks.clear();
            }
            keyboard.picks.is_some()
        }
        "e" | "E" if !control => run(keyboard.send),
        _ => false,
    };
    if handled {
        event.prevent_default();
    }
}

/// Selects all loaded rows, or all that match if those are already selected and the server has more.
fn pick_all(rows: TableRows, picks: Picks) {
    let (ids, total) = untrack(|| (rows.source().ids(), rows.source().total()));
    let picked = untrack(|| picks.count_of(|| ids.clone()));
    match total {
        Some(total) if picked == ids.len() && total > ids.len() => picks.set_matching(total),
        _ => picks.set(ids, true),
    }
}

fn run(action: Option<Callback<()>>) -> bool {
    if let Some(action) = action {
        action.run(());
    }
    action.is_some()
}

fn target(event: &KeyboardEvent) -> Option<web_sys::Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

fn on_box(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| element.has_attribute("data-pick"))
}

/// The index of the row the event came from; `None` for keys in the table's head, in a row's menu, and in
/// controls that use keys themselves.
fn place_of(event: &KeyboardEvent) -> Option<usize> {
    let from = target(event)?;
    if from.closest("input:not([data-pick]), select, textarea, button").ok().flatten().is_some() {
        return None;
    }
    let row = from.closest("tr[data-place] > :not(.acts)").ok().flatten()?.parent_element()?;
    row.get_attribute("data-place")?.parse().ok()
}
