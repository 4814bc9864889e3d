//! A guardian's record: children, addresses, account, deliveries, history.

mod account;
mod addresses;
mod children;
mod code;
mod deliveries;
mod sessions;

use backend::guardians::people::shown::GuardianShown;
use domain::authorization::policy::Permission;
use domain::credentials::status::AccountStatus;
use domain::fields::FieldErrors;
use domain::guardians::delivery::Delivery;
use domain::ids::AutocreateId;
use domain::record::StudentRecord;
use leptos::prelude::*;

use self::account::AccountSection;
use self::addresses::AddressSection;
pub use self::addresses::TypedAddress;
pub use self::children::ChildLines;
pub use self::code::{ShownCode, code_page};
use self::deliveries::Deliveries;
use super::list::GUARDIANS_PAGE;
use crate::features::guardians::components::cap_path;
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, render};
use crate::features::record::components::History;
use crate::features::staff::pages::member::AccountForm;
use crate::ui::cap::{Cap, CapSize};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::time::TimeWords;

/// What the page shows.
#[derive(Debug)]
pub struct GuardianRecord {
    /// Who they are, and their children.
    pub shown: GuardianShown,
    /// Their addresses, account and history.
    pub record: StudentRecord,
    /// What was sent to them, latest first.
    pub deliveries: Vec<Delivery>,
    /// The form for an account, for those who may make one.
    pub form: Option<AccountForm>,
    /// What was typed as an address.
    pub typed: TypedAddress,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Why nothing was changed.
    pub problem: Option<String>,
    /// The simulation that led here.
    pub run: Option<AutocreateId>,
}

/// The page as HTML.
pub fn record_page(page: OfficePage, guardian: GuardianRecord) -> String {
    let wrong =
        !guardian.errors.is_empty() || guardian.form.as_ref().is_some_and(|form| !form.errors.is_empty());
    let name = guardian.shown.name.clone();
    let title = if wrong { format!("Error: {name}") } else { name.clone() };
    render(page, title, move || {
        let GuardianRecord { shown, record, deliveries, form, typed, errors, problem, run } = guardian;
        let user = OfficeUser::get();
        let manages = user.may(Permission::ManageGuardians);
        let rights = user.may(Permission::ManageDataRights);
        let (person, is_organisation) = (shown.person, shown.is_organisation);
        let shows_account = record.shows_account;
        let status = AccountStatus::of(
            record.account.as_ref().map(|account| &account.standing),
            TimeWords::here().now,
        );
        let cap = cap_path(person, status);
        let under = match (&cap, status) {
            (None, _) => None,
            (_, AccountStatus::NoAccount) => Some("Create"),
            (_, AccountStatus::Closed) => Some("Re-open"),
            _ => Some("Preview"),
        };
        let what = if is_organisation { "Organisation" } else { "Guardian or other contact" };
        let lead = format!("{what}. Messages in {}.", record.language);
        let history = record.history.clone();
        let postal = shown.postal.clone();
        let children = shown.children.clone();
        let others = [
            (shown.is_staff, format!("/staff/{person}"), "Member of staff: open their staff page"),
            (
                shown.is_student,
                format!("/students/{person}"),
                "Is or was a student: open their student record",
            ),
        ]
        .into_iter()
        .filter(|(holds, ..)| *holds)
        .map(|(_, href, words)| view! { <p><a href=href>{words}</a></p> })
        .collect_view();
        let modify = format!("/guardians/{person}/modify");
        view! {
            <PageHead title=name.clone() lead=move || lead.clone() up=Some(GUARDIANS_PAGE)
                mark=move || shows_account.then(|| view! {
                    <Cap status name=name.clone() href=cap.clone().map(Signal::stored) size=CapSize::Large/>
                    {under.map(|word| view! { <span class="under" aria-hidden="true">{word}</span> })}
                })
                actions=move || view! {
                    {(status.has_account() && user.may(Permission::PreviewAccount)).then(|| view! {
                        <a class="btn" href=format!("/guardians/{person}/preview")><Icon name="eye"/>"Preview"</a>
                    })}
                    {manages.then(|| view! { <a class="btn" href=modify.clone()>"Modify user"</a> })}
                }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {run.map(|run| view! { <BackToRun run/> })}
            {others}
            <ChildLines person children manages=false/>
            {manages.then(|| view! { <p class="row gap-s"><a class="btn" href=format!("/guardians/{person}/modify#attach")>"Attach or detach students"</a>
                <a class="btn" href=format!("/guardians/{person}/access")>"Change what they see"</a>
                <a class="btn" href=format!("/guardians/{person}/split")>"Split into two people"</a></p> })}
            {rights.then(|| view! { <p class="gap-s"><a class="btn" href=format!("/people/{person}/data")>"Data held"</a></p> })}
            {shows_account.then(|| view! { <AccountSection person record=record.clone() form/> }.into_any())}
            {if shown.addresses_hidden {
                view! { <p class="muted gap-m">"A restriction hides their addresses. Those who record restrictions see them."</p> }.into_any()
            } else {
                view! { <AddressSection person record typed errors postal run/> }.into_any()
            }}
            {shows_account.then(|| view! { <Deliveries deliveries/> })}
            {shows_account.then(|| view! { <div class="gap-m"><History lines=history/></div> }.into_any())}
        }
    })
}

/// The way back to the simulation that asked for something here.
#[component]
fn BackToRun(run: AutocreateId) -> impl IntoView {
    let path = format!("/guardians/autocreate/{run}");
    let again = format!("{path}/again");
    view! {
        <form class="row" method="post" action=again>
            <a class="btn" href=path>"Back to the simulation"</a>
            <button class="btn" type="submit"><Icon name="refresh-cw"/>"Run simulation again"</button>
        </form>
    }
    .into_any()
}
