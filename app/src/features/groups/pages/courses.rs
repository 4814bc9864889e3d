//! Courses, and what each adds.

use backend::groups::courses::{Course, CourseForm};
use domain::fields::FieldErrors;
use domain::ids::CourseId;
use leptos::prelude::*;

use super::GROUPS_PAGE;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// All courses as HTML.
pub fn courses_page(page: OfficePage, courses: Vec<Course>) -> String {
    render(page, "Courses", move || {
        let names: Vec<(CourseId, String)> =
            courses.iter().map(|course| (course.id, course.name.clone())).collect();
        let rows: Vec<(Course, String)> = courses
            .into_iter()
            .map(|course| {
                let adds: Vec<&str> = names
                    .iter()
                    .filter(|(id, _)| course.adds.contains(id))
                    .map(|(_, name)| name.as_str())
                    .collect();
                let adds = adds.join(", ");
                (course, adds)
            })
            .collect();
        view! {
            <PageHead title="Courses" lead=|| "What groups study. A course can add its modules: a group that takes the course takes them too." up=Some(GROUPS_PAGE)
                actions=|| view! { <a class="btn primary" href="/courses/new"><Icon name="plus"/>"New course"</a> }/>
            <Table rows=TableRows::new(LoadedRows::new(&COURSES, rows)) label="Courses" empty=|| view! {
                <div class="empty">
                    <p><b>"There are no courses yet"</b></p>
                    <p><a class="btn primary" href="/courses/new">"New course"</a></p>
                </div>
            }/>
        }
    })
}

/// Courses, each with the names of what it adds.
static COURSES: Kind<(Course, String)> = Kind {
    about: About {
        slug: "courses",
        one: "course",
        many: "courses",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(course, _)| course.id.0,
    name: |(course, _)| course.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Course", ColumnWidth::Grows(192), |row| {
            row.drawn(|(course, _): &(Course, String)| {
                let href = format!("/courses/{}", course.id);
                view! { <a href=href><bdi>{course.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("code", "Code", ColumnWidth::Fixed(112), 1, |row| {
            row.code(|(course, _): &(Course, String)| course.code.clone())
        }),
        Column::tells("adds", "Adds", ColumnWidth::Grows(208), 0, |row| {
            row.text(|(_, adds): &(Course, String)| adds.clone())
        })
        .labelled(),
        Column::tells("groups", "Open groups", ColumnWidth::Fixed(112), 2, |row| {
            row.text(|(course, _): &(Course, String)| course.groups.to_string())
        })
        .labelled(),
        Column::tells("offered", "Offered", ColumnWidth::Fixed(144), 3, |row| {
            row.text(|(course, _): &(Course, String)| {
                if course.offered { "Yes" } else { "No longer" }.to_owned()
            })
        }),
    ],
};

/// What the form shows.
#[derive(Debug, Clone)]
pub struct CourseFormPage {
    /// The course to change; `None` for a new one.
    pub id: Option<CourseId>,
    /// What was typed and ticked.
    pub typed: CourseForm,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// The form of a course as HTML.
pub fn course_page(page: OfficePage, shown: CourseFormPage, courses: Vec<Course>) -> String {
    let title = if shown.id.is_some() { "Change the course" } else { "New course" };
    let head = if shown.errors.is_empty() { title.to_owned() } else { format!("Error: {title}") };
    render(page, head, move || {
        let CourseFormPage { id, typed, errors } = shown;
        let action = id.map_or_else(|| "/courses/new".to_owned(), |id| format!("/courses/{id}"));
        let offered =
            id.and_then(|id| courses.iter().find(|course| course.id == id)).map(|course| course.offered);
        let boxes = courses
            .iter()
            .filter(|course| Some(course.id) != id && (course.offered || typed.adds.contains(&course.id)))
            .map(|course| view! {
                <label class="choice">
                    <input type="checkbox" name="adds" value=course.id.to_string() checked=typed.adds.contains(&course.id)/>
                    <span>{course.name.clone()}</span>
                </label>
            })
            .collect_view();
        let wrong = errors.of("adds").map(str::to_owned);
        let invalid = wrong.is_some().then_some("");
        view! {
            <PageHead title lead=|| "Open groups that chose the course take what it adds from now on." up=Some(("/courses", "Courses"))/>
            <ErrorSummary errors=errors.clone()/>
            <form class="stack" method="post" action=action novalidate>
                <TextField id="name" label="Name" hint="Such as Mathematics Year 1 (AS)" kind="text" longest=80 value=typed.name.clone() errors=errors.clone()/>
                <TextField id="code" label="Code" hint="As timetables and files write it, such as MA1" kind="text" longest=20 value=typed.code.clone() errors=errors.clone()/>
                <fieldset class="field" id="adds" tabindex="-1" data-invalid=invalid>
                    <legend>"Adds these modules"</legend>
                    {wrong.map(|wrong| view! { <span class="error"><Icon name="circle-alert"/>{wrong}</span> })}
                    {boxes}
                </fieldset>
                <div class="row"><button class="btn primary" type="submit">"Save"</button><a class="btn" href="/courses">"Cancel"</a></div>
            </form>
            {id.zip(offered).map(|(id, offered)| {
                let (action, words) = if offered { ("end", "End this course") } else { ("offer", "Offer this course again") };
                view! {
                    <form class="gap-m" method="post" action=format!("/courses/{id}/offer")>
                        <input type="hidden" name="action" value=action/>
                        <button class="btn" type="submit">{words}</button>
                    </form>
                }
            })}
        }
    })
}
