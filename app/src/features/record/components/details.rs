//! A student's details and enrolments.

use domain::authorization::policy::Permission;
use domain::groups::views::StudentGroup;
use domain::ids::{PersonId, SchoolId};
use domain::record::StudentRecord;
use domain::roll::enrolment::year_beside_label;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
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
    let left = record.enrolments.iter().all(|enrolment| enrolment.roll == RollStatus::Leaver);
    let (on_roll, earlier) = parted(record.enrolments);
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
        {enrolments("enrolments", if left { "Latest enrolment" } else { "On roll" }, on_roll)}
        {enrolments("earlier-enrolments", "Earlier enrolments", earlier)}
        {groups(record.groups, user.may(Permission::ManageGroups).then_some((user.school(), at.person)))}
    }
}

/// Separates the enrolments that count today from earlier ones; of someone who has left, the latest counts.
fn parted(enrolments: Vec<EnrolmentView>) -> (Vec<EnrolmentView>, Vec<EnrolmentView>) {
    let (mut now, mut earlier): (Vec<_>, Vec<_>) =
        enrolments.into_iter().partition(|enrolment| enrolment.roll != RollStatus::Leaver);
    if now.is_empty() && !earlier.is_empty() {
        now.push(earlier.remove(0));
    }
    (now, earlier)
}

/// A section of enrolments, if there are any.
fn enrolments(id: &'static str, title: &'static str, enrolments: Vec<EnrolmentView>) -> Option<AnyView> {
    let heading = format!("{id}-title");
    let labelled = heading.clone();
    (!enrolments.is_empty()).then(|| {
        view! {
            <section class="gap-l" aria-labelledby=labelled>
                <div class="section-head"><h2 id=heading>{title}</h2></div>
                <ul role="list" class="stack">
                    {enrolments.into_iter().map(|enrolment| view! { <li><Enrolment enrolment/></li> }).collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}

/// The teaching groups, those that ended last, if there are any. `changes` is for those who manage groups.
fn groups(groups: Vec<StudentGroup>, changes: Option<(SchoolId, PersonId)>) -> Option<AnyView> {
    let change = changes.map(|(school, person)| {
        let selection = serde_json::to_string(&Selection::People { ids: vec![person] }).unwrap_or_default();
        view! {
            <form class="gap-s" method="post" action="/groups/pick">
                <input type="hidden" name="school" value=school.to_string()/>
                <input type="hidden" name="selection" value=selection/>
                <button class="btn" type="submit">"Change teaching groups"</button>
            </form>
        }
    });
    (!groups.is_empty() || change.is_some()).then(|| {
        view! {
            <section class="gap-l" aria-labelledby="groups-title">
                <div class="section-head"><h2 id="groups-title">"Teaching groups"</h2></div>
                <ul role="list" class="stack">
                    {groups.into_iter().map(|group| view! { <li>{group_facts(group)}</li> }).collect_view()}
                </ul>
                {change}
            </section>
        }
        .into_any()
    })
}

fn group_facts(group: StudentGroup) -> AnyView {
    let facts = [
        ("Academic year", group.year),
        ("Courses", group.courses.join(", ")),
        ("Since", long_day(group.since)),
        (if group.ended { "Until" } else { "Last day" }, group.until.map(long_day).unwrap_or_default()),
    ];
    let href = format!("/groups/{}", group.group);
    view! {
        <dl class="facts">
            <div><dt>"Group"</dt><dd><a href=href rel="external">{group.name}</a></dd></div>
            {facts.into_iter().filter(|(_, value)| !value.is_empty()).map(fact).collect_view()}
        </dl>
    }
    .into_any()
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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn enrolment(year: i32, roll: RollStatus) -> EnrolmentView {
        EnrolmentView {
            school: "00000000-0000-7000-8000-000000000002".parse().unwrap(),
            school_name: "Quillmere School".to_owned(),
            admission_number: "1".to_owned(),
            year: String::new(),
            group: String::new(),
            starts_on: NaiveDate::from_ymd_opt(year, 9, 1).unwrap(),
            ends_on: None,
            roll,
        }
    }

    #[test]
    fn an_earlier_enrolment_is_not_on_roll_and_the_latest_of_a_leaver_comes_first() {
        let (leaver, current) = (RollStatus::Leaver, RollStatus::Current);
        let both = vec![enrolment(2025, current), enrolment(2024, leaver)];
        assert_eq!(parted(both), (vec![enrolment(2025, current)], vec![enrolment(2024, leaver)]));
        let left = vec![enrolment(2025, leaver), enrolment(2024, leaver)];
        assert_eq!(parted(left), (vec![enrolment(2025, leaver)], vec![enrolment(2024, leaver)]));
        assert_eq!(parted(Vec::new()), (Vec::new(), Vec::new()));
    }
}
