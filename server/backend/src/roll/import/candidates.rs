//! The people whom rows may be about, beside those with exactly their admission number: those with almost the
//! same number, and those of the whole organisation with the same name.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::authorization::place::PersonPlaces;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fold::sort_key;
use domain::ids::{EnrolmentId, PersonId, SchoolId};
use domain::imports::kind::ImportKind as _;
use domain::roll::import::write::{CurrentEnrolment, CurrentStudent, EnrolmentDetails, EnrolmentElsewhere};
use domain::roll::import::{StudentImport, StudentRow};
use sqlx::PgConnection;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::people::{ImportPersonRow, KnownPeople};
use crate::Result;
use crate::imports::kind::Importing;
use crate::imports::near::NearKeys;

/// What is known before rows are looked up.
pub(crate) struct KnownStudents {
    pub(super) people: KnownPeople,
    /// Whether there is nobody to compare with: an organisation's first file.
    is_first: bool,
    /// The students of the school by [`NearKeys`], read once a row needs them.
    near: OnceCell<NearKeys>,
}

impl KnownStudents {
    pub(super) async fn of(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Self> {
        let people = KnownPeople::of(cx, connection).await?;
        let is_first: bool =
            sqlx::query_scalar("SELECT NOT EXISTS (SELECT FROM people WHERE organisation_id = $1)")
                .bind(cx.school.organisation.0)
                .fetch_one(connection)
                .await?;
        Ok(Self { people, is_first, near: OnceCell::new() })
    }

    async fn near(&self, cx: &Importing<'_>, connection: &mut PgConnection) -> Result<&NearKeys> {
        self.near
            .get_or_try_init(|| async move {
                let numbers: Vec<(String, Uuid)> = sqlx::query_as(
                    "SELECT admission_number, person_id FROM enrolments
                     WHERE organisation_id = $1 AND school_id = $2 AND latest",
                )
                .bind(cx.school.organisation.0)
                .bind(cx.school.school.0)
                .fetch_all(connection)
                .await?;
                Ok(numbers.into_iter().collect())
            })
            .await
    }
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    #[sqlx(flatten)]
    person: ImportPersonRow,
    sort_key: String,
    enrolment_id: Option<Uuid>,
    admission_number: Option<String>,
    year_group: Option<String>,
    registration_group: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    other_ids: Vec<Uuid>,
    other_schools: Vec<String>,
    other_numbers: Vec<String>,
    other_current: Vec<bool>,
}

impl CandidateRow {
    /// The student with the name they are found by; `None` for somebody whom this importer could not add to
    /// the school in any case.
    fn student(self, cx: &Importing<'_>, known: &KnownPeople) -> Result<Option<(String, CurrentStudent)>> {
        let actor = cx.actor;
        let person = PersonId(self.person.person_id);
        let here = self.enrolment_id.is_some();
        let others: Vec<SchoolId> = self.other_ids.iter().copied().map(SchoolId).collect();
        let may = |permission, schools: &[SchoolId]| {
            let places = PersonPlaces { person, schools, groups: &[] };
            decide(actor, permission, Resource::Person(actor.organisation, places)).is_ok()
        };
        // Who is on roll elsewhere is moved by somebody who imports there too.
        let current = others.iter().zip(&self.other_current).filter(|(_, current)| **current);
        let mut current = current.map(|(school, _)| Resource::School(actor.organisation, *school));
        let may_import = current.all(|school| decide(actor, Permission::ImportRoll, school).is_ok());
        let all: Vec<SchoolId> = others.iter().copied().chain([cx.school.school]).collect();
        let may_take = may_import && may(Permission::ImportRoll, &all);
        let sees = here || may(Permission::ViewRoll, &others);
        let mut found = self.person.current(cx, known, if here { &all } else { &others })?;
        if !here && found.outranks {
            return Ok(None);
        }
        if !sees {
            found = found.unseen();
        }
        let enrolment = match (self.enrolment_id, self.admission_number, self.starts_on) {
            (Some(id), Some(number), Some(starts_on)) => Some(CurrentEnrolment {
                id: EnrolmentId(id),
                number,
                details: EnrolmentDetails {
                    year: self.year_group.unwrap_or_default(),
                    group: self.registration_group.unwrap_or_default(),
                    starts_on,
                    ends_on: self.ends_on,
                },
            }),
            _ => None,
        };
        let number = |number: String| if sees { number } else { String::new() };
        let elsewhere = self.other_schools.into_iter().zip(self.other_numbers);
        let elsewhere = elsewhere.map(|(school, of)| EnrolmentElsewhere { school, number: number(of) });
        let elsewhere = elsewhere.collect();
        Ok(Some((
            self.sort_key,
            CurrentStudent { person: found, enrolment, earlier: Vec::new(), elsewhere, may_take },
        )))
    }
}

/// Finds the other people whom rows may be about, by the row's place.
pub(super) async fn others(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    known: &KnownStudents,
    rows: &[&StudentRow],
    keyed: &HashMap<String, CurrentStudent>,
) -> Result<HashMap<usize, Vec<CurrentStudent>>> {
    if known.is_first {
        return Ok(HashMap::new());
    }
    let mut asked: Vec<(usize, String, &[Uuid])> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let holder = keyed.get(row.admission_number.as_str());
        if holder.is_some_and(|holder| StudentImport::resemblance(row, holder).is_possible()) {
            continue;
        }
        let near = match holder {
            Some(_) => &[][..],
            None => known.near(cx, connection).await?.of(row.admission_number.as_str()),
        };
        let Some(name) = row.person.name_after([""; 4]) else { continue };
        asked.push((at, sort_key(name.given(), name.family()), near));
    }
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let names: HashSet<&str> = asked.iter().map(|(_, name, _)| name.as_str()).collect();
    let near: Vec<Uuid> = asked.iter().flat_map(|(.., near)| near.iter().copied()).collect();
    let found = find(cx, connection, &names.into_iter().collect::<Vec<_>>(), &near).await?;
    let (mut by_name, mut by_id) = (HashMap::<_, Vec<_>>::new(), HashMap::new());
    for row in found {
        let id = row.person.person_id;
        if let Some((name, student)) = row.student(cx, &known.people)? {
            by_name.entry(name).or_default().push(student.clone());
            by_id.insert(id, student);
        }
    }
    let mut others = HashMap::new();
    for (at, name, near) in asked {
        let mut of: Vec<CurrentStudent> = by_name.get(&name).cloned().unwrap_or_default();
        for near in near.iter().filter_map(|id| by_id.get(id)) {
            if of.iter().all(|other| other.person.person != near.person.person) {
                of.push(near.clone());
            }
        }
        if !of.is_empty() {
            others.insert(at, of);
        }
    }
    Ok(others)
}

/// Reads the people with these names, and these people.
async fn find(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    names: &[&str],
    near: &[Uuid],
) -> Result<Vec<CandidateRow>> {
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM people WHERE organisation_id = $1 AND sort_key = ANY($2) UNION SELECT unnest($3::uuid[])",
    )
    .bind(cx.school.organisation.0)
    .bind(names)
    .bind(near)
    .fetch_all(&mut *connection)
    .await?;
    if people.is_empty() {
        return Ok(Vec::new());
    }
    if cx.locks {
        sqlx::query("SELECT FROM people WHERE organisation_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE")
            .bind(cx.school.organisation.0)
            .bind(&people)
            .execute(&mut *connection)
            .await?;
    }
    Ok(sqlx::query_as::<_, CandidateRow>(
        "SELECT p.id AS person_id, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, p.language,
                m.value AS email, t.value AS phone, a.username AS account, p.sort_key,
                e.id AS enrolment_id, e.admission_number, e.year_group, e.registration_group, e.starts_on, e.ends_on,
                x.other_ids, x.other_schools, x.other_numbers, x.other_current
         FROM people p
         LEFT JOIN enrolments e ON e.school_id = $2 AND e.person_id = p.id AND e.latest
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN addresses t ON t.person_id = p.id AND t.kind = 'phone' AND t.is_primary
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id AND a.state <> 'closed'
         CROSS JOIN LATERAL (
             SELECT coalesce(array_agg(o.school_id ORDER BY o.starts_on DESC, o.id), '{}') AS other_ids,
                    coalesce(array_agg(s.name ORDER BY o.starts_on DESC, o.id), '{}') AS other_schools,
                    coalesce(array_agg(o.admission_number ORDER BY o.starts_on DESC, o.id), '{}') AS other_numbers,
                    coalesce(array_agg(o.ends_on IS NULL OR o.ends_on >= $4 ORDER BY o.starts_on DESC, o.id), '{}')
                        AS other_current
             FROM enrolments o JOIN schools s ON s.id = o.school_id
             WHERE o.person_id = p.id AND o.school_id <> $2 AND o.latest) x
         WHERE p.organisation_id = $1 AND p.id = ANY($3)
         ORDER BY p.id",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(people)
    .bind(cx.day)
    .fetch_all(connection)
    .await?)
}
