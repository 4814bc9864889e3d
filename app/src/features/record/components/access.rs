//! A student's account: its status, and what staff can do.

use domain::accounts::action::AccountAction;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::record::StudentRecord;
use domain::roll::address::AddressKind;
use domain::roll::selection::Selection;
use domain::roll::views::RollAccount;
use leptos::prelude::*;

use super::Record;
use super::actions::RecordActions;
use super::again::SendAgainDialog;
use super::code::CodeDialog;
use super::former::{FormerUsernames, StopOldUsernames};
use super::help::Help;
use super::history::History;
use super::sessions::Sessions;
use crate::features::accounts::components::PrintItem;
use crate::features::office::layout::OfficeUser;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::menu::Menu;
use crate::ui::status::StatusBadge;

/// The tab "Portal access".
#[component]
pub fn PortalAccess(at: Record, record: StudentRecord) -> impl IntoView {
    let sessions = record.account.is_some() && OfficeUser::get().may(Permission::ManageAccounts);
    let words = OfficeUser::get().0.with_value(crate::features::office::me::Me::words);
    let status = AccountStatus::of(record.account.as_ref().map(|account| &account.standing), words.now);
    let email = record
        .addresses
        .iter()
        .find(|address| address.primary && address.kind == AddressKind::Email)
        .map(|address| address.value.clone());
    let has_email = email.is_some();
    let former = record.former;
    let days = record.days;
    let helped = record.account.as_ref().map(|account| account.id).zip(record.help);
    view! {
        <div class="split gap-m">
            <section aria-labelledby="account-title">
                <div class="section-head"><h2 id="account-title">"Student account"</h2><StatusBadge status/></div>
                {match record.account {
                    None => view! { <p class="muted">"No account yet. Choose the grey cap to create one."</p> }.into_any(),
                    Some(account) => view! {
                        <dl class="facts">
                            <div><dt>"Username"</dt><dd><span class="code">{account.username}</span></dd></div>
                            {(!days.is_empty()).then(|| view! { <div><dt>"Days"</dt><dd>{days.clone()}</dd></div> })}
                            {view! { <FormerUsernames former=former.clone()/> }.into_any()}
                            <div>
                                <dt>"Email"</dt>
                                <dd>{email.unwrap_or_else(|| "None".to_owned())}</dd>
                            </div>
                            <div><dt>{since(account.standing.state, status)}</dt><dd>{words.short(account.since)}</dd></div>
                        </dl>
                        {view! { <StopOldUsernames at former/> }.into_any()}
                    }.into_any(),
                }}
            </section>
            <div class="stack">
                {helped.map(|(account, help)| view! { <Help at account help has_email/> })}
                {sessions.then(|| view! { <Sessions at lines=record.sessions/> }.into_any())}
                {view! { <History lines=record.history/> }.into_any()}
            </div>
        </div>
    }
}

/// The label of the time beside a state.
fn since(state: AccountState, status: AccountStatus) -> &'static str {
    match state {
        // That invitation no longer counts.
        AccountState::Invited if status == AccountStatus::AddressCorrected => "Earlier invitation",
        AccountState::Created => "Account created",
        AccountState::Invited => "Invited",
        AccountState::Active => "Active since",
        AccountState::Suspended => "Disabled since",
        AccountState::Locked => "Locked since",
        AccountState::Closed => "Closed since",
    }
}

/// The id of the button of the menu "Action".
pub(super) const ACTIONS: &str = "actions";

/// The menu "Action" for someone with an account: only actions that suit its state and the reader's
/// permissions.
#[component]
pub fn AccountActions(
    at: Record,
    account: RollAccount,
    /// Whether the student has not left.
    on_roll: bool,
) -> impl IntoView {
    let user = OfficeUser::get();
    let state = account.standing.state;
    let closing = RwSignal::new(None::<AccountAction>);
    let asks = RwSignal::new(false);
    let (coding, asking_again) = (RwSignal::new(false), RwSignal::new(false));
    let has_email = account.standing.has_email;
    let codes =
        user.may(Permission::ManageAccounts) && matches!(state, AccountState::Active | AccountState::Locked);
    let status = AccountStatus::of(Some(&account.standing), user.0.with_value(|me| me.now));
    let invites = user.may(Permission::SendInvitations)
        && state.waits_for_password()
        && account.standing.has_email
        // Not while one is on its way: a second press sends nothing.
        && status != AccountStatus::Queued;
    let again = status.was_sent();
    let fits: Vec<AccountAction> = AccountAction::ALL
        .into_iter()
        .filter(|action| user.may(Permission::ManageAccounts) && state.after(action.event(), state).is_ok())
        .collect();
    let actions = RecordActions::to(at, account.id, ACTIONS);
    let choose = move |action: AccountAction| {
        if action.stops() {
            closing.set(Some(action));
            asks.set(true);
        } else {
            actions.act(action);
        }
    };
    let renames = user.may(Permission::ManageAccounts) && state != AccountState::Closed;
    let rename = format!("/accounts/rename?person={}", at.person);
    let days = format!("/students/{}/days", at.person);
    let prints = user.may(Permission::ManageAccounts) && state.waits_for_password();
    let only = Signal::stored(Selection::People { ids: vec![at.person] });
    let nothing = !invites && !codes && !renames && fits.is_empty();
    let fits = StoredValue::new(fits);
    (!nothing).then(|| view! {
        <Menu label="Action" id=ACTIONS>
            {invites.then(|| view! {
                <button type="button" on:click=move |_| if again { asking_again.set(true) } else { actions.invite(false) }>
                    <Icon name="send"/>{if again { "Send invitation code again" } else { "Send invitation code email" }}
                </button>
            })}
            {prints.then(|| view! { <PrintItem selection=only one=true/> })}
            {codes.then(|| view! {
                <button type="button" on:click=move |_| coding.set(true)><Icon name="key-round"/>"Create a one-time code"</button>
            })}
            {renames.then(|| view! {
                <a href=rename.clone() rel="external"><Icon name="pencil"/>"Change username"</a>
                <a href=days.clone() rel="external"><Icon name="history"/>"Change its days"</a>
            })}
            {fits.get_value().into_iter().map(|action| view! {
                <button type="button" class=action.stops().then_some("danger") on:click=move |_| choose(action)>
                    <Icon name=icon(action)/>{action.label()}
                </button>
            }).collect_view()}
        </Menu>
        {codes.then(|| view! { <CodeDialog at open=coding has_email focus=ACTIONS/> }.into_any())}
        {again.then(|| view! { <SendAgainDialog at actions open=asking_again/> }.into_any())}
        <Dialog open=asks title=move || question(closing.get(), &at.name.get_value())>
            <p>{move || closing.get().map(|action| action.warning(1, usize::from(on_roll)))}</p>
            <footer>
                <button class="btn danger" type="button" on:click=move |_| {
                    asks.set(false);
                    if let Some(action) = closing.get_untracked() { actions.act(action); }
                }>{move || format!("{} the account", verb(closing.get()))}</button>
                <button class="btn" type="button" on:click=move |_| asks.set(false)>"Cancel"</button>
            </footer>
        </Dialog>
    })
}

fn icon(action: AccountAction) -> &'static str {
    match action {
        AccountAction::Enable => "circle-check",
        AccountAction::Unlock => "key-round",
        AccountAction::Disable => "ban",
        AccountAction::Close => "log-out",
    }
}

fn verb(action: Option<AccountAction>) -> &'static str {
    if action == Some(AccountAction::Close) { "Close" } else { "Disable" }
}

fn question(action: Option<AccountAction>, name: &str) -> String {
    format!("{} the account of {name}?", verb(action))
}
