//! Creating an account for a student, or re-opening it, from the grey cap on their record.

use domain::accounts::plan::{PlanRow, PlannedUsername};
use domain::accounts::username::Username;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use super::Record;
use super::access::ACTIONS;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::accounts::api::{grant_account, propose_account};
use crate::features::invitations::api::send_invitations;
use crate::features::office::layout::OfficeUser;
use crate::ui::dialog::Dialog;
use crate::ui::field::TextField;
use crate::ui::load::Load;
use crate::ui::toast::ToastRack;

/// The dialog "Grant portal access": the proposed username, and whether to send an invitation.
#[component]
pub fn GrantDialog(
    at: Record,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whether an invitation can be sent by email.
    has_email: bool,
) -> impl IntoView {
    view! {
        <Dialog open title="Grant portal access"><Proposal at open has_email/></Dialog>
    }
}

#[component]
fn Proposal(at: Record, open: RwSignal<bool>, has_email: bool) -> impl IntoView {
    let school = OfficeUser::get().school();
    let proposed: Resource<AppResult<PlanRow>> =
        Resource::new(|| (), move |()| propose_account(school, at.person));
    view! { <Load resource=proposed view=move |row| view! { <GrantForm at open has_email school row/> }.into_any()/> }
}

#[component]
fn GrantForm(
    at: Record,
    open: RwSignal<bool>,
    has_email: bool,
    school: SchoolId,
    row: PlanRow,
) -> impl IntoView {
    let may_invite = has_email && OfficeUser::get().may(Permission::SendInvitations);
    let username = RwSignal::new(row.username().map(Username::to_string).unwrap_or_default());
    let wrong = RwSignal::new(row.complaint());
    // A username that needs review counts as accepted if staff save it after seeing why.
    let reviewed = RwSignal::new(match &row.made {
        PlannedUsername::NeedsReview(proposal, _) => Some(proposal.username.to_string()),
        PlannedUsername::Ready(_) | PlannedUsername::Problem { .. } => None,
    });
    let invite = RwSignal::new(may_invite);
    let busy = RwSignal::new(false);
    let reopens = row.reopens.is_some();
    let rack = ToastRack::get();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let typed = username.get_untracked();
        let accepted = reviewed.with_untracked(|reviewed| reviewed.as_ref() == Some(&typed));
        leptos::task::spawn_local(async move {
            let granted = grant_account(school, at.person, typed.clone(), accepted).await;
            busy.try_set(false);
            match granted {
                Ok(username) => {
                    rack.say(format!(
                        "Account {username} {}.",
                        if reopens { "re-opened" } else { "created" }
                    ));
                    if invite.get_untracked() {
                        let chosen = Selection::People { ids: vec![at.person] };
                        match send_invitations(school, Recipients::Selected { selection: chosen, only: None })
                            .await
                        {
                            Ok(report) => rack.say(report.sentence_of_one()),
                            Err(error) => rack.say(error.message),
                        }
                    }
                    open.try_set(false);
                    at.changed(ACTIONS);
                }
                Err(AppError { kind: ErrorKind::Invalid, fields, .. }) => {
                    wrong.try_set(fields.of("username").map(str::to_owned));
                    reviewed.try_set(Some(typed));
                }
                Err(error) => {
                    open.try_set(false);
                    at.failed(error);
                }
            }
        });
    };
    view! {
        <form class="stack" novalidate=true on:submit=save>
            {if reopens { view! {
                <p>{at.name.get_value()}" will have the same account again, with the username "<span class="code">{username.get_untracked()}</span>". The old password no longer works. They choose a new one with a new invitation."</p>
            }.into_any() } else { view! {
            <p>{at.name.get_value()}" will have a student account."</p>
            <TextField id="username" label="Username" hint="From the school\u{2019}s username pattern. You can also change it later." value=username error=wrong/>
            }.into_any() }}
            {if may_invite {
                view! {
                    <label class="choice">
                        <input type="checkbox" prop:checked=invite on:change=move |event| invite.set(event_target_checked(&event))/>
                        <span><b>"Send invitation"</b></span>
                        <span class="hint">"Email with a code and a link."</span>
                    </label>
                }.into_any()
            } else if has_email {
                ().into_any()
            } else {
                view! { <p class="muted">"There is no email address to send an invitation to. Add one on the Details tab."</p> }.into_any()
            }}
            <footer>
                <button class="btn primary" type="submit" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { "Saving\u{2026}" } else if reopens { "Re-open account" } else { "Grant access" }}
                </button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        </form>
    }
}
