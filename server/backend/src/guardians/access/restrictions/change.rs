//! Changing what a restriction says: its reference, reason and dates, and what it closes. Whom it is about stays: for others
//! there is another restriction.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::policy::Permission;
use domain::guardians::restriction::{
    RestrictedAdults, RestrictionEffects, RestrictionForm, RestrictionReason, RestrictionTerms,
};
use domain::ids::{OrganisationId, PersonId, RestrictionId};
use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::effects::act;
use super::loosen::{LoosenOutcome, ask};
use super::narrow::NarrowRestriction;
use super::record::{acted, adults_of};
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestrictionChange {
    /// It is so from now on.
    Changed,
    /// It closes less than before, so a second person has to approve.
    Waits,
}

#[derive(sqlx::FromRow)]
struct StoredRestrictionRow {
    adult_id: Option<Uuid>,
    except_ids: Vec<Uuid>,
    scopes: Vec<String>,
    reason: String,
    reference: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    review_on: Option<NaiveDate>,
    hides_addresses: bool,
    has_acted: bool,
    effects: Option<Json<RestrictionEffects>>,
}

/// Returns the form for a restriction of a child, filled in with what it says.
///
/// # Errors
/// [`Error::NotFound`] if it is not one of this child's, or was lifted.
pub async fn form(
    backend: &Backend,
    actor: &Actor,
    child: PersonId,
    restriction: RestrictionId,
) -> Result<RestrictionForm> {
    let mut transaction =
        backend.enter(actor, Permission::ManageRestrictions, Person(child)).await?.transaction;
    let row = load(&mut transaction, actor.organisation, child, restriction).await?;
    Ok(RestrictionForm::of(&row.terms()?))
}

/// Changes what a restriction says. What it closes more than before counts at once, as if it had been recorded now: see
/// [`act`]. What it closes less takes a second person, and until then everything stays.
///
/// # Errors
/// A sentence for each field that is wrong; a conflict if nothing is different, or the actor is one of the child's adults;
/// [`Error::NotFound`] if it is not one of this child's, or was lifted.
#[tracing::instrument(skip_all, fields(child = %child, restriction = %restriction))]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    (child, restriction): (PersonId, RestrictionId),
    typed: &RestrictionForm,
) -> Result<RestrictionChange> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageRestrictions, Person(child)).await?;
    let row = load(&mut transaction, actor.organisation, child, restriction).await?;
    let before = row.terms()?;
    let terms = typed.about(&before.whom).parse(at.today)?;
    let known = adults_of(&mut transaction, actor.organisation, child).await?;
    if actor.person().is_some_and(|person| known.contains(&person.0)) {
        return Err(Error::conflict(
            "own_child",
            "This is about a child of yours. Ask a colleague to change it.",
        ));
    }
    if terms == before {
        return Err(Error::conflict(
            "nothing_different",
            "Nothing is different from before. Change something, or go back.",
        ));
    }
    if terms.closes_less_than(&before, at.today) {
        // The engine of operations opens its own transaction.
        drop(transaction);
        let input = NarrowRestriction { restriction, child, terms };
        return Ok(match ask(backend, actor, (child, restriction), input).await? {
            LoosenOutcome::Waits => RestrictionChange::Waits,
            LoosenOutcome::Done => RestrictionChange::Changed,
        });
    }
    store(backend, &mut transaction, actor, restriction, &terms).await?;
    let adults = match &terms.whom {
        RestrictedAdults::One(adult) => vec![adult.0],
        RestrictedAdults::AllBut(but) => {
            known.into_iter().filter(|adult| !but.contains(&PersonId(*adult))).collect()
        }
    };
    let begins = terms.starts_on <= at.today && !row.has_acted;
    let closes_more = terms.scopes.iter().any(|scope| !before.scopes.contains(scope));
    if begins || closes_more && terms.starts_on <= at.today {
        let done =
            act(backend, &mut transaction, actor.organisation, child, (&adults, &terms.scopes)).await?;
        let earlier = row.effects.map(|Json(effects)| effects).unwrap_or_default();
        acted(backend, &mut transaction, actor.organisation, restriction, earlier.with(done)).await?;
    }
    let people: Vec<PersonId> = std::iter::once(child.0).chain(row.adult_id).map(PersonId).collect();
    record_all(backend, &mut transaction, actor, entries(restriction, &terms, &people)).await?;
    transaction.commit().await?;
    Ok(RestrictionChange::Changed)
}

async fn load(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    child: PersonId,
    restriction: RestrictionId,
) -> Result<StoredRestrictionRow> {
    sqlx::query_as(
        "SELECT adult_id, except_ids, scopes, reason, reference, starts_on, ends_on, review_on, hides_addresses,
                acted_at IS NOT NULL AS has_acted, effects
         FROM access_restrictions
         WHERE organisation_id = $1 AND child_id = $2 AND id = $3 AND lifted_at IS NULL FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(child.0)
    .bind(restriction.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("restriction"))
}

impl StoredRestrictionRow {
    fn terms(&self) -> Result<RestrictionTerms> {
        // In the order of the form, as it is parsed.
        let is_closed = |scope: &PortalScope| self.scopes.iter().any(|closed| closed == scope.slug());
        let mut scopes: Vec<PortalScope> = PortalScope::FAMILY.into_iter().filter(is_closed).collect();
        scopes.extend(self.hides_addresses.then_some(PortalScope::Contacts));
        Ok(RestrictionTerms {
            whom: match self.adult_id {
                Some(adult) => RestrictedAdults::One(PersonId(adult)),
                None => RestrictedAdults::AllBut(self.except_ids.iter().copied().map(PersonId).collect()),
            },
            scopes,
            reason: RestrictionReason::from_slug(&self.reason)
                .ok_or_else(|| Error::unexpected("a reason that this version does not know"))?,
            reference: self.reference.clone(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            review_on: self.review_on,
            hides_addresses: self.hides_addresses,
        })
    }
}

/// Writes the terms. One that begins later than before acts again on its new first day. A task about a review date that has
/// been moved is done.
pub(super) async fn store(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    restriction: RestrictionId,
    terms: &RestrictionTerms,
) -> Result<()> {
    sqlx::query(
        "WITH changed AS (
             UPDATE access_restrictions r
             SET scopes = $3, reference = $4, reason = $5, starts_on = $6, ends_on = $7, review_on = $8, hides_addresses = $9,
                 acted_at = CASE WHEN $6 <= ($10 AT TIME ZONE o.time_zone)::date THEN r.acted_at END
             FROM organisations o
             WHERE r.organisation_id = $1 AND r.id = $2 AND o.id = r.organisation_id
             RETURNING r.child_id, r.adult_id, r.review_on
         )
         UPDATE office_tasks t SET done_at = $10, done_by = $11 FROM changed
         WHERE t.organisation_id = $1 AND t.kind = 'restriction_review' AND t.done_at IS NULL
           AND t.child_id = changed.child_id AND t.adult_id IS NOT DISTINCT FROM changed.adult_id
           AND t.details ->> 'day' IS DISTINCT FROM changed.review_on::text",
    )
    .bind(actor.organisation.0)
    .bind(restriction.0)
    .bind(terms.scopes.iter().copied().map(PortalScope::slug).collect::<Vec<_>>())
    .bind(&terms.reference)
    .bind(terms.reason.slug())
    .bind(terms.starts_on)
    .bind(terms.ends_on)
    .bind(terms.review_on)
    .bind(terms.hides_addresses)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// What the histories of the child and of the adult say.
pub(super) fn entries(
    restriction: RestrictionId,
    terms: &RestrictionTerms,
    people: &[PersonId],
) -> Vec<AuditEntry> {
    let details = json!({
        "scopes": terms.scopes.iter().map(|scope| scope.slug()).collect::<Vec<_>>(),
        "starts_on": terms.starts_on, "ends_on": terms.ends_on, "review_on": terms.review_on,
    });
    people
        .iter()
        .map(|person| {
            AuditEntry::new(AuditAction::RestrictionChanged)
                .person(*person)
                .subject("restriction", restriction.0)
                .details(details.clone())
        })
        .collect()
}
