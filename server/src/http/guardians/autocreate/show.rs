//! `GET /guardians/autocreate/{run}`, and its list as a file.

use app::features::guardians::pages::autocreate::{RunPage, Shown, run_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::guardians::autocreate::lines::{LineFilter, lines as read_lines};
use backend::guardians::autocreate::{export, view};
use backend::{Backend, Error};
use domain::accounts::export::ExportFormat;
use domain::guardians::autocreate::outcome::OutcomeGroup;
use domain::ids::AutocreateId;
use serde::Deserialize;

use crate::http::accounts::export::download;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Rows of each group while all are shown.
const FIRST: u32 = 4;

/// Rows on a page of a group.
const PAGE: u32 = 50;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RunQuery {
    show: String,
    q: String,
    after: u32,
    ready: String,
    done: String,
}

/// Shows a run of the school.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(run): Path<AutocreateId>,
    Query(query): Query<RunQuery>,
) -> Result<Response, PageError> {
    office.page.done = match query.done.as_str() {
        "created" => Some("The accounts and the access are created."),
        "undone" => Some("The run is undone."),
        "ended" => Some("The access of the run has ended."),
        "answered" => Some("Your answer was saved, and the simulation was run again."),
        "merged" => Some("The two records are one now, and the simulation was run again."),
        _ => None,
    };
    let shown = load(&backend, &office, run, &query).await?;
    Ok(html(StatusCode::OK, run_page(office.page, shown)))
}

/// The page again, with why something was not done.
pub(super) async fn with_problem(
    office: OfficeRequest,
    backend: &Backend,
    run: AutocreateId,
    problem: String,
    in_use: bool,
) -> Result<Response, PageError> {
    let shown = load(backend, &office, run, &RunQuery::default()).await?;
    let shown = RunPage { problem: Some(problem), in_use, ..shown };
    Ok(html(StatusCode::CONFLICT, run_page(office.page, shown)))
}

async fn load(
    backend: &Backend,
    office: &OfficeRequest,
    run: AutocreateId,
    query: &RunQuery,
) -> Result<RunPage, Error> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let view = view::run(backend, actor, school, run).await?;
    let shown = Shown::from_slug(&query.show);
    let words = query.q.trim().to_owned();
    let (mut groups, mut alone, mut more) = (Vec::new(), Vec::new(), false);
    let parts: &[OutcomeGroup] = match &shown {
        Shown::All => &[OutcomeGroup::Create, OutcomeGroup::Attach, OutcomeGroup::Skipped],
        Shown::Group(group) => std::slice::from_ref(group),
        // Shown together, whatever is to happen.
        Shown::Changed | Shown::Held | Shown::Families => &[OutcomeGroup::Skipped],
        Shown::Alone => &[],
    };
    let most = if shown == Shown::All && words.is_empty() { FIRST } else { PAGE };
    for group in parts {
        let filter = LineFilter {
            groups: if shown == Shown::Families { OutcomeGroup::ALL.to_vec() } else { vec![*group] },
            words: words.clone(),
            changed: shown == Shown::Changed,
            held: shown == Shown::Held,
            after: query.after,
            most: most + 1,
        };
        let mut lines = read_lines(backend, actor, school, run, &filter).await?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        more |= lines.len() > most;
        lines.truncate(most);
        if !lines.is_empty() || shown != Shown::All {
            groups.push((*group, lines));
        }
    }
    if shown == Shown::Alone {
        alone = view::alone(backend, actor, school, run, (query.after, PAGE + 1)).await?;
        let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
        more = alone.len() > most;
        alone.truncate(most);
    }
    Ok(RunPage {
        run: view,
        shown,
        words,
        groups,
        alone,
        after: query.after,
        more,
        most: PAGE,
        ready: !query.ready.is_empty(),
        problem: None,
        in_use: false,
    })
}

/// The form of the download.
#[derive(Deserialize)]
pub(super) struct DownloadForm {
    format: ExportFormat,
}

/// `POST /guardians/autocreate/{run}/download`. A form rather than a link, because it is recorded in the audit log.
pub(super) async fn file(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(run): Path<AutocreateId>,
    Form(form): Form<DownloadForm>,
) -> Result<Response, PageError> {
    let school = office.page.me.school.id;
    Ok(download(export::export(&backend, &office.who.actor, school, run, form.format).await?))
}
