//! `GET /guardians`.

use app::features::guardians::pages::list::{ListNotice, list_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::guardians::list::list as guardians;
use domain::guardians::bulk::{GuardianAction, GuardianFilter};
use domain::guardians::views::AccountFilter;
use domain::lists::page::Cursor;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// What the address says: the filter, where the page begins, and what was just done to how many.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    account: String,
    after: String,
    did: String,
    many: String,
}

/// A page of the list.
pub(super) async fn list(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let filter = GuardianFilter { words: query.q, accounts: AccountFilter::read(&query.account) };
    let after = (!query.after.is_empty()).then(|| Cursor::from(query.after));
    let done =
        GuardianAction::from_slug(&query.did).and_then(|action| Some(action.done(query.many.parse().ok()?)));
    page(office, &backend, filter, after, ListNotice { done, ..ListNotice::default() }).await
}

/// The list, with what was done or why nothing was.
pub(super) async fn page(
    office: OfficeRequest,
    backend: &Backend,
    filter: GuardianFilter,
    after: Option<Cursor>,
    notice: ListNotice,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let found = guardians(backend, actor, school, &filter, after.as_ref()).await?;
    Ok(html(StatusCode::OK, list_page(office.page, filter, found, notice)))
}
