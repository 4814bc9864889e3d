//! The teaching groups of a school: all of them for the office, their own for a tutor.

use backend::groups::list::{GroupFilter, GroupLine, GroupList};
use backend::groups::tutors::Tutor;
use domain::authorization::permission::Permission;
use domain::lists::page::Page;
use leptos::prelude::*;

use super::ExportButtons;
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// Stands where there is nothing to tell.
const NONE: &str = "\u{2013}";

/// A page of the list as HTML.
pub fn list_page(page: OfficePage, filter: GroupFilter, found: GroupList) -> String {
    let GroupList { page: Page { rows, next }, years, own, tutor_wanted } = found;
    let title = if own { "My groups" } else { "Teaching groups" };
    render(page, title, move || {
        let user = OfficeUser::get();
        let (manages, creates) = (user.may(Permission::ManageGroups), user.may(Permission::ManageAccounts));
        let lead = if own {
            "The groups you tutor. Open one to see its students and manage their accounts."
        } else {
            "Who is taught together, what, and by whom. Tutors manage the accounts of their own groups."
        };
        let searched = filter != GroupFilter::default();
        let anybody = !rows.is_empty();
        let more =
            next.map(|next| format!("/groups?{}&after={}", query(&filter), in_query(&next.to_string())));
        let wanted =
            (tutor_wanted > 0 && !filter.tutor_wanted).then(|| view! { <TutorWanted groups=tutor_wanted/> });
        let shown = if filter.tutor_wanted {
            "tutor"
        } else if filter.closed {
            "closed"
        } else {
            ""
        };
        let kinds = vec![
            (String::new(), "Open groups".to_owned()),
            ("closed".to_owned(), "Closed groups".to_owned()),
            ("tutor".to_owned(), "Groups that need a tutor".to_owned()),
        ];
        let chosen_year = filter.year.map(|year| year.to_string()).unwrap_or_default();
        let year_choices: Vec<(String, String)> = std::iter::once((String::new(), "All years".to_owned()))
            .chain(years.iter().map(|year| (year.id.to_string(), year.name.clone())))
            .collect();
        view! {
            <PageHead title lead=move || lead actions=move || view! {
                {creates.then(|| view! { <a class="btn" href="/groups/students"><Icon name="users"/>"Create students"</a> })}
                {manages.then(|| view! { <a class="btn primary" href="/groups/new"><Icon name="plus"/>"New teaching group"</a> })}
            }/>
            {wanted}
            <form class="filters" role="search" method="get" action="/groups">
                <TextField id="q" label="Group or course" kind="search" value=filter.words.clone() grow=true/>
                {(!years.is_empty()).then(|| view! { <SelectField id="year" label="Academic year" choices=year_choices.clone() chosen=chosen_year.clone()/> })}
                {(!own).then(|| view! { <SelectField id="show" label="Show" choices=kinds.clone() chosen=shown/> })}
                <button class="btn" type="submit"><Icon name="search"/>"Search"</button>
            </form>
            <Table rows=TableRows::new(LoadedRows::new(&GROUPS, rows)) label="Teaching groups" empty=move || view! {
                <div class="empty">
                    {if searched {
                        view! {
                            <p><b>"No group matches this search"</b></p>
                            <p><a class="btn" href="/groups">"Show all groups"</a></p>
                        }.into_any()
                    } else if own {
                        view! { <p><b>"You tutor no group"</b></p> }.into_any()
                    } else {
                        view! {
                            <p><b>"There are no teaching groups yet"</b></p>
                            {manages.then(|| view! { <p><a class="btn primary" href="/groups/new">"New teaching group"</a></p> })}
                        }.into_any()
                    }}
                </div>
            }/>
            {(anybody && user.may(Permission::ExportAccounts)).then(|| view! {
                <form class="row gap-m no-print" method="post" action="/groups/export">
                    <input type="hidden" name="q" value=filter.words.clone()/>
                    <input type="hidden" name="year" value=chosen_year/>
                    <input type="hidden" name="show" value=shown/>
                    <ExportButtons/>
                </form>
            })}
            {more.map(|more| view! { <p class="no-print"><a class="btn" href=more>"More groups"</a></p> })}
            {manages.then(|| view! {
                <p class="row gap-m no-print"><a class="btn" href="/courses">"Courses"</a><a class="btn" href="/groups/years">"Academic years"</a></p>
            })}
        }
    })
}

/// The filter as a query in a web address.
fn query(filter: &GroupFilter) -> String {
    let show = match (filter.tutor_wanted, filter.closed) {
        (true, _) => "tutor",
        (false, true) => "closed",
        (false, false) => "",
    };
    let year = filter.year.map(|year| year.to_string()).unwrap_or_default();
    format!("q={}&year={year}&show={show}", in_query(&filter.words))
}

/// Asks the office to choose other tutors.
#[component]
fn TutorWanted(groups: i64) -> impl IntoView {
    let title = match groups {
        1 => "1 group needs a tutor".to_owned(),
        many => format!("{many} groups need a tutor"),
    };
    view! {
        <Notice tone="amber" title=title>
            <p>"They have none, or one who leaves the school or whose account is disabled. "<a href="/groups?show=tutor">"Show these groups"</a></p>
        </Notice>
    }
}

/// The groups of a school.
static GROUPS: Kind<GroupLine> = Kind {
    about: About {
        slug: "teaching-groups",
        one: "group",
        many: "groups",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.id.0,
    name: |line| line.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Group", ColumnWidth::Grows(160), |row| {
            row.drawn(|line: &GroupLine| {
                let href = format!("/groups/{}", line.id);
                view! { <a href=href><bdi>{line.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("courses", "Courses", ColumnWidth::Grows(208), 2, |row| {
            row.text(|line: &GroupLine| some(line.courses.join(", ")))
        }),
        Column::tells("tutors", "Tutors", ColumnWidth::Grows(208), 0, |row| row.drawn(tutors)),
        Column::tells("members", "Students", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|line: &GroupLine| line.members.to_string())
        })
        .labelled(),
        Column::tells("year", "Academic year", ColumnWidth::Fixed(144), 3, |row| {
            row.text(|line: &GroupLine| some(line.year.clone().unwrap_or_default()))
        }),
    ],
};

fn some(text: String) -> String {
    if text.is_empty() { NONE.to_owned() } else { text }
}

fn tutors(line: &GroupLine) -> AnyView {
    if line.tutors.is_empty() {
        return view! { <span class="muted">"No tutor"</span> }.into_any();
    }
    let told = |tutor: &Tutor| match tutor.standing.sentence().filter(|_| tutor.standing.asks()) {
        Some(sentence) => format!("{} ({})", tutor.name, sentence.to_lowercase()),
        None => tutor.name.clone(),
    };
    let names: Vec<String> = line.tutors.iter().map(told).collect();
    view! { <bdi>{names.join(", ")}</bdi> }.into_any()
}
