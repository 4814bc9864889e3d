//! Making a pile void: none of its cards that are left opens anything any more. Or one card of it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::cards::views::VoidReport;
use domain::ids::{AccountId, OperationId, PersonId, SchoolId};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result, invitations, recovery};

#[derive(sqlx::FromRow)]
struct PileAccountRow {
    account_id: Uuid,
    person_id: Uuid,
    reached: bool,
}

#[derive(sqlx::FromRow)]
struct VoidedPileRow {
    number: i32,
    made_by: Option<Uuid>,
}

/// Makes the unused cards of a pile void, or those of one person. A whole pile can be made void by the person who printed it,
/// and by anyone who may give cards to everyone in it.
///
/// # Errors
/// [`Error::NotFound`] if the school has no such pile; a conflict if part of it is beyond the actor's reach.
#[tracing::instrument(skip_all, fields(pile = %pile))]
pub async fn void(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    pile: OperationId,
    only: Option<PersonId>,
) -> Result<VoidReport> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    // Lock accounts first, in a fixed order, like every action.
    let accounts = sqlx::query_as::<_, PileAccountRow>(
        "SELECT a.id AS account_id, a.person_id,
                ($4 OR a.person_id IN (SELECT v.person_id FROM visible_people v)) AND a.person_id <> ALL ($5) AS reached
         FROM accounts a
         WHERE a.organisation_id = $1 AND ($3::uuid IS NULL OR a.person_id = $3)
           AND a.id IN (SELECT i.account_id FROM invitations i WHERE i.organisation_id = $1 AND i.run_id = $2
                        UNION SELECT r.account_id FROM password_resets r WHERE r.organisation_id = $1 AND r.run_id = $2)
         ORDER BY a.id FOR NO KEY UPDATE OF a",
    )
    .bind(at.organisation.0)
    .bind(pile.0)
    .bind(only.map(|person| person.0))
    .bind(at.everybody())
    .bind(at.hidden())
    .fetch_all(&mut *transaction)
    .await?;
    let found = sqlx::query_as::<_, VoidedPileRow>(
        "SELECT number, made_by FROM print_runs
         WHERE organisation_id = $1 AND school_id = $2 AND id = $3 FOR NO KEY UPDATE",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(pile.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("pile"))?;
    let own = found.made_by.is_some_and(|by| actor.account() == Some(AccountId(by)));
    // Of others' piles that show nobody, not even that they exist.
    if !own && !accounts.iter().any(|account| account.reached) {
        return Err(Error::NotFound("pile"));
    }
    if !own && !accounts.iter().all(|account| account.reached) {
        return Err(Error::conflict(
            "pile_of_others",
            "Some cards of this pile are for people outside your groups. Make the cards of your own students void one by one, or ask the office to make the pile void.",
        ));
    }
    let one = only.and_then(|_| accounts.first()).map(|account| AccountId(account.account_id));
    if only.is_some() && one.is_none() {
        return Err(Error::NotFound("card"));
    }
    let organisation = at.organisation;
    let voided = invitations::cards::void_cards(backend, &mut transaction, organisation, (pile, one)).await?
        + recovery::cards::void_cards(backend, &mut transaction, organisation, (pile, one)).await?;
    if only.is_none() {
        sqlx::query(
            "UPDATE print_runs SET voided_at = coalesce(voided_at, $3), voided_by = CASE WHEN voided_at IS NULL THEN $4 ELSE voided_by END
             WHERE organisation_id = $1 AND id = $2",
        )
        .bind(organisation.0)
        .bind(pile.0)
        .bind(backend.now())
        .bind(actor.account().map(|account| account.0))
        .execute(&mut *transaction)
        .await?;
    }
    if voided > 0 || only.is_none() {
        let details = json!({ "pile": found.number, "cards": voided });
        let entry = AuditEntry::new(AuditAction::CardsVoided).subject("print run", pile.0).details(details);
        let entry = match accounts.first().filter(|_| only.is_some()) {
            Some(account) => entry.person(PersonId(account.person_id)),
            None => entry,
        };
        record(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    tracing::info!(voided, "cards voided");
    Ok(VoidReport { voided: u32::try_from(voided).unwrap_or(u32::MAX) })
}
