//! Who looked at a person's account: no preview is secret.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OrganisationId, PersonId};
use domain::portal::{PreviewReason, PreviewVisit};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::home::local;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// The most visits that the page shows; more than anyone has had.
const MOST: i64 = 1000;

/// Returns every visit to the signed-in person, newest first.
pub async fn all(backend: &Backend, actor: &Actor) -> Result<Vec<PreviewVisit>> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    visits(&mut transaction, actor.organisation, at.person, at.zone, MOST).await
}

#[derive(sqlx::FromRow)]
struct PreviewVisitRow {
    id: Uuid,
    at: DateTime<Utc>,
    reason: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
}

pub(super) async fn visits(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    zone: Tz,
    most: i64,
) -> Result<Vec<PreviewVisit>> {
    let rows: Vec<PreviewVisitRow> = sqlx::query_as(
        "SELECT e.id, e.at, e.details ->> 'reason' AS reason, p.given_name, p.family_name, p.preferred_name
         FROM audit_events e
         LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.id = e.actor_account_id
         LEFT JOIN people p ON p.id = a.person_id
         WHERE e.organisation_id = $1 AND e.person_id = $2 AND e.action = $3
         ORDER BY e.at DESC, e.id DESC LIMIT $4",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(AuditAction::AccountPreviewed.slug())
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| row.visit(zone)).collect()
}

impl PreviewVisitRow {
    fn visit(self, zone: Tz) -> Result<PreviewVisit> {
        let reason = self.reason.as_deref().and_then(PreviewReason::from_slug);
        let reason = reason
            .ok_or_else(|| Error::unexpected(format!("audit event {} has no preview reason", self.id)))?;
        let by = match (self.given_name, self.family_name, self.preferred_name) {
            (Some(given), Some(family), Some(preferred)) => Some(display_name(&given, &family, &preferred)),
            _ => None,
        };
        Ok(PreviewVisit { at: local(self.at, zone), by, reason })
    }
}
