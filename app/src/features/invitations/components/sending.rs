//! How far the sending has come, while it goes on.

use std::time::Duration;

use domain::ids::BatchId;
use domain::invitations::views::SendingProgress;
use leptos::prelude::*;

use crate::features::invitations::api::read_progress;
use crate::ui::layout::Desk;
use crate::ui::toast::ToastRack;

/// How often the server is asked while messages wait.
const EVERY: Duration = Duration::from_secs(2);

/// A line that grows while the messages of a batch are sent, and is not there before and after.
#[component]
pub fn Sending(
    /// Whose messages.
    batch: BatchId,
    /// What happens when the last one is on its way.
    done: Callback<()>,
) -> impl IntoView {
    let school = Desk::get().school();
    let rack = ToastRack::get();
    let far = RwSignal::new(SendingProgress::default());
    let round = RwSignal::new(0u32);
    Effect::new(move || {
        round.track();
        leptos::task::spawn_local(async move {
            // Without an answer it is asked again: the connection may come back.
            let now = read_progress(school, batch).await.ok();
            let Some(before) = far.try_get_untracked() else { return };
            let now = now.unwrap_or(before);
            far.set(now);
            if now.waiting > 0 {
                let again = move || {
                    // The page may have been left by then.
                    let _ = round.try_update(|round| *round += 1);
                };
                set_timeout(again, EVERY);
            } else if before.waiting > 0 {
                rack.say(ended(now));
                done.run(());
            }
        });
    });
    let tenths = Memo::new(move |_| {
        let far = far.get();
        (far.waiting > 0).then(|| u64::from(far.total() - far.waiting) * 10 / u64::from(far.total()))
    });
    view! {
        <p class="vh" role="status">{move || tenths.get().map(|tenths| format!("{} percent of the codes are sent.", tenths * 10))}</p>
        <Show when=move || { far.get().waiting > 0 }>
            <div class="work" role="group" aria-label="Sending">
                <div class="work-head">
                    <b>"Sending invitation codes"</b>
                    <span class="num">{move || format!("{} of {}", far.get().sent, far.get().total())}</span>
                </div>
                <progress value=move || far.get().total() - far.get().waiting max=move || far.get().total() aria-label="Codes sent"></progress>
                <p class="muted">
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
        1 => "1 invitation code is sent.".to_owned(),
        sent => format!("{sent} invitation codes are sent."),
    };
    match progress.failed {
        0 => sent,
        failed => format!("{sent} {failed} could not be delivered: the list says why."),
    }
}
