//! User accounts: who has one, its status, and actions on it.

use domain::accounts::action::AccountAction;
use domain::accounts::views::AccountSummary;
use domain::authorization::policy::Permission;
use domain::credentials::status::StatusGroup;
use domain::roll::status::RollStatus;
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::accounts::api::count_accounts;
use crate::features::accounts::components::columns::{ACCOUNTS, RowActions};
use crate::features::accounts::components::{BulkAction, BulkBar, BulkRequest, ExportButton, TallyStrip};
use crate::features::office::layout::OfficeUser;
use crate::features::roll::components::list::{EVERYTHING, RollStore};
use crate::features::roll::pages::Nobody;
use crate::ui::cap::CapDrawing;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::memo::memo;
use crate::ui::page::PageHead;
use crate::ui::table::{FilterForm, Picks, Table, TableRows, pick_matching};

/// The list of accounts, and of students on roll without one.
#[component]
pub fn UserAccounts() -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school();
    let store = RollStore::new(&ACCOUNTS, EVERYTHING, |_| ());
    let rows = store.rows();
    let picks = Picks::default();
    let request = RwSignal::new(None);
    let figures: Resource<AppResult<AccountSummary>> =
        Resource::new(move || store.version(), move |_| count_accounts(school));
    let manages = user.may(Permission::ManageAccounts);
    let send = user
        .may(Permission::SendInvitations)
        .then(|| Callback::new(move |()| request.set(Some(BulkRequest::of_picked(BulkAction::Send)))));
    provide_context(RowActions { store, request });
    view! {
        <PageHead
            title="User accounts"
            mark=|| view! { <span class="cap large" data-has=""><CapDrawing has=true/></span> }
            lead=move || view! { <Transition>{live(move || figures.get().and_then(Result::ok).map(|summary| lead(&summary)))}</Transition> }
            actions=move || view! {
                {user.may(Permission::ExportAccounts).then(|| view! { <ExportButton store picks/> })}
                <a class="btn" href="/accounts/batches">"Batches"</a>
                {manages.then(|| view! { <a class="btn primary" href="/accounts/new"><Icon name="plus"/>"New"</a> })}
            }
        />
        <Transition>
            {live(move || figures.get().and_then(Result::ok).map(|summary| {
                let first_run = summary.with_account == 0 && summary.open_leavers == 0;
                let nobody = summary.on_roll == 0;
                view! {
                    {first_run.then(|| if nobody {
                        view! { <NextSteps manages/> }.into_any()
                    } else {
                        view! { <FirstRun manages/> }.into_any()
                    })}
                    <TallyStrip summary/>
                }
            }))}
        </Transition>
        {manages.then(|| view! { <CloseLeavers store rows picks request/> })}
        <FilterForm filters=store.filters rows choices=Some(store.choices())/>
        <Table rows picks=Some(picks) filters=Some(store.filters) label="Student accounts" send empty=move || view! { <Nobody store plain_button=true/> }/>
        <BulkBar store picks request/>
    }
}

fn lead(summary: &AccountSummary) -> String {
    format!("{} of {} students on roll have an account.", summary.with_account, summary.on_roll)
}

/// The next action where the list is of leavers whose account is still open: close them all.
#[component]
fn CloseLeavers(
    store: RollStore,
    rows: TableRows,
    picks: Picks,
    request: RwSignal<Option<BulkRequest>>,
) -> impl IntoView {
    let shown = memo(move || {
        let filter = store.filter();
        filter.roll == [RollStatus::Leaver] && filter.status == StatusGroup::OPEN
    });
    let close = move |_| {
        pick_matching(rows, picks);
        request.set(Some(BulkRequest::of_picked(BulkAction::Change(AccountAction::Close))));
    };
    view! {
        <Show when=move || shown.get()>
            <div class="notice" data-tone="amber">
                <Icon name="log-out"/>
                <div>
                    <p><b>"These students have left, and their accounts are still open."</b>" They could still sign in. Close the accounts, or choose some of them below."</p>
                    <p class="row"><button class="btn primary" type="button" on:click=close>"Close all of these accounts"</button></p>
                </div>
            </div>
        </Show>
    }
}

/// Shown before the first account is created.
#[component]
fn FirstRun(manages: bool) -> impl IntoView {
    let imports = OfficeUser::get().may(Permission::ImportRoll);
    view! {
        <div class="notice">
            <Icon name="info"/>
            <div>
                <p><b>"There are no accounts yet."</b>" Choose New to create them from the roll. Nothing is sent until you choose to send it."</p>
                <p class="row">
                    {manages.then(|| view! { <a class="btn primary" href="/accounts/new"><Icon name="plus"/>"New"</a> })}
                    {imports.then(|| view! { <a class="btn" href="/imports"><Icon name="table-2"/>"Import a spreadsheet"</a> })}
                </p>
            </div>
        </div>
    }
}

/// What to do next, shown after set-up until the first student is on roll.
#[component]
fn NextSteps(manages: bool) -> impl IntoView {
    let user = OfficeUser::get();
    let imports = user.may(Permission::ImportRoll);
    let invites = user.may(Permission::ManageRoles);
    let no_mail = user.0.with_value(|me| me.mailbox);
    view! {
        <div class="notice">
            <Icon name="info"/>
            <div>
                <p><b>"What to do next"</b></p>
                <ol class="numbered close">
                    {imports.then(|| view! { <li><a href="/imports">"Import your students"</a>" from a spreadsheet. You can check everything before it is saved."</li> })}
                    {manages.then(|| view! { <li>"Create their accounts: choose New on this page, and review every username."</li> })}
                    <li>"Send invitation codes. Nothing is sent until you choose to send it."</li>
                </ol>
                {invites.then(|| view! { <p>"Not on your own? "<a href="/roles/invite" rel="external">"Invite a colleague"</a>"."</p> })}
                {no_mail.then(|| view! { <p>"No mail server is set up yet: messages stop at the "<a href="/mailbox">"mailbox page"</a>" until the operator of this server sets GREENCAP_SMTP_URL."</p> })}
            </div>
        </div>
    }
}
