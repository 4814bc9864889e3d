//! Addresses that a file erases.

use domain::guardians::import::write::AdultWrite;
use domain::ids::{AccountId, AddressId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::credentials::disown::{WrongAddress, end_what_it_opened};
use crate::credentials::revoke::revoke_everything_sent_to;
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::imports::written::WrittenTable;
use crate::roll::addresses::moved::EmailsBefore;

/// The kinds of address that are erased, by person.
pub(super) const GATHER_ERASED: &str =
    "CREATE TEMPORARY TABLE import_erased (person_id uuid, kind text) ON COMMIT DROP";

/// The addresses. An undo brings them back.
pub(super) const ERASED: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'erased', a.id, a.person_id, to_jsonb(a)
             FROM import_erased i JOIN addresses a ON a.person_id = i.person_id AND a.kind = i.kind
             WHERE a.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'erased', b.id, b.person_id, b.before, 0
            FROM import_before b WHERE b.kind = 'erased'",
    // They are not there: nobody has entered others since, or the undo is refused.
    remove: "DELETE FROM addresses WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'erased')",
    restore: &["INSERT INTO addresses
         SELECT b.* FROM import_writes w, jsonb_populate_record(NULL::addresses, w.before) b
         WHERE w.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'erased'"],
};

/// Gathers what is erased.
pub(super) async fn gather(connection: &mut PgConnection, adults: &[(PersonId, &AdultWrite)]) -> Result<()> {
    let rows = adults.iter().flat_map(|(person, adult)| adult.erases.iter().map(|kind| (*person, *kind)));
    copy_rows(
        connection,
        "COPY import_erased (person_id, kind) FROM STDIN",
        rows.collect::<Vec<_>>(),
        |line, (person, kind)| {
            line.plain(person).text(kind.slug());
        },
    )
    .await?;
    Ok(())
}

/// Erases them. Links and codes that were sent there are revoked, what somebody opened with one of them ends, and the old
/// address is notified, as when the office removes an address. Returns the accounts that ended.
pub(super) async fn apply(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
) -> Result<Vec<(AccountId, PersonId)>> {
    let organisation = cx.school.organisation;
    let erased: Vec<(Uuid, Uuid, bool)> = sqlx::query_as(
        "SELECT a.id, a.person_id, a.is_primary AND a.kind = 'email' FROM import_erased i
         JOIN addresses a ON a.person_id = i.person_id AND a.kind = i.kind WHERE a.organisation_id = $1",
    )
    .bind(organisation.0)
    .fetch_all(&mut *connection)
    .await?;
    if erased.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Uuid> = erased.iter().map(|(_, person, _)| *person).collect();
    let before = EmailsBefore::of(connection, organisation, &people).await?;
    let ids: Vec<AddressId> = erased.iter().map(|(address, ..)| AddressId(*address)).collect();
    let wrong: Vec<WrongAddress> = erased
        .iter()
        .filter(|(_, _, is_primary_email)| *is_primary_email)
        .map(|(address, ..)| WrongAddress { address: AddressId(*address), right: String::new() })
        .collect();
    let disowned = end_what_it_opened(cx.backend, connection, organisation, &wrong).await?;
    revoke_everything_sent_to(cx.backend, connection, organisation, &ids).await?;
    sqlx::query("DELETE FROM addresses WHERE organisation_id = $1 AND id = ANY($2)")
        .bind(organisation.0)
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    before.settle(cx.backend, connection, cx.actor).await?;
    Ok(disowned)
}
