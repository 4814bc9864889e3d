//! One teaching group.

use backend::groups::change::RecentChange;
use backend::groups::group::{GroupPage, Member};
use backend::groups::list::GroupChoice;
use backend::groups::tutors::{Tutor, TutorChoice};
use domain::authorization::permission::Permission;
use domain::ids::{GroupId, OperationId};
use domain::operations::progress::left_out_in_words;
use domain::when::long_day;
use leptos::prelude::*;

use super::{ExportButtons, GROUPS_PAGE, students_in_words};
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, RowTick, Table, TableRows};

/// The form that the ticks in the table belong to.
const FORM: &str = "members";

/// What the page says besides the group.
#[derive(Debug, Clone, Default)]
pub struct GroupNotice {
    /// What was done: `join`, `move` or `leave`; otherwise nothing.
    pub did: String,
    /// For how many students; `None` if a job did it.
    pub many: Option<u64>,
    /// The operation that did it, which can be undone.
    pub undo: Option<OperationId>,
    /// Why nothing was changed.
    pub problem: Option<String>,
}

/// What the forms of the page offer.
#[derive(Debug, Clone, Default)]
pub struct GroupChoices {
    /// The groups that students can be moved to.
    pub groups: Vec<GroupChoice>,
    /// Who can be made a tutor.
    pub staff: Vec<TutorChoice>,
}

/// The page as HTML.
pub fn group_page(page: OfficePage, group: GroupPage, choices: GroupChoices, notice: GroupNotice) -> String {
    let school = page.me.school.id;
    render(page, group.name.clone(), move || {
        let user = OfficeUser::get();
        let (id, manages) = (group.id, group.manages);
        let here = group.members.iter().filter(|member| member.now).count();
        let count = students_in_words(u64::try_from(here).unwrap_or_default());
        let lead = match &group.year {
            Some((_, year)) => format!("{count}, {year}"),
            None => count,
        };
        let lead = if group.closed { format!("{lead}. Closed.") } else { lead };
        let creates = user.may(Permission::ManageAccounts) && !group.closed;
        let problem = notice.problem.clone();
        let ticks = manages || creates;
        let rows: Vec<_> = group.members.iter().map(|member| (member.clone(), ticks)).collect();
        let anybody = !rows.is_empty();
        let others: Vec<GroupChoice> = choices.groups.into_iter().filter(|choice| choice.id != id).collect();
        view! {
            <PageHead title=group.name.clone() lead=move || lead.clone() up=Some(GROUPS_PAGE) actions=move || view! {
                {manages.then(|| view! { <a class="btn" href=format!("/groups/{id}/edit")><Icon name="pencil"/>"Change"</a> })}
                {(manages && !group.closed).then(|| view! { <a class="btn" href=format!("/groups/{id}/add")><Icon name="plus"/>"Add students"</a> })}
                {(creates && here > 0).then(|| view! { <a class="btn" href=format!("/cards/new?group={id}")><Icon name="printer"/>"Print passwords"</a> })}
                {creates.then(|| view! { <a class="btn primary" href=format!("/accounts/paste?group={id}") rel="external"><Icon name="table-2"/>"Create accounts in bulk"</a> })}
            }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <Done group=id school=school.to_string() notice recent=group.recent.clone()/>
            <Studies group=group.clone()/>
            <Tutors group=id tutors=group.tutors.clone() manages staff=choices.staff/>
            <h2 class="gap-m">"Students"</h2>
            {(ticks && anybody).then(|| view! { <Change group=id moves=manages.then_some(others) creates/> })}
            <Table rows=TableRows::new(LoadedRows::new(&MEMBERS, rows)) label="Students" empty=|| view! {
                <p class="muted">"Nobody is in this group yet."</p>
            }/>
            {(anybody && user.may(Permission::ExportAccounts)).then(|| view! { <Export group=id/> })}
            <Recent group=id school=school.to_string() recent=group.recent.clone()/>
            {manages.then(|| view! { <Close group=id closed=group.closed/> })}
        }
    })
}

/// What was just done to members, with its undo.
#[component]
fn Done(group: GroupId, school: String, notice: GroupNotice, recent: Vec<RecentChange>) -> impl IntoView {
    let many = notice.many.map_or_else(|| "Students".to_owned(), students_in_words);
    let sentence = match notice.did.as_str() {
        "join" => format!("{many} added."),
        "move" => format!("{many} moved to another group."),
        "leave" => format!("{many} taken out of the group."),
        _ => return ().into_any(),
    };
    let made = recent.iter().find(|change| Some(change.operation) == notice.undo);
    let left = made.map(|change| format!(" {}", left_out_in_words(&change.left_out)));
    let undo = notice.undo.map(|operation| view! { <Undo group school operation what=sentence.clone()/> });
    view! {
        <div class="notice" data-tone="blue" role="status"><Icon name="circle-check"/><div class="row"><p>{sentence}{left}</p>{undo}</div></div>
    }
    .into_any()
}

/// The button that takes a change back.
#[component]
fn Undo(group: GroupId, school: String, operation: OperationId, what: String) -> impl IntoView {
    view! {
        <form method="post" action=format!("/groups/changes/{operation}/undo")>
            <input type="hidden" name="school" value=school/>
            <input type="hidden" name="group" value=group.to_string()/>
            <button class="btn small" type="submit" aria-label=format!("Undo: {what}")>"Undo"</button>
        </form>
    }
    .into_any()
}

/// The latest changes, each with its undo.
#[component]
fn Recent(group: GroupId, school: String, recent: Vec<RecentChange>) -> impl IntoView {
    let lines = recent
        .iter()
        .map(|change| {
            let undo = if change.is_undone {
                view! { <span class="muted">"Undone"</span> }.into_any()
            } else {
                let (school, what) = (school.clone(), change.what.clone());
                view! { <Undo group school operation=change.operation what/> }.into_any()
            };
            let left = left_out_in_words(&change.left_out);
            let left = (!left.is_empty()).then(|| view! { <span class="muted">{format!(" {left}")}</span> });
            view! { <li class="row"><span>{change.what.clone()}{left}</span>{undo}</li> }
        })
        .collect_view();
    (!recent.is_empty())
        .then(|| view! {
            <section class="no-print"><h2 class="gap-m">"Latest changes"</h2><ul role="list" class="stack">{lines}</ul></section>
        })
        .into_any()
}

/// The courses: those that were chosen, and what they add.
#[component]
fn Studies(group: GroupPage) -> impl IntoView {
    let names = |chosen: bool| {
        let named: Vec<&str> = group
            .courses
            .iter()
            .filter(|course| course.chosen == chosen)
            .map(|course| course.name.as_str())
            .collect();
        named.join(", ")
    };
    let (chosen, added) = (names(true), names(false));
    let chosen = if chosen.is_empty() { "None chosen".to_owned() } else { chosen };
    view! {
        <dl class="facts gap-m">
            <div><dt>"Courses"</dt><dd>{chosen}</dd></div>
            {(!added.is_empty()).then(|| view! { <div><dt>"Added by these"</dt><dd>{added}</dd></div> })}
        </dl>
    }
    .into_any()
}

/// The tutors, with the question about those who leave.
#[component]
fn Tutors(group: GroupId, tutors: Vec<Tutor>, manages: bool, staff: Vec<TutorChoice>) -> impl IntoView {
    let asked: Vec<String> = tutors
        .iter()
        .filter(|tutor| manages && tutor.standing.asks())
        .filter_map(|tutor| Some(format!("{}: {}.", tutor.name, tutor.standing.sentence()?)))
        .collect();
    let lines = tutors
        .iter()
        .map(|tutor| {
            let told = tutor
                .standing
                .sentence()
                .map(|sentence| view! { <span class="muted">{format!(" {sentence}")}</span> });
            let label = format!("Remove {} as tutor", tutor.name);
            let remove = manages.then(|| {
                view! {
                    <form method="post" action=format!("/groups/{group}/tutors/remove")>
                        <input type="hidden" name="tutor" value=tutor.person.to_string()/>
                        <button class="btn small" type="submit" aria-label=label>"Remove"</button>
                    </form>
                }
            });
            view! { <li class="row"><span><bdi>{tutor.name.clone()}</bdi>{told}</span>{remove}</li> }
        })
        .collect_view();
    let known: Vec<_> = tutors.iter().map(|tutor| tutor.person).collect();
    let offered: Vec<(String, String)> =
        std::iter::once((String::new(), "Choose a member of staff".to_owned()))
            .chain(
                staff
                    .iter()
                    .filter(|choice| !known.contains(&choice.person))
                    .map(|choice| (choice.person.to_string(), choice.named.label())),
            )
            .collect();
    view! {
        <h2 class="gap-m">"Tutors"</h2>
        {(!asked.is_empty()).then(|| view! {
            <Notice tone="amber" title="Choose another tutor">
                {asked.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </Notice>
        })}
        {if tutors.is_empty() {
            view! { <p class="muted">"No tutor yet. Only the office sees the accounts of this group."</p> }.into_any()
        } else {
            view! { <ul role="list" class="stack">{lines}</ul> }.into_any()
        }}
        {manages.then(|| view! {
            <form class="filters no-print" method="post" action=format!("/groups/{group}/tutors") aria-label="Add a tutor">
                <SelectField id="tutor" label="Tutor" choices=offered chosen="" grow=true/>
                <button class="btn" type="submit">"Add tutor"</button>
            </form>
        })}
    }
    .into_any()
}

/// The form above the table: move the ticked students, take them out, or change accounts. `moves` are the groups to move
/// to, for those who manage groups.
#[component]
fn Change(group: GroupId, moves: Option<Vec<GroupChoice>>, creates: bool) -> impl IntoView {
    let moving = moves.map(|groups| {
        let to: Vec<(String, String)> = std::iter::once((String::new(), "Choose a group".to_owned()))
            .chain(groups.iter().map(|choice| (choice.id.to_string(), choice.label())))
            .collect();
        view! {
            <SelectField id="to" label="Move ticked students to" choices=to chosen="" grow=true/>
            <TextField id="on" label="From (today if empty)" kind="date" value=""/>
            <button class="btn" type="submit" name="action" value="move">"Move"</button>
            <button class="btn" type="submit" name="action" value="leave">"Remove from group"</button>
        }
    });
    let accounts = format!("/groups/{group}/accounts");
    let changing = creates.then(|| view! {
        <button class="btn" type="submit" formaction=accounts.clone() name="whom" value="ticked">"Change accounts"</button>
        <button class="btn" type="submit" formaction=accounts.clone() name="whom" value="all">"Change all accounts"</button>
    });
    view! {
        <form class="filters no-print" id=FORM method="post" action=format!("/groups/{group}/members") aria-label="Change the ticked students">
            {moving}
            {changing}
            <button class="btn quiet" type="button" data-tick="student" hidden>"Tick all on this page"</button>
        </form>
    }
    .into_any()
}

/// The buttons that export the list.
#[component]
fn Export(group: GroupId) -> impl IntoView {
    view! {
        <form class="row gap-m no-print" method="post" action=format!("/groups/{group}/export")>
            <ExportButtons/>
        </form>
    }
    .into_any()
}

/// The button that closes the group, or opens it again.
#[component]
fn Close(group: GroupId, closed: bool) -> impl IntoView {
    let (action, words) = if closed { ("open", "Open this group") } else { ("close", "Close this group") };
    view! {
        <form class="gap-m no-print" method="post" action=format!("/groups/{group}/close")>
            <input type="hidden" name="action" value=action/>
            <button class="btn" type="submit">{words}</button>
        </form>
    }
    .into_any()
}

/// The members, each with whether the reader can tick them.
static MEMBERS: Kind<(Member, bool)> = Kind {
    about: About {
        slug: "group-members",
        one: "student",
        many: "students",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(member, _)| member.person.0,
    name: |(member, _)| member.name.clone(),
    mark: Some(|row| row.drawn(mark)),
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.drawn(|(member, _): &(Member, bool)| {
                let href = format!("/students/{}", member.person);
                view! { <a href=href><bdi>{member.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("username", "Username", ColumnWidth::Grows(144), 1, |row| {
            row.code(|(member, _): &(Member, bool)| member.username.clone().unwrap_or_default())
        })
        .labelled(),
        Column::tells("status", "Status", ColumnWidth::Fixed(192), 0, |row| {
            row.drawn(|(member, _): &(Member, bool)| match member.status {
                Some(status) => view! { <StatusBadge status/> }.into_any(),
                None => ().into_any(),
            })
        }),
        Column::tells("registration", "Year and group", ColumnWidth::Fixed(144), 3, |row| {
            row.text(|(member, _): &(Member, bool)| {
                format!("{} {}", member.year_group, member.registration_group).trim().to_owned()
            })
        }),
        Column::tells("since", "In the group", ColumnWidth::Grows(160), 2, |row| {
            row.text(|(member, _): &(Member, bool)| {
                let since = if member.now { "since" } else { "from" };
                let until = member.until.map(|day| format!(", until {}", long_day(day))).unwrap_or_default();
                format!("{since} {}{until}", long_day(member.since))
            })
        }),
    ],
};

/// The tick.
fn mark((member, ticks): &(Member, bool)) -> AnyView {
    ticks
        .then(|| view! { <RowTick form=FORM name="student" value=member.person.to_string() whose=member.name.clone()/> })
        .into_any()
}
