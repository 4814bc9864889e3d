//! The students, and what can be done for several of them at once.

use backend::guardians::coverage::board::{BoardFilter, MissingStudent};
use domain::guardians::coverage::BulkStep;
use domain::roll::language::language_in_words;
use leptos::prelude::*;

use super::{HiddenFilter, MISSING};
use crate::features::office::me::Me;
use crate::ui::icon::Icon;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, RowTick, Table, TableRows};

/// The form that the ticks in the table belong to. A table can contain no form around it.
const FORM: &str = "bulk";

/// The steps that one press does, in the order of the buttons.
const STEPS: [BulkStep; 5] =
    [BulkStep::Invite, BulkStep::Print, BulkStep::Create, BulkStep::Enable, BulkStep::FillIn];

/// Where the form of a step is sent; none for what nobody does in bulk.
pub(super) fn path(step: BulkStep) -> Option<String> {
    let last = match step {
        BulkStep::Invite => "invite",
        BulkStep::Print => "print",
        BulkStep::Create | BulkStep::Attach => "autocreate",
        BulkStep::Enable => "enable",
        BulkStep::FillIn => "fill-in",
        BulkStep::None => return None,
    };
    Some(format!("{MISSING}/{last}"))
}

/// Whether the reader may do it.
pub(super) fn may(me: &Me, step: BulkStep) -> bool {
    step.permission().is_some_and(|permission| me.may(permission))
}

/// The icon of its button.
pub(super) fn icon(step: BulkStep) -> &'static str {
    match step {
        BulkStep::Invite => "send",
        BulkStep::Print => "printer",
        BulkStep::Create | BulkStep::Attach => "users",
        BulkStep::Enable => "circle-check",
        BulkStep::FillIn | BulkStep::None => "download",
    }
}

/// The table, with the buttons above it.
#[component]
pub fn Students(me: Me, filter: BoardFilter, students: Vec<MissingStudent>, total: u32) -> impl IntoView {
    let buttons: Vec<_> = STEPS
        .into_iter()
        .filter(|step| may(&me, *step))
        .filter(|step| students.iter().any(|student| path(student.reason.bulk()) == path(*step)))
        .map(|step| {
            let words = match step {
                BulkStep::Create => "Create accounts and give access",
                step => step.label(),
            };
            view! {
                <button class="btn" type="submit" formaction=path(step)><Icon name=icon(step)/>{words}</button>
            }
        })
        .collect();
    let ticks = !buttons.is_empty();
    let bulk = ticks.then(|| {
        let all = format!("All {total} students that match");
        view! {
            <form class="stack gap-s no-print" id=FORM method="post" action=format!("{MISSING}/invite")>
                <HiddenFilter filter=filter.clone()/>
                <div class="row">
                    <label class="choice"><input type="radio" name="all" value="" checked=true/><span>"Ticked students"</span></label>
                    <label class="choice"><input type="radio" name="all" value="yes"/><span>{all}</span></label>
                    <button class="btn quiet" type="button" data-tick="student" hidden>"Tick all on this page"</button>
                </div>
                <div class="row">{buttons}</div>
            </form>
            <p class="muted gap-s no-print">"Each button is for the students whose reason it solves. The others are left as they are."</p>
        }
    });
    let rows: Vec<_> = students
        .into_iter()
        .map(|student| {
            let ticks = ticks && may(&me, student.reason.bulk());
            (student, ticks)
        })
        .collect();
    view! {
        {bulk}
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
        margin: "Tick",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(student, _)| student.person.0,
    name: |(student, _)| student.name.clone(),
    mark: Some(|row| row.drawn(tick)),
    flag: None,
    columns: &[
        Column::names("name", "Student", ColumnWidth::Grows(192), |row| {
            row.drawn(|(student, _)| {
                let href = format!("/students/{}?tab=contacts", student.person);
                view! { <a href=href rel="external"><bdi>{student.name.clone()}</bdi></a> }.into_any()
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
            row.text(|(student, _)| language_in_words(&student.language))
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

/// The tick of those whom the reader can choose.
fn tick((student, ticks): &(MissingStudent, bool)) -> AnyView {
    ticks
        .then(|| {
            view! { <RowTick form=FORM name="student" value=student.person.to_string() whose=student.name.clone()/> }
        })
        .into_any()
}
