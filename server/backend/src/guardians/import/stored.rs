//! What is stored of adults and children whom a file may name.

use chrono::{DateTime, NaiveDate, Utc};
use domain::guardians::contact::{ContactFacts, ContactFunction, ContactPriority};
use domain::guardians::import::known::KnownContact;
use domain::guardians::relationship::Relationship;
use domain::ids::{ContactId, PersonId};
use futures_util::stream::BoxStream;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::imports::kind::Importing;
use crate::{Error, Result};

/// A contact as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct ContactRow {
    id: Uuid,
    pub(super) adult_id: Uuid,
    pub(super) child_id: Uuid,
    relationship: String,
    relationship_said: String,
    functions: Vec<String>,
    priority: Option<i16>,
    parental_responsibility: Option<bool>,
    lives_with: Option<bool>,
    no_portal: bool,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    ended_at: Option<DateTime<Utc>>,
    kept_fields: Vec<String>,
}

impl ContactRow {
    /// The day on which it was ended, if it was.
    pub(super) fn ended_on(&self, cx: &Importing<'_>) -> Option<NaiveDate> {
        self.ended_at.map(|at| at.with_timezone(&cx.school.zone).date_naive())
    }

    /// The contact that is in force.
    pub(super) fn known(self) -> Result<KnownContact> {
        let unknown = || Error::unexpected(format!("relationship {}", self.relationship));
        let priority = self.priority.map(|number| {
            let number = u8::try_from(number).map_err(Error::unexpected)?;
            ContactPriority::try_from(number).map_err(Error::unexpected)
        });
        let has = |function: &ContactFunction| self.functions.iter().any(|slug| slug == function.slug());
        Ok(KnownContact {
            id: ContactId(self.id),
            facts: ContactFacts {
                relationship: Relationship::from_slug(&self.relationship).ok_or_else(unknown)?,
                functions: ContactFunction::ALL.into_iter().filter(has).collect(),
                relationship_said: self.relationship_said,
                priority: priority.transpose()?,
                parental_responsibility: self.parental_responsibility,
                lives_with: self.lives_with,
                no_portal: self.no_portal,
                starts_on: self.starts_on,
                ends_on: self.ends_on,
            },
            kept: self.kept_fields,
        })
    }
}

/// The contacts of these children: those in force, and those that the office or the family ended.
pub(super) fn contacts<'a>(
    cx: &Importing<'_>,
    connection: &'a mut PgConnection,
    children: &'a [Uuid],
) -> BoxStream<'a, sqlx::Result<ContactRow>> {
    sqlx::query_as::<_, ContactRow>(
        "SELECT c.id, c.adult_id, c.child_id, c.relationship, c.relationship_said, c.functions, c.priority,
                c.parental_responsibility, c.lives_with, c.no_portal, c.starts_on, c.ends_on, c.ended_at, c.kept_fields
         FROM contacts c
         WHERE c.organisation_id = $1 AND c.child_id = ANY($2)
           AND (c.ended_for IS NULL OR c.ended_for IN ('office', 'not_my_child'))",
    )
    .bind(cx.school.organisation.0)
    .bind(children)
    .fetch(connection)
}

/// The pairs that a restriction keeps apart.
pub(super) async fn restricted(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    children: &[Uuid],
    adults: &[Uuid],
) -> Result<Vec<(PersonId, PersonId)>> {
    let found: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.id, r.child_id FROM access_restrictions r
         JOIN people a ON a.organisation_id = $1 AND a.id = ANY($3)
          AND (r.adult_id = a.id OR r.adult_id IS NULL AND NOT a.id = ANY (r.except_ids)
               AND EXISTS (SELECT FROM contacts c WHERE c.adult_id = a.id AND c.child_id = r.child_id))
         WHERE r.organisation_id = $1 AND r.child_id = ANY($2) AND r.lifted_at IS NULL
           AND (r.ends_on IS NULL OR r.ends_on >= $4)",
    )
    .bind(cx.school.organisation.0)
    .bind(children)
    .bind(adults)
    .bind(cx.day)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(|(adult, child)| (PersonId(adult), PersonId(child))).collect())
}
