//! Changing usernames: the question, the change, what changed, and undoing it. Forms rather than links, because a
//! selection may be long.

use std::collections::BTreeMap;

use app::error::AppError;
use app::features::accounts::pages::rename::{RenameForm, rename_page};
use app::features::accounts::pages::renamed::{renamed_page, renames_page, undo_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::accounts::rename::{RenameAccounts, plan_rename, rename, undo_rename};
use backend::accounts::renamed::{renamed, renames};
use backend::accounts::template::template_for;
use backend::operations::ExpectedPlan;
use backend::{Backend, Error};
use domain::accounts::naming::Naming;
use domain::accounts::rename::{OldUsernameDays, OldUsernameDaysError, RenameOutcome, RenameRow};
use domain::accounts::username::Username;
use domain::authorization::policy::Permission;
use domain::fields::{FieldError, FieldErrors};
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::lists::page::Cursor;
use domain::roll::selection::Selection;
use serde::Deserialize;

use super::read_selection;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Whose username, in the address.
#[derive(Deserialize)]
pub(super) struct RenameQuery {
    person: PersonId,
    #[serde(default)]
    among: Among,
}

/// The form of the list.
#[derive(Deserialize)]
pub(super) struct RenameSelectionForm {
    school: SchoolId,
    /// A [`Selection`] as JSON.
    selection: String,
    #[serde(default)]
    among: Among,
}

/// What the page is about.
struct RenameSubject {
    school: SchoolId,
    selection: Selection,
    among: Among,
}

impl RenameSubject {
    fn input(&self, naming: Naming, days: Option<OldUsernameDays>, tell: bool) -> RenameAccounts {
        RenameAccounts { selection: self.selection.clone(), among: self.among, naming, days, tell }
    }

    fn form(&self, view: domain::accounts::rename::RenameView) -> Result<RenameForm, Error> {
        Ok(RenameForm {
            school: self.school,
            selection: serde_json::to_string(&self.selection).map_err(Error::unexpected)?,
            among: self.among.slug(),
            hash: view.plan.hash.to_string(),
            days: i32::from(view.days).to_string(),
            single: matches!(&self.selection, Selection::People { ids } if ids.len() == 1),
            view,
            typed: BTreeMap::new(),
            tell: true,
            errors: FieldErrors::default(),
            problem: None,
        })
    }
}

/// `GET /accounts/rename`: one person's.
pub(super) async fn ask_one(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(RenameQuery { person, among }): Query<RenameQuery>,
) -> Result<Response, PageError> {
    let selection = Selection::People { ids: vec![person] };
    let subject = RenameSubject { school: office.page.me.school.id, selection, among };
    ask(office, &backend, subject).await
}

/// `POST /accounts/rename`: those selected in the list.
pub(super) async fn ask_many(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<RenameSelectionForm>,
) -> Result<Response, PageError> {
    let selection = read_selection(&form.selection).map_err(to_list)?;
    ask(office, &backend, RenameSubject { school: form.school, selection, among: form.among }).await
}

async fn ask(
    office: OfficeRequest,
    backend: &Backend,
    subject: RenameSubject,
) -> Result<Response, PageError> {
    let actor = &office.who.actor;
    let naming = by_pattern(backend, &office, subject.school, subject.among).await.map_err(to_list)?;
    let view = plan_rename(backend, actor, subject.school, &subject.input(naming, None, true))
        .await
        .map_err(to_list)?;
    Ok(html(StatusCode::OK, rename_page(office.page, subject.form(view)?)))
}

async fn by_pattern(
    backend: &Backend,
    office: &OfficeRequest,
    school: SchoolId,
    among: Among,
) -> Result<Naming, Error> {
    let template = template_for(backend, &office.who.actor, school, among).await?;
    Ok(Naming { template, ..Naming::default() })
}

/// The page's fields, as they are named in it.
struct Typed {
    subject: RenameSubject,
    hash: String,
    days: String,
    tell: bool,
    usernames: BTreeMap<PersonId, String>,
    shown: BTreeMap<PersonId, String>,
}

impl Typed {
    fn read(mut form: BTreeMap<String, String>) -> Result<Self, AppError> {
        let mut take = |name: &str| form.remove(name).unwrap_or_default();
        let selection = read_selection(&take("selection"))?;
        let school = take("school").parse().map_err(|_| AppError::from(Error::NotFound("school")))?;
        let among = Among::read(&take("among"));
        let (hash, days, tell) = (take("hash"), take("days"), take("tell") == "yes");
        let fields = |prefix: &str| -> BTreeMap<PersonId, String> {
            form.iter()
                .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.parse().ok()?, value.clone())))
                .collect()
        };
        let subject = RenameSubject { school, selection, among };
        Ok(Self { subject, hash, days, tell, usernames: fields("u-"), shown: fields("shown-") })
    }

    /// The pattern, with what was typed. What was sent again after its complaint was shown is accepted.
    fn naming(&self, by_pattern: Naming) -> Naming {
        let accepted = self.shown.iter().filter(|(person, shown)| self.usernames.get(person) == Some(shown));
        Naming {
            typed: self.usernames.clone(),
            accepted: accepted
                .filter_map(|(person, shown)| Some((*person, shown.parse::<Username>().ok()?)))
                .collect(),
            ..by_pattern
        }
    }
}

/// `POST /accounts/rename/change`: changes what was shown, with what was typed.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let typed = Typed::read(form).map_err(to_list)?;
    let (actor, subject) = (&office.who.actor, &typed.subject);
    let plain = by_pattern(&backend, &office, subject.school, subject.among).await.map_err(to_list)?;
    let days = typed.days.parse::<OldUsernameDays>();
    let input = subject.input(typed.naming(plain.clone()), days.ok(), typed.tell);
    let seen = subject.input(plain, days.ok(), typed.tell);
    let seen =
        plan_rename(&backend, actor, subject.school, &seen).await.map_err(to_list)?.plan.hash.to_string();
    let view = plan_rename(&backend, actor, subject.school, &input).await.map_err(to_list)?;
    let single = matches!(&subject.selection, Selection::People { ids } if ids.len() == 1);
    let mut errors: Vec<FieldError> = view.plan.rows.iter().filter_map(complaint).collect();
    if single && let Some(row) = &view.unchanged.first {
        let same = "This is already their username. Type another one.".to_owned();
        errors.push(FieldError { field: field_of(row), message: same });
    }
    errors.extend(days.err().map(|error: OldUsernameDaysError| FieldError {
        field: "days".to_owned(),
        message: error.to_string(),
    }));
    let moved = seen != typed.hash;
    let outcome = if errors.is_empty() && !moved {
        let expected = ExpectedPlan::Plan(view.plan.hash);
        rename(&backend, actor, subject.school, input, expected).await.map_err(told)
    } else {
        Ok(RenameOutcome::Drifted)
    };
    let problem = match outcome {
        Ok(RenameOutcome::Renamed { operation: Some(operation), .. }) => {
            return Ok(page_of(operation));
        }
        Ok(RenameOutcome::Renamed { operation: None, .. }) => Some("There was nothing to change.".to_owned()),
        Ok(RenameOutcome::Waits) => return Ok(Redirect::to("/approvals?done=asked").into_response()),
        Ok(RenameOutcome::Queued(operation)) => {
            return Ok(Redirect::to(&format!("/operations/{operation}")).into_response());
        }
        Ok(RenameOutcome::Drifted) if !errors.is_empty() => None,
        Ok(RenameOutcome::Drifted) => Some(
            "The roll changed while you were here. Check the list, which is up to date, and try again."
                .to_owned(),
        ),
        Err(Ok((_, problem))) => problem,
        Err(Err(error)) => return Err(error.into()),
    };
    let form = RenameForm {
        hash: seen,
        typed: typed.usernames.clone(),
        days: typed.days.clone(),
        tell: typed.tell,
        errors: FieldErrors(errors),
        problem,
        ..subject.form(view)?
    };
    Ok(html(StatusCode::OK, rename_page(office.page, form)))
}

fn field_of(row: &RenameRow) -> String {
    format!("u-{}", row.person)
}

fn complaint(row: &RenameRow) -> Option<FieldError> {
    row.complaint().map(|why| FieldError { field: field_of(row), message: format!("{}: {why}", row.who()) })
}

/// Where the page of a list starts.
#[derive(Deserialize)]
pub(super) struct RenamesQuery {
    #[serde(default)]
    after: String,
}

/// `GET /accounts/renames`: the changes that were made.
pub(super) async fn list(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(RenamesQuery { after }): Query<RenamesQuery>,
) -> Result<Response, PageError> {
    let after = (!after.is_empty()).then(|| Cursor::from(after));
    let school = office.page.me.school.id;
    let found = renames(&backend, &office.who.actor, school, after.as_ref()).await?;
    let undoes = office.page.me.may(Permission::ManageAccounts);
    Ok(html(StatusCode::OK, renames_page(office.page, found, undoes)))
}

/// `GET /accounts/renames/{operation}`: what changed.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<String>,
) -> Result<Response, PageError> {
    shown(office, &backend, known(&operation)?, None).await
}

/// Leads to the page of a change that was made.
pub(in crate::http) fn page_of(operation: OperationId) -> Response {
    Redirect::to(&format!("/accounts/renames/{operation}")).into_response()
}

/// `GET /accounts/renames/{operation}/undo`: the question. A change that was undone meanwhile is shown instead.
pub(super) async fn ask_undo(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<String>,
) -> Result<Response, PageError> {
    let operation = known(&operation)?;
    let detail = renamed(&backend, &office.who.actor, office.page.me.school.id, operation).await?;
    if detail.operation.undone_at.is_some() {
        return Ok(page_of(operation));
    }
    Ok(html(StatusCode::OK, undo_page(office.page, detail.summary())))
}

/// `POST /accounts/renames/{operation}/undo`.
pub(super) async fn undo(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<String>,
) -> Result<Response, PageError> {
    let operation = known(&operation)?;
    let school = office.page.me.school.id;
    match undo_rename(&backend, &office.who.actor, school, operation).await.map_err(told) {
        Ok(_) => Ok(page_of(operation)),
        Err(Ok((_, problem))) => shown(office, &backend, operation, problem).await,
        Err(Err(error)) => Err(error.into()),
    }
}

async fn shown(
    office: OfficeRequest,
    backend: &Backend,
    operation: OperationId,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let detail = renamed(backend, &office.who.actor, office.page.me.school.id, operation).await?;
    let undoes = office.page.me.may(Permission::ManageAccounts);
    Ok(html(StatusCode::OK, renamed_page(office.page, detail, undoes, problem)))
}

fn known(id: &str) -> Result<OperationId, Error> {
    id.parse().map_err(|_| Error::NotFound("operation"))
}

fn to_list(error: impl Into<AppError>) -> PageError {
    PageError::from(error.into()).back_to("/accounts", "User accounts")
}
