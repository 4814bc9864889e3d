//! A merge.

use std::collections::BTreeMap;

use app::features::guardians::pages::duplicates::merge::merge_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::duplicates::merge::preview::{self, Stays};
use backend::guardians::duplicates::merge::{MergeOutcome, MergePeople, merge};
use backend::{Backend, Error};
use domain::guardians::duplicates::fields::MergeField;
use domain::ids::{AutocreateId, PairId, PersonId};
use domain::operations::plan::PlanHash;
use serde::Deserialize;

use super::super::autocreate::simulate;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct MergeQuery {
    stays: String,
    /// The simulation that asks about the two.
    run: Option<AutocreateId>,
}

/// Shows what a merge would do.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(pair): Path<PairId>,
    Query(query): Query<MergeQuery>,
) -> Result<Response, PageError> {
    page(office, &backend, (pair, query.run), Stays::read(&query.stays), None).await
}

/// Merges, or asks a second person.
pub(super) async fn run(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(pair): Path<PairId>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let asked_by: Option<AutocreateId> = form.get("run").and_then(|run| run.parse().ok());
    let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let stays: PersonId = value("stays").parse().map_err(|_| Error::NotFound("guardian"))?;
    let shown: PlanHash = value("plan").parse().map_err(|_| Error::NotFound("guardian"))?;
    let preview = preview::preview(&backend, actor, school, pair, Stays::Person(stays)).await?;
    let take = MergeField::ALL.into_iter().filter(|field| value(field.slug()) == "other").collect();
    let input = MergePeople::new(preview.survivor, preview.other, take).of(pair);
    // What the page showed of access is compared before the values that were chosen are part of the plan.
    let as_shown = MergePeople::new(preview.survivor, preview.other, Vec::new());
    let outcome = async {
        if preview::hash(&backend, actor, school, &as_shown).await? != shown {
            return Ok(MergeOutcome::Changed);
        }
        let exactly = preview::hash(&backend, actor, school, &input).await?;
        merge(&backend, actor, school, input, exactly).await
    };
    Ok(match outcome.await.map_err(told) {
        Ok(MergeOutcome::Merged(_)) => match asked_by {
            Some(run) => simulate::afresh(&office, &backend, run, "merged").await?,
            None => Redirect::to("/guardians/duplicates?done=merged").into_response(),
        },
        Ok(MergeOutcome::Waits) => Redirect::to("/approvals?done=asked").into_response(),
        Ok(MergeOutcome::Changed) => {
            let changed =
                "Something changed since this page was shown. Look at it again, then merge.".to_owned();
            page(office, &backend, (pair, asked_by), Stays::Person(stays), Some(changed)).await?
        }
        Err(Ok((_, problem))) => {
            page(office, &backend, (pair, asked_by), Stays::Person(stays), problem).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    (pair, asked_by): (PairId, Option<AutocreateId>),
    stays: Stays,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let preview = preview::preview(backend, actor, school, pair, stays).await?;
    let (shown, problem) = if preview.obstacle.is_some() {
        (None, problem)
    } else {
        let input = MergePeople::new(preview.survivor, preview.other, Vec::new());
        match preview::hash(backend, actor, school, &input).await.map_err(told) {
            Ok(hash) => (Some(hash), problem),
            Err(Ok((_, why))) => (None, why.or(problem)),
            Err(Err(error)) => return Err(error.into()),
        }
    };
    Ok(html(StatusCode::OK, merge_page(office.page, preview, shown, problem, asked_by)))
}
