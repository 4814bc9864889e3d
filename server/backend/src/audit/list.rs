//! Reading the audit log: filters, page by page.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fold::fold;
use domain::ids::PersonId;
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::roll::name::display_name;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// The number of lines on a page.
pub const PAGE: usize = 50;

/// A filter; empty parts match everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Words from the name or username of the person who acted.
    pub who: String,
    /// The action.
    pub action: Option<AuditAction>,
    /// Words from the name or username of the person affected.
    pub whom: String,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// Only alerts after this entry.
    pub alerts_after: Option<i64>,
}

/// A line of the log, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number in the chain; `None` for lines older than the chain.
    pub sequence: Option<i64>,
    /// When it happened, in the organisation's time zone.
    pub at: DateTime<Tz>,
    /// The name of the person who acted; `None` for the operator and for Greencap itself.
    pub who: Option<String>,
    /// The action.
    pub action: AuditAction,
    /// The person affected, and their name.
    pub whom: Option<(PersonId, String)>,
    /// The pages on which they have their record: of students, of staff or of guardians.
    pub whom_at: &'static str,
    /// The person on whose behalf it was done, as in a preview.
    pub in_name_of: Option<String>,
    /// The IP address it came from; `None` for this server itself.
    pub source: Option<String>,
    /// Counts, reasons and states: `key: value`.
    pub details: Vec<String>,
    /// The key the log is sorted by.
    pub moment: TimeKey,
}

/// Returns a page of the log after `after`, newest first.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    filter: &AuditFilter,
    after: Option<&Cursor>,
) -> Result<Page<AuditLine>> {
    let mut connection = backend.enter(actor, Permission::ViewAudit, Organisation).await?.transaction;
    let after = after.map(Cursor::key).transpose()?;
    let lines = read(&mut connection, actor, filter, after, PAGE + 1).await?;
    Ok(Page::of(lines, PAGE, |line| line.moment))
}

#[derive(sqlx::FromRow)]
struct AuditEventRow {
    id: Uuid,
    sequence: Option<i64>,
    at: DateTime<Utc>,
    time_zone: String,
    action: String,
    source: Option<String>,
    details: Value,
    person_id: Option<Uuid>,
    is_student: bool,
    is_staff: bool,
    who_given: Option<String>,
    who_family: Option<String>,
    who_preferred: Option<String>,
    whom_given: Option<String>,
    whom_family: Option<String>,
    whom_preferred: Option<String>,
    as_given: Option<String>,
    as_family: Option<String>,
    as_preferred: Option<String>,
}

fn name(given: Option<String>, family: Option<String>, preferred: Option<String>) -> Option<String> {
    Some(display_name(&given?, &family?, &preferred?))
}

/// Reads lines in log order, newest first. Finds what bulk operations did to a person through their batch,
/// account and invitations.
pub(crate) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &AuditFilter,
    after: Option<TimeKey>,
    most: usize,
) -> Result<Vec<AuditLine>> {
    let rows: Vec<AuditEventRow> = sqlx::query_as(
        "WITH people_named AS (
             SELECT p.id, p.organisation_id, p.search_key || coalesce(' ' || translate(a.username, '.-_', '   '), '') AS names,
                    a.id AS account_id, a.batch_id
             FROM people p LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
             WHERE p.organisation_id = $1
         ), doers AS (
             SELECT account_id FROM people_named WHERE $2::text[] IS NOT NULL AND names LIKE ALL ($2)
         ), named_subjects AS (
             SELECT id FROM people_named WHERE $4::text[] IS NOT NULL AND names LIKE ALL ($4)
         ), subjects AS (
             -- With the records that were merged into theirs.
             SELECT n.id, n.account_id, n.batch_id FROM people_named n
             WHERE $4::text[] IS NOT NULL
               AND n.id IN (SELECT one_person($1, s.id) FROM named_subjects s)
         )
         SELECT e.id, e.sequence, e.at, o.time_zone, e.action, e.source, e.details, e.person_id,
                EXISTS (SELECT FROM enrolments n WHERE n.organisation_id = $1 AND n.person_id = e.person_id) AS is_student,
                EXISTS (SELECT FROM employments w WHERE w.organisation_id = $1 AND w.person_id = e.person_id) AS is_staff,
                who.given_name AS who_given, who.family_name AS who_family, who.preferred_name AS who_preferred,
                whom.given_name AS whom_given, whom.family_name AS whom_family, whom.preferred_name AS whom_preferred,
                named.given_name AS as_given, named.family_name AS as_family, named.preferred_name AS as_preferred
         FROM audit_events e
         JOIN organisations o ON o.id = e.organisation_id
         LEFT JOIN accounts doer ON doer.organisation_id = e.organisation_id AND doer.id = e.actor_account_id
         LEFT JOIN people who ON who.id = doer.person_id
         LEFT JOIN people whom ON whom.organisation_id = e.organisation_id AND whom.id = e.person_id
         LEFT JOIN people named ON named.organisation_id = e.organisation_id AND named.id = e.in_name_of
         WHERE e.organisation_id = $1
           AND ($2::text[] IS NULL OR e.actor_account_id IN (SELECT account_id FROM doers))
           AND ($3::text IS NULL OR e.action = $3)
           AND ($4::text[] IS NULL OR e.person_id IN (SELECT id FROM subjects)
                OR e.subject_id IN (SELECT batch_id FROM subjects) OR e.subject_id IN (SELECT account_id FROM subjects))
           AND ($5::date IS NULL OR e.at >= ($5::timestamp AT TIME ZONE o.time_zone))
           AND ($6::date IS NULL OR e.at < (($6 + 1)::timestamp AT TIME ZONE o.time_zone))
           AND ($7::timestamptz IS NULL OR (e.at, e.id) < ($7, $8))
           AND ($10::bigint IS NULL OR e.sequence IN (SELECT entry FROM alerts WHERE organisation_id = $1 AND entry > $10))
         ORDER BY e.at DESC, e.id DESC LIMIT $9",
    )
    .bind(actor.organisation.0)
    .bind(patterns(&filter.who))
    .bind(filter.action.map(AuditAction::slug))
    .bind(patterns(&filter.whom))
    .bind(filter.from)
    .bind(filter.until)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .bind(filter.alerts_after)
    .fetch_all(&mut *connection)
    .await?;
    let names = names(connection, actor).await?;
    rows.into_iter().map(|row| row.line(&names)).collect()
}

/// The names of schools, custom roles, groups, courses and years whose ids appear in details.
async fn names(connection: &mut PgConnection, actor: &Actor) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id::text, name FROM schools WHERE organisation_id = $1
         UNION ALL SELECT id::text, name FROM custom_roles WHERE organisation_id = $1
         UNION ALL SELECT id::text, name FROM groups WHERE organisation_id = $1
         UNION ALL SELECT id::text, name FROM courses WHERE organisation_id = $1
         UNION ALL SELECT id::text, name FROM academic_years WHERE organisation_id = $1",
    )
    .bind(actor.organisation.0)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The search pattern of each word; `None` if there are no words.
fn patterns(words: &str) -> Option<Vec<String>> {
    let folded = fold(words);
    let patterns: Vec<String> =
        folded.split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%")).collect();
    (!patterns.is_empty()).then_some(patterns)
}

impl AuditEventRow {
    fn line(self, names: &HashMap<String, String>) -> Result<AuditLine> {
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        let action = AuditAction::from_slug(&self.action)
            .ok_or_else(|| Error::unexpected(format!("audit action {}", self.action)))?;
        let whom = name(self.whom_given, self.whom_family, self.whom_preferred);
        Ok(AuditLine {
            sequence: self.sequence,
            at: self.at.with_timezone(&zone),
            who: name(self.who_given, self.who_family, self.who_preferred),
            action,
            whom: self.person_id.map(PersonId).zip(whom),
            whom_at: match (self.is_student, self.is_staff) {
                (true, _) => "/students",
                (false, true) => "/staff",
                (false, false) => "/guardians",
            },
            in_name_of: name(self.as_given, self.as_family, self.as_preferred),
            source: self.source,
            details: details(&self.details, names),
            moment: TimeKey { at: self.at, id: self.id },
        })
    }
}

/// Formats each non-empty detail as `key: value`, with names instead of ids.
fn details(value: &Value, names: &HashMap<String, String>) -> Vec<String> {
    let Value::Object(parts) = value else { return Vec::new() };
    let words = |text: &str| names.get(text).cloned().unwrap_or_else(|| text.replace('_', " "));
    parts
        .iter()
        .filter_map(|(key, value)| {
            let value = match value {
                Value::Null => return None,
                Value::String(text) => words(text),
                Value::Array(values) => {
                    values.iter().filter_map(Value::as_str).map(words).collect::<Vec<_>>().join(", ")
                }
                Value::Object(_) => details(value, names).join(", "),
                other => other.to_string(),
            };
            (!value.is_empty()).then(|| format!("{}: {value}", key.replace('_', " ")))
        })
        .collect()
}
