//! Changing several accounts: what to do, what that would change, doing exactly that, and undoing it. Forms rather than
//! links, because a selection may be long.

use app::error::AppError;
use app::features::accounts::pages::bulk::{BulkWhom, bulk_page, simulation_page};
use app::features::accounts::pages::changes::{changed_page, changes_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::changed::{changed, changes};
use backend::accounts::create::Among;
use backend::accounts::simulate::{BulkEnd, change, simulate, undo_change};
use backend::{Backend, Error};
use domain::accounts::bulk::BulkChange;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, SchoolId};
use domain::lists::page::Cursor;
use domain::operations::plan::PlanHash;
use domain::roll::selection::Selection;
use serde::Deserialize;

use super::read_selection;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;
use crate::http::recovery::list_of;

/// The fields of every form.
#[derive(Deserialize)]
pub(super) struct BulkForm {
    school: SchoolId,
    /// A [`Selection`] as JSON.
    selection: String,
    #[serde(default)]
    among: Among,
    /// A [`BulkChange`].
    #[serde(default)]
    change: String,
    /// The hash of the plan that was shown.
    #[serde(default)]
    seen: String,
}

impl BulkForm {
    fn of((school, among, selection): (SchoolId, Among, &Selection), change: String) -> Result<Self, Error> {
        let selection = serde_json::to_string(selection).map_err(Error::unexpected)?;
        Ok(Self { school, selection, among, change, seen: String::new() })
    }

    fn whom(&self) -> Result<(BulkWhom, Selection), PageError> {
        let list = list_of(self.among);
        let selection = read_selection(&self.selection)
            .map_err(|error| PageError::from(error).back_to(list.0, list.1))?;
        let chosen = match &selection {
            Selection::People { ids } => Some(ids.len()),
            Selection::Matching { .. } => None,
        };
        let (school, among) = (self.school, self.among.slug());
        Ok((BulkWhom { school, selection: self.selection.clone(), among, chosen, list }, selection))
    }

    fn change(&self) -> Result<BulkChange, Error> {
        BulkChange::from_slug(&self.change).ok_or(Error::NotFound("change"))
    }
}

/// `POST /accounts/bulk`: what to do with those selected in a list.
pub(super) async fn choose(office: OfficeRequest, Form(form): Form<BulkForm>) -> Result<Response, PageError> {
    let (whom, _) = form.whom()?;
    Ok(html(StatusCode::OK, bulk_page(office.page, whom)))
}

/// The same for people of a school whom another page names in another way.
pub(in crate::http) fn choice(
    office: OfficeRequest,
    whose: (SchoolId, Among, &Selection),
) -> Result<Response, PageError> {
    let (whom, _) = BulkForm::of(whose, String::new())?.whom()?;
    Ok(html(StatusCode::OK, bulk_page(office.page, whom)))
}

/// `POST /accounts/change`: what a change would do.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<BulkForm>,
) -> Result<Response, PageError> {
    shown(office, &backend, form, None).await
}

async fn shown(
    office: OfficeRequest,
    backend: &Backend,
    form: BulkForm,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let (whom, selection) = form.whom()?;
    let wanted = form.change()?;
    let whose = (form.among, &selection);
    let simulation = simulate(backend, &office.who.actor, form.school, whose, wanted)
        .await
        .map_err(|error| PageError::from(AppError::from(error)).back_to(whom.list.0, whom.list.1))?;
    Ok(html(StatusCode::OK, simulation_page(office.page, whom, wanted, simulation, problem)))
}

/// The same for people whom another page names in another way.
pub(in crate::http) async fn simulated(
    office: OfficeRequest,
    backend: &Backend,
    whose: (SchoolId, Among, &Selection),
    change: BulkChange,
) -> Result<Response, PageError> {
    shown(office, backend, BulkForm::of(whose, change.slug().to_owned())?, None).await
}

/// `POST /accounts/change/make`: makes exactly the change that was shown.
pub(super) async fn make(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<BulkForm>,
) -> Result<Response, PageError> {
    let (_, selection) = form.whom()?;
    let seen: PlanHash = form.seen.parse().map_err(|_| Error::NotFound("plan"))?;
    let (whose, wanted) = ((form.among, &selection), (form.change()?, seen));
    let end = change(&backend, &office.who.actor, form.school, whose, wanted).await.map_err(told);
    let problem = match end {
        Ok(BulkEnd::Done(operation)) => return Ok(page_of(operation)),
        Ok(BulkEnd::Waits) => return Ok(Redirect::to("/approvals?done=asked").into_response()),
        Ok(BulkEnd::Queued(operation)) => {
            return Ok(Redirect::to(&format!("/operations/{operation}")).into_response());
        }
        Ok(BulkEnd::Nothing) => Some("There was nothing to change.".to_owned()),
        Ok(BulkEnd::Drifted) => Some(
            "The accounts changed while you were here. Check the list, which is up to date, and try again."
                .to_owned(),
        ),
        Err(Ok((_, problem))) => problem,
        Err(Err(error)) => return Err(error.into()),
    };
    shown(office, &backend, form, problem).await
}

/// Leads to the page of a change that was made.
pub(in crate::http) fn page_of(operation: OperationId) -> Response {
    Redirect::to(&format!("/accounts/changes/{operation}")).into_response()
}

/// Where the page of a list starts.
#[derive(Deserialize)]
pub(super) struct ChangesQuery {
    #[serde(default)]
    after: String,
}

/// `GET /accounts/changes`: the changes that were made.
pub(super) async fn list(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(ChangesQuery { after }): Query<ChangesQuery>,
) -> Result<Response, PageError> {
    let after = (!after.is_empty()).then(|| Cursor::from(after));
    let school = office.page.me.school.id;
    let found = changes(&backend, &office.who.actor, school, after.as_ref()).await?;
    Ok(html(StatusCode::OK, changes_page(office.page, found)))
}

/// `GET /accounts/changes/{operation}`: what changed.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<String>,
) -> Result<Response, PageError> {
    one(office, &backend, known(&operation)?, None).await
}

/// `POST /accounts/changes/{operation}/undo`.
pub(super) async fn undo(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<String>,
) -> Result<Response, PageError> {
    let operation = known(&operation)?;
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let made = changed(&backend, actor, school, operation).await?;
    match undo_change(&backend, actor, school, (operation, made.change)).await.map_err(told) {
        Ok(_) => Ok(page_of(operation)),
        Err(Ok((_, problem))) => one(office, &backend, operation, problem).await,
        Err(Err(error)) => Err(error.into()),
    }
}

async fn one(
    office: OfficeRequest,
    backend: &Backend,
    operation: OperationId,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let found = changed(backend, &office.who.actor, office.page.me.school.id, operation).await?;
    let undoes = office.page.me.may(Permission::ManageAccounts);
    Ok(html(StatusCode::OK, changed_page(office.page, found, undoes, problem)))
}

fn known(id: &str) -> Result<OperationId, Error> {
    id.parse().map_err(|_| Error::NotFound("operation"))
}
