//! Toasts: short messages about what just happened. Errors that block work are notices in the page instead.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Hidden, Icon};
use super::live::each;

/// How long a toast without an action is shown.
const STAYS: Duration = Duration::from_secs(8);

/// A toast.
#[derive(Clone)]
struct Toast {
    id: u64,
    text: String,
    action: Option<(&'static str, Callback<()>)>,
}

/// The list of current toasts.
#[derive(Clone, Copy)]
pub struct ToastRack {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

/// Provides the rack to the page; called once, in the layout.
pub fn provide_toasts() {
    provide_context(ToastRack { toasts: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

impl ToastRack {
    /// The rack of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Shows a message for eight seconds.
    pub fn say(self, text: impl Into<String>) {
        let id = self.push(text.into(), None);
        set_timeout(move || self.close(id), STAYS);
    }

    /// Shows a message instead of those without an action.
    pub fn say_instead(self, text: impl Into<String>) {
        self.toasts.try_update(|toasts| toasts.retain(|toast| toast.action.is_some()));
        self.say(text);
    }

    /// Shows a message with an action, until it is closed or used.
    pub fn offer(self, text: impl Into<String>, action: &'static str, then: Callback<()>) {
        self.push(text.into(), Some((action, then)));
    }

    fn push(self, text: String, action: Option<(&'static str, Callback<()>)>) -> u64 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.toasts.update(|toasts| toasts.push(Toast { id, text, action }));
        id
    }

    fn find(self, id: u64) -> Option<Toast> {
        self.toasts.with_untracked(|toasts| toasts.iter().find(|toast| toast.id == id).cloned())
    }

    fn close(self, id: u64) {
        self.toasts.try_update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

/// The region where toasts appear, announced politely.
#[component]
pub fn Toasts() -> impl IntoView {
    let rack = ToastRack::get();
    view! {
        <div class="toasts" role="region" aria-label="Messages" aria-live="polite">
            {each(
                move || rack.toasts.with(|toasts| toasts.iter().map(|toast| [toast.id, 0, 0, 0]).collect()),
                move |[id, ..]| rack.find(id).map(|toast| one(rack, toast)).into_any(),
            )}
        </div>
    }
}

fn one(rack: ToastRack, toast: Toast) -> AnyView {
    view! {
        <div class="toast">
            <Icon name="info"/>
            <p>
                {toast.text}
                {toast.action.map(|(name, then)| view! {
                    " "<button class="link" type="button" on:click=move |_| { rack.close(toast.id); then.run(()); }>{name}</button>
                })}
            </p>
            <button class="tool" type="button" on:click=move |_| rack.close(toast.id)>
                <Icon name="x" small=true/><Hidden>"Close message"</Hidden>
            </button>
        </div>
    }
    .into_any()
}
