//! Step 3: the new accounts, who has no address, and sending invitation codes. Also reached from the list of
//! batches.

use domain::accounts::batch::{BATCH_ROWS, BatchAccount, BatchDetail};
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
use crate::features::office::layout::OfficeUser;
use crate::features::roll::api::add_address;
use crate::ui::action::browser_action;
use crate::ui::cap::{Cap, CapDrawing};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::load::Load;
use crate::ui::memo::memo;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRow, TableRows};
use crate::ui::time::TimeWords;
use crate::ui::toast::ToastRack;

/// A batch of accounts.
#[component]
pub fn Batch() -> impl IntoView {
    let school = OfficeUser::get().school();
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
    let user = OfficeUser::get();
    let words = user.0.with_value(crate::features::office::me::Me::words);
    let fresh = use_query_map().with_untracked(|query| query.get("step").is_some());
    let size = batch.summary.size;
    let title = if size == 1 { "1 account created".to_owned() } else { format!("{size} accounts created") };
    let made = format!(
        "Created {} by {}.",
        words.at(batch.summary.created_at),
        batch.summary.created_by.clone().unwrap_or_else(|| "the command line".to_owned()),
    );
    let undone = batch.summary.undone_at.map(|at| words.at(at));
    let shown = batch.accounts.len();
    let editable = user.may(Permission::EditContacts);
    let sends = batch.can_send > 0 && user.may(Permission::SendInvitations);
    let no_email = batch.no_email;
    let rows = StoredValue::new(batch.accounts.clone());
    provide_context(BatchRowContext { editable, version });
    view! {
        <PageHead
            title=title
            up=Some(("/accounts", "User accounts"))
            mark=move || view! { <span class="cap large" data-has="" data-new=fresh.then_some("")><CapDrawing has=true/></span> }
            lead=move || if fresh && sends {
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
                <Table rows=TableRows::new(LoadedRows::new(&MADE, rows.get_value())) label="New accounts and where their invitation goes" empty=|| ()/>
                {(shown == BATCH_ROWS).then(|| view! {
                    <p class="table-foot">{format!("The first {shown} of {size}. Find the others under ")}<a href="/accounts">"User accounts"</a>"."</p>
                })}
                <Finish batch=batch.clone() version/>
            }.into_any(),
        }}
    }
}

/// Reloads the batch, unless someone is typing an address, which would be lost.
fn look_again(version: RwSignal<u32>) {
    let types = document().active_element().is_some_and(|element| element.tag_name() == "INPUT");
    if !types {
        version.update(|version| *version += 1);
    }
}

/// The accounts created by a batch.
static MADE: Kind<BatchAccount> = Kind {
    about: About {
        slug: "batch",
        one: "account",
        many: "accounts",
        margin: "Account",
        layout: RowLayout::Flat,
        opens: true,
    },
    id: |row| row.account.account.0,
    name: |row| row.account.name.clone(),
    mark: Some(|row| {
        let now = TimeWords::here().now;
        let (status, name) =
            (row.of(move |row| Some(row.status(now))), row.of(|row| row.account.name.clone()));
        let preview = row.of(|row| format!("/students/{}/preview", row.account.person));
        let preview = Signal::derive(move || preview.get());
        // Only a student's page can be previewed.
        let is_student = row.of(|row| row.own_page.is_none());
        (move || {
            let href = is_student.get().then_some(preview);
            status.get().map(|status| view! { <Cap status name href=href/> })
        })
        .into_any()
    }),
    flag: Some(|row| row.of(|row| row.account.email.is_none().then_some("amber"))),
    columns: &[
        Column::names("student", "Name", ColumnWidth::Grows(192), |row| {
            let name = row.of(|row| row.account.name.clone());
            let student = row.of(|row| format!("/students/{}", row.account.person));
            let own = row.of(|row| row.own_page.clone().unwrap_or_default());
            (move || {
                if own.with(String::is_empty) {
                    row.link(name, student)
                } else {
                    row.external_link(name, own)
                }
            })
            .into_any()
        }),
        Column::tells("group", "Group", ColumnWidth::Fixed(80), 3, |row| {
            row.text(|row| row.account.group.clone())
        }),
        Column::tells("username", "Username", ColumnWidth::Fixed(192), 1, |row| {
            row.code(|row| row.account.username.to_string())
        }),
        Column::tells("email", "Invitation goes to", ColumnWidth::Grows(272), 0, email),
        Column::tells("status", "Status", ColumnWidth::Fixed(160), 2, |row| {
            let now = TimeWords::here().now;
            let status = row.of(move |row| Some(row.status(now)));
            (move || status.get().map(|status| view! { <StatusBadge status/> })).into_any()
        }),
    ],
};

/// The context of a row's cells, provided by the page.
#[derive(Clone, Copy)]
struct BatchRowContext {
    editable: bool,
    version: RwSignal<u32>,
}

fn email(row: TableRow<BatchAccount>) -> AnyView {
    let BatchRowContext { editable, version } = expect_context();
    let account = row.of(|row| {
        let BatchAccount { account, own_page, .. } = row;
        Some((account.person, account.name.clone(), account.email.clone(), own_page.is_none()))
    });
    (move || {
        account.get().map(|(person, name, email, is_student)| match email {
            Some(email) => view! { <span class="where"><Icon name="mail" small=true/><Hidden>"Email: "</Hidden>{email}</span> }.into_any(),
            None if editable && is_student => view! { <AddEmail person name version/> }.into_any(),
            None => "None".into_any(),
        })
    })
    .into_any()
}

/// A field for adding a missing address in place.
#[component]
fn AddEmail(person: PersonId, name: String, version: RwSignal<u32>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let save = browser_action(move |email: &String| {
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

/// The bar in the last step: send, or after sending be done, send again to those who have not answered, or undo. Nothing
/// is sent twice by a second press, and nothing can be pressed while messages are on their way.
#[component]
fn Finish(batch: BatchDetail, version: RwSignal<u32>) -> impl IntoView {
    let user = OfficeUser::get();
    let rack = ToastRack::get();
    let school = user.school();
    let id = batch.summary.id;
    let (can_send, unanswered) = (batch.can_send, batch.can_send_again);
    let going = RwSignal::new(batch.on_the_way > 0);
    let send = Action::new(move |again: &bool| {
        send_invitations(school, Recipients::Batch { batch: id, again: *again })
    });
    let undo = Action::new(move |(): &()| undo_batch(school, id));
    let (asking, asking_again) = (RwSignal::new(false), RwSignal::new(false));
    let busy = memo(move || going.get() || send.pending().get() || undo.pending().get());
    let press = move |again: bool| {
        if !busy.get_untracked() {
            send.dispatch(again);
        }
    };
    let navigate = use_navigate();
    let follow = navigate.clone();
    Effect::new(move || {
        if let Some(Ok(sent)) = send.value().get() {
            asking_again.set(false);
            if let Some(operation) = sent.operation {
                follow(&format!("/operations/{operation}"), NavigateOptions::default());
                return;
            }
            rack.say(sent.sentence());
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
    let sends = user.may(Permission::SendInvitations);
    let first = can_send > 0 && sends;
    let say = match can_send {
        0 => String::new(),
        1 => "1 code will be sent by email.".to_owned(),
        codes => format!("{codes} codes will be sent by email."),
    };
    let people = if unanswered == 1 {
        "1 person without an answer".to_owned()
    } else {
        format!("{unanswered} people without an answer")
    };
    let people = StoredValue::new(people);
    let undoable = batch.summary.can_undo() && user.may(Permission::ManageAccounts);
    view! {
        {move || send.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error/> })}
        <div class="actionbar bleed">
            {if first {
                view! {
                    <button class="btn primary" type="button" disabled=move || busy.get() aria-busy=move || send.pending().get().then_some("true")
                        on:click=move |_| press(false)>
                        <Icon name="send"/>{move || if send.pending().get() { "Sending\u{2026}" } else { "Send invitation codes" }}
                    </button>
                    <a class="btn" href="/accounts">"Close"</a>
                }.into_any()
            } else {
                view! { <a class="btn primary" href="/accounts">"Done"</a> }.into_any()
            }}
            {(unanswered > 0 && sends).then(|| view! {
                <button class="btn" type="button" disabled=move || busy.get() on:click=move |_| asking_again.set(true)>
                    <Icon name="send"/>{format!("Send again to {}", people.get_value())}
                </button>
            })}
            {undoable.then(|| view! {
                <button class="btn quiet" type="button" disabled=move || busy.get() on:click=move |_| asking.set(true)><Icon name="undo-2"/>"Undo"</button>
            })}
            <span class="say">{say}</span>
            <Sending batch=id going done=Callback::new(move |()| look_again(version))/>
        </div>
        <Dialog open=asking_again title=Signal::derive(move || format!("Send a second code to {}?", people.get_value()))>
            <p>"They were sent one already and have not chosen a password. Each gets another email with a new link and code. The earlier one keeps working until one of them is used."</p>
            <footer>
                <button class="btn primary" type="button" disabled=move || busy.get() aria-busy=move || send.pending().get().then_some("true")
                    on:click=move |_| press(true)>{format!("Send {unanswered} again")}</button>
                <button class="btn" type="button" on:click=move |_| asking_again.set(false)>"Back"</button>
            </footer>
        </Dialog>
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
