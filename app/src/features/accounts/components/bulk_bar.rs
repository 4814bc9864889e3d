//! What can be done with the people who are picked.

use domain::access::policy::Permission;
use domain::accounts::action::AccountAction;
use domain::accounts::state::AccountState;
use domain::accounts::status::Status;
use domain::invitations::views::Recipients;
use domain::roll::views::RollRow;
use domain::selection::Selection;
use leptos::prelude::*;

use crate::error::AppError;
use crate::features::accounts::api::change_state;
use crate::features::invitations::api::{revoke_invitations, send_invitations};
use crate::features::roll::components::register::{Picks, RollStore};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::layout::Desk;
use crate::ui::menu::Menu;
use crate::ui::notice::ErrorNotice;
use crate::ui::toast::ToastRack;

/// What the bar can be asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkAction {
    /// Queue an invitation for each.
    Send,
    /// Make every live invitation worthless.
    Revoke,
    /// Stop, let go on, unlock or close accounts.
    Change(AccountAction),
}

impl BulkAction {
    /// The button's words.
    fn label(self) -> &'static str {
        match self {
            Self::Send => "Send invitation codes",
            Self::Revoke => "Revoke invitations",
            Self::Change(AccountAction::Disable) => "Disable accounts",
            Self::Change(AccountAction::Enable) => "Enable accounts",
            Self::Change(AccountAction::Unlock) => "Unlock accounts",
            Self::Change(_) => "Close accounts",
        }
    }

    fn question(self, count: usize) -> String {
        let things =
            |one: &str, many: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
        match self {
            Self::Send => format!("Send {}?", things("invitation code", "invitation codes")),
            Self::Revoke => format!("Revoke the invitations of {}?", things("account", "accounts")),
            Self::Change(AccountAction::Disable) => format!("Disable {}?", things("account", "accounts")),
            Self::Change(AccountAction::Enable) => format!("Enable {}?", things("account", "accounts")),
            Self::Change(AccountAction::Unlock) => format!("Unlock {}?", things("account", "accounts")),
            Self::Change(_) => format!("Close {}?", things("account", "accounts")),
        }
    }

    /// What follows for the people it is done to.
    fn consequence(self) -> &'static str {
        match self {
            Self::Send => {
                "Each gets an email with a link and a code of their own. Codes sent earlier stay good until one is used."
            }
            Self::Revoke => {
                "Links and codes that were sent no longer work. The accounts stay, and new codes can be sent."
            }
            Self::Change(AccountAction::Disable) => {
                "They are signed out at once and cannot sign in until the accounts are enabled again."
            }
            Self::Change(AccountAction::Enable) => {
                "The accounts go on as they were before they were disabled."
            }
            Self::Change(AccountAction::Unlock) => "They can try their password again.",
            Self::Change(_) => {
                "They are signed out at once and for good. Their usernames are never given to anybody else."
            }
        }
    }

    /// Why a student is left alone; `None` if the action fits.
    fn unfit(self, row: &RollRow, status: Status) -> Option<&'static str> {
        let Some(account) = &row.account else { return Some("no account") };
        let state = account.standing.state;
        match self {
            Self::Send if matches!(state, AccountState::Created | AccountState::Invited) => {
                row.email.is_none().then_some("no email")
            }
            Self::Send => Some(if state == AccountState::Active {
                "already active"
            } else {
                "disabled, locked or closed"
            }),
            Self::Revoke => (state != AccountState::Invited || status == Status::CodeExpired)
                .then_some("no live invitation"),
            Self::Change(action) => state
                .after(action.event(), AccountState::Created)
                .is_err()
                .then_some("in a state that this does not fit"),
        }
    }
}

/// The bar that floats above the list while anybody is picked, and the dialog that says what will happen.
#[component]
pub fn BulkBar(
    /// The list.
    store: RollStore,
    /// Who is picked in it.
    picks: Picks,
    /// What the dialog is open for.
    asked: RwSignal<Option<BulkAction>>,
) -> impl IntoView {
    let desk = Desk::get();
    let (manages, sends) = (desk.may(Permission::ManageAccounts), desk.may(Permission::SendInvitations));
    let ask = move |action: BulkAction| move |_| asked.set(Some(action));
    let export = move || format!("/accounts/export.csv?school={}", desk.school());
    view! {
        <div class="bulkbar" role="region" aria-label="Actions for the selected students" hidden=move || picks.count() == 0>
            <span class="n"><span>{move || picks.count()}</span>" selected"</span>
            {sends.then(|| view! {
                <button class="btn primary" type="button" on:click=ask(BulkAction::Send)><Icon name="send"/>"Send invitation codes"</button>
            })}
            <Menu label="Action">
                {sends.then(|| view! {
                    <button type="button" on:click=ask(BulkAction::Send)><Icon name="send"/>"Send invitation code email "<kbd>"E"</kbd></button>
                    <button type="button" on:click=ask(BulkAction::Revoke)><Icon name="mail-x"/>"Revoke invitations"</button>
                })}
                {manages.then(|| view! {
                    <button type="button" on:click=ask(BulkAction::Change(AccountAction::Unlock))><Icon name="lock"/>"Unlock accounts"</button>
                    <button type="button" on:click=ask(BulkAction::Change(AccountAction::Enable))><Icon name="circle-check"/>"Enable accounts"</button>
                })}
                {desk.may(Permission::ExportAccounts).then(|| view! {
                    <form method="post" action=export>
                        <input type="hidden" name="people" prop:value=move || ids(picks)/>
                        <button type="submit"><Icon name="download"/>"Export"</button>
                    </form>
                })}
                {manages.then(|| view! {
                    <hr/>
                    <button type="button" class="danger" on:click=ask(BulkAction::Change(AccountAction::Disable))><Icon name="ban"/>"Disable accounts"</button>
                    <button type="button" class="danger" on:click=ask(BulkAction::Change(AccountAction::Close))><Icon name="log-out"/>"Close accounts"</button>
                })}
            </Menu>
            <button class="btn quiet push" type="button" on:click=move |_| picks.clear()>"Clear "<kbd>"Esc"</kbd></button>
        </div>
        <Confirm store picks asked/>
    }
}

fn ids(picks: Picks) -> String {
    picks.count();
    picks.to_vec().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Says how many the action will reach and who is left out, then does just that.
#[component]
fn Confirm(store: RollStore, picks: Picks, asked: RwSignal<Option<BulkAction>>) -> impl IntoView {
    let rack = ToastRack::get();
    let school = Desk::get().school();
    let open = RwSignal::new(false);
    let wanted = Memo::new(move |_| asked.with(Option::is_some));
    Effect::new(move || open.set(wanted.get()));
    // Escape closes the dialog by itself.
    Effect::new(move |before: Option<bool>| {
        let open = open.get();
        if before == Some(true) && !open {
            asked.set(None);
        }
        open
    });
    // (how many it reaches, how many are left out for each reason)
    let reach = Memo::new(move |_| {
        let action = asked.get()?;
        let mut reached = 0;
        let mut left: Vec<(&'static str, usize)> = Vec::new();
        store.picked_rows(picks, |row| match action.unfit(row, row.status(store.words.now)) {
            None => reached += 1,
            Some(why) => match left.iter_mut().find(|(reason, _)| *reason == why) {
                Some((_, count)) => *count += 1,
                None => left.push((why, 1)),
            },
        });
        Some((action, reached, left))
    });
    let run = Action::new(move |action: &BulkAction| {
        let action = *action;
        let selection = Selection::People { ids: picks.to_vec() };
        let mut accounts = Vec::new();
        untrack(|| {
            store.picked_rows(picks, |row| accounts.extend(row.account.as_ref().map(|account| account.id)));
        });
        async move {
            match action {
                BulkAction::Send => send_invitations(school, Recipients::Selected { selection })
                    .await
                    .map(|sent| format!("{} invitation codes queued.", sent.queued)),
                BulkAction::Revoke => revoke_invitations(school, accounts)
                    .await
                    .map(|done| format!("{} invitations revoked.", done.revoked)),
                BulkAction::Change(action) => change_state(school, selection, action)
                    .await
                    .map(|done| format!("{} accounts {}.", done.changed, action.event().done())),
            }
        }
    });
    let failed: RwSignal<Option<AppError>> = RwSignal::new(None);
    Effect::new(move || match run.value().get() {
        Some(Ok(sentence)) => {
            open.set(false);
            rack.say(sentence);
            store.reload();
        }
        Some(Err(error)) => failed.set(Some(error)),
        None => {}
    });
    let title = Signal::derive(move || {
        reach.get().map(|(action, count, _)| action.question(count)).unwrap_or_default()
    });
    view! {
        <Dialog open title>
            {move || reach.get().map(|(action, count, left)| view! {
                <p>{action.consequence()}</p>
                {(!left.is_empty()).then(|| view! {
                    <p>{left.iter().map(|(why, count)| format!("{count} left out: {why}.")).collect::<Vec<_>>().join(" ")}</p>
                })}
                {move || failed.get().map(|error| view! { <ErrorNotice error/> })}
                <div class="row">
                    {(count > 0).then(|| view! {
                        <button class="btn primary" type="button" aria-busy=move || run.pending().get().then_some("true")
                            on:click=move |_| { failed.set(None); if !run.pending().get_untracked() { run.dispatch(action); } }>
                            {move || if run.pending().get() { "Working\u{2026}" } else { action.label() }}
                        </button>
                    })}
                    <button class="btn" type="button" on:click=move |_| open.set(false)>"Back"</button>
                </div>
            })}
        </Dialog>
    }
}
