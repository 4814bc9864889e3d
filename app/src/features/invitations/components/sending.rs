//! The progress of sending, and stopping it.

use std::time::Duration;

use domain::authorization::policy::Permission;
use domain::ids::BatchId;
use domain::invitations::views::SendingProgress;
use leptos::prelude::*;

use crate::features::invitations::api::{read_progress, stop_sending};
use crate::features::office::layout::OfficeUser;
use crate::ui::icon::Icon;
use crate::ui::memo::memo;
use crate::ui::notice::ErrorNotice;
use crate::ui::toast::ToastRack;

/// How often to ask the server while messages are queued.
const EVERY: Duration = Duration::from_secs(2);

/// A progress bar, shown while the messages of a batch are being sent.
#[component]
pub fn Sending(
    /// The batch.
    batch: BatchId,
    /// Set while messages are on their way.
    going: RwSignal<bool>,
    /// Called when the last message has been sent.
    done: Callback<()>,
) -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school();
    let rack = ToastRack::get();
    let far = RwSignal::new(SendingProgress::default());
    // The first answer and the number of answers since, for computing the pace.
    let first = RwSignal::new(None::<SendingProgress>);
    let round = RwSignal::new(0u32);
    Effect::new(move || {
        round.track();
        leptos::task::spawn_local(async move {
            // Without an answer it asks again: the connection may be restored.
            let now = read_progress(school, batch).await.ok();
            let Some(before) = far.try_get_untracked() else { return };
            let now = now.unwrap_or(before);
            let went = going.get_untracked();
            far.set(now);
            going.set(now.waiting > 0);
            first.update(|first| {
                first.get_or_insert(now);
            });
            if now.waiting > 0 {
                let again = move || {
                    // The page may have been left by then.
                    let _ = round.try_update(|round| *round += 1);
                };
                set_timeout(again, EVERY);
            } else if before.waiting > 0 {
                rack.say(ended(now));
                done.run(());
            } else if went {
                // The last one was sent between reading the page and this answer, so the page shows it as waiting.
                rack.say(ended(now));
                set_timeout(
                    move || {
                        done.try_run(());
                    },
                    EVERY,
                );
            }
        });
    });
    let left = move || {
        let left = far.get().time_left(first.get()?, EVERY * round.get());
        left.map(|left| match left.as_secs().div_ceil(60) {
            0 | 1 => "Less than a minute left. ".to_owned(),
            minutes => format!("About {minutes} minutes left. "),
        })
    };
    let stop = Action::new(move |(): &()| stop_sending(school, batch));
    Effect::new(move || {
        if let Some(Ok(stopped)) = stop.value().get() {
            far.set(SendingProgress::default());
            going.set(false);
            rack.say(match stopped {
                1 => "Stopped. 1 invitation code was not sent.".to_owned(),
                _ => format!("Stopped. {stopped} invitation codes were not sent."),
            });
            done.run(());
        }
    });
    let tenths = memo(move || {
        let far = far.get();
        (far.waiting > 0).then(|| u64::from(far.total() - far.waiting) * 10 / u64::from(far.total()))
    });
    view! {
        <p class="vh" role="status">{move || tenths.get().map(|tenths| format!("{} percent of the codes have been sent.", tenths * 10))}</p>
        <Show when=move || { far.get().waiting > 0 }>
            <div class="work" role="group" aria-label="Sending">
                <div class="work-head">
                    <b>"Sending invitation codes"</b>
                    <span class="num">{move || format!("{} of {}", far.get().sent, far.get().total())}</span>
                    {user.may(Permission::SendInvitations).then(|| view! {
                        <button class="btn quiet push" type="button" aria-busy=move || stop.pending().get().then_some("true")
                            on:click=move |_| if !stop.pending().get_untracked() { stop.dispatch(()); }>
                            <Icon name="x"/>"Stop"
                        </button>
                    })}
                </div>
                <progress value=move || far.get().total() - far.get().waiting max=move || far.get().total() aria-label="Codes sent"></progress>
                {move || stop.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error/> })}
                <p class="muted">
                    {left}
                    {move || match far.get().failed {
                        0 => None,
                        failed => Some(format!("{failed} could not be delivered so far. ")),
                    }}
                    "You can leave this page."
                </p>
            </div>
        </Show>
    }
}

fn ended(progress: SendingProgress) -> String {
    let sent = match progress.sent {
        1 => "1 invitation code sent.".to_owned(),
        sent => format!("{sent} invitation codes sent."),
    };
    match progress.failed {
        0 => sent,
        failed => format!("{sent} {failed} could not be delivered. The list says why."),
    }
}
