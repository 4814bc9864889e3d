//! Everything that is held on a person: how much of each kind, and all of it.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::data_rights::held::HeldCount;
use domain::data_rights::obstacle::ErasureObstacle;
use domain::ids::{OrganisationId, PersonId, SchoolId};
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::catalogue::{Held, NOT_FOUND_BY_PERSON, held};
use super::obstacles::obstacles;
use super::subject::{DataSubject, subject};
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// What is held on a person, without saying what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSummary {
    /// Who.
    pub subject: DataSubject,
    /// How many rows of each kind, if there are any.
    pub counts: Vec<HeldCount>,
    /// What keeps them from being erased.
    pub obstacles: Vec<ErasureObstacle>,
}

impl DataSummary {
    /// How many rows an erasure would delete or empty.
    pub fn erased_rows(&self) -> usize {
        let erased = |count: &&HeldCount| !matches!(count.fate, domain::data_rights::held::Fate::Stays(_));
        self.counts.iter().filter(erased).map(|count| count.rows).sum()
    }
}

/// Everything that is held on a person.
#[derive(Debug, Clone)]
pub struct PersonExport {
    /// Who.
    pub subject: DataSubject,
    /// When it was exported.
    pub at: DateTime<Utc>,
    /// Each kind, with its rows.
    pub kinds: Vec<HeldRows>,
}

/// The rows of one kind.
#[derive(Debug, Clone)]
pub struct HeldRows {
    /// The kind.
    pub count: HeldCount,
    /// The columns by which they were found.
    pub found_by: &'static [&'static str],
    /// The rows, without secrets.
    pub rows: Vec<Value>,
}

impl PersonExport {
    /// What an export cannot contain.
    pub fn not_included() -> &'static [&'static str] {
        NOT_FOUND_BY_PERSON
    }

    /// The file for a machine to read.
    pub fn json(&self) -> Value {
        let kinds: Map<String, Value> = self
            .kinds
            .iter()
            .map(|kind| {
                let HeldCount { table, heading, mentions_others, fate, .. } = kind.count;
                let value = json!({
                    "heading": heading,
                    "found_by": kind.found_by,
                    "mentions_others": mentions_others,
                    "when_erased": fate.slug(),
                    "rows": kind.rows,
                });
                (table.to_owned(), value)
            })
            .collect();
        json!({
            "person": self.subject.person,
            "name": self.subject.name,
            "username": self.subject.username,
            "exported_at": self.at,
            "held": kinds,
            "not_included": NOT_FOUND_BY_PERSON,
        })
    }

    /// The name of the file: their username if they have one.
    pub fn file_name(&self) -> String {
        let whose = self.subject.username.clone().unwrap_or_else(|| self.subject.person.to_string());
        format!("data-{whose}-{}.json", self.at.date_naive())
    }
}

/// Says how much is held on a person, and whether they can be erased. Reads nothing out.
pub async fn summary(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<DataSummary> {
    let Entered { mut transaction, at } =
        backend.enter_snapshot(actor, Permission::ManageDataRights, School(school)).await?;
    let subject = subject(&mut transaction, &at, person).await?;
    let counts = rows(&mut transaction, actor.organisation, &subject.records).await?;
    let counts = counts.into_iter().map(|kind| kind.count).collect();
    let obstacles = obstacles(backend, &mut transaction, (actor, &at), &subject).await?;
    Ok(DataSummary { subject, counts, obstacles })
}

/// Exports everything that is held on a person, and writes that to the audit log.
#[tracing::instrument(skip_all, fields(%person))]
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<PersonExport> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageDataRights, School(school)).await?;
    let subject = subject(&mut transaction, &at, person).await?;
    let kinds = rows(&mut transaction, actor.organisation, &subject.records).await?;
    let total: usize = kinds.iter().map(|kind| kind.rows.len()).sum();
    let entry = AuditEntry::new(AuditAction::PersonExported)
        .person(person)
        .subject("school", at.school.0)
        .details(json!({ "kinds": kinds.len(), "rows": total }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    tracing::info!(kinds = kinds.len(), rows = total, "exported what is held on a person");
    Ok(PersonExport { subject, at: backend.now(), kinds })
}

/// Everything that is held on these records, by kind; kinds without a row are left out.
pub(super) async fn rows(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    records: &[Uuid],
) -> Result<Vec<HeldRows>> {
    let mut found = Vec::new();
    for Held { table, heading, columns, read, fate, mentions_others, .. } in held().copied() {
        let rows = sqlx::query(read).bind(organisation.0).bind(records).fetch_all(&mut *connection).await?;
        if rows.is_empty() {
            continue;
        }
        let rows = rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<Vec<Value>>>()?;
        let count = HeldCount { table, heading, rows: rows.len(), fate, mentions_others };
        found.push(HeldRows { count, found_by: columns, rows });
    }
    Ok(found)
}
