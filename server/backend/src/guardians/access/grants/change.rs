//! Changing what an adult sees of a child.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::authorization::policy::Permission;
use domain::guardians::grants::{GrantForm, WantedGrant};
use domain::ids::PersonId;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{AuditEntry, record_all};
use crate::guardians::access::open::{NewGrant, insert};
use crate::guardians::access::reach::enter_pair;
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// What a change did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccessChange {
    /// Parts that were opened.
    pub given: usize,
    /// Parts that were closed.
    pub ended: usize,
}

#[derive(sqlx::FromRow)]
struct PairRow {
    is_contact: bool,
    /// The parts that restrictions close.
    closed: Vec<String>,
    /// Whether the adult is a student here today.
    is_student: bool,
    /// Whether rights have passed to the child.
    child_is_of_age: bool,
}

#[derive(sqlx::FromRow, Clone)]
struct LiveGrantRow {
    id: Uuid,
    scope: String,
    ground: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Makes what an adult sees of a child what the form says: opens what is ticked, closes what is not, and opens again what
/// has other days or another ground. Closing ends it at once and keeps it as a record.
///
/// # Errors
/// A sentence for each field that is wrong, or a conflict that says why this adult cannot see this child.
#[tracing::instrument(skip_all, fields(adult = %adult, child = %child))]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    (adult, child): (PersonId, PersonId),
    form: &GrantForm,
) -> Result<AccessChange> {
    let Entered { mut transaction, at } =
        enter_pair(backend, actor, Permission::ManageGuardians, (adult, child)).await?;
    let wanted = form.parse(at.today)?;
    let pair = pair(&mut transaction, actor, (adult, child), at.today).await?;
    let live = live(&mut transaction, actor, (adult, child), at.today).await?;
    let (keep, gone): (Vec<LiveGrantRow>, Vec<LiveGrantRow>) =
        live.into_iter().partition(|row| wanted.iter().any(|grant| row.is(grant)));
    let new: Vec<WantedGrant> =
        wanted.into_iter().filter(|grant| !keep.iter().any(|row| row.is(grant))).collect();
    if !new.is_empty() {
        pair.refuse(&new)?;
    }
    stop(backend, &mut transaction, actor, &gone).await?;
    let grants: Vec<NewGrant> = new
        .iter()
        .map(|grant| NewGrant {
            adult,
            child,
            scope: grant.scope,
            ground: grant.ground,
            starts_on: grant.starts_on,
            ends_on: grant.ends_on,
        })
        .collect();
    insert(backend, &mut transaction, actor.organisation, (actor.account(), None), &grants).await?;
    let mut entries = Vec::new();
    let given: Vec<&str> = new.iter().map(|grant| grant.scope.slug()).collect();
    let ended: Vec<&str> =
        gone.iter().map(|row| row.scope.as_str()).filter(|scope| !given.contains(scope)).collect();
    for (action, scopes) in [(AuditAction::AccessGranted, &given), (AuditAction::AccessEnded, &ended)] {
        if scopes.is_empty() {
            continue;
        }
        for (person, other) in [(child, adult), (adult, child)] {
            let details = json!({ "scopes": scopes });
            entries.push(AuditEntry::new(action).person(person).subject("person", other.0).details(details));
        }
    }
    let done = AccessChange { given: given.len(), ended: ended.len() };
    record_all(backend, &mut transaction, actor, entries).await?;
    transaction.commit().await?;
    Ok(done)
}

impl PairRow {
    /// Without the profile nothing of a child is shown, so nothing can be given either.
    fn closes(&self, scope: PortalScope) -> bool {
        self.closed.iter().any(|closed| closed == scope.slug() || closed == PortalScope::Profile.slug())
    }

    /// # Errors
    /// Why this adult cannot be given this child.
    fn refuse(&self, new: &[WantedGrant]) -> Result<()> {
        let of_family =
            |ground| matches!(ground, GrantGround::ParentalResponsibility | GrantGround::Relation);
        if self.is_student {
            Err(Error::conflict(
                "student_as_guardian",
                "This person is a student here. A student can\u{2019}t see another student\u{2019}s portal.",
            ))
        } else if let Some(grant) = new.iter().find(|grant| self.closes(grant.scope)) {
            let part = grant.scope.label();
            Err(Error::conflict(
                "restricted",
                format!(
                    "A restriction is in force for these two, so \u{201c}{part}\u{201d} can\u{2019}t be given. It has to be lifted first."
                ),
            ))
        } else if self.child_is_of_age && new.iter().any(|grant| of_family(grant.ground)) {
            Err(Error::conflict(
                "of_age",
                "This student is of age and decides who sees their portal. Choose consent, if they agreed, or a court order.",
            ))
        } else if !self.is_contact && new.iter().any(|grant| of_family(grant.ground)) {
            Err(Error::conflict(
                "no_contact",
                "This person is not a contact of the child. Add them as a contact first, or choose consent or a court order.",
            ))
        } else {
            Ok(())
        }
    }
}

impl LiveGrantRow {
    fn is(&self, wanted: &WantedGrant) -> bool {
        self.scope == wanted.scope.slug()
            && self.ground == wanted.ground.slug()
            && self.starts_on == wanted.starts_on
            && self.ends_on == wanted.ends_on
    }
}

/// Locks the adult's account, so that two changes wait for each other.
async fn pair(
    connection: &mut PgConnection,
    actor: &Actor,
    (adult, child): (PersonId, PersonId),
    today: NaiveDate,
) -> Result<PairRow> {
    sqlx::query("SELECT FROM people WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind(actor.organisation.0)
        .bind(adult.0)
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query_as(
        "SELECT EXISTS (SELECT FROM contacts k
                        WHERE k.organisation_id = $1 AND k.adult_id = $2 AND k.child_id = $3 AND k.ended_at IS NULL) AS is_contact,
                closed_parts($2, $3, $4) AS closed,
                EXISTS (SELECT FROM enrolments e
                        WHERE e.organisation_id = $1 AND e.person_id = $2
                          AND daterange(e.starts_on, e.ends_on, '[]') @> $4::date) AS is_student,
                EXISTS (SELECT FROM comings_of_age c
                        WHERE c.organisation_id = $1 AND c.person_id = $3 AND c.passed_at IS NOT NULL) AS child_is_of_age",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(today)
    .fetch_one(connection)
    .await?)
}

/// What the adult sees today or will see, of the parts that the form shows.
async fn live(
    connection: &mut PgConnection,
    actor: &Actor,
    (adult, child): (PersonId, PersonId),
    today: NaiveDate,
) -> Result<Vec<LiveGrantRow>> {
    Ok(sqlx::query_as(
        "SELECT id, scope, ground, starts_on, ends_on FROM access_grants
         WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND stopped_at IS NULL AND scope = ANY($5)
           AND (ends_on IS NULL OR ends_on >= $4)
         ORDER BY id FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(today)
    .bind(PortalScope::FAMILY.map(PortalScope::slug).as_slice())
    .fetch_all(connection)
    .await?)
}

async fn stop(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    gone: &[LiveGrantRow],
) -> Result<()> {
    sqlx::query(
        "UPDATE access_grants SET stopped_at = $3, stopped_for = 'office', stopped_by = $4
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(actor.organisation.0)
    .bind(gone.iter().map(|row| row.id).collect::<Vec<_>>())
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(connection)
    .await?;
    Ok(())
}
