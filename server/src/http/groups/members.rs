//! Adding students to a group, moving them and taking them out.

use app::features::groups::pages::add::{AddPage, add_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::cards::chosen::of_group;
use backend::groups::change::{
    ChangeEnd, ChangeMembers, change as change_members, day_of, undo as undo_change,
};
use backend::groups::group::group as read_group;
use backend::operations::ExpectedPlan;
use backend::roll::list::list as students;
use backend::tenancy::target::Group;
use backend::{Backend, Error};
use domain::authorization::permission::Permission;
use domain::groups::members::MemberChange;
use domain::ids::{GroupId, OperationId, SchoolId};
use domain::operations::progress::left_out_in_words;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use serde::Deserialize;

use super::group::{GroupNotice, page};
use crate::http::accounts::bulk;
use crate::http::extract::{Fields, Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Said when nobody is ticked.
const NOBODY_TICKED: &str = "Tick the students first.";

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AddQuery {
    q: String,
    year: String,
    group: String,
}

impl AddQuery {
    fn filter(&self) -> RollFilter {
        filter(&self.q, &self.year, &self.group)
    }
}

/// Students who are at the school, or will be.
fn filter(words: &str, year: &str, group: &str) -> RollFilter {
    RollFilter {
        q: words.to_owned(),
        year: year.to_owned(),
        group: group.to_owned(),
        roll: vec![RollStatus::Current, RollStatus::Future],
        ..RollFilter::default()
    }
}

/// Students to add: by year, registration group or search.
pub(super) async fn choose(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Query(query): Query<AddQuery>,
) -> Result<Response, PageError> {
    let actor = &office.who.actor;
    let found = read_group(&backend, actor, group).await?;
    let school = backend.enter(actor, Permission::ManageGroups, Group(group)).await?.at.school;
    let filter = query.filter();
    let listed = students(&backend, actor, school.school, &filter, None).await?;
    let shown = AddPage { group: found, filter, listed, today: school.today };
    Ok(html(StatusCode::OK, add_page(office.page, shown)))
}

/// Changes who is in the group: the ticked students, or all that match.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let fields = Fields(fields);
    let actor = &office.who.actor;
    let at = backend.enter(actor, Permission::ManageGroups, Group(group)).await?.at;
    let end = match input(&fields, group, at.school.today) {
        Ok(input) => {
            let change = input.change;
            let ready = ExpectedPlan::WhateverIsReady;
            change_members(&backend, actor, at.school.school, (input, ready)).await.map(|end| (change, end))
        }
        Err(error) => Err(error),
    };
    let problem = match end.map_err(told) {
        Ok((change, end)) => match ended(group, change, end) {
            Ok(answer) => return Ok(answer),
            Err(problem) => Some(problem),
        },
        Err(Ok((errors, problem))) => {
            problem.or_else(|| errors.0.into_iter().next().map(|error| error.message))
        }
        Err(Err(error)) => return Err(error.into()),
    };
    page(office, &backend, group, GroupNotice { problem, ..GroupNotice::default() }).await
}

/// Goes on to what can be done with the accounts of the ticked members, or of all of them.
pub(super) async fn accounts(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let fields = Fields(fields);
    let found = of_group(&backend, &office.who.actor, group).await?;
    let selection = match fields.one("whom") {
        "all" => found.members,
        _ => Selection::People { ids: fields.all("student") },
    };
    if matches!(&selection, Selection::People { ids } if ids.is_empty()) {
        let problem = Some(NOBODY_TICKED.to_owned());
        return page(office, &backend, group, GroupNotice { problem, ..GroupNotice::default() }).await;
    }
    bulk::choice(office, (found.school, Among::Students, &selection))
}

/// What the form says.
fn input(fields: &Fields, group: GroupId, today: chrono::NaiveDate) -> Result<ChangeMembers, Error> {
    let selection = match fields.one("all") {
        "yes" => {
            Selection::Matching { filter: filter(fields.one("q"), fields.one("year"), fields.one("group")) }
        }
        _ => Selection::People { ids: fields.all("student") },
    };
    if matches!(&selection, Selection::People { ids } if ids.is_empty()) {
        return Err(Error::conflict("nobody_ticked", NOBODY_TICKED));
    }
    let change = match fields.one("action") {
        "join" => MemberChange::Join { to: group },
        "leave" => MemberChange::Leave { from: group },
        _ => match fields.one("to").parse() {
            Ok(to) => MemberChange::Move { from: group, to },
            Err(_) => return Err(Error::conflict("no_group", "Choose the group to move them to.")),
        },
    };
    Ok(ChangeMembers { selection, change, on: day_of(fields.one("on"), today)? })
}

/// Back to the group, where the change is said and can be undone; or why nothing was changed.
pub(super) fn ended(group: GroupId, change: MemberChange, end: ChangeEnd) -> Result<Response, String> {
    let slug = change.slug();
    let to = match end {
        ChangeEnd::Done { operation, changed, .. } => {
            format!("/groups/{group}?did={slug}&many={changed}&operation={operation}")
        }
        ChangeEnd::Queued(operation) => format!("/operations/{operation}"),
        ChangeEnd::Nobody(left_out) if left_out.is_empty() => {
            return Err("None of these students is on this school\u{2019}s roll.".to_owned());
        }
        ChangeEnd::Nobody(left_out) => return Err(left_out_in_words(&left_out)),
        ChangeEnd::Drifted => {
            return Err(
                "The groups changed while you were here. Check the list, which is up to date, and try again."
                    .to_owned(),
            );
        }
    };
    Ok(Redirect::to(&to).into_response())
}

/// The form of the button.
#[derive(Deserialize)]
pub(super) struct UndoForm {
    school: SchoolId,
    group: GroupId,
}

/// Takes a change back.
pub(super) async fn undo(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<OperationId>,
    Form(form): Form<UndoForm>,
) -> Result<Response, PageError> {
    match undo_change(&backend, &office.who.actor, form.school, operation).await.map_err(told) {
        Ok(_) => Ok(Redirect::to(&format!("/groups/{}?done=undone", form.group)).into_response()),
        Err(Ok((_, problem))) => {
            page(office, &backend, form.group, GroupNotice { problem, ..GroupNotice::default() }).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}
