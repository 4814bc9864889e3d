//! The database side of importing who tutors which teaching group.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::authorization::policy::may_appoint_tutor;
use domain::authorization::role::Role;
use domain::groups::import::tutors::{KnownTutors, TUTORS, TutorRow, TutorWrite, plan, read};
use domain::ids::{AccountId, GroupId, PersonId};
use domain::imports::cells::Cells;
use domain::imports::held::Choices;
use domain::imports::kind::ImportDeclaration;
use domain::imports::note::Verdict;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::open_groups;
use crate::Result;
use crate::audit::record_all;
use crate::authorization::roles::tutors::{TutorGift, give_groups, taken_back};
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::imports::whole::{NumberedRow, WholeKind};
use crate::imports::written::{WrittenKind, WrittenTable};
use crate::roll::import::undo;

/// Tutors of teaching groups.
pub(crate) struct StoredTutors;

/// The roles, which the import gives and its undo takes.
const ROLES: WrittenTable = WrittenTable {
    before: "SELECT group_id FROM import_tutors WHERE $1::uuid IS NULL",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'tutor', r.id, r.person_id, NULL::jsonb,
                   hashtextextended(concat_ws(' ', r.starts_on, r.ends_on), 0)
            FROM import_tutors i
            JOIN staff_roles r ON r.group_id = i.group_id AND r.person_id = i.person_id AND r.role = 'group_tutor'",
    remove: "DELETE FROM staff_roles WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'tutor' AND before IS NULL)",
    restore: &[],
};

#[derive(sqlx::FromRow)]
struct GatheredTutorRow {
    group_id: Uuid,
    person_id: Uuid,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

impl WrittenKind for StoredTutors {
    type Undoing = undo::EmailsToRestore;

    const DECLARATION: &'static ImportDeclaration = &TUTORS;
    const GATHER: &'static [&'static str] = &[
        "CREATE TEMPORARY TABLE import_tutors (group_id uuid, person_id uuid, starts_on date, ends_on date) ON COMMIT DROP",
    ];
    const GATHERED: &'static str = "ANALYZE import_tutors";
    const WRITTEN: &'static [WrittenTable] = &[ROLES];

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<(AccountId, PersonId)>> {
        let rows = sqlx::query_as::<_, GatheredTutorRow>(
            "SELECT group_id, person_id, starts_on, ends_on FROM import_tutors ORDER BY group_id, person_id",
        )
        .fetch_all(&mut *connection)
        .await?;
        let gifts: Vec<TutorGift> = rows
            .into_iter()
            .map(|row| TutorGift {
                group: GroupId(row.group_id),
                person: PersonId(row.person_id),
                starts_on: row.starts_on,
                ends_on: row.ends_on,
            })
            .collect();
        let entries = give_groups(cx.backend, connection, cx.actor, cx.school.school, &gifts).await?;
        record_all(cx.backend, connection, cx.actor, entries).await?;
        Ok(Vec::new())
    }

    async fn before_undo(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<undo::EmailsToRestore> {
        undo::lock(cx, connection).await?;
        let changed: Vec<Uuid> = sqlx::query_scalar(
            "SELECT w.person_id FROM import_writes w LEFT JOIN staff_roles r ON r.id = w.id
             WHERE w.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'tutor'
               AND (r.id IS NULL OR hashtextextended(concat_ws(' ', r.starts_on, r.ends_on), 0) IS DISTINCT FROM w.left_as)",
        )
        .bind(cx.school.organisation.0)
        .bind(cx.import.0)
        .fetch_all(&mut *connection)
        .await?;
        let undoing = undo::before_undo(cx, connection, changed).await?;
        let given: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM import_writes WHERE organisation_id = $1 AND import_id = $2 AND kind = 'tutor'",
        )
        .bind(cx.school.organisation.0)
        .bind(cx.import.0)
        .fetch_all(&mut *connection)
        .await?;
        let entries = taken_back(connection, cx.actor, cx.school.school, &given).await?;
        record_all(cx.backend, connection, cx.actor, entries).await?;
        Ok(undoing)
    }

    async fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: undo::EmailsToRestore,
    ) -> Result<()> {
        undo::after_undo(cx, connection, undoing).await
    }
}

impl WholeKind for StoredTutors {
    type Said = TutorRow;
    type Write = TutorWrite;

    fn read(cells: &mut Cells<'_>) -> Option<TutorRow> {
        read(cells)
    }

    async fn plan(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        rows: &[NumberedRow<'_, TutorRow>],
        _choices: &Choices,
    ) -> Result<Vec<Verdict<TutorWrite>>> {
        let known = known(cx, connection, rows).await?;
        Ok(plan(rows, &known, cx.day))
    }

    async fn gather(
        _cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: Vec<TutorWrite>,
    ) -> Result<()> {
        copy_rows(
            connection,
            "COPY import_tutors (group_id, person_id, starts_on, ends_on) FROM STDIN",
            writes,
            |line, write| {
                line.plain(write.group).plain(write.person);
                line.plain_or_null(write.starts_on).plain_or_null(write.ends_on);
            },
        )
        .await?;
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    staff_code: String,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
}

/// The staff and the groups of a file, and who tutors which already. People whom a restriction hides are unknown.
async fn known(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    rows: &[NumberedRow<'_, TutorRow>],
) -> Result<KnownTutors> {
    let codes: Vec<&str> = rows.iter().map(|(_, row)| row.code.as_str()).collect();
    let staff = sqlx::query_as::<_, StaffRow>(
        "SELECT w.staff_code, w.person_id, p.given_name, p.family_name, p.preferred_name
         FROM employments w JOIN people p ON p.organisation_id = w.organisation_id AND p.id = w.person_id
         WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.staff_code = ANY ($3)
           AND (w.ends_on < $4) IS NOT TRUE AND w.person_id <> ALL ($5)",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(codes)
    .bind(cx.day)
    .bind(cx.school.hidden())
    .fetch_all(&mut *connection)
    .await?;
    let groups = open_groups(cx, connection).await?;
    let tutors: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT group_id, person_id FROM staff_roles
         WHERE organisation_id = $1 AND school_id = $2 AND role = $3 AND group_id IS NOT NULL
           AND person_id = ANY ($4) AND (ends_on < $5) IS NOT TRUE",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(Role::GroupTutor.slug())
    .bind(staff.iter().map(|row| row.person_id).collect::<Vec<_>>())
    .bind(cx.day)
    .fetch_all(connection)
    .await?;
    let refused: HashSet<GroupId> =
        groups.ids().filter(|group| may_appoint_tutor(cx.actor, cx.school.school, *group).is_err()).collect();
    let named = |row: StaffRow| {
        let name = display_name(&row.given_name, &row.family_name, &row.preferred_name);
        (row.staff_code, (PersonId(row.person_id), name))
    };
    Ok(KnownTutors {
        groups,
        staff: staff.into_iter().map(named).collect(),
        tutors: tutors.into_iter().map(|(group, person)| (GroupId(group), PersonId(person))).collect(),
        refused,
        reader: cx.actor.person(),
    })
}
