//! The teaching groups of a school: all of them for the office, their own for a tutor.

use std::collections::HashMap;

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fold::fold;
use domain::ids::{AcademicYearId, GroupId, SchoolId};
use domain::lists::page::{Cursor, NameKey, Page};
use sqlx::PgConnection;
use uuid::Uuid;

use super::tutors::{Tutor, of_groups};
use super::years;
use super::years::AcademicYear;
use crate::db::one_more;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The number of groups on a page of the list.
pub const PAGE: usize = 50;

/// Which groups are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupFilter {
    /// Words of the name or of a course.
    pub words: String,
    /// Only those of this year.
    pub year: Option<AcademicYearId>,
    /// Closed groups instead of open ones.
    pub closed: bool,
    /// Only those without a tutor, or with one who leaves or cannot sign in any more.
    pub tutor_wanted: bool,
}

/// A group in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its year.
    pub year: Option<String>,
    /// The courses that were chosen for it.
    pub courses: Vec<String>,
    /// Its tutors.
    pub tutors: Vec<Tutor>,
    /// How many members it has today, of those the reader may see.
    pub members: i64,
}

/// What the list shows.
#[derive(Debug, Clone)]
pub struct GroupList {
    /// A page of groups.
    pub page: Page<GroupLine>,
    /// The years of the school, the latest first.
    pub years: Vec<AcademicYear>,
    /// Whether it has only the groups that the reader tutors.
    pub own: bool,
    /// How many open groups have a tutor who leaves, or none; 0 for tutors.
    pub tutor_wanted: i64,
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: Uuid,
    sort_key: String,
    name: String,
    year: Option<String>,
    courses: Vec<String>,
    members: i64,
}

/// Whether the office should choose a tutor for the group `g` on the day `$4`: it has none, or one of them leaves, has left
/// or cannot sign in any more. Like [`TutorStanding::asks`](domain::groups::tutor::TutorStanding::asks).
macro_rules! wants_tutor {
    () => {
        "(NOT EXISTS (SELECT FROM staff_roles r
                      WHERE r.group_id = g.id AND r.role = 'group_tutor' AND (r.ends_on < $4) IS NOT TRUE)
          OR EXISTS (SELECT FROM staff_roles r
                     LEFT JOIN employments w ON w.school_id = r.school_id AND w.person_id = r.person_id
                     LEFT JOIN accounts a ON a.organisation_id = r.organisation_id AND a.person_id = r.person_id
                     WHERE r.group_id = g.id AND r.role = 'group_tutor' AND (r.ends_on < $4) IS NOT TRUE
                       AND (w.ends_on IS NOT NULL OR a.state IN ('suspended', 'closed'))))"
    };
}

/// Returns a page after `after` of a school's teaching groups, by name.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &GroupFilter,
    after: Option<&Cursor>,
) -> Result<GroupList> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?;
    let after: Option<NameKey> = after.map(Cursor::key).transpose()?;
    let patterns: Vec<String> = fold(&filter.words)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| format!("%{word}%"))
        .collect();
    let rows = sqlx::query_as::<_, GroupRow>(concat!(
        "SELECT g.id, lower(g.name) COLLATE \"C\" AS sort_key, g.name, y.name AS year, k.courses,
                (SELECT count(*) FROM group_members m
                 WHERE m.group_id = g.id AND daterange(m.starts_on, m.ends_on, '[]') @> $4::date
                   AND ($5 OR m.person_id IN (SELECT v.person_id FROM visible_people v))
                   AND m.person_id <> ALL ($6)) AS members
         FROM groups g
         LEFT JOIN academic_years y ON y.id = g.academic_year_id
         CROSS JOIN LATERAL (
             SELECT ARRAY(SELECT c.name FROM group_courses gc JOIN courses c ON c.id = gc.course_id
                          WHERE gc.group_id = g.id AND gc.chosen ORDER BY lower(c.name)) AS courses) k
         WHERE g.organisation_id = $1 AND g.school_id = $2 AND g.kind = 'teaching'
           AND ($5 OR g.id = ANY ($3))
           AND (g.closed_at IS NOT NULL) = $7
           AND ($8::uuid IS NULL OR g.academic_year_id = $8)
           AND lower(concat_ws(' ', g.name, array_to_string(k.courses, ' '))) LIKE ALL ($9)
           AND (NOT $10 OR ",
        wants_tutor!(),
        ")
           AND ($11::text IS NULL OR (lower(g.name) COLLATE \"C\", g.id) > ($11, $12))
         ORDER BY lower(g.name) COLLATE \"C\", g.id
         LIMIT $13"
    ))
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(at.visible.groups.iter().map(|group| group.0).collect::<Vec<_>>())
    .bind(at.today)
    .bind(at.everybody())
    .bind(at.hidden())
    .bind(filter.closed)
    .bind(filter.year.map(|year| year.0))
    .bind(patterns)
    .bind(filter.tutor_wanted)
    .bind(after.as_ref().map(|after| after.sort_key.as_str()))
    .bind(after.as_ref().map(|after| after.id))
    .bind(one_more(PAGE))
    .fetch_all(&mut *transaction)
    .await?;
    let groups: Vec<GroupId> = rows.iter().map(|row| GroupId(row.id)).collect();
    let tutors = of_groups(&mut transaction, &at, &groups).await?;
    let years = years::load(&mut transaction, &at).await?;
    let own = !at.everybody();
    let tutor_wanted = if own { 0 } else { count_wanted(&mut transaction, &at).await? };
    let page = Page::of(rows, PAGE, |row| NameKey { sort_key: row.sort_key.clone(), id: row.id });
    Ok(GroupList { page: with_tutors(page, tutors), years, own, tutor_wanted })
}

fn with_tutors(page: Page<GroupRow>, mut tutors: HashMap<GroupId, Vec<Tutor>>) -> Page<GroupLine> {
    page.map(|row| GroupLine {
        tutors: tutors.remove(&GroupId(row.id)).unwrap_or_default(),
        id: GroupId(row.id),
        name: row.name,
        year: row.year,
        courses: row.courses,
        members: row.members,
    })
}

async fn count_wanted(connection: &mut PgConnection, at: &SchoolContext) -> Result<i64> {
    Ok(sqlx::query_scalar::<_, i64>(concat!(
        "SELECT count(*) FROM groups g
         WHERE g.organisation_id = $1 AND g.school_id = $2 AND g.kind = $3 AND g.closed_at IS NULL AND ",
        wants_tutor!()
    ))
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind("teaching")
    .bind(at.today)
    .fetch_one(connection)
    .await?)
}

/// A group in a choice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupChoice {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its year.
    pub year: Option<String>,
}

impl GroupChoice {
    /// "12A Maths, 2026/27".
    pub fn label(&self) -> String {
        self.year.as_ref().map_or_else(|| self.name.clone(), |year| format!("{}, {year}", self.name))
    }
}

/// The open teaching groups that somebody with this permission reaches, by year, the latest first, and name.
pub async fn choices(
    backend: &Backend,
    actor: &Actor,
    (school, permission): (SchoolId, Permission),
) -> Result<Vec<GroupChoice>> {
    let Entered { mut transaction, at } = backend.enter(actor, permission, InSchool(school)).await?;
    Ok(sqlx::query_as::<_, GroupChoice>(
        "SELECT g.id, g.name, y.name AS year
         FROM groups g LEFT JOIN academic_years y ON y.id = g.academic_year_id
         WHERE g.organisation_id = $1 AND g.school_id = $2 AND g.kind = 'teaching' AND g.closed_at IS NULL
           AND ($3 OR g.id = ANY ($4))
         ORDER BY y.starts_on DESC NULLS LAST, lower(g.name), g.id",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(at.everybody())
    .bind(at.visible.groups.iter().map(|group| group.0).collect::<Vec<_>>())
    .fetch_all(&mut *transaction)
    .await?)
}
