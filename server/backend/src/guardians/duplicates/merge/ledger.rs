//! The ledger of a merge: what was moved and chosen, as it was before.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::ids::{MergeId, OrganisationId, PersonId};
use serde_json::Value;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres};

use crate::{Backend, Result};

/// A merge or a split that is being made: rows go from one person to the other.
#[derive(Debug, Clone, Copy)]
pub(in crate::guardians::duplicates) struct Ledger {
    /// Its id.
    pub(in crate::guardians::duplicates) merge: MergeId,
    /// The organisation.
    pub(in crate::guardians::duplicates) organisation: OrganisationId,
    /// Whose rows move.
    pub(in crate::guardians::duplicates) from: PersonId,
    /// Who gets them.
    pub(in crate::guardians::duplicates) to: PersonId,
    /// When.
    pub(in crate::guardians::duplicates) at: DateTime<Utc>,
}

impl Ledger {
    /// Opens the ledger of a merge, or of a split, whose `from` stays.
    pub(in crate::guardians::duplicates) async fn open(
        backend: &Backend,
        connection: &mut PgConnection,
        actor: &Actor,
        (from, to): (PersonId, PersonId),
        kind: MergeKind,
    ) -> Result<Self> {
        let (merge, at): (MergeId, _) = (backend.new_id(), backend.now());
        let (survivor, other, widened) = match kind {
            MergeKind::Merge { widened } => (to, from, widened),
            MergeKind::Split => (from, to, false),
        };
        sqlx::query(
            "INSERT INTO merges (id, organisation_id, kind, survivor_id, other_id, widened, made_by, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(merge.0)
        .bind(actor.organisation.0)
        .bind(if matches!(kind, MergeKind::Split) { "split" } else { "merge" })
        .bind(survivor.0)
        .bind(other.0)
        .bind(widened)
        .bind(actor.account().map(|account| account.0))
        .bind(at)
        .execute(connection)
        .await?;
        Ok(Self { merge, organisation: actor.organisation, from, to, at })
    }

    /// Notes one value that was chosen.
    pub(super) async fn chosen(
        &self,
        connection: &mut PgConnection,
        thing: &str,
        (before, after): (Value, Value),
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before, after)
             VALUES ($1, $2, $3, $4, 'chosen', $5, $6)",
        )
        .bind(self.merge.0)
        .bind(self.organisation.0)
        .bind(thing)
        .bind(self.to.to_string())
        .bind(before)
        .bind(after)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Binds what the statements of a ledger begin with: `$1` is the merge, `$2` the organisation, `$3` whose rows move and `$4` who
/// gets them.
pub(super) trait OfLedger {
    /// Binds the four.
    fn of(self, ledger: &Ledger) -> Self;
}

impl OfLedger for Query<'_, Postgres, PgArguments> {
    fn of(self, ledger: &Ledger) -> Self {
        self.bind(ledger.merge.0).bind(ledger.organisation.0).bind(ledger.from.0).bind(ledger.to.0)
    }
}

/// What a ledger is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::guardians::duplicates) enum MergeKind {
    /// Two people become one.
    Merge {
        /// Whether a login sees more afterwards.
        widened: bool,
    },
    /// One person becomes two.
    Split,
}
