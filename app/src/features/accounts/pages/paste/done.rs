//! The accounts that a list made: to be looked at, undone, or left for User accounts.

use domain::accounts::paste::outcome::PasteDone;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::features::accounts::api::undo_batch;
use crate::features::office::layout::OfficeUser;
use crate::ui::action::browser_action;
use crate::ui::focus::focus_when_drawn;
use crate::ui::icon::Icon;
use crate::ui::live::effect;
use crate::ui::notice::{ErrorNotice, Notice};

/// How many rows are listed here; all of them stand in User accounts.
const LISTED: usize = 500;

#[component]
pub(super) fn Created(done: PasteDone) -> impl IntoView {
    let school = OfficeUser::get().school();
    let PasteDone { operation, group, group_name, people, .. } = done;
    let made = people.iter().filter(|person| person.account.is_some()).count();
    let title = if made == 1 { "1 account created".to_owned() } else { format!("{made} accounts created") };
    // Where nobody got an account, they are those of the group.
    let (list, cards) = if made == 0 {
        (format!("/accounts?of=group.{group}"), format!("/cards/new?group={group}"))
    } else {
        (format!("/accounts?of=batch.{operation}"), format!("/cards/new?batch={operation}"))
    };
    let all = people.len();
    let joined = if all == 1 {
        format!("1 student is in {group_name}.")
    } else {
        format!("{all} students are in {group_name}.")
    };
    let undo = browser_action(move |(): &()| async move { undo_batch(school, operation.into()).await });
    let navigate = use_navigate();
    let trouble = RwSignal::new(None::<AppError>);
    Effect::new(move || match undo.value().get() {
        Some(Ok(_)) => navigate("/accounts", NavigateOptions::default()),
        Some(Err(error)) => trouble.set(Some(error)),
        None => {}
    });
    effect(|| focus_when_drawn("finished".to_owned()));
    view! {
        <Notice tone="blue" title=title>
            <p>{joined}" Their passwords are not made yet: choose Print passwords, or send invitations from User accounts."</p>
        </Notice>
        {move || trouble.get().map(|error| view! { <ErrorNotice error/> })}
        <div class="table-frame">
            <table class="table" aria-label="Accounts of the list">
                <thead><tr><th scope="col">"Student"</th><th scope="col">"Admission number"</th><th scope="col">"Username"</th><th scope="col">"Account"</th></tr></thead>
                <tbody>
                    {people.into_iter().take(LISTED).map(|person| view! {
                        <tr>
                            <th scope="row" dir="auto"><a href=format!("/students/{}", person.person)>{person.name}</a></th>
                            <td>{person.number}</td>
                            <td class="code">{person.username.map(|username| username.to_string())}</td>
                            <td>{if person.account.is_some() { "New" } else { "Had one" }}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        {(all > LISTED).then(|| view! { <p class="table-foot">{format!("The first {LISTED} of {all}.")}</p> })}
        <div class="actionbar bleed">
            <a class="btn primary" id="finished" href=list>"Finished creating accounts"</a>
            <a class="btn" rel="external" href=cards><Icon name="printer"/>"Print passwords"</a>
            <button class="btn" type="button" aria-busy=move || undo.pending().get().then_some("true") on:click=move |_| drop(undo.dispatch_local(()))>
                <Icon name="undo-2"/>"Undo"
            </button>
        </div>
    }
}
