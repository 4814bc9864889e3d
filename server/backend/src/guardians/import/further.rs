//! Addresses that are kept beside those that messages go to.

use domain::guardians::import::addresses::LabelledAddress;
use domain::guardians::import::write::AdultWrite;
use domain::ids::{AddressId, PersonId};
use domain::roll::address::EmailAddress;
use sqlx::PgConnection;

use crate::Result;
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::imports::written::WrittenTable;

/// The addresses: those beside, and the new primary ones that have a label.
pub(super) const GATHER_FURTHER: &str =
    "CREATE TEMPORARY TABLE import_further (id uuid, person_id uuid, of_new_person boolean, is_primary boolean, kind text,
         value text, comparable text, label text) ON COMMIT DROP";

/// The addresses beside. They are new: an import changes none that is known.
pub(super) const FURTHER: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'further', a.id, a.person_id, to_jsonb(a) FROM import_further i JOIN addresses a ON a.id = i.id
             WHERE a.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'address', a.id, a.person_id, NULL, fingerprint(a)
            FROM import_further i JOIN addresses a ON a.id = i.id",
    remove: "DELETE FROM addresses WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'address' AND before IS NULL)",
    restore: &[],
};

/// Gathers them.
pub(super) async fn gather(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    adults: &[(PersonId, &AdultWrite)],
) -> Result<()> {
    let mut rows: Vec<(PersonId, bool, bool, &LabelledAddress)> = Vec::new();
    for (person, adult) in adults {
        let primary = [
            adult.person.email.as_ref().map(EmailAddress::comparable),
            adult.person.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        ];
        for address in &adult.addresses {
            let is_primary = primary.iter().flatten().any(|of| *of == address.comparable);
            rows.push((*person, adult.person.existing.is_none(), is_primary, address));
        }
    }
    copy_rows(
        connection,
        "COPY import_further (id, person_id, of_new_person, is_primary, kind, value, comparable, label) FROM STDIN",
        rows,
        |line, (person, is_new, is_primary, address)| {
            line.plain(cx.backend.new_id::<AddressId>())
                .plain(person)
                .plain(is_new)
                .plain(is_primary)
                .text(address.kind.slug())
                .text(&address.value)
                .text(&address.comparable)
                .text(&address.label);
        },
    )
    .await?;
    Ok(())
}

/// Writes them. The primary ones are written already.
pub(super) async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at, label,
                                chosen_by, chosen_at)
         SELECT id, $1, person_id, kind, value, comparable, false, $2::timestamptz, label,
                CASE WHEN NOT of_new_person THEN $3::uuid END, CASE WHEN NOT of_new_person THEN $2::timestamptz END
         FROM import_further WHERE NOT is_primary
         ON CONFLICT ON CONSTRAINT addresses_value_key DO NOTHING",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.backend.now())
    .bind(cx.actor.account().map(|account| account.0))
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE addresses a SET label = i.label FROM import_further i
         WHERE i.is_primary AND i.label <> '' AND a.organisation_id = $1 AND a.person_id = i.person_id AND a.kind = i.kind
           AND a.comparable = i.comparable",
    )
    .bind(cx.school.organisation.0)
    .execute(connection)
    .await?;
    Ok(())
}
