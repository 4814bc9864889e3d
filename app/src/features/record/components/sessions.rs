//! Where a student is signed in.

use chrono::{DateTime, FixedOffset, Utc};
use domain::sessions::device::Device;
use domain::sessions::views::{SessionLine, SessionsToEnd};
use leptos::prelude::*;

use super::Record;
use crate::features::office::layout::OfficeUser;
use crate::features::office::me::Me;
use crate::features::sessions::api::end_sessions;
use crate::ui::icon::Icon;
use crate::ui::toast::ToastRack;

/// The section of the record, for staff who manage portal access.
#[component]
pub fn Sessions(at: Record, lines: Vec<SessionLine>) -> impl IntoView {
    view! {
        <section aria-labelledby="sessions-title">
            <div class="section-head"><h2 id="sessions-title" tabindex="-1">"Signed in"</h2></div>
            {view! { <Lines at lines/> }.into_any()}
        </section>
    }
}

#[component]
fn Lines(at: Record, lines: Vec<SessionLine>) -> impl IntoView {
    let rack = ToastRack::get();
    let words = OfficeUser::get().0.with_value(Me::words);
    let when = move |moment: DateTime<FixedOffset>| words.short(moment.with_timezone(&Utc));
    let end = move |ending: SessionsToEnd| {
        leptos::task::spawn_local(async move {
            match end_sessions(at.person, ending).await {
                Ok(_) => {
                    rack.say("Signed out.");
                    at.changed("sessions-title");
                }
                Err(error) => at.failed(error),
            }
        });
    };
    if lines.is_empty() {
        return view! { <p class="muted">"Not signed in anywhere."</p> }.into_any();
    }
    let several = lines.len() > 1;
    view! {
        <ul class="sessions" role="list">
            {lines.into_iter().map(|line| {
                let name = device(line.device);
                let used = when(line.last_seen_at);
                let ending = SessionsToEnd::One { session: line.session };
                view! {
                    <li>
                        <Icon name="monitor-smartphone"/>
                        <div class="what">
                            <b>{name.clone()}</b>
                            <span>"Last used "{used.clone()}", signed in "{when(line.since)}{line.provider.map(|name| format!(" with {name}"))}</span>
                            {line.source.map(|source| view! { <span>"From "<span class="code">{source}</span></span> })}
                        </div>
                        <button class="btn small" type="button" aria-label=format!("Sign out {name}, last used {used}")
                            on:click=move |_| end(ending)>"Sign out"</button>
                    </li>
                }
            }).collect_view()}
        </ul>
        {several.then(|| view! {
            <button class="btn" type="button" on:click=move |_| end(SessionsToEnd::Others)><Icon name="log-out"/>"Sign out everywhere"</button>
        })}
    }
    .into_any()
}

/// Describes a device in words.
pub fn device(device: Device) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => format!("{} on {}", browser.name(), system.name()),
        (Some(browser), None) => browser.name().to_owned(),
        (None, Some(system)) => system.name().to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}
