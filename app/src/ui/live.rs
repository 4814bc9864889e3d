//! What follows signals, called through pointers. Leptos compiles some 3 kB of WebAssembly for every closure of its own type
//! that a view or an effect is made from; these are compiled once (decision 0009). Parts of the table and of the frame,
//! which every first visit loads, are made with them.

use std::sync::Arc;

use leptos::prelude::*;

/// A view that is drawn again when a signal that it reads changes.
pub fn live<V: IntoAny>(mut draw: impl FnMut() -> V + Send + 'static) -> AnyView {
    fn boxed(draw: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
        draw.into_any()
    }
    boxed(Box::new(move || draw().into_any()))
}

/// Does something in the browser when a signal that it reads changes, and once at first.
pub fn effect(run: impl FnMut() + 'static) {
    fn boxed(run: Box<dyn FnMut()>) {
        Effect::new(run);
    }
    boxed(Box::new(run));
}

/// What tells the entries of [`each`] apart. An entry stays as long as its key does.
pub type Key = [u64; 4];

/// A list whose entries stay in the document while others come and go.
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
