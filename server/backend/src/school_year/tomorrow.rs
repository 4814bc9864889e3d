//! What the nights of a school did, and what the next one will do.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use domain::school_year::follow::RollChange;
use domain::school_year::night::{NightCounts, NightOutcome, too_many};
use uuid::Uuid;

use super::periods::of_schools;
use super::plan::{DueChange, plan};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// The most people named.
pub const NAMED: usize = 500;

/// The most nights listed.
const NIGHTS: i64 = 14;

/// The page of a school's nights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightsView {
    /// Today, where the school is.
    pub today: NaiveDate,
    /// Until when the changes are held.
    pub held_until: Option<NaiveDate>,
    /// The day to come whose night was done already, by a clock that was ahead or by a command: nothing changes before it.
    pub ahead: Option<NaiveDate>,
    /// What is due today and was not done yet, such as because of a hold or because it is too much.
    pub due_today: NightCounts,
    /// What the next night does.
    pub tomorrow: NightCounts,
    /// Whether that is so much that nothing is stopped without a person.
    pub too_many: bool,
    /// Who changes tomorrow, by change and name: at most [`NAMED`].
    pub people: Vec<NightLine>,
    /// Who stays in use although they left.
    pub kept: Vec<KeptLine>,
    /// The last nights, latest first.
    pub nights: Vec<NightDone>,
}

/// Somebody whose account changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightLine {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The change.
    pub change: RollChange,
}

/// Somebody who left and whose account stays in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

/// A night that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightDone {
    /// Its day.
    pub day: NaiveDate,
    /// What became of it.
    pub outcome: NightOutcome,
    /// Accounts opened, enabled or opened again.
    pub opened: u32,
    /// Accounts disabled.
    pub suspended: u32,
    /// Accounts closed.
    pub closed: u32,
    /// Accounts whose data was erased.
    pub erased: u32,
}

#[derive(sqlx::FromRow)]
struct NamedRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
}

#[derive(sqlx::FromRow)]
struct NightDoneRow {
    day: NaiveDate,
    outcome: String,
    opened: i32,
    suspended: i32,
    closed: i32,
    erased: i32,
}

/// Returns what the nights of a school did and will do. Nothing is changed.
pub async fn nights(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<NightsView> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ImportRoll, School(school)).await?;
    let periods = of_schools(&mut transaction, at.organisation).await?;
    let next = at.today.checked_add_days(Days::new(1)).ok_or_else(|| Error::unexpected("no day after"))?;
    let today = plan(&mut transaction, at.organisation, &periods, at.today).await?;
    let tomorrow = plan(&mut transaction, at.organisation, &periods, next).await?;
    let of_it = |due: &&DueChange| due.school == school;
    let changes: Vec<DueChange> = tomorrow.changes.iter().filter(of_it).copied().collect();
    let kept: Vec<PersonId> =
        tomorrow.kept.iter().filter(|kept| kept.0 == school).map(|kept| kept.1).collect();
    let counts = NightCounts::of(changes.iter().map(|due| due.change));
    let people: Vec<Uuid> = changes.iter().map(|due| due.person.0).chain(kept.iter().map(|p| p.0)).collect();
    let named: HashMap<PersonId, NamedRow> = sqlx::query_as::<_, NamedRow>(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, a.username
         FROM people p JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = ANY($2) AND p.id <> ALL($3)",
    )
    .bind(at.organisation.0)
    .bind(people)
    .bind(at.hidden())
    .fetch_all(&mut *transaction)
    .await?
    .into_iter()
    .map(|row| (PersonId(row.id), row))
    .collect();
    let mut lines: Vec<NightLine> = changes.iter().filter_map(|due| line(&named, due)).collect();
    lines.sort_by(|a, b| (a.change, &a.name).cmp(&(b.change, &b.name)));
    lines.truncate(NAMED);
    let mut kept: Vec<KeptLine> = kept
        .into_iter()
        .filter_map(|person| named.get(&person).map(|row| KeptLine { person, name: row.name() }))
        .collect();
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    let held_until: Option<NaiveDate> = sqlx::query_scalar(
        "SELECT until FROM nightly_holds WHERE organisation_id = $1 AND school_id = $2 AND until >= $3",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(at.today)
    .fetch_optional(&mut *transaction)
    .await?;
    let nights = sqlx::query_as::<_, NightDoneRow>(
        "SELECT day, outcome, opened, suspended, closed, erased FROM nightly_runs
         WHERE organisation_id = $1 AND school_id = $2 ORDER BY day DESC LIMIT $3",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(NIGHTS)
    .fetch_all(&mut *transaction)
    .await?;
    let standing = tomorrow.standing.get(&school).copied().unwrap_or_default();
    let share = periods.get(&school).copied().unwrap_or_default().share;
    let nights: Vec<NightDone> = nights.into_iter().filter_map(NightDoneRow::night).collect();
    let is_ahead = |night: &&NightDone| {
        night.day > at.today && matches!(night.outcome, NightOutcome::Done | NightOutcome::Held)
    };
    Ok(NightsView {
        today: at.today,
        held_until,
        ahead: nights.iter().find(is_ahead).map(|night| night.day),
        due_today: NightCounts::of(today.changes.iter().filter(of_it).map(|due| due.change)),
        too_many: too_many(counts.stopped(), standing, share),
        tomorrow: counts,
        people: lines,
        kept,
        nights,
    })
}

fn line(named: &HashMap<PersonId, NamedRow>, due: &DueChange) -> Option<NightLine> {
    let row = named.get(&due.person)?;
    Some(NightLine {
        person: due.person,
        name: row.name(),
        username: row.username.clone(),
        change: due.change,
    })
}

impl NamedRow {
    fn name(&self) -> String {
        display_name(&self.given_name, &self.family_name, &self.preferred_name)
    }
}

impl NightDoneRow {
    fn night(self) -> Option<NightDone> {
        let count = |count: i32| u32::try_from(count).unwrap_or_default();
        Some(NightDone {
            day: self.day,
            outcome: NightOutcome::from_slug(&self.outcome)?,
            opened: count(self.opened),
            suspended: count(self.suspended),
            closed: count(self.closed),
            erased: count(self.erased),
        })
    }
}
