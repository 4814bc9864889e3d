//! The hash chain: each entry has a number, and a hash over itself and the previous entry. The hash is keyed,
//! so that nobody can forge a valid chain with the database alone.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::crypto::{KeyedHash, Keys};

/// An entry as stored; the hash covers all of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct StoredEntry {
    pub(super) id: Uuid,
    pub(super) organisation_id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) actor_account_id: Option<Uuid>,
    pub(super) source: Option<String>,
    pub(super) in_name_of: Option<Uuid>,
    pub(super) action: String,
    pub(super) person_id: Option<Uuid>,
    pub(super) subject_kind: Option<String>,
    pub(super) subject_id: Option<Uuid>,
    pub(super) details: Value,
}

/// The hash before the first entry.
pub(super) const START: &[u8] = &[];

impl StoredEntry {
    /// The hash of this entry at this position in its organisation's chain. The canonical form is a JSON
    /// array (RFC 8259) of the fields in order, with times in microseconds as PostgreSQL stores them and
    /// sorted object keys.
    pub(super) fn hash(&self, keys: &Keys, sequence: i64, before: &[u8]) -> KeyedHash {
        let canonical = json!([
            sequence,
            self.id,
            self.organisation_id,
            self.at.timestamp_micros(),
            self.actor_account_id,
            self.source,
            self.in_name_of,
            self.action,
            self.person_id,
            self.subject_kind,
            self.subject_id,
            self.details,
        ]);
        keys.audit_hash(before, &canonical.to_string())
    }
}

/// Appends any number of entries of one organisation in two statements. Until the transaction ends, every
/// other writer of this organisation's log waits.
pub(super) async fn append(
    keys: &Keys,
    connection: &mut PgConnection,
    entries: &[StoredEntry],
) -> Result<()> {
    let Some(organisation) = entries.first().map(|entry| entry.organisation_id) else { return Ok(()) };
    let (mut sequence, mut hash): (i64, Vec<u8>) = sqlx::query_as(
        "INSERT INTO audit_heads AS head (organisation_id, entries, hash) VALUES ($1, 0, $2)
         ON CONFLICT (organisation_id) DO UPDATE SET entries = head.entries RETURNING entries, hash",
    )
    .bind(organisation)
    .bind(START)
    .fetch_one(&mut *connection)
    .await?;
    let mut sequences = Vec::with_capacity(entries.len());
    let mut hashes = Vec::with_capacity(entries.len());
    for entry in entries {
        sequence += 1;
        hash = entry.hash(keys, sequence, &hash).to_vec();
        sequences.push(sequence);
        hashes.push(hash.clone());
    }
    sqlx::query(
        "WITH head AS (UPDATE audit_heads SET entries = $2, hash = $3 WHERE organisation_id = $1)
         INSERT INTO audit_events (organisation_id, sequence, hash, id, at, actor_account_id, source, in_name_of, action,
                                   person_id, subject_kind, subject_id, details)
         SELECT $1, * FROM unnest($4::bigint[], $5::bytea[], $6::uuid[], $7::timestamptz[], $8::uuid[], $9::text[], $10::uuid[],
                                  $11::text[], $12::uuid[], $13::text[], $14::uuid[], $15::jsonb[])",
    )
    .bind(organisation)
    .bind(sequence)
    .bind(&hash)
    .bind(&sequences)
    .bind(&hashes)
    .bind(column(entries, |entry| entry.id))
    .bind(column(entries, |entry| entry.at))
    .bind(column(entries, |entry| entry.actor_account_id))
    .bind(column(entries, |entry| entry.source.clone()))
    .bind(column(entries, |entry| entry.in_name_of))
    .bind(column(entries, |entry| entry.action.clone()))
    .bind(column(entries, |entry| entry.person_id))
    .bind(column(entries, |entry| entry.subject_kind.clone()))
    .bind(column(entries, |entry| entry.subject_id))
    .bind(column(entries, |entry| entry.details.clone()))
    .execute(connection)
    .await?;
    Ok(())
}

fn column<T>(entries: &[StoredEntry], of: impl Fn(&StoredEntry) -> T) -> Vec<T> {
    entries.iter().map(of).collect()
}
