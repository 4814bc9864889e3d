//! The question before cards are made, and making them.

use app::error::AppError;
use app::features::cards::pages::PILES;
use app::features::cards::pages::ask::{CardsQuestion, ask_page};
use app::features::cards::pages::made::made_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::cards::chosen::{of_batch, of_group, unused};
use backend::cards::make::{CardsEnd, MakeCards, ask as ask_for_cards, make as make_cards};
use backend::{Backend, Error};
use domain::cards::views::CardsFor;
use domain::credentials::phrase::PhraseKind;
use domain::ids::{BatchId, GroupId, OperationId, PersonId, SchoolId};
use domain::roll::selection::Selection;
use serde::Deserialize;

use crate::http::accounts::read_selection;
use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;
use crate::http::recovery::list_of;

/// Who gets a card, in an address: a group, those whose accounts were created together, those of a pile who have not used
/// theirs, or one person.
#[derive(Deserialize)]
pub(super) struct CardsQuery {
    group: Option<GroupId>,
    batch: Option<BatchId>,
    pile: Option<OperationId>,
    person: Option<PersonId>,
    #[serde(default)]
    among: Among,
}

/// The form of a list.
#[derive(Deserialize)]
pub(super) struct CardsSelectionForm {
    school: SchoolId,
    /// A [`Selection`] as JSON.
    selection: String,
    #[serde(default)]
    among: Among,
}

/// The form of the question.
#[derive(Deserialize)]
pub(super) struct MakeCardsForm {
    school: SchoolId,
    selection: String,
    #[serde(default)]
    among: Among,
    group: Option<GroupId>,
    #[serde(default)]
    words: PhraseKind,
    #[serde(default)]
    whom: CardsFor,
}

/// `GET /cards/new`.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(CardsQuery { group, batch, pile, person, among }): Query<CardsQuery>,
) -> Result<Response, PageError> {
    let (actor, here) = (&office.who.actor, office.page.me.school.id);
    if let Some(batch) = batch {
        let selection = of_batch(&backend, actor, here, batch).await?;
        return question(office, &backend, (here, selection, among), None, list_of(among)).await;
    }
    let (school, selection, group) = match (group, pile, person) {
        (Some(group), ..) => {
            let found = of_group(&backend, actor, group).await?;
            (found.school, found.members, Some((group, found.name)))
        }
        (None, Some(pile), _) => {
            let (group, people) = unused(&backend, actor, here, pile).await?;
            // Someone who printed the pile may not reach its group any more.
            let group = match group {
                Some(group) => of_group(&backend, actor, group).await.ok().map(|found| (group, found.name)),
                None => None,
            };
            (here, people, group)
        }
        (None, None, Some(person)) => (here, Selection::People { ids: vec![person] }, None),
        (None, None, None) => return Ok(Redirect::to(PILES.0).into_response()),
    };
    question(office, &backend, (school, selection, among), group, PILES).await
}

/// `POST /cards/new`: those selected in a list.
pub(super) async fn ask_many(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(CardsSelectionForm { school, selection, among }): Form<CardsSelectionForm>,
) -> Result<Response, PageError> {
    let list = list_of(among);
    let selection =
        read_selection(&selection).map_err(|error| PageError::from(error).back_to(list.0, list.1))?;
    question(office, &backend, (school, selection, among), None, list).await
}

pub(in crate::http) async fn question(
    office: OfficeRequest,
    backend: &Backend,
    (school, selection, among): (SchoolId, Selection, Among),
    group: Option<(GroupId, String)>,
    list: (&'static str, &'static str),
) -> Result<Response, PageError> {
    let input = |whom| MakeCards {
        selection: selection.clone(),
        among,
        words: PhraseKind::default(),
        whom,
        group: None,
    };
    let actor = &office.who.actor;
    let back = |error: Error| PageError::from(error).back_to(list.0, list.1);
    let waiting = ask_for_cards(backend, actor, school, &input(CardsFor::Waiting)).await.map_err(back)?;
    let everyone = ask_for_cards(backend, actor, school, &input(CardsFor::Everyone)).await.map_err(back)?;
    let question = CardsQuestion {
        school,
        selection: serde_json::to_string(&selection).map_err(Error::unexpected)?,
        among: among.slug(),
        group,
        waiting: waiting.ready,
        everyone: everyone.ready,
        left_out: everyone.left_out,
        waits: if waiting.ready > 0 { waiting.waits } else { everyone.waits },
    };
    Ok(html(StatusCode::OK, ask_page(office.page, list, question)))
}

/// `POST /cards/make`: makes them, and shows them once.
pub(super) async fn make(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<MakeCardsForm>,
) -> Result<Response, PageError> {
    let MakeCardsForm { school, selection, among, group, words, whom } = form;
    let list = if group.is_some() { PILES } else { list_of(among) };
    let end = match read_selection(&selection) {
        Ok(selection) => {
            let input = MakeCards { selection, among, words, whom, group };
            make_cards(&backend, &office.who.actor, school, input).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    match end.map_err(|error| PageError::from(error).back_to(list.0, list.1))? {
        CardsEnd::Made(made) => Ok(html(StatusCode::OK, made_page(office.page, list, made))),
        CardsEnd::Waits => Ok(Redirect::to("/approvals?done=asked").into_response()),
        CardsEnd::Nobody => {
            let nobody = "None of these people can be given a password now. Nothing was made.";
            Err(PageError::from(Error::conflict("nobody_waits", nobody)).back_to(list.0, list.1))
        }
    }
}
