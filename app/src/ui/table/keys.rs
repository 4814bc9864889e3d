//! The table by keyboard; the keys are those of the design, section 8.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::picks::Picks;
use super::source::Rows;
use super::viewport::Viewport;
use crate::ui::live::effect;

/// Where the focus stands in a table, and from where Shift extends.
#[derive(Clone, Copy)]
pub(super) struct Keyboard {
    rows: Rows,
    picks: Option<Picks>,
    viewport: Viewport,
    send: Option<Callback<()>>,
    place: RwSignal<usize>,
    anchor: StoredValue<usize>,
    alive: RwSignal<bool>,
}

impl Keyboard {
    pub(super) fn new(
        rows: Rows,
        picks: Option<Picks>,
        viewport: Viewport,
        send: Option<Callback<()>>,
    ) -> Self {
        let alive = RwSignal::new(false);
        effect(move || alive.set(true));
        Self { rows, picks, viewport, send, place: RwSignal::new(0), anchor: StoredValue::new(0), alive }
    }

    /// Whether keys work: not on the server, and not before the browser has taken the page over.
    pub(super) fn is_alive(self) -> bool {
        self.alive.get()
    }

    /// The same, as a signal.
    pub(super) fn alive(self) -> Signal<bool> {
        self.alive.into()
    }

    /// The row that has the list's tab stop.
    pub(super) fn place(self) -> usize {
        self.place.get().min(self.rows.source().at_hand().saturating_sub(1))
    }

    /// The focus came to a row.
    pub(super) fn stand(self, place: usize) {
        if self.place.get_untracked() != place {
            self.place.set(place);
        }
    }

    /// A box was clicked; with Shift, everything from the last one on follows it.
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

    /// Puts the focus on the row at a place, scrolling it into view.
    fn go(self, place: usize) {
        self.place.set(place);
        self.viewport.reveal(place);
        // At once where it can be, for the next key may come within the same frame; a row far away is only now drawn.
        if !self.focus(place) {
            request_animation_frame(move || {
                self.focus(place);
            });
        }
    }

    /// The control that the row at a place is entered by.
    fn entry(self, place: usize, control: &str) -> Option<web_sys::HtmlElement> {
        let selector = format!("tr[data-place=\"{place}\"] {control}");
        self.viewport.find(&selector)?.dyn_into().ok()
    }

    /// Whether there is such a row to put the focus on.
    fn focus(self, place: usize) -> bool {
        self.entry(place, ":is([data-pick], [data-open])").is_some_and(|control| control.focus().is_ok())
    }

    fn open(self, place: usize) {
        if let Some(link) = self.entry(place, "[data-open]") {
            link.click();
        }
    }
}

/// A key was pressed somewhere in the table.
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
        // Space on the name picks; on the box itself the browser does.
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

/// Picks all rows at hand; where they are picked already and the server has more, all that match.
fn pick_all(rows: Rows, picks: Picks) {
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

/// The place of the row that the event comes from; none for keys in the table's head, in a row's menu, and in controls of
/// a row that take keys themselves.
fn place_of(event: &KeyboardEvent) -> Option<usize> {
    let from = target(event)?;
    if from.closest("input:not([data-pick]), select, textarea, button").ok().flatten().is_some() {
        return None;
    }
    let row = from.closest("tr[data-place] > :not(.acts)").ok().flatten()?.parent_element()?;
    row.get_attribute("data-place")?.parse().ok()
}
