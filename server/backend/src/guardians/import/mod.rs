//! The database side of importing guardians.

mod gather;
mod known;
mod stored;
mod written;

use domain::guardians::import::plan::{self, PlanRow};
use domain::guardians::import::row::{self, FamilyRow};
use domain::guardians::import::write::GuardiansWrite;
use domain::guardians::import::CONTACTS;
use domain::ids::{AccountId, PersonId};
use domain::imports::cells::Cells;
use domain::imports::held::Choices;
use domain::imports::kind::ImportDeclaration;
use domain::imports::note::Verdict;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::imports::kind::{Importing, WrittenTable};
use crate::imports::whole::{NumberedRow, WholeKind};
use crate::roll::import::{people, undo};

/// Contacts of the students of a school.
pub(crate) struct StoredContacts;

impl WholeKind for StoredContacts {
    type Row = FamilyRow;
    type Write = GuardiansWrite;
    type Undoing = undo::EmailsToRestore;

    const DECLARATION: &'static ImportDeclaration = &CONTACTS;
    const GATHER: &'static [&'static str] = &[
        people::GATHER_PEOPLE,
        people::GATHER_ADDRESSES,
        written::GATHER_ADULTS,
        written::GATHER_KEYS,
        written::GATHER_CONTACTS,
    ];
    const GATHERED: &'static str =
        "ANALYZE import_people, import_addresses, import_adults, import_keys, import_contacts";
    const WRITTEN: &'static [WrittenTable] = &[
        people::PEOPLE,
        written::ADULTS,
        people::ADDRESSES,
        written::POSTAL,
        written::KEYS,
        written::CONTACTS,
    ];

    fn read(cells: &mut Cells<'_>) -> Option<FamilyRow> {
        row::read(cells)
    }

    async fn plan(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        rows: &[NumberedRow<'_, FamilyRow>],
        choices: &Choices,
    ) -> Result<Vec<Verdict<GuardiansWrite>>> {
        let known = known::of(cx, connection, rows).await?;
        let rows: Vec<PlanRow<'_>> = rows.iter().map(|(number, row)| PlanRow { number: *number, row }).collect();
        Ok(plan::plan(&rows, &known, choices, cx.day))
    }

    async fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: Vec<GuardiansWrite>,
    ) -> Result<()> {
        gather::gather(cx, connection, &writes).await
    }

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<(AccountId, PersonId)>> {
        people::apply_details(cx, connection).await?;
        written::apply(cx, connection).await?;
        people::apply_addresses(cx, connection).await
    }

    async fn before_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> Result<undo::EmailsToRestore> {
        undo::lock(cx, connection).await?;
        // People of whom something was changed since, or who belong to others since.
        let in_the_way: Vec<Uuid> = sqlx::query_scalar(
            "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
             SELECT w.person_id FROM written w LEFT JOIN contacts c ON c.id = w.id
             WHERE w.kind = 'contact' AND fingerprint(c) IS DISTINCT FROM w.left_as
             UNION
             SELECT w.person_id FROM written w LEFT JOIN postal_addresses a ON a.person_id = w.id
             WHERE w.kind = 'postal' AND fingerprint(a) IS DISTINCT FROM w.left_as
             UNION
             SELECT w.person_id FROM written w LEFT JOIN person_keys k ON k.id = w.id
             WHERE w.kind = 'key' AND fingerprint(k) IS DISTINCT FROM w.left_as",
        )
        .bind(cx.school.organisation.0)
        .bind(cx.import.0)
        .fetch_all(&mut *connection)
        .await?;
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

#[cfg(test)]
mod tests;
