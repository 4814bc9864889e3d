//! Actions on the selected people.

use domain::accounts::action::AccountAction;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId};
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use domain::roll::views::RollRow;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::bulk_action::{BulkAction, Reach};
use super::export::{ExportItems, SelectionForm};
use crate::error::AppError;
use crate::features::accounts::api::change_state;
use crate::features::factors::components::with_step_up;
use crate::features::invitations::api::{revoke_invitations, send_invitations};
use crate::features::office::layout::OfficeUser;
use crate::features::roll::components::list::RollStore;
use crate::ui::action::browser_action;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::memo::memo;
use crate::ui::menu::Menu;
use crate::ui::notice::ErrorNotice;
use crate::ui::table::Picks;
use crate::ui::toast::ToastRack;

/// A requested action and the students it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkRequest {
    action: BulkAction,
    /// A single student; if `None`, the selected ones.
    only: Option<PersonId>,
}

impl BulkRequest {
    /// An action on the selected students.
    pub fn of_picked(action: BulkAction) -> Self {
        Self { action, only: None }
    }

    /// Whether it includes this student.
    fn means(self, picks: Picks, person: PersonId) -> bool {
        self.only.map_or_else(|| picks.holds(person.0), |only| only == person)
    }

    fn selection(self, store: RollStore, picks: Picks) -> Selection {
        self.only.map_or_else(|| store.selection(picks), |only| Selection::People { ids: vec![only] })
    }
}

/// The bar above the list while anyone is selected, and the dialog that says what will happen.
#[component]
pub fn BulkBar(
    /// The list.
    store: RollStore,
    /// The selection in the list.
    picks: Picks,
    /// The action that the dialog is open for.
    request: RwSignal<Option<BulkRequest>>,
) -> impl IntoView {
    let sends = OfficeUser::get().may(Permission::SendInvitations);
    let selection = Signal::derive(move || store.selection(picks));
    view! {
        <div class="bulkbar" role="region" aria-label="Actions for the selected students" hidden=move || picks.count() == 0>
            <span class="n"><span>{move || picks.count()}</span>" selected"</span>
            {sends.then(|| view! {
                <button class="btn primary" type="button" on:click=move |_| request.set(Some(BulkRequest::of_picked(BulkAction::Send)))>
                    <Icon name="send"/>{BulkAction::Send.label(false)}
                </button>
            })}
            <Menu label="Action"><Items store request only=None selection/></Menu>
            <button class="btn quiet push" type="button" on:click=move |_| picks.clear()>"Clear "<kbd>"Esc"</kbd></button>
        </div>
        <Confirm store picks request/>
    }
}

/// The menu in a student's row, with the actions that apply.
#[component]
pub fn RowMenu(
    /// The list.
    store: RollStore,
    /// The row's student.
    person: PersonId,
    /// The student's name, for the button's label.
    #[prop(into)]
    name: Signal<String>,
    /// The action that the dialog is open for.
    request: RwSignal<Option<BulkRequest>>,
) -> impl IntoView {
    let selection = Signal::stored(Selection::People { ids: vec![person] });
    view! { <Menu label="Action" whose=name><Items store request only=Some(person) selection/></Menu> }
}

/// The actions that the person's roles allow.
#[component]
fn Items(
    store: RollStore,
    request: RwSignal<Option<BulkRequest>>,
    only: Option<PersonId>,
    selection: Signal<Selection>,
) -> impl IntoView {
    let user = OfficeUser::get();
    let mut row = None;
    if let Some(person) = only {
        untrack(|| store.rows_of(|other| other == person, |found| row = Some(found.clone())));
    }
    let row = StoredValue::new(row);
    let fits = move |action: BulkAction| {
        row.with_value(|row| {
            row.as_ref().is_none_or(|row| action.unfit(row, row.status(store.words.now)).is_none())
        })
    };
    let item = move |action: BulkAction, icon: &'static str, words: Option<&'static str>, danger: bool| {
        let words = words.map_or_else(|| action.label(only.is_some()), str::to_owned);
        fits(action).then(|| view! {
            <button type="button" class=danger.then_some("danger") on:click=move |_| request.set(Some(BulkRequest { action, only }))>
                <Icon name=icon/>{words}
                {(only.is_none() && action == BulkAction::Send).then(|| view! { <kbd>"E"</kbd> })}
            </button>
        })
    };
    let waits = row.with_value(|row| {
        let of_one = |row: &RollRow| {
            row.account.as_ref().is_some_and(|account| account.standing.state.waits_for_password())
        };
        row.as_ref().is_none_or(of_one)
    });
    let change = move |action, icon| item(BulkAction::Change(action), icon, None, action.stops());
    let (manages, sends) = (user.may(Permission::ManageAccounts), user.may(Permission::SendInvitations));
    let one = only.is_some();
    view! {
        {sends.then(|| [
            item(BulkAction::Send, "send", Some("Send invitation code email"), false),
            item(BulkAction::Revoke, "mail-x", None, false),
        ])}
        {manages.then(|| view! {
            {[change(AccountAction::Unlock, "lock"), change(AccountAction::Enable, "circle-check")]}
            {waits.then(|| view! { <PrintItem selection one/> })}
            {page_item("/cards/new", "printer", if one { "Print a password" } else { "Print passwords" }, selection)}
            {page_item("/accounts/codes", "key-round", if one { "Create a one-time code" } else { "Create one-time codes" }, selection)}
            {page_item("/accounts/rename", "pencil", if one { "Change username" } else { "Change usernames" }, selection)}
            // Names whose accounts change before they do.
            {(!one).then(|| page_item("/accounts/bulk", "table-2", "Simulate a change", selection))}
        })}
        {user.may(Permission::ManageGroups).then(|| page_item("/groups/pick", "users", "Change teaching groups", selection))}
        {user.may(Permission::ExportAccounts).then(|| view! { <ExportItems selection/> })}
        {(manages && fits(BulkAction::Change(AccountAction::Close))).then(|| view! {
            <hr/>
            {change(AccountAction::Disable, "ban")}
            {change(AccountAction::Close, "log-out")}
        })}
    }
}

/// A menu item that sends the people to the page at an address. A form, as for an export.
fn page_item(
    to: &'static str,
    icon: &'static str,
    words: &'static str,
    selection: Signal<Selection>,
) -> AnyView {
    view! {
        <SelectionForm to selection>
            <button type="submit"><Icon name=icon/>{words}</button>
        </SelectionForm>
    }
    .into_any()
}

/// Opens the page that prints invitation codes, for people who have no email address.
#[component]
pub fn PrintItem(
    /// The people.
    selection: Signal<Selection>,
    /// Whether it is a single person.
    one: bool,
) -> impl IntoView {
    let words = if one { "Print an invitation code" } else { "Print invitation codes" };
    page_item("/accounts/print", "printer", words, selection)
}

/// The result of an action.
#[derive(Debug, Clone)]
enum BulkOutcome {
    /// Done, with a message to show.
    Done(String),
    /// A job runs it, because the selection is large.
    Queued(OperationId),
}

/// Says how many people the action affects and who is skipped, then runs it.
#[component]
fn Confirm(store: RollStore, picks: Picks, request: RwSignal<Option<BulkRequest>>) -> impl IntoView {
    let rack = ToastRack::get();
    let navigate = use_navigate();
    let school = OfficeUser::get().school();
    let open = RwSignal::new(false);
    let wanted = memo(move || request.with(Option::is_some));
    Effect::new(move || open.set(wanted.get()));
    // Escape closes the dialog without telling us.
    Effect::new(move |before: Option<bool>| {
        let open = open.get();
        if before == Some(true) && !open {
            request.set(None);
        }
        open
    });
    let reach = memo(move || {
        let request = request.get()?;
        // Once the browser has the roll, "all that match" can be checked one by one.
        if request.only.is_none() && picks.is_matching() {
            return None;
        }
        let action = request.action;
        let mut reach = Reach { request, count: 0, on_roll: 0, again: 0, left: Vec::new() };
        store.rows_of(
            |person| request.means(picks, person),
            |row| {
                let status = row.status(store.words.now);
                match action.unfit(row, status) {
                    None => {
                        reach.count += 1;
                        reach.on_roll += usize::from(row.roll != RollStatus::Leaver);
                        reach.again += usize::from(status.was_sent());
                    }
                    Some(why) => match reach.left.iter_mut().find(|(reason, _)| *reason == why) {
                        Some((_, count)) => *count += 1,
                        None => reach.left.push((why, 1)),
                    },
                }
            },
        );
        Some(reach)
    });
    let run = browser_action(move |request: &BulkRequest| {
        let request = *request;
        let selection = untrack(|| request.selection(store, picks));
        let mut accounts = Vec::new();
        untrack(|| {
            store.rows_of(
                |person| request.means(picks, person),
                |row| accounts.extend(row.account.as_ref().map(|account| account.id)),
            );
        });
        async move {
            match request.action {
                BulkAction::Send => send_invitations(school, Recipients::Selected { selection, only: None })
                    .await
                    .map(|sent| {
                        sent.operation.map_or_else(|| BulkOutcome::Done(sent.sentence()), BulkOutcome::Queued)
                    }),
                BulkAction::Revoke => {
                    revoke_invitations(school, accounts).await.map(|done| BulkOutcome::Done(done.sentence()))
                }
                BulkAction::Change(action) => {
                    with_step_up(|| change_state(school, selection.clone(), action)).await.map(|done| {
                        match done.queued {
                            Some(operation) => BulkOutcome::Queued(operation),
                            None if done.waits => BulkOutcome::Done(
                                "A second person has to approve this. Find it under Approvals.".to_owned(),
                            ),
                            None => BulkOutcome::Done(format!(
                                "{} accounts {}.{}",
                                done.changed,
                                action.event().done(),
                                done.restricted()
                            )),
                        }
                    })
                }
            }
        }
    });
    let failed: RwSignal<Option<AppError>> = RwSignal::new(None);
    Effect::new(move || match run.value().get() {
        Some(Ok(BulkOutcome::Done(sentence))) => {
            open.set(false);
            rack.say(sentence);
            store.reload();
        }
        Some(Ok(BulkOutcome::Queued(operation))) => {
            open.set(false);
            navigate(&format!("/operations/{operation}"), NavigateOptions::default());
        }
        Some(Err(error)) => failed.set(Some(error)),
        None => {}
    });
    let title = Signal::derive(move || {
        reach.get().map(|reach| reach.request.action.question(reach.count)).unwrap_or_default()
    });
    view! {
        <Dialog open title>
            {move || reach.get().map(|reach| { let Reach { request, count, .. } = reach; view! {
                {(count > 0).then(|| view! { <p>{request.action.consequence(&reach)}</p> })}
                {(!reach.left.is_empty()).then(|| view! {
                    <p>{reach.left.iter().map(|(why, count)| format!("{count} skipped: {why}.")).collect::<Vec<_>>().join(" ")}</p>
                })}
                {move || failed.get().map(|error| view! { <ErrorNotice error/> })}
                <footer>
                    {(count > 0).then(|| view! {
                        <button class=request.action.button() type="button" aria-busy=move || run.pending().get().then_some("true")
                            on:click=move |_| { failed.set(None); if !run.pending().get_untracked() { run.dispatch(request); } }>
                            {move || if run.pending().get() { "Working\u{2026}".to_owned() } else { request.action.label(count == 1) }}
                        </button>
                    })}
                    <button class="btn" type="button" on:click=move |_| open.set(false)>"Back"</button>
                </footer>
            }})}
        </Dialog>
    }
}
