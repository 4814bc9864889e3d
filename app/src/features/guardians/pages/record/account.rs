//! An adult's account: creating it, inviting them, and what staff can do to it.

use domain::accounts::action::AccountAction;
use domain::accounts::rename::FormerUsername;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::ids::PersonId;
use domain::record::StudentRecord;
use domain::record::help::{SignInHelp, SignInRemedy};
use domain::roll::views::RollAccount;
use leptos::prelude::*;

use super::sessions::{Lost, Sessions};
use crate::features::office::layout::OfficeUser;
use crate::features::staff::pages::member::{AccountForm, OldUsernames, ReopenAccount, former_lines};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::icon::Icon;
use crate::ui::status::StatusBadge;
use crate::ui::time::TimeWords;

/// The section of the record.
#[component]
pub(super) fn AccountSection(
    person: PersonId,
    record: StudentRecord,
    form: Option<AccountForm>,
) -> impl IntoView {
    let status =
        AccountStatus::of(record.account.as_ref().map(|account| &account.standing), TimeWords::here().now);
    let signed_in = record.account.is_some() && OfficeUser::get().may(Permission::ManageAccounts);
    let sessions = signed_in.then_some(record.sessions);
    let inside = match (record.account, form) {
        (_, Some(form)) => view! { <Create person form/> }.into_any(),
        (Some(account), None) => {
            view! { <Account person account former=record.former help=record.help/> }.into_any()
        }
        (None, None) => {
            view! { <p class="muted">"No account. Ask someone who manages portal access to create one."</p> }
                .into_any()
        }
    };
    view! {
        <section class="gap-m" aria-labelledby="account-title" id="account">
            <div class="section-head"><h2 id="account-title" tabindex="-1">"Account"</h2><StatusBadge status/></div>
            {inside}
        </section>
        {sessions.map(|lines| view! { <Sessions person lines/> })}
    }
    .into_any()
}

#[component]
fn Create(person: PersonId, form: AccountForm) -> impl IntoView {
    let AccountForm { username, reviewed, errors, reopens } = form;
    let path = format!("/guardians/{person}/account");
    if reopens {
        return view! { <ReopenAccount path username/> }.into_any();
    }
    view! {
        <ErrorSummary errors=errors.clone()/>
        <form class="stack gap-s" method="post" action=path novalidate>
            <input type="hidden" name="reviewed" value=reviewed/>
            <TextField id="username" label="Username" value=username errors
                hint="From the school\u{2019}s username pattern for guardians. If the email address is theirs alone, they can sign in with it too."/>
            <div class="row"><button class="btn primary" type="submit"><Icon name="plus"/>"Create account"</button></div>
        </form>
        <p class="muted gap-s">"An account opens no student by itself. What they see is chosen for each student. Nothing is sent until you send an invitation."</p>
    }
    .into_any()
}

#[component]
fn Account(
    person: PersonId,
    account: RollAccount,
    former: Vec<FormerUsername>,
    help: Option<SignInHelp>,
) -> impl IntoView {
    let user = OfficeUser::get();
    let words = TimeWords::here();
    let status = AccountStatus::of(Some(&account.standing), words.now);
    let state = account.standing.state;
    let manages = user.may(Permission::ManageAccounts);
    let old = former_lines(words, &former);
    let signed_in = account.last_sign_in_at.map_or_else(|| "Never".to_owned(), |at| words.short(at));
    let remedies: Vec<SignInRemedy> =
        help.iter().flat_map(|help| &help.facts).filter_map(|fact| fact.remedy).collect();
    // What helps with signing in says it too.
    let last = help.is_none().then(|| view! { <div><dt>"Last sign-in"</dt><dd>{signed_in}</dd></div> });
    let facts = help.map(|help| {
        let icon = if help.can { "circle-check" } else { "ban" };
        let facts = help
            .facts
            .into_iter()
            .map(|fact| view! { <div><dt>{fact.about}</dt><dd>{fact.tells}</dd></div> })
            .collect_view();
        (view! { <p class="row gap-s"><Icon name=icon/><b>{help.verdict}</b></p> }, facts)
    });
    let (verdict, facts) = facts.unzip();
    let waits = state.waits_for_password();
    let invites = waits && user.may(Permission::SendInvitations);
    let has_email = account.standing.has_email;
    view! {
        {verdict}
        <dl class="facts">
            <div><dt>"Username"</dt><dd><span class="code">{account.username}</span></dd></div>
            {old}
            {last}
            {facts}
        </dl>
        {invites.then(|| view! { <Invite person status has_email/> })}
        {(waits && manages).then(|| view! { <OnPaper person/> })}
        {manages.then(|| view! { <Acts person state has_email former/> })}
        {manages.then(|| view! { <Lost person remedies/> })}
    }
    .into_any()
}

/// The form that sends an invitation: nothing while one is on its way, and again only as the second choice.
#[component]
fn Invite(person: PersonId, status: AccountStatus, has_email: bool) -> impl IntoView {
    let path = format!("/guardians/{person}/invitation");
    match (has_email, status) {
        (_, AccountStatus::Queued) => ().into_any(),
        (false, _) => {
            view! { <p class="muted gap-s">"There is no email address to send an invitation to. Add one below, or print a code and hand it over."</p> }.into_any()
        }
        (true, status) if status.was_sent() => view! {
            <form class="gap-s" method="post" action=path>
                <input type="hidden" name="again" value="yes"/>
                <button class="btn" type="submit"><Icon name="send"/>"Send again"</button>
            </form>
        }
        .into_any(),
        (true, _) => view! {
            <form class="gap-s" method="post" action=path>
                <button class="btn primary" type="submit"><Icon name="send"/>"Send invitation code email"</button>
            </form>
        }
        .into_any(),
    }
}

/// The form that prints an invitation code, for somebody who cannot get an email.
#[component]
fn OnPaper(person: PersonId) -> impl IntoView {
    view! {
        <form class="gap-s" method="post" action="/guardians/bulk">
            <input type="hidden" name="guardian" value=person.to_string()/>
            <button class="btn" type="submit" name="action" value="print"><Icon name="printer"/>"Print an invitation code"</button>
        </form>
    }
    .into_any()
}

/// What staff who manage portal access can do.
#[component]
fn Acts(
    person: PersonId,
    state: AccountState,
    has_email: bool,
    former: Vec<FormerUsername>,
) -> impl IntoView {
    let fits = |action: &AccountAction| state.after(action.event(), state).is_ok();
    let quick = AccountAction::ALL
        .into_iter()
        .filter(|action| *action != AccountAction::Close && fits(action))
        .map(|action| {
            let value = action.slug();
            view! { <button class="btn" type="submit" name="action" value=value>{action.label()}</button> }
        })
        .collect_view();
    let codes = matches!(state, AccountState::Active | AccountState::Locked).then(|| view! {
        <form class="row gap-s" method="post" action=format!("/guardians/{person}/code")>
            <span>"One-time code:"</span>
            {has_email.then(|| view! { <button class="btn" type="submit" name="handout" value="emailed"><Icon name="send"/>"Send by email"</button> })}
            <button class="btn" type="submit" name="handout" value="shown"><Icon name="eye"/>"Show the code"</button>
        </form>
    });
    let states = format!("/guardians/{person}/state");
    let close = fits(&AccountAction::Close).then(|| view! {
        <details class="gap-s">
            <summary>"Close the account"</summary>
            <form class="stack gap-s" method="post" action=states.clone()>
                <p>{AccountAction::Close.warning(1, 0)}</p>
                <div><button class="btn danger" type="submit" name="action" value=AccountAction::Close.slug()>"Close the account"</button></div>
            </form>
        </details>
    });
    view! {
        {codes}
        <div class="row gap-s">
            <form class="row" method="post" action=states>{quick}</form>
            <a class="btn" href=format!("/accounts/rename?person={person}&among=guardians")>"Change username"</a>
            <a class="btn" href=format!("/guardians/{person}/days")>"Change its days"</a>
        </div>
        <OldUsernames words=TimeWords::here() manages=true former path=format!("/guardians/{person}/old-username")/>
        {close}
    }
    .into_any()
}
