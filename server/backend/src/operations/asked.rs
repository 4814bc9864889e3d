//! Requests to a second person about something that their input names, for the page of that thing.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::operations::state::{OperationState, RUNS_WITHIN, WAITS};
use sqlx::PgConnection;
use uuid::Uuid;

use super::store::{StoredOperation, stored};
use crate::{Backend, Result};

/// A request that is open: nobody has decided about it yet, or it was approved and can be run.
pub(crate) struct OpenRequest {
    /// What it is about.
    pub(crate) about: Uuid,
    /// The kind of operation.
    pub(crate) kind: String,
    /// When it was made.
    pub(crate) at: DateTime<Utc>,
    /// Whether a second person has approved it.
    pub(crate) is_approved: bool,
    /// Whether the reader made it.
    pub(crate) own: bool,
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    about: Uuid,
    #[sqlx(flatten)]
    stored: StoredOperation,
}

impl RequestRow {
    /// `None` if it is not open any more.
    fn open(self, actor: &Actor, now: DateTime<Utc>) -> Option<OpenRequest> {
        let is_approved = match self.stored.state(now) {
            OperationState::Waiting => false,
            OperationState::Approved => true,
            _ => return None,
        };
        Some(OpenRequest {
            about: self.about,
            at: self.stored.created_at(),
            is_approved,
            own: self.stored.is_of(actor),
            kind: self.stored.kind,
        })
    }
}

/// Returns the open requests of these kinds about any of several things, oldest first. `field` of their input names what they
/// are about.
pub(crate) async fn open_requests(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    kinds: &[&str],
    (field, about): (&str, &[Uuid]),
) -> Result<Vec<OpenRequest>> {
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let now = backend.now();
    let rows: Vec<RequestRow> = sqlx::query_as(stored!(
        ", (w.input ->> $3::text)::uuid AS about
          FROM operations w
          WHERE w.organisation_id = $1 AND w.second_person AND w.kind = ANY ($2) AND w.created_at > $5
            AND w.input ->> $3::text = ANY ($4::uuid[]::text[])
          ORDER BY w.created_at"
    ))
    .bind(actor.organisation.0)
    .bind(kinds)
    .bind(field)
    .bind(about)
    // What was asked for before that has lapsed, even if it was approved at the last moment.
    .bind(now - WAITS - RUNS_WITHIN)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().filter_map(|row| row.open(actor, now)).collect())
}
