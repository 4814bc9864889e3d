//! A student's record.

use domain::authorization::policy::Permission;
use domain::credentials::status::AccountStatus;
use domain::ids::PersonId;
use domain::record::StudentRecord;
use domain::roll::address::AddressKind;
use domain::roll::enrolment::year_in_words;
use domain::roll::status::RollStatus;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::office::layout::OfficeUser;
use crate::features::record::api::read_record;
use crate::features::record::components::{
    AccountActions, Contacts, Details, GrantDialog, PortalAccess, Record,
};
use crate::ui::cap::{Cap, CapSize};
use crate::ui::load::Load;
use crate::ui::memo::memo;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;
use domain::when::long_day;

/// One student: their details, contacts and portal access.
#[component]
pub fn StudentPage() -> impl IntoView {
    let params = use_params_map();
    let version = RwSignal::new(0u32);
    let problem = RwSignal::new(None::<AppError>);
    let focus = StoredValue::new(None);
    let wanted =
        memo(move || params.with(|params| params.get("id").and_then(|id| id.parse::<PersonId>().ok())));
    let record: Resource<AppResult<StudentRecord>> = Resource::new_blocking(
        move || (wanted.get(), version.get()),
        move |(person, _)| async move {
            match person {
                Some(person) => read_record(person).await,
                None => Err(AppError::new(
                    ErrorKind::NotFound,
                    "not_found",
                    "Student not found. Find the student in the list.",
                )),
            }
        },
    );
    view! {
        <Load resource=record view=move |record| {
            let name = StoredValue::new(record.name.clone());
            view! { <Page at=Record { person: record.person, name, problem, version, focus } record/> }.into_any()
        }/>
    }
}

/// The tabs of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RecordTab {
    Details,
    Contacts,
    Access,
}

#[component]
fn Page(at: Record, record: StudentRecord) -> impl IntoView {
    let user = OfficeUser::get();
    let query = use_query_map();
    let now = user.0.with_value(|me| me.now);
    let status = AccountStatus::of(record.account.as_ref().map(|account| &account.standing), now);
    let path = format!("/students/{}", record.person);
    let grants = record.shows_account && !status.has_account() && user.may(Permission::ManageAccounts);
    let cap = match status {
        AccountStatus::NoAccount | AccountStatus::Closed => {
            grants.then(|| format!("{path}?tab=access&grant=1"))
        }
        _ => user.may(Permission::PreviewAccount).then(|| format!("{path}/preview")),
    };
    Effect::new(move || at.give_focus());
    let granting = RwSignal::new(false);
    Effect::new(move || granting.set(grants && query.with(|query| query.get("grant").is_some())));
    // The dialog's state is in the page's address, so closing it changes that too.
    let access = format!("{path}?tab=access");
    let sight = format!("{path}/access");
    let data = format!("/people/{}/data", record.person);
    let navigate = use_navigate();
    Effect::new({
        let access = access.clone();
        move |before: Option<bool>| {
            let open = granting.get();
            if before == Some(true) && !open && query.with_untracked(|query| query.get("grant").is_some()) {
                navigate(
                    &access,
                    NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() },
                );
            }
            open
        }
    });
    let under = match (&cap, status) {
        (None, _) => None,
        (_, AccountStatus::NoAccount) => Some("Create"),
        (_, AccountStatus::Closed) => Some("Re-open"),
        _ => Some("Preview"),
    };
    let has_email =
        record.addresses.iter().any(|address| address.primary && address.kind == AddressKind::Email);
    let shows_account = record.shows_account;
    let on_roll = record.enrolments.iter().any(|enrolment| enrolment.roll != RollStatus::Leaver);
    let tab = move || match query.with(|query| query.get("tab")).as_deref() {
        Some("access") if shows_account => RecordTab::Access,
        Some("contacts") => RecordTab::Contacts,
        _ => RecordTab::Details,
    };
    let current = move |one: RecordTab| (tab() == one).then_some("page");
    let contacts = format!("{path}?tab=contacts");
    let name = record.name.clone();
    let account = record.account.clone();
    let lead = lead(&record);
    let shown = StoredValue::new(record);
    view! {
        <PageHead
            title=name.clone()
            up=Some(("/students", "Students"))
            lead=move || lead.clone()
            mark=move || shows_account.then(|| view! {
                <Cap status name=name.clone() href=cap.clone().map(Into::into) size=CapSize::Large/>
                {under.map(|word| view! { <span class="under" aria-hidden="true">{word}</span> })}
            })
            actions=move || account.clone().map(|account| view! { <AccountActions at account on_roll/> }.into_any())
        />
        {move || at.problem.get().map(|error| view! { <ErrorNotice error/> })}
        <nav class="tabs" aria-label="Student record">
            <a href=path aria-current=move || current(RecordTab::Details)>"Details"</a>
            <a href=contacts aria-current=move || current(RecordTab::Contacts)>"Contacts"</a>
            {shows_account.then(|| view! { <a href=access aria-current=move || current(RecordTab::Access)>"Portal access"</a> })}
            <a href=sight rel="external">"Who sees this student"</a>
            {user.may(Permission::ManageDataRights).then(|| view! { <a href=data rel="external">"Data held"</a> })}
        </nav>
        {move || match tab() {
            RecordTab::Access => view! { <PortalAccess at record=shown.get_value()/> }.into_any(),
            RecordTab::Contacts => view! { <Contacts student=shown.with_value(|record| record.person) contacts=shown.with_value(|record| record.contacts.clone())/> }.into_any(),
            RecordTab::Details => view! { <Details at record=shown.get_value()/> }.into_any(),
        }}
        {grants.then(|| view! { <GrantDialog at open=granting has_email/> }.into_any())}
    }
}

/// "Year 10, group 10B. On roll since 4 September 2021."
fn lead(record: &StudentRecord) -> String {
    let Some(enrolment) = record.enrolments.first() else { return "Not on any roll.".to_owned() };
    let mut words: Vec<String> = Vec::new();
    if !enrolment.year.is_empty() {
        words.push(year_in_words(&enrolment.year));
    }
    if !enrolment.group.is_empty() {
        words.push(format!("group {}", enrolment.group));
    }
    let roll = match (enrolment.roll, enrolment.ends_on) {
        (RollStatus::Current, _) | (RollStatus::Leaver, None) => {
            format!("On roll since {}.", long_day(enrolment.starts_on))
        }
        (RollStatus::Leaver, Some(last)) => format!("Left on {}.", long_day(last)),
        (RollStatus::Future, _) => format!("Starts on {}.", long_day(enrolment.starts_on)),
    };
    if words.is_empty() { roll } else { format!("{}. {roll}", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::roll::views::EnrolmentView;

    use super::*;

    #[test]
    fn the_sentence_under_the_name_leaves_out_what_is_not_known() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let mut record = StudentRecord {
            person: id(1),
            name: "Ann Lee".to_owned(),
            given: "Ann".to_owned(),
            middle: String::new(),
            family: "Lee".to_owned(),
            preferred: String::new(),
            born_on: None,
            language: "en".to_owned(),
            enrolments: Vec::new(),
            groups: Vec::new(),
            addresses: Vec::new(),
            removed: Vec::new(),
            contacts: Vec::new(),
            shows_account: true,
            account: None,
            days: String::new(),
            former: Vec::new(),
            sessions: Vec::new(),
            help: None,
            history: Vec::new(),
        };
        assert_eq!(lead(&record), "Not on any roll.");
        record.enrolments.push(EnrolmentView {
            school: id(2),
            school_name: "Quillmere School".to_owned(),
            admission_number: "1".to_owned(),
            year: "10".to_owned(),
            group: "10B".to_owned(),
            starts_on: day(9, 4),
            ends_on: None,
            roll: RollStatus::Current,
        });
        assert_eq!(lead(&record), "Year 10, group 10B. On roll since 4 September 2026.");
        let enrolment = &mut record.enrolments[0];
        (enrolment.year, enrolment.group) = (String::new(), String::new());
        (enrolment.ends_on, enrolment.roll) = (Some(day(10, 1)), RollStatus::Leaver);
        assert_eq!(lead(&record), "Left on 1 October 2026.");
    }

    fn id<I: std::str::FromStr<Err: std::fmt::Debug>>(number: u8) -> I {
        format!("00000000-0000-7000-8000-{number:012}").parse().unwrap()
    }
}
