//! What staff have changed by hand stays, unless the import is asked to replace it.

use domain::ids::PersonId;
use domain::imports::outcome::RowOutcome;
use domain::roll::address::AddressKind;
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::imports::replace::replace_edits;
use crate::roll::addresses::{add, edit};

const FILE: &str = "Adm No,Forename,Surname,Year,Phone\n1,Ada,Lee,9,07700900118\n2,Ben,Lee,9,07700900119\n";

async fn person(office: &Office, given: &str) -> PersonId {
    let id: Uuid = sqlx::query_scalar("SELECT id FROM people WHERE given_name = $1")
        .bind(given)
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    PersonId(id)
}

async fn phones(office: &Office) -> Vec<String> {
    sqlx::query_scalar("SELECT value FROM addresses WHERE kind = 'phone' AND is_primary ORDER BY value")
        .fetch_all(office.backend.database.raw())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_that_was_typed_stays_until_the_import_is_asked_to_replace_it(pool: PgPool) {
    let office = Office::new(pool).await;
    let Office { backend, actor, .. } = &office;
    office.import(FILE).await;
    let ada = person(&office, "Ada").await;
    let typed = add(backend, actor, ada, AddressKind::Phone, "07700900200").await.unwrap();
    let first = typed.iter().find(|address| address.primary).unwrap();
    edit(backend, actor, ada, first.id, "07700900300").await.unwrap();

    let checked = office.check(FILE).await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { kept: 1, by_hand: 1, ..counts(0, 0, 1, 0, 0) });
    let line = &office.lines(&checked).await[0];
    assert_eq!((line.line.outcome, line.line.code.as_ref()), (RowOutcome::Kept, "kept"));
    assert_eq!(
        message(line),
        "Phone was changed by hand and stays as it is. The file has \u{201c}07700900118\u{201d}."
    );
    // What else the row says is imported.
    let moved = office.import(&FILE.replace("Lee,9,07700900118", "Lee,10,07700900118")).await;
    assert_eq!(moved.counts.unwrap(), PlanCounts { by_hand: 1, ..counts(0, 1, 1, 0, 0) });
    assert_eq!(phones(&office).await, ["07700900119", "07700900300"]);

    let replaced = replace_edits(backend, actor, checked.id, true).await.unwrap();
    assert!(replaced.replaces_edits);
    office.written(&replaced).await;
    assert_eq!(phones(&office).await, ["07700900118", "07700900119"]);
    // It is the file's again, so that the next file changes it without a question.
    let next = office.import(&FILE.replace("07700900118", "07700900444")).await;
    assert_eq!(next.counts.unwrap().updated, 1);
}
