//! Finds the student whom the office names: by admission number or by name.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fold::fold;
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::places::reached;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The most students that are offered.
const MOST: i64 = 10;

/// A student who was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedStudent {
    /// The student.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their admission number.
    pub admission_number: String,
    /// Their registration group.
    pub group: String,
    /// Their school, if it is not the one that was asked about first.
    pub elsewhere: Option<String>,
}

#[derive(sqlx::FromRow)]
struct NamedStudentRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    admission_number: String,
    registration_group: String,
}

/// Returns the students of a school with this admission number, or else those whose name contains every word. If the
/// school has none, those of the actor's other schools.
pub async fn named(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    words: &str,
) -> Result<Vec<NamedStudent>> {
    let mut found = in_school(backend, actor, school, words).await?;
    if found.is_empty() {
        for other in reached(backend, actor, Permission::ManageGuardians).await? {
            if other.id != school {
                let students = in_school(backend, actor, other.id, words).await?;
                let elsewhere = || Some(other.name.clone());
                found.extend(students.into_iter().map(|one| NamedStudent { elsewhere: elsewhere(), ..one }));
            }
        }
    }
    Ok(found)
}

/// The students of one school.
async fn in_school(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    words: &str,
) -> Result<Vec<NamedStudent>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let patterns: Vec<String> =
        fold(words).split(' ').filter(|word| !word.is_empty()).map(|word| format!("% {word}%")).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<NamedStudentRow> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, e.admission_number, e.registration_group
         FROM enrolments e JOIN people p ON p.id = e.person_id
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest
           AND (lower(e.admission_number) = lower($3) OR p.search_key LIKE ALL ($4))
           AND ($5 OR p.id IN (SELECT v.person_id FROM visible_people v)) AND p.id <> ALL ($6)
         ORDER BY (lower(e.admission_number) = lower($3)) DESC, (e.ends_on < $7) IS TRUE, p.sort_key, p.id
         LIMIT $8",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(words.trim())
    .bind(patterns)
    .bind(at.everybody())
    .bind(at.hidden())
    .bind(at.today)
    .bind(MOST)
    .fetch_all(&mut *transaction)
    .await?;
    let found: Vec<NamedStudent> = rows
        .into_iter()
        .map(|row| NamedStudent {
            person: PersonId(row.id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            admission_number: row.admission_number,
            group: row.registration_group,
            elsewhere: None,
        })
        .collect();
    // A whole admission number names one student, whatever else it is a part of.
    let exact = found.iter().position(|student| student.admission_number.eq_ignore_ascii_case(words.trim()));
    Ok(match exact {
        Some(at) => found.into_iter().skip(at).take(1).collect(),
        None => found,
    })
}
