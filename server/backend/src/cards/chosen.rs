//! Who a pile is for: the members of a group, or those of an earlier pile who have not used their card.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{BatchId, GroupId, OperationId, PersonId, SchoolId};
use domain::roll::selection::Selection;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::{Group, InSchool};
use crate::{Backend, Error, Result};

/// A group whose members get cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardGroup {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// Its school.
    pub school: SchoolId,
    /// Who is in it today, as far as the actor may give them cards.
    pub members: Selection,
}

/// Finds a group for the person who wants to print its cards.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or the actor's roles do not reach it.
pub async fn of_group(backend: &Backend, actor: &Actor, group: GroupId) -> Result<CardGroup> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, Group(group)).await?;
    let members: Vec<Uuid> = sqlx::query_scalar(
        "SELECT m.person_id FROM group_members m
         WHERE m.organisation_id = $1 AND m.group_id = $2 AND daterange(m.starts_on, m.ends_on, '[]') @> $3
         ORDER BY m.person_id",
    )
    .bind(at.school.organisation.0)
    .bind(group.0)
    .bind(at.school.today)
    .fetch_all(&mut *transaction)
    .await?;
    let ids = members.into_iter().map(PersonId).collect();
    Ok(CardGroup { group, name: at.name, school: at.school.school, members: Selection::People { ids } })
}

/// The people whose accounts were created together.
///
/// # Errors
/// [`Error::NotFound`] if the school has no such batch.
pub async fn of_batch(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    batch: BatchId,
) -> Result<Selection> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT a.person_id FROM accounts a JOIN operations o ON o.organisation_id = $1 AND o.id = a.batch_id
         WHERE a.organisation_id = $1 AND o.school_id = $2 AND a.batch_id = $3
         ORDER BY a.person_id",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(batch.0)
    .fetch_all(&mut *transaction)
    .await?;
    if people.is_empty() {
        return Err(Error::NotFound("batch"));
    }
    // Whom of them the actor reaches is asked again when the cards are made.
    Ok(Selection::People { ids: people.into_iter().map(PersonId).collect() })
}

/// The people of a pile who have not used their card and have not chosen a password in another way since.
///
/// # Errors
/// [`Error::NotFound`] if the school has no such pile.
pub async fn unused(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    pile: OperationId,
) -> Result<(Option<GroupId>, Selection)> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let group: Option<Uuid> = sqlx::query_scalar(
        "SELECT group_id FROM print_runs WHERE organisation_id = $1 AND school_id = $2 AND id = $3",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(pile.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("pile"))?;
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT a.person_id FROM invitations i JOIN accounts a ON a.organisation_id = i.organisation_id AND a.id = i.account_id
         WHERE i.organisation_id = $1 AND i.run_id = $2 AND i.used_at IS NULL AND a.state IN ('created', 'invited')
         UNION
         SELECT a.person_id FROM password_resets r
         JOIN accounts a ON a.organisation_id = r.organisation_id AND a.id = r.account_id
         LEFT JOIN passwords w ON w.account_id = a.id
         WHERE r.organisation_id = $1 AND r.run_id = $2 AND r.used_at IS NULL AND a.state IN ('active', 'locked')
           AND (w.changed_at > r.created_at) IS NOT TRUE
         ORDER BY 1",
    )
    .bind(at.organisation.0)
    .bind(pile.0)
    .fetch_all(&mut *transaction)
    .await?;
    // Whom of them the actor reaches is asked again when the cards are made.
    Ok((group.map(GroupId), Selection::People { ids: people.into_iter().map(PersonId).collect() }))
}
