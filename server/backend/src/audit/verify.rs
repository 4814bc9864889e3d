//! Verifying that the audit log is as it was written.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use futures_util::TryStreamExt as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::chain::{START, StoredEntry};
use crate::Backend;
use crate::tenancy::target::Organisation;

/// The most breaks that are listed; beyond that the log is broken anyway.
const MOST_BREAKS: usize = 100;

/// An end of the chain that someone noted elsewhere: nothing up to it can be rewritten or cut off unnoticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedChainEnd {
    /// The number of the last entry at that time.
    pub entry: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl FromStr for NotedChainEnd {
    type Err = String;

    /// Parses `NUMBER:HASH`, as the command prints it.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once(':')
            .and_then(|(entry, hash)| {
                let hash = HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).ok()?;
                Some(Self { entry: entry.parse().ok()?, hash })
            })
            .ok_or_else(|| "enter the number and the hash as `greencap audit verify` prints them".to_owned())
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainVerification {
    /// How many entries the chain should have.
    pub entries: i64,
    /// The hash at its end, in hex. Noted elsewhere, it later proves that nothing before it was rewritten.
    pub head: String,
    /// How many entries are older than the chain, and so have no hash.
    pub before_chain: i64,
    /// Where the log differs from what was written; the first [`MOST_BREAKS`].
    pub breaks: Vec<ChainBreak>,
}

/// A place where the log differs from what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainBreak {
    /// The number of the entry in the log.
    pub entry: Option<i64>,
    /// Its id, if there is one.
    pub id: Option<Uuid>,
    /// What is wrong.
    pub kind: ChainBreakKind,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainBreakKind {
    /// The entry no longer exists.
    Removed,
    /// The entry was changed or moved.
    Changed,
    /// The entry was inserted without the chain.
    Slipped,
    /// The chain does not end where it was noted to.
    End,
}

impl std::fmt::Display for ChainBreak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let entry = self.entry.map_or_else(|| "without a number".to_owned(), |number| number.to_string());
        let id = self.id.map(|id| format!(" ({id})")).unwrap_or_default();
        match self.kind {
            ChainBreakKind::Removed => write!(f, "entry {entry} was removed"),
            ChainBreakKind::Changed => write!(f, "entry {entry}{id} was changed or moved"),
            ChainBreakKind::Slipped => write!(f, "entry {entry}{id} was not written by Greencap"),
            ChainBreakKind::End => write!(f, "the chain once ended with another entry {entry}{id}"),
        }
    }
}

#[derive(sqlx::FromRow)]
struct ChainedEntryRow {
    sequence: i64,
    hash: Vec<u8>,
    #[sqlx(flatten)]
    entry: StoredEntry,
}

/// Verifies the whole chain of the actor's organisation, from one database snapshot and with bounded memory.
/// `noted` is an earlier end of the chain.
#[tracing::instrument(skip_all)]
pub async fn verify(
    backend: &Backend,
    actor: &Actor,
    noted: Option<&NotedChainEnd>,
) -> crate::Result<ChainVerification> {
    let mut transaction =
        backend.enter_snapshot(actor, Permission::ViewAudit, Organisation).await?.transaction;
    let head: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT entries, hash FROM audit_heads WHERE organisation_id = $1")
            .bind(actor.organisation.0)
            .fetch_optional(&mut *transaction)
            .await?;
    let (entries, head) = head.unwrap_or((0, START.to_vec()));
    let mut breaks = Vec::new();
    let mut expected = 1;
    let mut before = START.to_vec();
    let mut began: Option<DateTime<Utc>> = None;
    let mut rows = sqlx::query_as::<_, ChainedEntryRow>(
        "SELECT id, organisation_id, at, actor_account_id, source, in_name_of, action, person_id, subject_kind, subject_id,
                details, sequence, hash
         FROM audit_events WHERE organisation_id = $1 AND sequence IS NOT NULL ORDER BY sequence",
    )
    .bind(actor.organisation.0)
    .fetch(&mut *transaction);
    while let Some(row) = rows.try_next().await? {
        began.get_or_insert(row.entry.at);
        breaks.extend((expected..row.sequence).take(MOST_BREAKS).map(removed));
        // After a gap there is no previous entry to compare with, and the gap is already reported.
        let follows = row.sequence == expected;
        if follows && row.entry.hash(&backend.keys, row.sequence, &before)[..] != row.hash[..] {
            let (entry, id) = (Some(row.sequence), Some(row.entry.id));
            breaks.push(ChainBreak { entry, id, kind: ChainBreakKind::Changed });
        }
        if noted.is_some_and(|noted| noted.entry == row.sequence && noted.hash != row.hash) {
            breaks.push(ChainBreak {
                entry: Some(row.sequence),
                id: Some(row.entry.id),
                kind: ChainBreakKind::End,
            });
        }
        expected = row.sequence + 1;
        before = row.hash;
    }
    drop(rows);
    let noted = noted.map_or(0, |noted| noted.entry);
    breaks.extend((expected..=entries.max(noted)).take(MOST_BREAKS).map(removed));
    if entries < expected - 1 || (entries == expected - 1 && head != before) {
        breaks.push(ChainBreak { entry: Some(expected - 1), id: None, kind: ChainBreakKind::End });
    }
    let (before_chain, slipped) = outside(&mut transaction, actor, began).await?;
    breaks.extend(slipped.into_iter().map(|id| ChainBreak {
        entry: None,
        id: Some(id),
        kind: ChainBreakKind::Slipped,
    }));
    breaks.truncate(MOST_BREAKS);
    Ok(ChainVerification { entries, head: HEXLOWER.encode(&head), before_chain, breaks })
}

fn removed(entry: i64) -> ChainBreak {
    ChainBreak { entry: Some(entry), id: None, kind: ChainBreakKind::Removed }
}

/// Finds entries without a number: how many are older than the chain, and which are newer than its beginning.
async fn outside(
    connection: &mut PgConnection,
    actor: &Actor,
    began: Option<DateTime<Utc>>,
) -> crate::Result<(i64, Vec<Uuid>)> {
    let slipped: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM audit_events WHERE organisation_id = $1 AND sequence IS NULL AND at > $2 ORDER BY at, id",
    )
    .bind(actor.organisation.0)
    .bind(began)
    .fetch_all(&mut *connection)
    .await?;
    let older: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE organisation_id = $1 AND sequence IS NULL AND (at > $2) IS NOT TRUE",
    )
    .bind(actor.organisation.0)
    .bind(began)
    .fetch_one(connection)
    .await?;
    Ok((older, slipped))
}
