//! Every child has an adult: the board, its invitations and its file.

use app::features::guardians::pages::bulk::bulk_page;
use app::features::guardians::pages::missing::question::invite_page;
use app::features::guardians::pages::missing::{MISSING, missing_page};
use axum::extract::{FromRequest, FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::bulk::ask::ask as question;
use backend::guardians::coverage::board::{BoardFilter, Chosen, board};
use backend::guardians::coverage::chart::chart;
use backend::guardians::coverage::chosen::{for_accounts, for_autocreate};
use backend::guardians::coverage::export::export;
use backend::guardians::coverage::fill_in::fill_in;
use backend::guardians::coverage::invite::{ask_to_invite, invite};
use backend::{Backend, Error};
use domain::accounts::action::AccountAction;
use domain::accounts::bulk::BulkChange;
use domain::guardians::bulk::{ChosenGuardians, GuardianAction};
use domain::guardians::coverage::{BulkStep, MissingReason};
use domain::guardians::form::YES;
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use serde::Deserialize;

use super::autocreate::rules_for;
use super::records::bulk::asked_of_all;
use crate::http::accounts::export::download;
use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// What the page is filtered by, and what was just done.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct BoardQuery {
    reason: String,
    year: String,
    group: String,
    language: String,
    skip: String,
    whole: String,
    done: String,
}

impl BoardQuery {
    /// A reason or a number that is none filters nothing: addresses are typed by hand, too.
    fn filter(self) -> BoardFilter {
        BoardFilter {
            reason: MissingReason::from_slug(&self.reason),
            year: self.year,
            group: self.group,
            language: self.language,
            skip: self.skip.parse().unwrap_or_default(),
            whole: !self.whole.is_empty(),
        }
    }
}

/// The page.
pub(super) async fn show(
    mut desk: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<BoardQuery>,
) -> Result<Response, PageError> {
    desk.page.done = match query.done.as_str() {
        "invited" => Some("Invitation codes queued."),
        _ => None,
    };
    page(desk, &backend, query.filter(), None).await
}

/// What a form says: the filter, and which of the students that it finds. It names each ticked one in a field of its own.
struct BulkForm {
    filter: BoardFilter,
    chosen: Chosen,
    /// Whether the question before it was answered.
    sure: bool,
}

impl BulkForm {
    /// # Errors
    /// With a sentence, if nobody is chosen.
    fn read(form: &[(String, String)]) -> Result<Self, (BoardFilter, String)> {
        let field = |name: &str| {
            form.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let filter = BoardQuery {
            reason: field("reason"),
            year: field("year"),
            group: field("group"),
            language: field("language"),
            ..BoardQuery::default()
        }
        .filter();
        let sure = field("sure") == YES;
        if field("all") == YES {
            return Ok(Self { filter, chosen: Chosen::All, sure });
        }
        let ticked: Vec<PersonId> = form
            .iter()
            .filter(|(field, _)| field == "student")
            .filter_map(|(_, value)| value.parse().ok())
            .collect();
        if ticked.is_empty() {
            return Err((
                filter,
                "Tick students first, or choose all that match. Nothing was done.".to_owned(),
            ));
        }
        Ok(Self { filter, chosen: Chosen::Students(ticked), sure })
    }
}

/// A form for several students, as a handler argument. If nobody is chosen, the board says so instead.
pub(super) struct BulkRequest {
    desk: OfficeRequest,
    form: BulkForm,
}

impl FromRequest<Backend> for BulkRequest {
    type Rejection = Response;

    async fn from_request(request: Request, backend: &Backend) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let desk = OfficeRequest::from_request_parts(&mut parts, backend).await?;
        let Form(fields) =
            Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, body), backend)
                .await
                .map_err(PageError::into_response)?;
        match BulkForm::read(&fields) {
            Ok(form) => Ok(Self { desk, form }),
            Err((filter, problem)) => {
                let told = page(desk, backend, filter, Some(problem)).await;
                Err(told.unwrap_or_else(PageError::into_response))
            }
        }
    }
}

/// Asks before guardians are invited, and invites them.
pub(super) async fn invite_them(
    State(backend): State<Backend>,
    BulkRequest { desk, form: BulkForm { filter, chosen, sure } }: BulkRequest,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    if !sure {
        let asked = ask_to_invite(&backend, actor, school, &filter, &chosen).await?;
        return Ok(html(StatusCode::OK, invite_page(desk.page, filter, chosen, asked)));
    }
    Ok(match invite(&backend, actor, school, &filter, &chosen).await.map_err(told) {
        Ok(report) if report.waits => Redirect::to("/approvals?done=asked").into_response(),
        Ok(report) => match report.operation {
            Some(operation) => Redirect::to(&format!("/operations/{operation}")).into_response(),
            None if report.queued > 0 && report.left_out.is_empty() => {
                Redirect::to(&format!("{MISSING}?done=invited")).into_response()
            }
            None => page(desk, &backend, filter, Some(report.sentence())).await?,
        },
        Err(Ok((_, problem))) => page(desk, &backend, filter, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Goes on to autocreate with the students whose guardians need an account or access.
pub(super) async fn autocreate_them(
    State(backend): State<Backend>,
    BulkRequest { desk, form: BulkForm { filter, chosen, .. } }: BulkRequest,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    let students = for_autocreate(&backend, actor, school, &filter, &chosen).await?;
    if students.is_empty() {
        let problem = "None of these students has a guardian who only needs an account or access.";
        return page(desk, &backend, filter, Some(problem.to_owned())).await;
    }
    rules_for(desk, &backend, students).await
}

/// Goes on to the question before codes are printed.
pub(super) async fn print_them(
    State(backend): State<Backend>,
    BulkRequest { desk, form: BulkForm { filter, chosen, .. } }: BulkRequest,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    let people = for_accounts(&backend, actor, school, (&filter, &chosen), BulkStep::Print).await?;
    if people.is_empty() {
        let problem = "None of these students has a guardian who needs a code on paper.";
        return page(desk, &backend, filter, Some(problem.to_owned())).await;
    }
    let (whom, action) = (ChosenGuardians::Ticked(people), GuardianAction::Print);
    let asked = question(&backend, actor, school, &whom, action).await?;
    Ok(html(StatusCode::OK, bulk_page(desk.page, action, whom, MISSING.to_owned(), asked)))
}

/// Goes on to the question before accounts are enabled.
pub(super) async fn enable_them(
    State(backend): State<Backend>,
    BulkRequest { desk, form: BulkForm { filter, chosen, .. } }: BulkRequest,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    let people = for_accounts(&backend, actor, school, (&filter, &chosen), BulkStep::Enable).await?;
    if people.is_empty() {
        let problem = "None of these students has a guardian whose account is disabled.";
        return page(desk, &backend, filter, Some(problem.to_owned())).await;
    }
    let enable = GuardianAction::Change(BulkChange::State(AccountAction::Enable));
    asked_of_all(desk, &backend, Selection::People { ids: people }, enable).await
}

/// The sheet to fill in.
pub(super) async fn fill_them_in(
    State(backend): State<Backend>,
    BulkRequest { desk, form: BulkForm { filter, chosen, .. } }: BulkRequest,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    let file = fill_in(&backend, actor, school, &filter, &chosen)
        .await
        .map_err(|error| PageError::from(error).back_to(MISSING, "Every child has an adult"))?;
    Ok(download(file))
}

/// The file.
pub(super) async fn export_them(
    desk: OfficeRequest,
    State(backend): State<Backend>,
    Form(query): Form<BoardQuery>,
) -> Result<Response, PageError> {
    let csv = export(&backend, &desk.who.actor, desk.page.me.school.id, &query.filter())
        .await
        .map_err(|error| PageError::from(error).back_to(MISSING, "Every child has an adult"))?;
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (CONTENT_DISPOSITION, "attachment; filename=\"students-without-an-adult.csv\"");
    Ok(([kind, name], csv).into_response())
}

async fn page(
    desk: OfficeRequest,
    backend: &Backend,
    filter: BoardFilter,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let (actor, school) = (&desk.who.actor, desk.page.me.school.id);
    let found = board(backend, actor, school, &filter).await?;
    let days = match chart(backend, actor, school).await {
        Ok(days) => days,
        // The board covers a group; the chart is of whole schools.
        Err(Error::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(html(StatusCode::OK, missing_page(desk.page, filter, found, days, problem)))
}
