//! Reads contacts from rows.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::authorization::grant::PortalScope;
use domain::guardians::contact::{ContactFacts, ContactFunction, ContactPriority};
use domain::guardians::ending::{EndReason, EndedFor};
use domain::guardians::relationship::Relationship;
use domain::guardians::views::{ContactEnd, Sees};

use crate::{Error, Result};

/// The columns of a contact that tell what is known of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct FactsRow {
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
    ended_for: Option<String>,
    ended_reason: String,
}

impl FactsRow {
    /// What is known of it.
    pub(super) fn facts(&self) -> Result<ContactFacts> {
        let relationship = Relationship::from_slug(&self.relationship)
            .ok_or_else(|| Error::unexpected(format!("relationship {}", self.relationship)))?;
        let priority = self
            .priority
            .map(|number| {
                u8::try_from(number)
                    .ok()
                    .and_then(|number| ContactPriority::try_from(number).ok())
                    .ok_or_else(|| Error::unexpected(format!("priority {number}")))
            })
            .transpose()?;
        Ok(ContactFacts {
            relationship,
            relationship_said: self.relationship_said.clone(),
            functions: ContactFunction::ALL
                .into_iter()
                .filter(|function| self.functions.iter().any(|slug| slug == function.slug()))
                .collect(),
            priority,
            parental_responsibility: self.parental_responsibility,
            lives_with: self.lives_with,
            no_portal: self.no_portal,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        })
    }

    /// How it ended, if it has.
    pub(super) fn end(&self, zone: Tz) -> Result<Option<ContactEnd>> {
        let (Some(at), Some(ended)) = (self.ended_at, &self.ended_for) else { return Ok(None) };
        Ok(Some(ContactEnd {
            on: at.with_timezone(&zone).date_naive(),
            ended: EndedFor::from_slug(ended).ok_or_else(|| Error::unexpected(format!("ending {ended}")))?,
            reason: EndReason::from_slug(&self.ended_reason),
        }))
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended_at.is_some()
    }
}

/// What an adult sees of a child, as columns: the scopes of grants that hold today, those that a restriction takes, and
/// whether one is in force or will be.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct SeesRow {
    granted: Vec<String>,
    kept_from: Vec<String>,
    restricted: bool,
}

impl SeesRow {
    /// Whether a restriction is in force, or will be.
    pub(super) fn is_restricted(&self) -> bool {
        self.restricted
    }

    /// What is open after restrictions.
    pub(super) fn sees(&self) -> Result<Sees> {
        let scopes = self.granted.iter().filter(|slug| !self.kept_from.contains(slug)).map(|slug| {
            PortalScope::from_slug(slug).ok_or_else(|| Error::unexpected(format!("scope {slug}")))
        });
        Ok(Sees { scopes: scopes.collect::<Result<_>>()?, restricted: self.restricted })
    }
}

/// The columns of [`FactsRow`] and [`SeesRow`] of the contact `c`, on the day `$day`, between `$before` and `$after`.
macro_rules! contact_columns {
    ($before:literal, $day:literal, $after:literal) => {
        concat!(
            $before,
            " c.relationship, c.relationship_said, c.functions, c.priority, c.parental_responsibility, c.lives_with, c.no_portal,
             c.starts_on, c.ends_on, c.ended_at, c.ended_for, c.ended_reason,
             ARRAY(SELECT DISTINCT g.scope FROM access_grants g
                   WHERE g.adult_id = c.adult_id AND g.child_id = c.child_id AND g.stopped_at IS NULL
                     AND daterange(g.starts_on, g.ends_on, '[]') @> ",
            $day,
            ") AS granted,
             ARRAY(SELECT unnest(r.scopes) FROM restrictions_between(c.adult_id, c.child_id) r
                   WHERE daterange(r.starts_on, r.ends_on, '[]') @> ",
            $day,
            ") AS kept_from,
             EXISTS (SELECT FROM restrictions_between(c.adult_id, c.child_id) r
                     WHERE (r.ends_on < ",
            $day,
            ") IS NOT TRUE) AS restricted ",
            $after
        )
    };
}
pub(super) use contact_columns;
