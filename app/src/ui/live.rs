//! Reactive views and effects called through pointers. Leptos compiles about 3 kB of WebAssembly for every
//! closure type that a view or effect is made from; these are compiled once (decision 0009). The table and
//! the frame, which every first visit loads, use them.

use std::sync::Arc;

use leptos::prelude::*;

/// A view that is redrawn when a signal it reads changes.
pub fn live<V: IntoAny>(mut draw: impl FnMut() -> V + Send + 'static) -> AnyView {
    fn boxed(draw: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
        draw.into_any()
    }
    boxed(Box::new(move || draw().into_any()))
}

/// Runs in the browser at first, and whenever a signal it reads changes.
pub fn effect(run: impl FnMut() + 'static) {
    fn boxed(run: Box<dyn FnMut()>) {
        Effect::new(run);
    }
    boxed(Box::new(run));
}

/// Identifies an entry of [`each`]. An entry stays as long as its key does.
pub type Key = [u64; 4];

/// A list that adds and removes entries, and keeps the others in the document.
pub fn each(
    keys: impl Fn() -> Vec<Key> + Send + Sync + 'static,
    draw: impl Fn(Key) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    type Keys = Box<dyn Fn() -> Vec<Key> + Send + Sync>;
    type Draw = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;
    fn boxed(keys: Keys, draw: Draw) -> AnyView {
        view! { <For each=keys key=|key| *key children=move |key| draw(key)/> }.into_any()
    }
    boxed(Box::new(keys), Arc::new(draw))
}
