//! A one-time code for a student who forgot their password.

use domain::recovery::{CodeHandout, CodeOutcome};
use leptos::prelude::*;

use super::Record;
use crate::features::factors::components::with_step_up;
use crate::features::recovery::api::make_code;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::toast::ToastRack;

/// The dialog "Create a one-time code": sent by email, or shown once.
#[component]
pub fn CodeDialog(
    at: Record,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whether a code can be sent by email.
    has_email: bool,
    /// The `id` of what has the focus afterwards.
    focus: &'static str,
) -> impl IntoView {
    let title = move || format!("One-time code for {}", at.name.get_value());
    view! {
        <Dialog open title=Signal::derive(title)><Making at open has_email focus/></Dialog>
    }
}

#[component]
fn Making(at: Record, open: RwSignal<bool>, has_email: bool, focus: &'static str) -> impl IntoView {
    let rack = ToastRack::get();
    let busy = RwSignal::new(false);
    // Dropped with the dialog, because a code is shown only once.
    let shown = RwSignal::new(None::<CodeOutcome>);
    let make = move |handout: CodeHandout| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let made = with_step_up(|| make_code(at.person, handout)).await;
            busy.try_set(false);
            match made {
                Ok(CodeOutcome::Queued) => {
                    rack.say("1 one-time code queued.");
                    open.try_set(false);
                    at.changed(focus);
                }
                Ok(outcome) => {
                    shown.try_set(Some(outcome));
                }
                Err(error) => {
                    open.try_set(false);
                    at.failed(error);
                }
            }
        });
    };
    view! {
        {move || match shown.get() {
            Some(CodeOutcome::Shown { name, username, code, page, until }) => view! {
                <div class="stack slip">
                    <p>"Sign in at "<span class="code">{page}</span>" with this username, and this code instead of the password."</p>
                    <dl class="facts">
                        <div><dt>"Name"</dt><dd>{name}</dd></div>
                        <div><dt>"Username"</dt><dd><span class="code">{username}</span></dd></div>
                        <div><dt>"Code"</dt><dd><b class="code">{code}</b></dd></div>
                        <div><dt>"Works until"</dt><dd>{until}</dd></div>
                    </dl>
                    <p class="muted">"It works once. You won\u{2019}t see it again."</p>
                </div>
                <footer>
                    <button class="btn primary" type="button" on:click=move |_| { let _ = window().print(); }><Icon name="printer"/>"Print"</button>
                    <button class="btn" type="button" on:click=move |_| { open.set(false); at.changed(focus); }>"Close"</button>
                </footer>
            }.into_any(),
            _ => view! {
                <p>"The code lets them sign in once and choose a new password. Their current password works until then. Nobody at the school sees the new one."</p>
                <footer>
                    {has_email.then(|| view! {
                        <button class="btn primary" type="button" aria-busy=move || busy.get().to_string()
                            on:click=move |_| make(CodeHandout::Emailed)><Icon name="send"/>"Send by email"</button>
                    })}
                    <button class="btn" type="button" aria-busy=move || busy.get().to_string()
                        on:click=move |_| make(CodeHandout::Shown)><Icon name="eye"/>"Show the code"</button>
                    <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
                </footer>
            }.into_any(),
        }}
    }
}
