//! Step 3: what was made, who cannot be reached yet, and sending the invitation codes. The same page is the way back to
//! a batch later.

use domain::accounts::batch::{BATCH_ROWS, BatchAccount, BatchDetail};
use domain::accounts::state::AccountState;
use domain::authorization::policy::Permission;
use domain::ids::{BatchId, PersonId};
use domain::invitations::views::Recipients;
use domain::roll::address::AddressKind;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::new::Steps;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::accounts::api::{read_batch, undo_batch};
use crate::features::factors::components::with_step_up;
use crate::features::invitations::api::send_invitations;
use crate::features::invitations::components::Sending;
use crate::features::office::layout::Desk;
use crate::features::roll::api::add_address;
use crate::ui::cap::{Cap, CapDrawing};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::load::Load;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::toast::ToastRack;

/// A batch.
#[component]
pub fn Batch() -> impl IntoView {
    let school = Desk::get().school();
    let params = use_params_map();
    let id = move || params.with(|params| params.get("batch")).and_then(|id| id.parse::<BatchId>().ok());
    let version = RwSignal::new(0u32);
    let batch: Resource<AppResult<BatchDetail>> = Resource::new(
        move || (id(), version.get()),
        move |(id, _)| async move {
            match id {
                Some(id) => read_batch(school, id).await,
                None => Err(AppError::new(ErrorKind::NotFound, "not_found", "Batch not found.")),
            }
        },
    );
    view! { <Load resource=batch view=move |batch: BatchDetail| view! { <Made batch version/> }/> }
}

#[component]
fn Made(batch: BatchDetail, version: RwSignal<u32>) -> impl IntoView {
    let desk = Desk::get();
    let words = desk.0.with_value(crate::features::office::me::Me::words);
    let fresh = use_query_map().with_untracked(|query| query.get("step").is_some());
    let size = batch.summary.size;
    let title = if size == 1 { "1 account created".to_owned() } else { format!("{size} accounts created") };
    let made = format!(
        "Created {} by {}.",
        words.short(batch.summary.created_at),
        batch.summary.created_by.clone().unwrap_or_else(|| "the command line".to_owned()),
    );
    let undone = batch.summary.undone_at.map(|at| words.short(at));
    let shown = batch.accounts.len();
    let editable = desk.may(Permission::EditContacts);
    let no_email = batch.no_email;
    let rows = StoredValue::new(batch.accounts.clone());
    view! {
        <PageHead
            title=title
            up=Some(("/accounts", "User accounts"))
            mark=move || view! { <span class="cap large" data-has="" data-new=fresh.then_some("")><CapDrawing has=true/></span> }
            lead=move || if fresh {
                "Send invitation codes now, or close and send them later from User accounts.".to_owned()
            } else {
                made.clone()
            }
            steps=move || fresh.then(|| view! { <Steps now=3/> })
        />
        {match undone {
            Some(when) => view! {
                <div class="notice"><Icon name="undo-2"/><p><b>{format!("This batch was undone {when}.")}</b>" Its accounts were removed. Their usernames stay reserved for the same students."</p></div>
            }.into_any(),
            None => view! {
                {(no_email > 0).then(|| view! {
                    <div class="notice" data-tone="amber">
                        <Icon name="mail-x"/>
                        <p>
                            <b>{if no_email == 1 { "1 student has no email address.".to_owned() } else { format!("{no_email} students have no email address.") }}</b>
                            " Add one below, or send to everyone else now and come back later."
                        </p>
                    </div>
                })}
                <div class="bleed register-frame gap-s">
                    <table role="table" class="register" aria-label="New accounts and where their invitation goes">
                        <thead role="rowgroup">
                            <tr role="row">
                                <th role="columnheader" scope="col" class="m"><Hidden>"Account"</Hidden></th>
                                <th role="columnheader" scope="col">"Student"</th>
                                <th role="columnheader" scope="col">"Group"</th>
                                <th role="columnheader" scope="col">"Username"</th>
                                <th role="columnheader" scope="col">"Invitation goes to"</th>
                                <th role="columnheader" scope="col">"Status"</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">
                            <For each=move || rows.get_value() key=|row| row.account.account let:row><Line row editable version/></For>
                        </tbody>
                    </table>
                </div>
                {(shown == BATCH_ROWS).then(|| view! {
                    <p class="register-foot">{format!("The first {shown} of {size}. Find the others under ")}<a href="/accounts">"User accounts"</a>"."</p>
                })}
                <Finish batch=batch.clone() version/>
            }.into_any(),
        }}
    }
}

/// Asks for the batch again, unless someone is typing an address: that would be lost.
fn look_again(version: RwSignal<u32>) {
    let types = document().active_element().is_some_and(|element| element.tag_name() == "INPUT");
    if !types {
        version.update(|version| *version += 1);
    }
}

#[component]
fn Line(row: BatchAccount, editable: bool, version: RwSignal<u32>) -> impl IntoView {
    let words = Desk::get().0.with_value(crate::features::office::me::Me::words);
    let status = row.status(words.now);
    let account = row.account;
    let person = account.person;
    let flag = account.email.is_none().then_some("amber");
    view! {
        <tr role="row" data-flag=flag>
            <td role="cell" class="m"><Cap status name=account.name.clone() href=Some(format!("/students/{person}/preview").into())/></td>
            <th role="rowheader" scope="row"><a href=format!("/students/{person}")>{account.name.clone()}</a></th>
            <td role="cell">{account.group}</td>
            <td role="cell"><span class="code">{account.username.to_string()}</span></td>
            <td role="cell">
                {match account.email {
                    Some(email) => view! { <span class="where"><Icon name="mail" small=true/><Hidden>"Email: "</Hidden>{email}</span> }.into_any(),
                    None if editable => view! { <AddEmail person name=account.name.clone() version/> }.into_any(),
                    None => "None".into_any(),
                }}
            </td>
            <td role="cell"><StatusBadge status/></td>
        </tr>
    }
}

/// A field that mends a missing address in place.
#[component]
fn AddEmail(person: PersonId, name: String, version: RwSignal<u32>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let save = Action::new_local(move |email: &String| {
        let email = email.clone();
        with_step_up(move || add_address(person, AddressKind::Email, email.clone()))
    });
    Effect::new(move || {
        if let Some(Ok(_)) = save.value().get() {
            version.update(|version| *version += 1);
        }
    });
    let wrong = move || {
        save.value()
            .get()
            .and_then(Result::err)
            .map(|error| error.fields.0.first().map_or(error.message.clone(), |field| field.message.clone()))
    };
    let id = format!("email-{person}");
    view! {
        <form class="field in-cell" novalidate=true on:submit=move |event| { event.prevent_default(); save.dispatch(typed.get_untracked()); }>
            <div class="input-row">
                <label class="vh" for=id.clone()>{format!("Email for {name}")}</label>
                <input class="input" id=id type="email" placeholder="Add an email address" autocomplete="off"
                    aria-invalid=move || wrong().is_some().then_some("true") prop:value=typed on:input=move |event| typed.set(event_target_value(&event))/>
                <button class="btn" type="submit">"Save"</button>
            </div>
            {move || wrong().map(|sentence| view! { <p class="error" role="alert"><Icon name="circle-alert"/>{sentence}</p> })}
        </form>
    }
}

/// The bar of the last step: send, close, or undo.
#[component]
fn Finish(batch: BatchDetail, version: RwSignal<u32>) -> impl IntoView {
    let desk = Desk::get();
    let rack = ToastRack::get();
    let school = desk.school();
    let id = batch.summary.id;
    let can_send = batch.can_send;
    let send = Action::new(move |(): &()| send_invitations(school, Recipients::Batch { batch: id }));
    let undo = Action::new(move |(): &()| undo_batch(school, id));
    let asking = RwSignal::new(false);
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(sent)) = send.value().get() {
            rack.say(if sent.queued == 1 {
                "1 invitation code queued.".to_owned()
            } else {
                format!("{} invitation codes queued.", sent.queued)
            });
            version.update(|version| *version += 1);
        }
    });
    Effect::new(move || {
        if let Some(Ok(count)) = undo.value().get() {
            asking.set(false);
            rack.say(format!("{count} accounts removed."));
            navigate("/accounts", NavigateOptions::default());
        }
    });
    let size = batch.summary.size;
    let invited = batch.accounts.iter().any(|account| account.standing.state == AccountState::Invited);
    let say = match (can_send, invited) {
        (_, true) => "Anyone who is sent a second code can use either one.".to_owned(),
        (1, false) => "1 code will be sent by email.".to_owned(),
        (codes, false) => format!("{codes} codes will be sent by email."),
    };
    let undoable = batch.summary.can_undo() && desk.may(Permission::ManageAccounts);
    view! {
        {move || send.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error/> })}
        <div class="actionbar bleed">
            {(can_send > 0 && desk.may(Permission::SendInvitations)).then(|| view! {
                <button class="btn primary" type="button" aria-busy=move || send.pending().get().then_some("true")
                    on:click=move |_| if !send.pending().get_untracked() { send.dispatch(()); }>
                    <Icon name="send"/>{move || if send.pending().get() { "Sending\u{2026}" } else { "Send invitation codes" }}
                </button>
            })}
            <a class="btn" href="/accounts">"Close"</a>
            {undoable.then(|| view! {
                <button class="btn quiet" type="button" on:click=move |_| asking.set(true)><Icon name="undo-2"/>"Undo"</button>
            })}
            <span class="say">{say}</span>
            <Sending batch=id done=Callback::new(move |()| look_again(version))/>
        </div>
        <Dialog open=asking title=Signal::derive(move || format!("Undo {size} accounts?"))>
            <p>"The accounts and their invitations will be removed. Links and codes already sent will stop working. The usernames stay reserved for the same students."</p>
            {move || undo.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error/> })}
            <footer>
                <button class="btn primary" type="button" aria-busy=move || undo.pending().get().then_some("true")
                    on:click=move |_| if !undo.pending().get_untracked() { undo.dispatch(()); }>
                    {format!("Undo {size} accounts")}
                </button>
                <button class="btn" type="button" on:click=move |_| asking.set(false)>"Back"</button>
            </footer>
        </Dialog>
    }
}
