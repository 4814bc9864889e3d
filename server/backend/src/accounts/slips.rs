//! Slips with codes, to cut out and hand over.

use std::cmp::Ordering;
use std::collections::HashMap;

use domain::ids::PersonId;
use domain::recovery::CodeSlip;
use domain::roll::page::natural;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::Among;
use super::queries::group;
use crate::Result;
use crate::tenancy::places::SchoolContext;

/// Somebody who gets a code on paper.
pub(crate) struct PaperCode {
    /// The person.
    pub(crate) person: PersonId,
    /// Their name as pages show it.
    pub(crate) name: String,
    /// Their username.
    pub(crate) username: String,
    /// The code.
    pub(crate) code: String,
}

/// Makes the slips of people of a school in the order in which they are handed out: students by group, then everyone by name.
pub(crate) async fn slips(
    connection: &mut PgConnection,
    school: &SchoolContext,
    among: Among,
    codes: Vec<PaperCode>,
) -> Result<Vec<CodeSlip>> {
    let people: Vec<Uuid> = codes.iter().map(|code| code.person.0).collect();
    let (label, mut beside) = match among {
        Among::Students => ("Group", groups(connection, school, &people).await?),
        Among::Guardians => ("Students", students(connection, school, &people).await?),
        Among::Staff => ("", HashMap::new()),
    };
    let mut slips: Vec<CodeSlip> = codes
        .into_iter()
        .map(|code| CodeSlip {
            beside: beside.remove(&code.person.0).map(|told| (label, told)),
            name: code.name,
            username: code.username,
            code: code.code,
        })
        .collect();
    slips.sort_by(|a, b| {
        let by_group = if among == Among::Students { in_group_order(a, b) } else { Ordering::Equal };
        by_group.then_with(|| (&a.name, &a.username).cmp(&(&b.name, &b.username)))
    });
    Ok(slips)
}

fn in_group_order(a: &CodeSlip, b: &CodeSlip) -> Ordering {
    let [a, b] = [a, b].map(|slip| slip.beside.as_ref().map_or("", |(_, group)| group.as_str()));
    natural(a, b)
}

/// The groups of these students, by person.
async fn groups(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[Uuid],
) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String, String)> = sqlx::query_as(
        "SELECT person_id, registration_group, year_group FROM enrolments
         WHERE organisation_id = $1 AND school_id = $2 AND latest AND person_id = ANY ($3)",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(people)
    .fetch_all(connection)
    .await?;
    let groups = rows.into_iter().map(|(person, registration, year)| (person, group(registration, year)));
    Ok(groups.filter(|(_, group)| !group.is_empty()).collect())
}

/// The names of the students whom these guardians' accounts open, as far as the actor may see them, by guardian.
async fn students(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[Uuid],
) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT adult.id, string_agg(concat_ws(' ', nullif(coalesce(nullif(k.preferred_name, ''), k.given_name), ''),
                                               nullif(k.family_name, '')), ', ' ORDER BY k.sort_key, k.id)
         FROM unnest($3::uuid[]) AS adult (id)
         CROSS JOIN LATERAL opened_children($1, adult.id, $6::date) AS opened (child_id)
         JOIN people k ON k.organisation_id = $1 AND k.id = opened.child_id
         JOIN enrolments e ON e.organisation_id = $1 AND e.person_id = k.id AND e.school_id = $2 AND e.latest
         WHERE ($4 OR k.id IN (SELECT r.person_id FROM reached_people r)) AND k.id <> ALL ($5)
         GROUP BY adult.id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(people)
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(school.today)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}
