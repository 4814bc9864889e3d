//! The register by keyboard; the keys are those of the design, section 8.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::picks::Picks;
use super::store::RollStore;
use super::viewport::Viewport;

/// Where the focus stands in a register, and from where Shift extends.
#[derive(Clone, Copy)]
pub(super) struct Keyboard {
    store: RollStore,
    picks: Option<Picks>,
    viewport: Viewport,
    send: Option<Callback<()>>,
    place: RwSignal<usize>,
    anchor: StoredValue<usize>,
}

impl Keyboard {
    pub(super) fn new(
        store: RollStore,
        picks: Option<Picks>,
        viewport: Viewport,
        send: Option<Callback<()>>,
    ) -> Self {
        Self { store, picks, viewport, send, place: RwSignal::new(0), anchor: StoredValue::new(0) }
    }

    /// The row that has the list's tab stop.
    pub(super) fn place(self) -> usize {
        self.place.get().min(self.store.at_hand().saturating_sub(1))
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
        } else if let Some(person) = untrack(|| self.store.person(place)) {
            picks.set([person], picked);
        }
        self.anchor.set_value(place);
    }

    fn extend(self, to: usize, picked: bool) {
        let Some(picks) = self.picks else { return };
        let from = self.anchor.get_value();
        let range = from.min(to)..=from.max(to);
        picks.set(range.filter_map(|place| untrack(|| self.store.person(place))), picked);
    }

    /// Puts the focus on the row at a place, scrolling it into view.
    fn go(self, place: usize) {
        self.place.set(place);
        self.viewport.reveal(place);
        // At once where it can be, for the next key may come within the same frame; a row far away is only now drawn.
        if !focus(place) {
            request_animation_frame(move || {
                focus(place);
            });
        }
    }
}

/// A key was pressed somewhere in the table.
pub(super) fn on_key(keyboard: Keyboard, event: &KeyboardEvent) {
    let Some(place) = place_of(event) else { return };
    let last = untrack(|| keyboard.store.at_hand()).saturating_sub(1);
    let control = event.ctrl_key() || event.meta_key();
    let handled = match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            let to = if event.key() == "ArrowDown" { (place + 1).min(last) } else { place.saturating_sub(1) };
            if event.shift_key() {
                let both = [place, to].into_iter().filter_map(|at| untrack(|| keyboard.store.person(at)));
                if let Some(picks) = keyboard.picks {
                    picks.set(both, true);
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
        " " if !on_box(event) => {
            if let (Some(picks), Some(person)) = (keyboard.picks, untrack(|| keyboard.store.person(place))) {
                picks.toggle(person);
            }
            keyboard.anchor.set_value(place);
            true
        }
        "Enter" if on_box(event) => {
            open(place);
            true
        }
        "a" if control => {
            if let Some(picks) = keyboard.picks {
                picks.set(untrack(|| keyboard.store.people()), true);
            }
            keyboard.picks.is_some()
        }
        "Escape" => {
            if let Some(picks) = keyboard.picks {
                picks.clear();
            }
            true
        }
        "e" | "E" if !control => run(keyboard.send),
        _ => false,
    };
    if handled {
        event.prevent_default();
    }
}

/// Whether there is such a row to put the focus on.
fn focus(place: usize) -> bool {
    let selector = format!("tr[data-place=\"{place}\"] :is([data-pick], [data-open])");
    let control = document().query_selector(&selector).ok().flatten();
    control
        .and_then(|control| control.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|control| control.focus().is_ok())
}

fn run(action: Option<Callback<()>>) -> bool {
    if let Some(action) = action {
        action.run(());
    }
    action.is_some()
}

fn open(place: usize) {
    let selector = format!("tr[data-place=\"{place}\"] [data-open]");
    if let Ok(Some(link)) = document().query_selector(&selector)
        && let Ok(link) = link.dyn_into::<web_sys::HtmlElement>()
    {
        link.click();
    }
}

fn target(event: &KeyboardEvent) -> Option<web_sys::Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

fn on_box(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| element.has_attribute("data-pick"))
}

/// The place of the row that the event comes from; none for keys in the table's head, and in a row's menu.
fn place_of(event: &KeyboardEvent) -> Option<usize> {
    let row = target(event)?.closest("tr[data-place] > :not(.acts)").ok().flatten()?.parent_element()?;
    row.get_attribute("data-place")?.parse().ok()
}
