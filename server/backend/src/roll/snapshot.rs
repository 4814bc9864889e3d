//! The roll of a school for the browser: all of it, or the people the actor may see. It needs no step-up,
//! because every page with a list needs it; the audit log records that it was sent, once per session and day.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{SchoolId, SessionId};
use serde_json::json;

use super::cache::{CachedRoll, rolls};
use super::part;
use crate::audit::{AuditEntry, alerts, record};
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// How many sessions of one account may load the roll in a day before administrators are notified: someone
/// with two computers who signs in again after each break stays below it.
const USUAL_SESSIONS: i64 = 10;

/// A roll, for a reader who may already have it.
pub enum SnapshotForReader {
    /// The reader already has this version. Nothing is sent or recorded.
    Seen(Arc<CachedRoll>),
    /// A different version.
    Whole(Arc<CachedRoll>),
    /// The session ended while the request was on its way: someone signed out in another tab. Nothing is sent.
    SessionEnded,
}

/// Returns the roll of a school for a session, or the part of it that `of` names
/// ([`domain::roll::filter::RollPart`]). The text of its snapshot is sent to the browser; its version
/// is suitable as an `ETag`, and `seen` is the version that the browser has.
pub async fn snapshot(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    school: SchoolId,
    (seen, of): (Option<&str>, &str),
) -> Result<SnapshotForReader> {
    let school = backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?.at;
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewRoll, &school).await?;
    // A reader of a part could load the rest: the log says how many people that are.
    let all = roll.snapshot.len();
    let roll = part::of_roll(backend, actor, &school, roll, of).await?;
    if seen == Some(&*roll.version) {
        return Ok(SnapshotForReader::Seen(roll));
    }
    if note(backend, actor, session, &school, all).await? {
        Ok(SnapshotForReader::Whole(roll))
    } else {
        Ok(SnapshotForReader::SessionEnded)
    }
}

/// Records that the roll is sent to a session, unless that was already done today, and returns whether the
/// session still exists. Notifies administrators if an account loads it in unusually many sessions.
async fn note(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    school: &SchoolContext,
    students: usize,
) -> Result<bool> {
    let mut transaction =
        backend.enter(actor, Permission::ViewRoll, InSchool(school.school)).await?.transaction;
    // Held until the end, so that signing out waits instead of failing the row that refers to the session.
    let lives = sqlx::query("SELECT 1 FROM sessions WHERE organisation_id = $1 AND id = $2 FOR KEY SHARE")
        .bind(actor.organisation.0)
        .bind(session.0)
        .fetch_optional(&mut *transaction)
        .await?;
    if lives.is_none() {
        return Ok(false);
    }
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
        return Ok(true);
    }
    // Counted from the audit log, so that ended sessions count too.
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
    Ok(true)
}
