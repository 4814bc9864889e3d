//! The people whom rows may be about, beside those with exactly their staff code: staff of the school with almost the
//! same code or the same name, and people of the organisation with the same email address.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::fold::sort_key;
use domain::ids::EmploymentId;
use domain::imports::kind::ImportKind as _;
use domain::staff::import::{CurrentStaff, Employment, ImportedStaff, KnownAt, StaffImport};
use sqlx::PgConnection;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::Result;
use crate::authorization::roles::within_reach;
use crate::imports::kind::Importing;
use crate::imports::near::NearKeys;
use crate::roll::import::people;

/// What is known before rows are looked up.
pub(crate) struct KnownStaff {
    pub(super) people: people::KnownPeople,
    /// The staff of the school by [`NearKeys`], read once a row needs them.
    near: OnceCell<NearKeys>,
}

impl KnownStaff {
    pub(super) async fn of(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Self> {
        Ok(Self { people: people::KnownPeople::of(cx, connection).await?, near: OnceCell::new() })
    }

    async fn near(&self, cx: &Importing<'_>, connection: &mut PgConnection) -> Result<&NearKeys> {
        self.near
            .get_or_try_init(|| async move {
                let codes: Vec<(String, Uuid)> = sqlx::query_as(
                    "SELECT staff_code, person_id FROM employments WHERE organisation_id = $1 AND school_id = $2",
                )
                .bind(cx.school.organisation.0)
                .bind(cx.school.school.0)
                .fetch_all(connection)
                .await?;
                Ok(codes.into_iter().collect())
            })
            .await
    }
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    #[sqlx(flatten)]
    person: people::ImportPersonRow,
    sort_key: String,
    comparable: Option<String>,
    employment_id: Option<Uuid>,
    staff_code: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    /// Whether they have a role that the importer sees, at the school of the file or for all.
    has_role_here: bool,
    /// Whether the importer may know of them.
    within_reach: bool,
    /// The other school where they work or have a role.
    other_school: Option<String>,
}

impl CandidateRow {
    /// The member of staff, or somebody who is not employed at the school.
    fn staff(self, cx: &Importing<'_>, known: &KnownStaff) -> Result<CurrentStaff> {
        let at = match self.other_school {
            _ if !self.within_reach => KnownAt::OutOfReach,
            _ if self.has_role_here => KnownAt::Here,
            Some(school) => KnownAt::Elsewhere(school),
            None => KnownAt::Nowhere,
        };
        let person = self.person.current(cx, &known.people, &[])?;
        Ok(match (self.employment_id, self.staff_code, self.starts_on) {
            (Some(id), Some(code), Some(starts_on)) => {
                let employment = Employment { id: EmploymentId(id), starts_on, ends_on: self.ends_on };
                CurrentStaff::Employed(person, code, employment)
            }
            _ => CurrentStaff::Known(person, at),
        })
    }
}

/// The other people whom rows may be about, by the row's place: staff of the school with almost the same code
/// or the same name, and people of the organisation with the same email address who were never enrolled.
pub(super) async fn others(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    known: &KnownStaff,
    rows: &[&ImportedStaff],
    keyed: &HashMap<String, CurrentStaff>,
) -> Result<HashMap<usize, Vec<CurrentStaff>>> {
    let mut asked: Vec<(usize, String, Option<String>, &[Uuid])> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let holder = keyed.get(row.code.as_str());
        let is_clear = |holder: &CurrentStaff| {
            StaffImport::identity(holder).is_none() || StaffImport::resemblance(row, holder).is_possible()
        };
        if holder.is_some_and(is_clear) {
            continue;
        }
        let near = match holder {
            Some(_) => &[][..],
            None => known.near(cx, connection).await?.of(row.code.as_str()),
        };
        let Some(name) = row.person.name_after([""; 4]) else { continue };
        let email = row.person.email.value().map(domain::roll::address::EmailAddress::comparable);
        asked.push((at, sort_key(name.given(), name.family()), email, near));
    }
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<&str> = asked.iter().map(|(_, name, ..)| name.as_str()).collect();
    let emails: Vec<&str> = asked.iter().filter_map(|(_, _, email, _)| email.as_deref()).collect();
    let near: Vec<Uuid> = asked.iter().flat_map(|(.., near)| near.iter().copied()).collect();
    let found = find(cx, connection, &names, &emails, &near).await?;
    let mut others: HashMap<usize, Vec<CurrentStaff>> = HashMap::new();
    for candidate in found {
        let id = candidate.person.person_id;
        let places = asked.iter().filter(|(_, name, email, near)| {
            *name == candidate.sort_key
                || (email.is_some() && *email == candidate.comparable)
                || near.contains(&id)
        });
        let places: Vec<usize> = places.map(|(at, ..)| *at).collect();
        let staff = candidate.staff(cx, known)?;
        for at in places {
            others.entry(at).or_default().push(staff.clone());
        }
    }
    Ok(others)
}

async fn find(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    names: &[&str],
    emails: &[&str],
    near: &[Uuid],
) -> Result<Vec<CandidateRow>> {
    Ok(sqlx::query_as::<_, CandidateRow>(concat!(
        "SELECT p.id AS person_id, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, p.language,
                m.value AS email, t.value AS phone, a.username AS account, p.sort_key, m.comparable,
                e.id AS employment_id, e.staff_code, e.starts_on, e.ends_on,
                EXISTS (SELECT FROM staff_roles h
                        WHERE h.organisation_id = $1 AND h.person_id = p.id
                          AND (h.school_id = $2 OR h.school_id IS NULL AND (SELECT current_setting('greencap.everyone', true)) = 'true')
                          AND (h.ends_on < $6) IS NOT TRUE) AS has_role_here, ",
        within_reach!("p.id"),
        " AS within_reach,
                (SELECT min(s.name) FROM schools s
                 WHERE s.organisation_id = $1 AND s.id <> $2
                   AND (EXISTS (SELECT FROM employments w WHERE w.school_id = s.id AND w.person_id = p.id)
                        OR EXISTS (SELECT FROM staff_roles w WHERE w.school_id = s.id AND w.person_id = p.id))) AS other_school
         FROM people p
         LEFT JOIN employments e ON e.school_id = $2 AND e.person_id = p.id
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN addresses t ON t.person_id = p.id AND t.kind = 'phone' AND t.is_primary
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id AND a.state <> 'closed'
         WHERE p.organisation_id = $1 AND p.id IN (
             SELECT d.person_id FROM employments d JOIN people n ON n.id = d.person_id
             WHERE d.school_id = $2 AND n.sort_key = ANY($3)
             UNION
             SELECT o.person_id FROM addresses o
             WHERE o.organisation_id = $1 AND o.kind = 'email' AND o.is_primary AND o.comparable = ANY($4)
               AND NOT EXISTS (SELECT FROM enrolments r WHERE r.person_id = o.person_id)
             UNION
             SELECT unnest($5::uuid[]))
         ORDER BY p.id"
    ))
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(names)
    .bind(emails)
    .bind(near)
    .bind(cx.day)
    .fetch_all(connection)
    .await?)
}
