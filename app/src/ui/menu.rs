//! A button that opens a list of actions.

use leptos::html::{Button, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::icon::{Hidden, Icon};
use super::live::{effect, live};

/// The button and its menu. Arrow keys move, Escape closes it and returns the focus, and a click outside
/// closes it. A chosen item returns the focus too, because the item is gone when a dialog that it opened is closed.
#[component]
pub fn Menu(
    /// The button's label.
    label: &'static str,
    /// In a table row: the row's name. The button is then three dots, with the full label for screen readers.
    #[prop(optional, into)]
    whose: Option<Signal<String>>,
    /// The button's `id`.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The menu's items: buttons and links, with dangerous ones last after an `hr`.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let opener = NodeRef::<Button>::new();
    let menu = NodeRef::<Div>::new();
    let give_back = move || {
        open.set(false);
        if let Some(button) = opener.get_untracked() {
            let _ = button.focus();
        }
    };
    effect(move || {
        if open.get() {
            request_animation_frame(move || step(menu, 0));
        }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" if open.get_untracked() => {
            event.stop_propagation();
            give_back();
        }
        "ArrowDown" if open.get_untracked() => {
            event.prevent_default();
            step(menu, 1);
        }
        "ArrowUp" if open.get_untracked() => {
            event.prevent_default();
            step(menu, -1);
        }
        _ => {}
    };
    let on_leave = move |event: leptos::ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = menu.get_untracked().is_some_and(|menu| menu.contains(to.as_ref()));
        if to.is_some() && !inside {
            open.set(false);
        }
    };
    view! {
        <span class="menu-at" on:keydown=on_key on:focusout=on_leave>
            <button class=if whose.is_some() { "tool" } else { "btn" } type="button" id=id node_ref=opener aria-haspopup="true" aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)>
                {match whose {
                    Some(name) => view! { <Icon name="ellipsis"/><Hidden>{live(move || format!("{label}: {}", name.get()))}</Hidden> }.into_any(),
                    None => view! { {label}" "<Icon name="chevron-down" small=true/> }.into_any(),
                }}
            </button>
            <Show when=move || open.get()>
                <div class="menu" node_ref=menu role="group" aria-label=label on:click=move |_| give_back()>{children()}</div>
            </Show>
        </span>
    }
}

/// Moves the focus within the menu, wrapping around: 0 to the first item, otherwise by this many.
fn step(menu: NodeRef<Div>, by: i32) {
    let Some(menu) = menu.get_untracked() else { return };
    let Ok(items) = menu.query_selector_all("button, a") else { return };
    let count = i32::try_from(items.length()).unwrap_or_default();
    let items: Vec<web_sys::HtmlElement> =
        (0..items.length()).filter_map(|at| items.item(at)?.dyn_into().ok()).collect();
    let active = document().active_element();
    let at =
        items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active))));
    let next = match at.and_then(|at| i32::try_from(at).ok()) {
        Some(at) if by != 0 && count > 0 => (at + by).rem_euclid(count),
        _ => 0,
    };
    if let Some(item) = usize::try_from(next).ok().and_then(|next| items.get(next)) {
        let _ = item.focus();
    }
}
