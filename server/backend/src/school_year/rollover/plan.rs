//! What a rollover does, row by row: each student who moves up or leaves, and each teaching group that is closed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::ids::{EnrolmentId, GroupId, PersonId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlanHash, PlannedRow};
use domain::roll::page::natural;
use domain::school_year::exceptions::Exceptions;
use domain::school_year::rollover::{Ladder, NextStep, group_after};
use sqlx::PgConnection;
use uuid::Uuid;

use super::leaves;
use super::operation::RollOver;
use super::year::{SchoolYear, find, too_early};
use crate::tenancy::places::SchoolContext;
use crate::{Error, Result};

/// A row of the plan.
pub enum RolloverRow {
    /// A student.
    Student(StudentRow),
    /// A teaching group that is closed.
    Group {
        /// The group.
        group: GroupId,
        /// Whether a new one goes on from it.
        goes_on: bool,
    },
}

/// A student's enrolment, before and after.
pub struct StudentRow {
    pub(super) enrolment: EnrolmentId,
    pub(super) person: PersonId,
    pub(super) was: (String, String, Option<NaiveDate>),
    pub(super) now: (String, String, Option<NaiveDate>),
}

const ID: Tag = Tag::new(1);
const YEAR: Tag = Tag::new(2);
const GROUP: Tag = Tag::new(3);
const ENDS: Tag = Tag::new(4);
const GOES_ON: Tag = Tag::new(5);

impl Facts for RolloverRow {
    const FORM: FactsFormat = FactsFormat { name: "roll_over", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        match self {
            Self::Student(row) => {
                let ends = row.now.2.map(|day| day.to_string()).unwrap_or_default();
                fields
                    .id(ID, row.enrolment.0)
                    .text(YEAR, &row.now.0)
                    .text(GROUP, &row.now.1)
                    .text(ENDS, &ends);
            }
            Self::Group { group, goes_on } => {
                fields.id(ID, group.0).text(GOES_ON, if *goes_on { "yes" } else { "no" });
            }
        }
    }
}

impl PlannedRow for RolloverRow {}

/// What a rollover would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloverView {
    /// The year that ends.
    pub year: SchoolYear,
    /// The year that begins.
    pub next: SchoolYear,
    /// Where each year group goes, in order.
    pub years: Vec<YearLine>,
    /// How many students move up.
    pub moves: u32,
    /// How many leave.
    pub leaves: u32,
    /// How many stay in their year group.
    pub stays: u32,
    /// How many have their first day after the year: they come.
    pub comes: u32,
    /// How many have left already.
    pub left: u32,
    /// The teaching groups of the year.
    pub groups: Vec<GroupLine>,
    /// Why it cannot be done yet.
    pub too_early: Option<String>,
    /// The plan.
    pub hash: Option<PlanHash>,
}

/// A year group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearLine {
    /// Its name; empty for students without one.
    pub year: String,
    /// Where it goes.
    pub step: NextStep,
    /// How many students are in it.
    pub students: u32,
}

/// A teaching group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// How many of its students go on to the next year.
    pub members: u32,
    /// Whether a new group goes on from it.
    pub goes_on: bool,
}

#[derive(sqlx::FromRow)]
struct RolledEnrolmentRow {
    id: Uuid,
    person_id: Uuid,
    admission_number: String,
    year_group: String,
    registration_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct RolledGroupRow {
    id: Uuid,
    name: String,
    people: Vec<Uuid>,
}

/// Plans a rollover.
pub(super) async fn plan(
    connection: &mut PgConnection,
    school: &SchoolContext,
    input: &RollOver,
) -> Result<(Plan<RolloverRow>, RolloverView)> {
    let (year, next) = find(connection, school, &input.year).await?;
    let enrolments = enrolments(connection, school).await?;
    let is_over = |row: &RolledEnrolmentRow| row.ends_on.is_some_and(|last| last <= year.ends_on);
    let comes = |row: &RolledEnrolmentRow| row.starts_on > year.ends_on;
    let here: Vec<&RolledEnrolmentRow> =
        enrolments.iter().filter(|row| !is_over(row) && !comes(row)).collect();
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &here {
        *counted.entry(row.year_group.as_str()).or_default() += 1;
    }
    let names: Vec<String> = counted.keys().map(|year| (*year).to_owned()).collect();
    let ladder = Ladder(
        Ladder::usual(&names)
            .0
            .into_iter()
            .map(|(year, step)| {
                let chosen = input.ladder.as_ref().and_then(|ladder| ladder.0.get(&year)).cloned();
                (year, chosen.unwrap_or(step))
            })
            .collect(),
    );
    if let Some(problem) = ladder.problem() {
        return Err(Error::conflict("ladder", problem));
    }
    check(&input.exceptions, &here, &year)?;
    let steps: Vec<(&RolledEnrolmentRow, NextStep)> = here
        .iter()
        .map(|row| {
            let own = input.exceptions.step(&row.admission_number);
            (*row, own.unwrap_or_else(|| ladder.step(&row.year_group).clone()))
        })
        .collect();
    let students: Vec<StudentRow> =
        steps.iter().filter_map(|(row, step)| student(row, step, &year)).collect();
    let going: BTreeSet<Uuid> =
        steps.iter().filter(|(_, step)| !leaves(step)).map(|(row, _)| row.person_id).collect();
    let groups = groups(connection, school, &year).await?;
    let groups: Vec<GroupLine> = groups
        .into_iter()
        .map(|row| {
            let group = GroupId(row.id);
            let members = row.people.iter().filter(|person| going.contains(person)).count();
            GroupLine {
                group,
                name: row.name,
                members: u32::try_from(members).unwrap_or(u32::MAX),
                goes_on: input.groups.as_ref().map_or(members > 0, |chosen| chosen.contains(&group)),
            }
        })
        .collect();
    let size = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let count = |of: &dyn Fn(&NextStep) -> bool| size(steps.iter().filter(|(_, step)| of(step)).count());
    let mut years: Vec<YearLine> = counted
        .iter()
        .map(|(year, students)| YearLine {
            year: (*year).to_owned(),
            step: ladder.step(year).clone(),
            students: *students,
        })
        .collect();
    years.sort_by(|a, b| natural(&a.year, &b.year));
    let view = RolloverView {
        too_early: too_early(&year, school.today),
        moves: count(&|step| matches!(step, NextStep::Moves { .. })),
        leaves: count(&leaves),
        stays: count(&|step| *step == NextStep::Stays),
        comes: size(enrolments.iter().filter(|row| comes(row)).count()),
        left: size(enrolments.iter().filter(|row| is_over(row)).count()),
        years,
        groups: groups.clone(),
        hash: None,
        year,
        next,
    };
    let rows = students.into_iter().map(RolloverRow::Student);
    let closed =
        groups.into_iter().map(|line| RolloverRow::Group { group: line.group, goes_on: line.goes_on });
    Ok((Plan::of(rows.chain(closed).collect()), view))
}

/// The code of the conflict about students who are named and cannot be exceptions.
pub const WRONG_EXCEPTIONS: &str = "wrong_exceptions";

/// Refuses numbers that nobody has, and students who would stay and leave.
fn check(exceptions: &Exceptions, here: &[&RolledEnrolmentRow], year: &SchoolYear) -> Result<()> {
    if let Some(number) = exceptions.contradiction() {
        let sentence = format!("{number} is among those who stay and those who leave. Take it out of one.");
        return Err(Error::conflict(WRONG_EXCEPTIONS, sentence));
    }
    let known: BTreeSet<&str> = here.iter().map(|row| row.admission_number.as_str()).collect();
    let unknown: Vec<&str> = exceptions.numbers().filter(|number| !known.contains(number)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let shown = unknown.iter().take(10).copied().collect::<Vec<_>>().join(", ");
    let more = if unknown.len() > 10 { format!(" and {} more", unknown.len() - 10) } else { String::new() };
    let sentence = format!(
        "Nobody who is on the roll at the end of {} has the admission number {shown}{more}. Correct it or take it out.",
        year.name
    );
    Err(Error::conflict(WRONG_EXCEPTIONS, sentence))
}

/// What becomes of a student's enrolment; `None` if nothing.
fn student(row: &RolledEnrolmentRow, step: &NextStep, year: &SchoolYear) -> Option<StudentRow> {
    let was = (row.year_group.clone(), row.registration_group.clone(), row.ends_on);
    let now = match step {
        NextStep::Stays => return None,
        NextStep::Leaves => (was.0.clone(), was.1.clone(), Some(year.ends_on)),
        NextStep::Moves { to } => {
            (to.clone(), group_after(&row.registration_group, &row.year_group, to), row.ends_on)
        }
    };
    Some(StudentRow { enrolment: EnrolmentId(row.id), person: PersonId(row.person_id), was, now })
}

async fn enrolments(
    connection: &mut PgConnection,
    school: &SchoolContext,
) -> Result<Vec<RolledEnrolmentRow>> {
    Ok(sqlx::query_as::<_, RolledEnrolmentRow>(
        "SELECT id, person_id, admission_number, year_group, registration_group, starts_on, ends_on FROM enrolments
         WHERE organisation_id = $1 AND school_id = $2 AND latest ORDER BY id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .fetch_all(connection)
    .await?)
}

/// The open teaching groups of the year, with who is in them on its last day.
async fn groups(
    connection: &mut PgConnection,
    school: &SchoolContext,
    year: &SchoolYear,
) -> Result<Vec<RolledGroupRow>> {
    Ok(sqlx::query_as::<_, RolledGroupRow>(
        "SELECT g.id, g.name,
                ARRAY(SELECT m.person_id FROM group_members m
                      WHERE m.organisation_id = $1 AND m.group_id = g.id
                        AND daterange(m.starts_on, m.ends_on, '[]') @> $4::date ORDER BY 1) AS people
         FROM groups g
         WHERE g.organisation_id = $1 AND g.school_id = $2 AND g.kind = 'teaching' AND g.closed_at IS NULL
           AND g.academic_year_id = $3
         ORDER BY lower(g.name), g.id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(year.id.map(|id| id.0))
    .bind(year.ends_on)
    .fetch_all(connection)
    .await?)
}
