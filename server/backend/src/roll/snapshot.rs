//! The roll of a school for the browser: all of it, or those whom the actor may see. It leaves without a proof, since every page with a list needs it; that it
//! left is in the audit log, once for each session and day.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{SchoolId, SessionId};
use serde_json::json;

use super::cache::{CachedRoll, rolls};
use crate::audit::{AuditEntry, alerts, record};
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Into so many sessions of one account the roll goes in a day without anyone being told: someone with two computers
/// someone who signs in again after each break stays under it.
const USUAL_SESSIONS: i64 = 10;

/// A roll, for a reader who already has it or needs it.
pub enum Snapshot {
    /// The version that they have seen. Nothing leaves, and nothing is written down.
    Seen(Arc<CachedRoll>),
    /// Another one.
    Whole(Arc<CachedRoll>),
}

/// The roll of a school, for a session. What crosses the wire is the text of its snapshot; its version is a good
/// `ETag`, and `seen` the one that the browser holds.
pub async fn snapshot(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    school: SchoolId,
    seen: Option<&str>,
) -> Result<Snapshot> {
    let school = backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?.at;
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewRoll, &school).await?;
    if seen == Some(&*roll.version) {
        return Ok(Snapshot::Seen(roll));
    }
    note(backend, actor, session, &school, roll.snapshot.len()).await?;
    Ok(Snapshot::Whole(roll))
}

/// Writes down that the roll goes into a session, unless that was done today. Administrators are told about an account
/// that brings it into more sessions than is usual.
async fn note(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    school: &SchoolContext,
    students: usize,
) -> Result<()> {
    let mut transaction =
        backend.enter(actor, Permission::ViewRoll, InSchool(school.school)).await?.transaction;
    let first = sqlx::query(
        "INSERT INTO roll_loads AS load (organisation_id, session_id, school_id, loaded_on) VALUES ($1, $2, $3, $4)
         ON CONFLICT (session_id, school_id) DO UPDATE SET loaded_on = excluded.loaded_on
         WHERE load.loaded_on <> excluded.loaded_on",
    )
    .bind(actor.organisation.0)
    .bind(session.0)
    .bind(school.school.0)
    .bind(school.today)
    .execute(&mut *transaction)
    .await?;
    if first.rows_affected() == 0 {
        return Ok(());
    }
    // From the log: a session that was ended since counts too.
    let others: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT subject_id) FROM audit_events
         WHERE organisation_id = $1 AND actor_account_id = $2 AND action = $3 AND at > $4 AND subject_id <> $5",
    )
    .bind(actor.organisation.0)
    .bind(actor.account().map(|account| account.0))
    .bind(AuditAction::RollLoaded.slug())
    .bind(backend.now() - TimeDelta::days(1))
    .bind(session.0)
    .fetch_one(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::RollLoaded)
        .subject("session", session.0)
        .details(json!({ "school": school.school.0, "students": students }));
    if others < USUAL_SESSIONS {
        record(backend, &mut transaction, actor, entry).await?;
    } else {
        alerts::raise(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
