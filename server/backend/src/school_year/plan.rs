//! What is due on a day: every account of an organisation, with why its person belongs to a school, in one statement;
//! the rule itself is `domain::school_year::follow`.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, OrganisationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::PlannedRow;
use domain::school_year::follow::{Belonging, FollowedAccount, RollChange, StoppedBy, change};
use domain::school_year::settings::Periods;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Error, Result};

/// An account that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DueChange {
    pub(super) account: AccountId,
    pub(super) person: PersonId,
    /// The school whose roll decides: the one where they belong longest.
    pub(super) school: SchoolId,
    pub(super) change: RollChange,
    /// The day that the account waits for.
    pub(super) opens_on: Option<NaiveDate>,
}

const ACCOUNT: Tag = Tag::new(1);
const CHANGE: Tag = Tag::new(2);

impl Facts for DueChange {
    const FORM: FactsFormat = FactsFormat { name: "follow_roll", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account.0).text(CHANGE, self.change.slug());
    }
}

impl PlannedRow for DueChange {}

/// What is due.
pub(super) struct DuePlan {
    /// The changes, by account.
    pub(super) changes: Vec<DueChange>,
    /// How many accounts of each school can be used.
    pub(super) standing: HashMap<SchoolId, u32>,
    /// The accounts that stay in use after their person left, by school: somebody enabled them again, or they administer
    /// all schools.
    pub(super) kept: Vec<(SchoolId, PersonId)>,
}

#[derive(sqlx::FromRow)]
struct BelongingRow {
    account_id: Uuid,
    person_id: Uuid,
    school_id: Uuid,
    state: String,
    #[sqlx(flatten)]
    stopped: StoppedColumns,
    waits_for: Option<NaiveDate>,
    erased: bool,
    administers: bool,
    open: bool,
    opens_on: Option<NaiveDate>,
    stops_on: Option<NaiveDate>,
}

/// Who stopped an account, and when.
#[derive(sqlx::FromRow)]
struct StoppedColumns {
    by_roll: bool,
    stopped_on: Option<NaiveDate>,
    stopped_by_hand_on: Option<NaiveDate>,
    disabled_before: bool,
}

impl StoppedColumns {
    fn by(&self) -> StoppedBy {
        if !self.by_roll {
            StoppedBy::Person
        } else if self.disabled_before {
            StoppedBy::RollAfterPerson
        } else {
            StoppedBy::Roll
        }
    }
}

/// Plans a day.
pub(super) async fn plan(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    periods: &HashMap<SchoolId, Periods>,
    day: NaiveDate,
) -> Result<DuePlan> {
    let rows = read(connection, organisation, periods, day).await?;
    let mut due = DuePlan { changes: Vec::new(), standing: HashMap::new(), kept: Vec::new() };
    for row in rows {
        let school = SchoolId(row.school_id);
        let state = AccountState::from_slug(&row.state)
            .ok_or_else(|| Error::unexpected(format!("account state {}", row.state)))?;
        let of_school = periods.get(&school).copied().unwrap_or_default();
        let in_use = !matches!(state, AccountState::Suspended | AccountState::Closed);
        if in_use {
            *due.standing.entry(school).or_default() += 1;
        }
        let belonging = Belonging {
            open: row.open,
            opens_on: row.opens_on,
            stops_on: row.stops_on,
            closed_after: of_school.closed.count(),
            erased_after: of_school.erased.count(),
        };
        let account = FollowedAccount {
            state,
            stopped_by: row.stopped.by(),
            stopped_on: row.stopped.stopped_on,
            stopped_by_hand_on: row.stopped.stopped_by_hand_on,
            waits_for: row.waits_for,
            erased: row.erased,
            administers: row.administers,
        };
        let person = PersonId(row.person_id);
        match change(belonging, account, day) {
            Some(change) => due.changes.push(DueChange {
                account: AccountId(row.account_id),
                person,
                school,
                change,
                opens_on: row.opens_on,
            }),
            None if in_use && !row.open && row.stops_on.is_some_and(|on| on <= day) => {
                due.kept.push((school, person));
            }
            None => {}
        }
    }
    Ok(due)
}

/// Reads every account with why its person belongs to a school. A role alone is a reason only for somebody who was never
/// employed: who leaves their work keeps no account because nobody took their role.
async fn read(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    periods: &HashMap<SchoolId, Periods>,
    day: NaiveDate,
) -> Result<Vec<BelongingRow>> {
    let days = |of: fn(&Periods) -> u32| -> Vec<i32> {
        periods.values().map(|periods| i32::try_from(of(periods)).unwrap_or(i32::MAX)).collect()
    };
    // Everybody is read, so joins by index, one person at a time, are never right. Without statistics, as after a first
    // import, PostgreSQL takes a thousand people for one, and would read all accounts once for each of them. A loop that
    // cannot be avoided then looks so dear that the statement would be compiled, which takes longer than running it.
    sqlx::query("SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)")
        .execute(&mut *connection)
        .await?;
    let read = sqlx::query_as::<_, BelongingRow>(
        "WITH rules AS (
             SELECT * FROM unnest($3::uuid[], $4::integer[], $5::integer[], $6::integer[])
                           AS r (school_id, opens, suspended, staff_suspended)
         ), reasons AS (
             SELECT e.person_id, e.school_id, e.starts_on, e.ends_on, false AS works
             FROM enrolments e WHERE e.organisation_id = $1 AND e.latest
             UNION ALL
             SELECT c.adult_id, e.school_id, e.starts_on, least(e.ends_on, c.ends_on), false
             FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
             WHERE c.organisation_id = $1 AND c.ended_at IS NULL
             UNION ALL
             SELECT m.person_id, m.school_id, m.starts_on, m.ends_on, true
             FROM employments m WHERE m.organisation_id = $1
             UNION ALL
             SELECT r.person_id, coalesce(r.school_id, s.id), coalesce(r.starts_on, '-infinity'), r.ends_on, true
             FROM staff_roles r
             JOIN LATERAL (SELECT s.id FROM schools s WHERE s.organisation_id = $1 ORDER BY s.created_at, s.id LIMIT 1) s ON true
             WHERE r.organisation_id = $1
               AND NOT EXISTS (SELECT FROM employments m WHERE m.organisation_id = $1 AND m.person_id = r.person_id)
         ), days AS (
             SELECT w.person_id, w.school_id, w.starts_on - CASE WHEN w.works THEN 0 ELSE r.opens END AS opens_on,
                    w.ends_on + greatest(CASE WHEN w.works THEN r.staff_suspended ELSE r.suspended END, 1) AS stops_on
             FROM reasons w JOIN rules r ON r.school_id = w.school_id
         ), belonging AS (
             SELECT person_id,
                    (array_agg(school_id ORDER BY stops_on DESC NULLS FIRST, opens_on, school_id))[1] AS school_id,
                    bool_or(opens_on <= $2 AND (stops_on > $2) IS NOT FALSE) AS open,
                    min(opens_on) FILTER (WHERE opens_on > $2 AND (stops_on > opens_on) IS NOT FALSE) AS opens_on,
                    max(stops_on) FILTER (WHERE stops_on <= $2) AS stops_on
             FROM days GROUP BY person_id
         )
         SELECT a.id AS account_id, a.person_id, b.school_id, a.state,
                coalesce(a.roll_stopped_at = CASE a.state WHEN 'suspended' THEN a.suspended_at
                                                          WHEN 'closed' THEN a.closed_at END, false) AS by_roll,
                a.roll_stopped_on AS stopped_on,
                (CASE a.state WHEN 'suspended' THEN a.suspended_at WHEN 'closed' THEN a.closed_at END
                    AT TIME ZONE o.time_zone)::date AS stopped_by_hand_on,
                a.state = 'closed' AND a.suspended_at IS NOT NULL AS disabled_before,
                a.roll_opens_on AS waits_for, a.data_erased_at IS NOT NULL AS erased,
                EXISTS (SELECT FROM staff_roles r
                        WHERE r.organisation_id = $1 AND r.person_id = a.person_id AND r.school_id IS NULL
                          AND r.role = 'administrator'
                          AND daterange(r.starts_on, r.ends_on, '[]') @> $2::date) AS administers,
                b.open, b.opens_on, b.stops_on
         FROM accounts a
         JOIN belonging b ON b.person_id = a.person_id
         JOIN organisations o ON o.id = a.organisation_id
         JOIN people p ON p.id = a.person_id AND p.merged_into IS NULL
         WHERE a.organisation_id = $1
         ORDER BY a.id",
    )
    .bind(organisation.0)
    .bind(day)
    .bind(periods.keys().map(|school| school.0).collect::<Vec<_>>())
    .bind(days(|periods| periods.opens.count()))
    .bind(days(|periods| periods.suspended.count()))
    .bind(days(|periods| periods.staff_suspended.count()))
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query("SELECT set_config('enable_nestloop', 'on', true)").execute(connection).await?;
    Ok(read)
}
