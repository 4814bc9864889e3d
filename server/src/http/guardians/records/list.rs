//! `GET /guardians`.

use app::features::guardians::pages::list::{GuardianSearch, list_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::guardians::list::list as guardians;
use domain::guardians::views::AccountFilter;
use domain::lists::page::Cursor;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    account: String,
    after: String,
}

/// A page of the list.
pub(super) async fn list(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let search = GuardianSearch { words: query.q, accounts: AccountFilter::read(&query.account) };
    let after = (!query.after.is_empty()).then(|| Cursor::from(query.after));
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let wanted = (search.words.as_str(), search.accounts);
    let found = guardians(&backend, actor, school, wanted, after.as_ref()).await?;
    Ok(html(StatusCode::OK, list_page(office.page, search, found)))
}
