//! The board: how many current students have no guardian with an active account, by reason, and who they are.

use std::collections::BTreeMap;

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::{Coverage, MissingReason};
use domain::guardians::relationship::Relationship;
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use domain::roll::page::natural;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The number of students on a page.
pub const PAGE: usize = 100;

/// The most students on a page that shows all of them, to be printed.
pub const WHOLE_PAGE: usize = 2_000;

/// What the board shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardFilter {
    /// Only this reason.
    pub reason: Option<MissingReason>,
    /// Only this year group; empty for all.
    pub year: String,
    /// Only this registration group; empty for all.
    pub group: String,
    /// Only families with this language, as a BCP 47 tag; empty for all.
    pub language: String,
    /// How many students to skip.
    pub skip: u32,
    /// Whether all of them are on one page, to be printed.
    pub whole: bool,
}

/// Which of the students that a filter finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// All of them.
    All,
    /// Those of them that were ticked.
    Students(Vec<PersonId>),
}

/// The board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Students in the year, group and language, and how many of them are covered.
    pub coverage: Coverage,
    /// How many are missing for each reason, in the order of [`MissingReason::ALL`], without reasons that nobody has.
    pub reasons: Vec<(MissingReason, u32)>,
    /// The year groups of the school's students, and how many of each are covered.
    pub years: Vec<(String, Coverage)>,
    /// The same by registration group.
    pub groups: Vec<(String, Coverage)>,
    /// The same by language of the family.
    pub languages: Vec<(String, Coverage)>,
    /// The students of this page, by name.
    pub students: Vec<MissingStudent>,
    /// How many there are on all pages.
    pub total: u32,
}

/// A student without an adult who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingStudent {
    /// The student.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// Admission number.
    pub admission_number: String,
    /// Year group.
    pub year: String,
    /// Registration group.
    pub group: String,
    /// The language of the adult, or of the student if there is none.
    pub language: String,
    /// Why.
    pub reason: MissingReason,
    /// The adult who is nearest to an account in use.
    pub adult: Option<(PersonId, String)>,
}

/// Returns the board of a school, of the students that the actor's roles give access to.
pub async fn board(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
) -> Result<Board> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    let counts = counts(backend, &mut transaction, &at).await?;
    let total = counts.iter().filter(|count| count.matches(filter)).map(CoverageCountRow::missing).sum();
    let most = if filter.whole { WHOLE_PAGE } else { PAGE };
    let students = read(backend, &mut transaction, &at, filter, Some(most)).await?;
    Ok(Board { students, total, ..summary(&counts, filter) })
}

/// The relationships that can be guardians, for the function `guardian_steps`.
pub(super) fn guardian_kinds() -> Vec<&'static str> {
    Relationship::ALL.into_iter().filter(|kind| kind.can_be_guardian()).map(Relationship::slug).collect()
}

#[derive(sqlx::FromRow)]
struct CoverageCountRow {
    year_group: String,
    registration_group: String,
    language: String,
    step: i32,
    students: i64,
}

impl CoverageCountRow {
    fn students(&self) -> u32 {
        u32::try_from(self.students).unwrap_or(u32::MAX)
    }

    fn missing(&self) -> u32 {
        if MissingReason::from_step(self.step).is_some() { self.students() } else { 0 }
    }

    /// Whether it is in the filter's year, group and language.
    fn is_in(&self, filter: &BoardFilter) -> bool {
        let any = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        any(&filter.year, &self.year_group)
            && any(&filter.group, &self.registration_group)
            && any(&filter.language, &self.language)
    }

    fn matches(&self, filter: &BoardFilter) -> bool {
        self.is_in(filter) && filter.reason.is_none_or(|reason| reason.step() == self.step)
    }
}

fn summary(counts: &[CoverageCountRow], filter: &BoardFilter) -> Board {
    let mut coverage = Coverage::default();
    let mut reasons: BTreeMap<MissingReason, u32> = BTreeMap::new();
    for count in counts.iter().filter(|count| count.is_in(filter)) {
        coverage.students += count.students();
        match MissingReason::from_step(count.step) {
            Some(reason) => *reasons.entry(reason).or_default() += count.students(),
            None => coverage.covered += count.students(),
        }
    }
    let distinct = |of: fn(&CoverageCountRow) -> &str| {
        let mut found: BTreeMap<&str, Coverage> = BTreeMap::new();
        for count in counts.iter().filter(|count| !of(count).is_empty()) {
            let coverage = found.entry(of(count)).or_default();
            coverage.students += count.students();
            coverage.covered += count.students() - count.missing();
        }
        let mut found: Vec<_> = found.into_iter().map(|(value, of)| (value.to_owned(), of)).collect();
        found.sort_by(|(a, _), (b, _)| natural(a, b));
        found
    };
    Board {
        coverage,
        reasons: reasons.into_iter().collect(),
        years: distinct(|count| &count.year_group),
        groups: distinct(|count| &count.registration_group),
        languages: distinct(|count| &count.language),
        students: Vec::new(),
        total: 0,
    }
}

/// Counts the students of each year, group, language and step, in one statement.
async fn counts(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
) -> Result<Vec<CoverageCountRow>> {
    Ok(sqlx::query_as(
        "SELECT e.year_group, e.registration_group, coalesce(adult.language, p.language) AS language, best.step,
                count(*) AS students
         FROM (SELECT DISTINCT ON (x.child_id) x.child_id, x.step, x.adult_id
               FROM guardian_steps($1, $2, $3, $4, $5) x ORDER BY x.child_id, x.step DESC, x.adult_id) best
         JOIN people p ON p.id = best.child_id
         JOIN enrolments e ON e.person_id = best.child_id AND e.school_id = $2 AND e.latest
         LEFT JOIN people adult ON adult.id = best.adult_id
         WHERE p.organisation_id = $1 AND ($6 OR p.id IN (SELECT r.person_id FROM reached_people r)) AND p.id <> ALL ($7)
         GROUP BY 1, 2, 3, 4",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(school.today)
    .bind(backend.now())
    .bind(guardian_kinds())
    .bind(school.everybody())
    .bind(school.hidden())
    .fetch_all(connection)
    .await?)
}

#[derive(sqlx::FromRow)]
struct MissingStudentRow {
    child_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    admission_number: String,
    year_group: String,
    registration_group: String,
    language: String,
    step: i32,
    adult_id: Option<Uuid>,
    adult_given: Option<String>,
    adult_family: Option<String>,
    adult_preferred: Option<String>,
}

/// Reads the students that a filter finds, by name: a page of them, or all.
pub(super) async fn read(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    filter: &BoardFilter,
    most: Option<usize>,
) -> Result<Vec<MissingStudent>> {
    let rows: Vec<MissingStudentRow> = sqlx::query_as(
        "SELECT best.child_id, p.given_name, p.family_name, p.preferred_name, e.admission_number, e.year_group,
                e.registration_group, coalesce(adult.language, p.language) AS language, best.step,
                adult.id AS adult_id, adult.given_name AS adult_given, adult.family_name AS adult_family,
                adult.preferred_name AS adult_preferred
         FROM (SELECT DISTINCT ON (x.child_id) x.child_id, x.step, x.adult_id
               FROM guardian_steps($1, $2, $3, $4, $5) x ORDER BY x.child_id, x.step DESC, x.adult_id) best
         JOIN people p ON p.id = best.child_id
         JOIN enrolments e ON e.person_id = best.child_id AND e.school_id = $2 AND e.latest
         LEFT JOIN people adult ON adult.id = best.adult_id
         WHERE p.organisation_id = $1 AND ($6 OR p.id IN (SELECT r.person_id FROM reached_people r)) AND p.id <> ALL ($7)
           AND best.step < 14 AND ($8::integer IS NULL OR best.step = $8)
           AND ($9 = '' OR e.year_group = $9) AND ($10 = '' OR e.registration_group = $10)
           AND ($11 = '' OR coalesce(adult.language, p.language) = $11)
         ORDER BY p.sort_key, p.id OFFSET $12 LIMIT $13",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(school.today)
    .bind(backend.now())
    .bind(guardian_kinds())
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(filter.reason.map(MissingReason::step))
    .bind(&filter.year)
    .bind(&filter.group)
    .bind(&filter.language)
    .bind(i64::from(filter.skip))
    .bind(most.and_then(|most| i64::try_from(most).ok()))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().filter_map(MissingStudentRow::student).collect())
}

impl MissingStudentRow {
    fn student(self) -> Option<MissingStudent> {
        let adult = self.adult_id.map(|id| {
            let [given, family, preferred] =
                [self.adult_given, self.adult_family, self.adult_preferred].map(Option::unwrap_or_default);
            (PersonId(id), display_name(&given, &family, &preferred))
        });
        Some(MissingStudent {
            person: PersonId(self.child_id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            admission_number: self.admission_number,
            year: self.year_group,
            group: self.registration_group,
            language: self.language,
            reason: MissingReason::from_step(self.step)?,
            adult,
        })
    }
}
