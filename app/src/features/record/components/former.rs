//! The usernames a student had before, and stopping the sign-in by them early.

use domain::accounts::rename::FormerUsername;
use domain::authorization::policy::Permission;
use leptos::prelude::*;

use super::Record;
use crate::features::accounts::api::stop_old_usernames;
use crate::features::factors::components::with_step_up;
use crate::features::office::layout::OfficeUser;
use crate::features::office::me::Me;
use crate::ui::dialog::Dialog;
use crate::ui::toast::ToastRack;

/// The ids of the two buttons.
const STOP: &str = "old-username-stop";
const ALLOW: &str = "old-username-allow";

/// A line per username, for a list of facts.
#[component]
pub(super) fn FormerUsernames(former: Vec<FormerUsername>) -> impl IntoView {
    let words = OfficeUser::get().0.with_value(Me::words);
    former
        .into_iter()
        .map(|former| {
            let sentence = former.sentence(|day| words.until(day));
            view! {
                <div>
                    <dt>"Former username"</dt>
                    <dd>
                        {former.username.map(|username| view! { <span class="code">{username}</span>" " })}
                        <span class="muted">{sentence}</span>
                    </dd>
                </div>
            }
        })
        .collect_view()
}

/// The button that stops all of them at once, or the one that undoes that.
#[component]
pub(super) fn StopOldUsernames(at: Record, former: Vec<FormerUsername>) -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school();
    let (rack, asks) = (ToastRack::get(), RwSignal::new(false));
    let words = user.0.with_value(Me::words);
    let stop = move |stop: bool| {
        leptos::task::spawn_local(async move {
            match with_step_up(|| stop_old_usernames(school, at.person, stop)).await {
                Ok(_) => {
                    rack.say(if stop {
                        "The old username no longer signs in."
                    } else {
                        "The old username signs in again."
                    });
                    at.changed(if stop { ALLOW } else { STOP });
                }
                Err(error) => at.failed(error),
            }
        });
    };
    let signs_in = former.iter().any(FormerUsername::signs_in);
    let undoable = FormerUsername::undoable_until(&former);
    let title = move || format!("Stop the old username of {}?", at.name.get_value());
    user.may(Permission::ManageAccounts).then(|| view! {
        <div class="row gap-s">
            {signs_in.then(|| view! {
                <button class="btn small" id=STOP type="button" on:click=move |_| asks.set(true)>"Stop the old username now"</button>
            })}
            {undoable.map(|until| view! {
                <button class="btn small" id=ALLOW type="button" on:click=move |_| stop(false)>"Let the old username sign in again"</button>
                <span class="muted">{format!("Until {}.", words.until(until))}</span>
            })}
        </div>
        <Dialog open=asks title=Signal::derive(title)>
            <p>{FormerUsername::WHAT_ENDS}</p>
            <footer>
                <button class="btn danger" type="button" on:click=move |_| { asks.set(false); stop(true); }>"Stop the old username"</button>
                <button class="btn" type="button" on:click=move |_| asks.set(false)>"Back"</button>
            </footer>
        </Dialog>
    })
}
