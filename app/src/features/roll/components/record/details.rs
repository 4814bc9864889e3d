//! Who a student is, and where they were on roll.

use domain::access::policy::Permission;
use domain::roll::views::{EnrolmentView, StudentRecord};
use leptos::prelude::*;

use super::Record;
use super::addresses::Addresses;
use crate::ui::layout::Desk;
use crate::ui::time::long_day;

/// The tab "Details".
#[component]
pub fn Details(at: Record, record: StudentRecord) -> impl IntoView {
    let desk = Desk::get();
    let optional = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    view! {
        <div class="split gap-m">
            <section aria-labelledby="person-title">
                <div class="section-head"><h2 id="person-title">"Person"</h2></div>
                <dl class="facts">
                    {optional("Given name", record.given)}
                    {optional("Middle names", record.middle)}
                    {optional("Family name", record.family)}
                    {optional("Preferred name", record.preferred)}
                    {optional("Date of birth", record.born_on.map(long_day).unwrap_or_default())}
                    {optional("Language of messages", record.language)}
                </dl>
            </section>
            <Addresses at addresses=record.addresses edits=desk.may(Permission::EditContacts)/>
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
    let groups = [("Year", enrolment.year), ("Group", enrolment.group)];
    view! {
        <dl class="facts">
            <div><dt>"School"</dt><dd>{enrolment.school_name}</dd></div>
            <div><dt>"Roll"</dt><dd>{enrolment.roll.label()}</dd></div>
            <div><dt>"Admission number"</dt><dd><span class="code">{enrolment.admission_number}</span></dd></div>
            {groups.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| view! {
                <div><dt>{name}</dt><dd>{value}</dd></div>
            }).collect_view()}
            <div><dt>"First day"</dt><dd>{long_day(enrolment.starts_on)}</dd></div>
            {enrolment.ends_on.map(|last| view! { <div><dt>"Last day"</dt><dd>{long_day(last)}</dd></div> })}
        </dl>
    }
}
