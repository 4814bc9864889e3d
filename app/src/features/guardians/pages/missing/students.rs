//! The students, and what can be done for several of them at once.

use backend::guardians::coverage::board::{BoardFilter, MissingStudent};
use domain::authorization::policy::Permission;
use domain::guardians::coverage::BulkStep;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use leptos::prelude::*;

use super::{HiddenFilter, MISSING};
use crate::features::guardians::components::autocreate_of;
use crate::features::office::me::Me;
use crate::ui::icon::Icon;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The form that the ticks in the table belong to. A table can contain no form around it.
const FORM: &str = "bulk";

/// The table, with the buttons above it.
#[component]
pub fn Students(me: Me, filter: BoardFilter, students: Vec<MissingStudent>, total: u32) -> impl IntoView {
    let invites = me.may(Permission::SendInvitations)
        && students.iter().any(|student| student.reason.bulk() == BulkStep::Invite);
    let creates = me.may(Permission::ManageAccounts)
        && students
            .iter()
            .any(|student| matches!(student.reason.bulk(), BulkStep::Create | BulkStep::Attach));
    let bulk = invites.then(|| {
        view! {
            <form class="row gap-s no-print" id=FORM method="post" action=format!("{MISSING}/invite")>
                <HiddenFilter filter=filter.clone()/>
                <button class="btn primary" type="submit" name="all" value="">
                    <Icon name="send"/>"Invite guardians of ticked students"
                </button>
                <button class="btn" type="submit" name="all" value="yes">
                    {format!("Invite guardians of all {total} students")}
                </button>
            </form>
            <p class="muted gap-s no-print">"Only guardians whose account waits for a password are invited. The others are left as they are."</p>
        }
    });
    let autocreate = creates.then(|| {
        let filter = RollFilter {
            year: filter.year.clone(),
            group: filter.group.clone(),
            roll: vec![RollStatus::Current],
            ..RollFilter::default()
        };
        let href = autocreate_of(&Selection::Matching { filter });
        view! { <p class="gap-s no-print"><a class="btn" href=href><Icon name="users"/>"Create and attach accounts"</a></p> }
    });
    let rows: Vec<_> = students.into_iter().map(|student| (student, invites)).collect();
    view! {
        {bulk}
        {autocreate}
        <Table rows=TableRows::new(LoadedRows::new(&STUDENTS, rows)) label="Students" empty=|| view! {
            <p role="status">"No students match. "<a href=MISSING>"Clear filters"</a></p>
        }/>
    }
    .into_any()
}

/// The students, each with whether the reader can tick them.
static STUDENTS: Kind<(MissingStudent, bool)> = Kind {
    about: About {
        slug: "missing-students",
        one: "student",
        many: "students",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(student, _)| student.person.0,
    name: |(student, _)| student.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Student", ColumnWidth::Grows(192), |row| {
            row.drawn(|(student, ticks)| {
                let ticks = *ticks && student.reason.bulk() == BulkStep::Invite;
                let tick = ticks.then(|| {
                    view! {
                        <input type="checkbox" name="student" form=FORM value=student.person.to_string()
                            aria-label=format!("Tick {}", student.name)/>" "
                    }
                });
                let href = format!("/students/{}", student.person);
                view! { {tick}<a href=href rel="external"><bdi>{student.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("number", "Admission number", ColumnWidth::Fixed(128), 4, |row| {
            row.code(|(student, _)| student.admission_number.clone())
        }),
        Column::tells("group", "Group", ColumnWidth::Fixed(96), 2, |row| {
            row.text(
                |(student, _)| {
                    if student.group.is_empty() { student.year.clone() } else { student.group.clone() }
                },
            )
        }),
        Column::tells("language", "Language", ColumnWidth::Fixed(96), 3, |row| {
            row.text(|(student, _)| student.language.clone())
        }),
        Column::tells("reason", "Reason", ColumnWidth::Grows(176), 0, |row| {
            row.text(|(student, _)| student.reason.label().to_owned())
        }),
        Column::tells("adult", "Nearest adult", ColumnWidth::Grows(160), 1, |row| {
            row.drawn(|(student, _)| {
                let adult = student.adult.clone().map(|(person, name)| {
                    view! { <a href=format!("/guardians/{person}")><bdi>{name}</bdi></a> }
                });
                adult.into_any()
            })
        }),
    ],
};
