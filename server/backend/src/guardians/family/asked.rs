//! Before an adult chooses a password, their invitation names the children it opens and asks whether they are theirs.
//! The person who opened the link can only take access away with the answer, never get any.

use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::guardians::family::{AskedChild, FamilyChild};
use domain::ids::PersonId;
use sqlx::PgConnection;

use super::children::{Looking, children, granted};
use crate::authorization::scopes::actor_of;
use crate::guardians::access::not_mine::{NotMine, freeze};
use crate::invitations::queries::LoadedInvitation;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Error, Result};

/// The children to ask about: none if the invitation has ended, opens no child, or if this was answered already.
#[tracing::instrument(skip_all)]
pub async fn to_ask(backend: &Backend, token: &str) -> Result<Vec<AskedChild>> {
    let Some(found) = live(backend, token).await? else { return Ok(Vec::new()) };
    let mut transaction = backend.tenant_transaction(found.organisation()).await?;
    Ok(open_question(backend, &mut transaction, &found).await?.1)
}

/// How the answer was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChildrenAnswer {
    /// The answer is stored. How many children are not theirs.
    Taken(usize),
    /// There was no answer about these children: the question stays.
    Incomplete(Vec<PersonId>),
}

/// Takes the answer: `mine` and `not_mine` name children. Every child that was asked about needs one; others are ignored.
/// An answer about a child that was added meanwhile is missing, so the question is asked again.
#[tracing::instrument(skip_all)]
pub async fn answer(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    mine: &[PersonId],
    not_mine: &[PersonId],
) -> Result<ChildrenAnswer> {
    let Some(found) = live(backend, token).await? else { return Ok(ChildrenAnswer::Taken(0)) };
    let organisation = found.organisation();
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let (actor, asked) = open_question(backend, &mut transaction, &found).await?;
    let refused = match sorted(&asked, mine, not_mine) {
        Ok(refused) => refused,
        Err(missing) => return Ok(ChildrenAnswer::Incomplete(missing)),
    };
    sqlx::query(
        "UPDATE invitations SET children_answered_at = $3
         WHERE organisation_id = $1 AND id = $2 AND children_answered_at IS NULL",
    )
    .bind(organisation.0)
    .bind(found.id().0)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let actor = actor.at(visitor.source);
    let pairs = (found.person(), refused.as_slice());
    freeze(backend, &mut transaction, &actor, pairs, NotMine::Activation).await?;
    transaction.commit().await?;
    Ok(ChildrenAnswer::Taken(refused.len()))
}

/// The children that are not theirs.
///
/// # Errors
/// The children without an answer, or with both.
pub(super) fn sorted(
    asked: &[AskedChild],
    mine: &[PersonId],
    not_mine: &[PersonId],
) -> std::result::Result<Vec<PersonId>, Vec<PersonId>> {
    let asked = || asked.iter().map(|child| child.person);
    let missing: Vec<PersonId> =
        asked().filter(|child| mine.contains(child) == not_mine.contains(child)).collect();
    if missing.is_empty() {
        Ok(asked().filter(|child| not_mine.contains(child)).collect())
    } else {
        Err(missing)
    }
}

/// A child as the question names them.
pub(super) fn asked_about(child: FamilyChild) -> AskedChild {
    AskedChild {
        person: child.person,
        familiar: child.familiar,
        school: child.schools.into_iter().next().map(|school| school.name).unwrap_or_default(),
    }
}

async fn live(backend: &Backend, token: &str) -> Result<Option<LoadedInvitation>> {
    let Some(hash) = backend.keys.invitations.link_hash(token) else { return Ok(None) };
    let found = LoadedInvitation::by_link(backend, &hash).await?;
    Ok(found.filter(|found| found.is_live(backend.now())))
}

#[derive(sqlx::FromRow)]
struct QuestionRow {
    time_zone: String,
    answered: bool,
}

/// The invited person as an actor, and the children that are still to be asked about.
async fn open_question(
    backend: &Backend,
    connection: &mut PgConnection,
    found: &LoadedInvitation,
) -> Result<(Actor, Vec<AskedChild>)> {
    let row: QuestionRow = sqlx::query_as(
        "SELECT o.time_zone, i.children_answered_at IS NOT NULL AS answered
         FROM invitations i JOIN organisations o ON o.id = i.organisation_id
         WHERE i.organisation_id = $1 AND i.id = $2",
    )
    .bind(found.organisation().0)
    .bind(found.id().0)
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::NotFound("invitation"))?;
    let today = backend.today(row.time_zone.parse::<Tz>().map_err(Error::unexpected)?);
    // People who were sent an invitation have an account; its roles have no say here.
    let actor = actor_of(connection, found.organisation(), found.person(), today).await?.without_roles();
    if row.answered {
        return Ok((actor, Vec::new()));
    }
    let children =
        children(connection, found.organisation(), today, &granted(&actor), Looking::Guardian).await?;
    Ok((actor, children.into_iter().map(asked_about).collect()))
}
