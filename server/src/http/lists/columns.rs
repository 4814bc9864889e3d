//! `POST /lists/columns`: the checkboxes in the columns menu.

use axum::extract::State;
use axum::http::header::REFERER;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::lists::columns;
use backend::{Backend, Error};
use domain::lists::columns::{ChoiceError, ColumnChoice, Slug};

use crate::http::extract::Form;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Stores the choice, and returns to the list.
pub(super) async fn keep(
    office: OfficeRequest,
    State(backend): State<Backend>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (list, choice) = chosen(&pairs).map_err(|_| Error::NotFound("list"))?;
    columns::keep(&backend, &office.who.actor, &list, &choice).await?;
    Ok(Redirect::to(&back(&headers)).into_response())
}

/// Parses the form: the list, the columns that it shows by default (`usual`), and those that are ticked
/// (`shown`). Without any of them, the list's default applies.
fn chosen(pairs: &[(String, String)]) -> Result<(Slug, ColumnChoice), ChoiceError> {
    let all =
        |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
    let (usual, ticked): (Vec<String>, Vec<String>) = (all("usual"), all("shown"));
    let list = pairs.iter().find(|(key, _)| key == "list").map(|(_, list)| list.clone()).unwrap_or_default();
    let shown = ticked.iter().filter(|column| !usual.contains(column)).cloned().collect();
    let hidden = usual.into_iter().filter(|column| !ticked.contains(column)).collect();
    Ok((list.try_into()?, ColumnChoice::new(shown, hidden)?))
}

/// The page that contained the form, if it is one of this site.
fn back(headers: &HeaderMap) -> String {
    let page = headers.get(REFERER).and_then(|page| page.to_str().ok()?.parse::<Uri>().ok());
    let path = page.as_ref().and_then(|page| page.path_and_query()).map(ToString::to_string);
    // "//elsewhere" would be another site.
    path.filter(|path| path.starts_with('/') && !path.starts_with("//")).unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_not_ticked_is_hidden_and_what_is_ticked_on_request_is_shown() {
        let pairs = form(&[
            ("list", "audit-log"),
            ("usual", "who"),
            ("usual", "details"),
            ("shown", "who"),
            ("shown", "session"),
        ]);
        let (list, choice) = chosen(&pairs).unwrap();
        assert_eq!(list.as_str(), "audit-log");
        assert_eq!(choice.shown(), ["session"]);
        assert_eq!(choice.hidden(), ["details"]);
        let (_, none) = chosen(&form(&[("list", "audit-log")])).unwrap();
        assert!(none.is_empty());
        assert!(chosen(&form(&[("shown", "who")])).is_err(), "of no list");
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        let back = |page: &str| super::back(&HeaderMap::from_iter([(REFERER, page.parse().unwrap())]));
        assert_eq!(back("https://portal.example/audit?who=ann"), "/audit?who=ann");
        assert_eq!(back("https://portal.example//elsewhere.example/"), "/");
        assert_eq!(super::back(&HeaderMap::new()), "/");
    }
}
