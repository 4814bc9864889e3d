//! Teaching groups, their members and tutors, courses and academic years.

mod courses;
mod edit;
mod group;
mod list;
mod members;
mod new;
mod pick;
mod years;

use std::collections::BTreeSet;

use axum::routing::{get, post};
use backend::groups::create::GroupForm;
use domain::authorization::permission::Permission;
use domain::ids::CourseId;

use crate::http::extract::Fields;
use crate::http::routes::{Access, Routes};

/// The pages and their forms.
pub(in crate::http) fn routes() -> Routes {
    const SEES: Permission = Permission::ViewRoll;
    const MANAGES: Permission = Permission::ManageGroups;
    const CHANGES: Access = Access::Holds(MANAGES);
    Routes::new()
        .holding(SEES, "/groups", get(list::show))
        .step_up(Access::Holds(Permission::ExportAccounts), "/groups/export", post(list::export))
        .holding(Permission::ManageAccounts, "/groups/students", get(list::students).post(list::chosen))
        .holding(MANAGES, "/groups/new", get(new::show))
        .step_up(CHANGES, "/groups/new", post(new::create))
        .holding(MANAGES, "/groups/pick", post(pick::ask))
        .holding(MANAGES, "/groups/pick/show", post(pick::show))
        .holding(MANAGES, "/groups/pick/make", post(pick::make))
        .holding(MANAGES, "/groups/years", get(years::show).post(years::create))
        .holding(MANAGES, "/groups/years/{year}", get(years::edit).post(years::change))
        .holding(MANAGES, "/groups/changes/{operation}/undo", post(members::undo))
        .holding(SEES, "/groups/{group}", get(group::show))
        .holding(MANAGES, "/groups/{group}/edit", get(edit::show).post(edit::change))
        .holding(MANAGES, "/groups/{group}/close", post(edit::close))
        .holding(MANAGES, "/groups/{group}/add", get(members::choose))
        .holding(MANAGES, "/groups/{group}/members", post(members::change))
        .holding(Permission::ManageAccounts, "/groups/{group}/accounts", post(members::accounts))
        .step_up(CHANGES, "/groups/{group}/tutors", post(group::appoint))
        .step_up(CHANGES, "/groups/{group}/tutors/remove", post(group::dismiss))
        .step_up(Access::Holds(Permission::ExportAccounts), "/groups/{group}/export", post(group::export))
        .holding(MANAGES, "/courses", get(courses::show))
        .holding(MANAGES, "/courses/new", get(courses::new).post(courses::create))
        .holding(MANAGES, "/courses/{course}", get(courses::edit).post(courses::change))
        .holding(MANAGES, "/courses/{course}/offer", post(courses::offer))
}

/// The form of a group.
fn group_form(fields: &Fields) -> GroupForm {
    GroupForm {
        name: fields.one("name").to_owned(),
        year: fields.one("year").parse().ok(),
        courses: fields.all::<CourseId, BTreeSet<CourseId>>("course"),
        tutors: fields.all("tutor"),
    }
}

/// The confirmation for what a form just did, from the query.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "created" => Some("Teaching group created."),
        "saved" => Some("Saved."),
        "closed" => {
            Some("Group closed. Its members and tutors are kept. Its tutors see it again when you open it.")
        }
        "opened" => Some("Group opened."),
        "tutor" => Some("Tutor added. They see this group and manage the accounts of its members."),
        "no-tutor" => Some("Tutor removed. They lose access to this group straight away."),
        "undone" => Some("Undone. Everyone is in the groups where they were."),
        "ended" => Some("Course ended. Groups that have it keep it."),
        "offered" => Some("Course offered again."),
        _ => None,
    }
}
