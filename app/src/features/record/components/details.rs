//! A student's details and enrolments.

use domain::authorization::policy::Permission;
use domain::record::StudentRecord;
use domain::roll::enrolment::year_beside_label;
use domain::roll::views::EnrolmentView;
use leptos::prelude::*;

use super::Record;
use super::addresses::Addresses;
use crate::features::office::layout::OfficeUser;
use domain::when::long_day;

/// The tab "Details".
#[component]
pub fn Details(at: Record, record: StudentRecord) -> impl IntoView {
    let user = OfficeUser::get();
    let person = [
        ("Given name", record.given),
        ("Middle names", record.middle),
        ("Family name", record.family),
        ("Preferred name", record.preferred),
        ("Date of birth", record.born_on.map(long_day).unwrap_or_default()),
        ("Language of messages", record.language),
    ];
    view! {
        <div class="split gap-m">
            <section aria-labelledby="person-title">
                <div class="section-head"><h2 id="person-title">"Person"</h2></div>
                <dl class="facts">
                    {person.into_iter().filter(|(_, value)| !value.is_empty()).map(fact).collect_view()}
                </dl>
            </section>
            {view! { <Addresses at addresses=record.addresses removed=record.removed account=record.account edits=user.may(Permission::EditContacts)/> }.into_any()}
        </div>
        <section class="gap-l" aria-labelledby="enrolments-title">
            <div class="section-head"><h2 id="enrolments-title">"On roll"</h2></div>
            <ul role="list" class="stack">
                {record.enrolments.into_iter().map(|enrolment| view! { <li><Enrolment enrolment/></li> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Enrolment(enrolment: EnrolmentView) -> impl IntoView {
    let facts = [
        ("School", enrolment.school_name),
        ("Roll", enrolment.roll.label().to_owned()),
        ("Admission number", enrolment.admission_number),
        ("Year", year_beside_label(&enrolment.year).to_owned()),
        ("Group", enrolment.group),
        ("First day", long_day(enrolment.starts_on)),
        ("Last day", enrolment.ends_on.map(long_day).unwrap_or_default()),
    ];
    view! {
        <dl class="facts">
            {facts.into_iter().filter(|(_, value)| !value.is_empty()).map(fact).collect_view()}
        </dl>
    }
    .into_any()
}

// Type-erased, as whole sections are: otherwise the types of pages nest too deeply for the compiler.
fn fact((name, value): (&'static str, String)) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}
