//! The database side of importing who is in which teaching group.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::groups::import::{
    CourseRef, GroupIndex, GroupRef, KnownCourses, KnownGroups, KnownYear, MEMBERSHIPS, MembershipRow,
    MembershipWrite, StandingMembership, plan, read,
};
use domain::ids::{AcademicYearId, AccountId, CourseId, GroupId, PersonId};
use domain::imports::cells::Cells;
use domain::imports::held::Choices;
use domain::imports::kind::ImportDeclaration;
use domain::imports::note::Verdict;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::imports::whole::{NumberedRow, WholeKind};
use crate::imports::written::{WrittenKind, WrittenTable};
use crate::roll::import::undo;

pub(crate) mod tutors;
mod written;

/// Memberships of teaching groups.
pub(crate) struct StoredMemberships;

impl WrittenKind for StoredMemberships {
    type Undoing = undo::EmailsToRestore;

    const DECLARATION: &'static ImportDeclaration = &MEMBERSHIPS;
    const GATHER: &'static [&'static str] =
        &[written::GATHER_GROUPS, written::GATHER_MEMBERS, written::GATHER_COURSES, written::GATHER_STUDIES];
    const GATHERED: &'static str = "ANALYZE import_groups, import_members, import_courses, import_studies";
    const WRITTEN: &'static [WrittenTable] = &[written::COURSES, written::GROUPS, written::MEMBERS];

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<(AccountId, PersonId)>> {
        written::apply(cx, connection).await?;
        Ok(Vec::new())
    }

    async fn before_undo(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<undo::EmailsToRestore> {
        undo::lock(cx, connection).await?;
        let in_the_way = written::built_on(cx, connection).await?;
        undo::before_undo(cx, connection, in_the_way).await
    }

    async fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: undo::EmailsToRestore,
    ) -> Result<()> {
        undo::after_undo(cx, connection, undoing).await
    }
}

impl WholeKind for StoredMemberships {
    type Said = MembershipRow;
    type Write = MembershipWrite;

    fn read(cells: &mut Cells<'_>) -> Option<MembershipRow> {
        read(cells)
    }

    async fn plan(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        rows: &[NumberedRow<'_, MembershipRow>],
        _choices: &Choices,
    ) -> Result<Vec<Verdict<MembershipWrite>>> {
        let known = known(cx, connection, rows).await?;
        Ok(plan(rows, &known, cx.day))
    }

    async fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: Vec<MembershipWrite>,
    ) -> Result<()> {
        let mut new: HashMap<(String, Option<AcademicYearId>), (GroupId, &str)> = HashMap::new();
        let mut rows = Vec::with_capacity(writes.len());
        let mut courses: HashMap<&str, (CourseId, &str)> = HashMap::new();
        let mut studies: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        for write in &writes {
            let group = match &write.group {
                GroupRef::Known(group) => *group,
                GroupRef::New(name, year) => {
                    let made = || (cx.backend.new_id(), name.as_str());
                    new.entry((name.as_str().to_lowercase(), *year)).or_insert_with(made).0
                }
            };
            let id: Uuid = write.existing.unwrap_or_else(|| cx.backend.new_id());
            rows.push((id, group, write));
            let course = write.course.as_ref().map(|course| match course {
                CourseRef::Known(course) => *course,
                CourseRef::New(code, name) => {
                    courses.entry(code.as_str()).or_insert_with(|| (cx.backend.new_id(), name.as_str())).0
                }
            });
            studies.extend(course.map(|course| (group.0, course.0)));
        }
        copy_rows(
            connection,
            "COPY import_courses (id, code, name) FROM STDIN",
            courses,
            |line, (code, (id, name))| {
                line.plain(id).text(code).text(name);
            },
        )
        .await?;
        copy_rows(
            connection,
            "COPY import_studies (group_id, course_id) FROM STDIN",
            studies,
            |line, (group, course)| {
                line.plain(group).plain(course);
            },
        )
        .await?;
        copy_rows(
            connection,
            "COPY import_groups (id, name, year_id) FROM STDIN",
            new,
            |line, ((_, year), (id, name))| {
                line.plain(id).text(name).plain_or_null(year);
            },
        )
        .await?;
        copy_rows(
            connection,
            "COPY import_members (id, is_new, group_id, person_id, starts_on, ends_on) FROM STDIN",
            rows,
            |line, (id, group, write)| {
                line.plain(id).plain(write.existing.is_none()).plain(group).plain(write.person);
                line.plain(write.starts_on).plain_or_null(write.ends_on);
            },
        )
        .await?;
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    id: Uuid,
    group_id: Uuid,
    person_id: Uuid,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// What the school has of the groups and students of a file. People whom a restriction hides are unknown.
async fn known(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    rows: &[NumberedRow<'_, MembershipRow>],
) -> Result<KnownGroups> {
    let numbers: Vec<&str> = rows.iter().map(|(_, row)| row.student.as_str()).collect();
    let students: Vec<(String, Uuid)> = sqlx::query_as(
        "SELECT e.admission_number, e.person_id FROM enrolments e
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest AND e.admission_number = ANY ($3)
           AND e.person_id <> ALL ($4)",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(numbers)
    .bind(cx.school.hidden())
    .fetch_all(&mut *connection)
    .await?;
    let groups = open_groups(cx, connection).await?;
    let courses: Vec<(Uuid, String, String)> = sqlx::query_as(
        "SELECT id, code, lower(name) AS name FROM courses
         WHERE organisation_id = $1 AND school_id = $2 AND ended_at IS NULL",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .fetch_all(&mut *connection)
    .await?;
    let studying: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT group_id FROM group_courses WHERE organisation_id = $1 AND group_id = ANY ($2)",
    )
    .bind(cx.school.organisation.0)
    .bind(groups.ids().map(|group| group.0).collect::<Vec<_>>())
    .fetch_all(&mut *connection)
    .await?;
    let members = sqlx::query_as::<_, StandingRow>(
        "SELECT DISTINCT ON (m.group_id, m.person_id) m.id, m.group_id, m.person_id, m.starts_on, m.ends_on
         FROM group_members m
         WHERE m.organisation_id = $1 AND m.group_id = ANY ($2) AND m.person_id = ANY ($3)
           AND (m.ends_on < $4) IS NOT TRUE
         ORDER BY m.group_id, m.person_id, m.starts_on",
    )
    .bind(cx.school.organisation.0)
    .bind(groups.ids().map(|group| group.0).collect::<Vec<_>>())
    .bind(students.iter().map(|(_, person)| *person).collect::<Vec<_>>())
    .bind(cx.day)
    .fetch_all(connection)
    .await?;
    let standing = |row: StandingRow| {
        let key = (GroupId(row.group_id), PersonId(row.person_id));
        (key, StandingMembership { id: row.id, starts_on: row.starts_on, ends_on: row.ends_on })
    };
    let codes = courses.iter().map(|(id, code, _)| (code.clone(), CourseId(*id))).collect();
    let names = courses.iter().map(|(id, _, name)| (name.clone(), CourseId(*id))).collect();
    Ok(KnownGroups {
        courses: KnownCourses { codes, names },
        studying: studying.into_iter().map(GroupId).collect(),
        groups,
        students: students.into_iter().map(|(number, person)| (number, PersonId(person))).collect(),
        members: members.into_iter().map(standing).collect(),
    })
}

#[derive(sqlx::FromRow)]
struct YearRow {
    id: Uuid,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

/// The open groups and the years of the school: of groups with one name, that of the year of the file's day comes first.
async fn open_groups(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<GroupIndex> {
    let groups: Vec<(Uuid, String, Option<Uuid>)> = sqlx::query_as(
        "SELECT g.id, g.name, y.id AS year_id
         FROM groups g LEFT JOIN academic_years y ON y.id = g.academic_year_id
         WHERE g.organisation_id = $1 AND g.school_id = $2 AND g.kind = 'teaching' AND g.closed_at IS NULL
         ORDER BY (y.starts_on <= $3 AND y.ends_on >= $3) DESC NULLS LAST, y.starts_on DESC NULLS LAST, g.id",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(cx.day)
    .fetch_all(&mut *connection)
    .await?;
    let years = sqlx::query_as::<_, YearRow>(
        "SELECT id, starts_on, ends_on FROM academic_years WHERE organisation_id = $1 AND school_id = $2 ORDER BY starts_on",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .fetch_all(connection)
    .await?;
    let groups = groups.into_iter().map(|(id, name, year)| (name, GroupId(id), year.map(AcademicYearId)));
    let years = years.into_iter().map(|year| KnownYear {
        id: AcademicYearId(year.id),
        starts_on: year.starts_on,
        ends_on: year.ends_on,
    });
    Ok(GroupIndex::of(groups, years.collect()))
}
