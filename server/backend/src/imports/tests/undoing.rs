use sqlx::PgPool;

use super::Office;
use crate::Error;
use crate::imports::undo::undo;
use crate::roll::addresses;
use crate::testing::{account, grant, group, student};
use domain::imports::views::ImportState;
use domain::roll::address::AddressKind;

const FIRST: &str = "Adm No,Surname,Forename,Year Group,Email,Start Date,Leaving Date
1,Lovelace,Ada,7,ada@home.example,2024-09-01,2025-07-20
2,Hopper,Grace,8,grace@home.example,2024-09-01,
";
/// Ada returns with another address, Grace is renamed, Alan is new.
const SECOND: &str = "Adm No,Surname,Forename,Year Group,Email,Start Date,Leaving Date
1,Lovelace,Ada,9,ada@school.example,2026-09-01,
2,Hopper,Amazing Grace,9,grace@home.example,2024-09-01,
3,Turing,Alan,7,alan@home.example,2026-09-01,
";

fn code(error: &Error) -> &'static str {
    match error {
        Error::Import(problem) => problem.code(),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_undone_import_leaves_the_roll_as_it_was_before_it(pool: PgPool) {
    let office = Office::new(pool).await;
    let first = office.import(FIRST).await;
    let before = office.roll().await;
    let second = office.import(SECOND).await;
    assert_eq!(office.roll().await.len(), before.len() + 2, "Ada's second time at school, and Alan");

    let undone = undo(&office.backend, &office.actor, second.id).await.unwrap();
    assert_eq!(undone.state, ImportState::Undone);
    assert!(undone.undone_at.is_some());
    assert_eq!(office.roll().await, before);
    let again = undo(&office.backend, &office.actor, second.id).await.unwrap_err();
    assert_eq!(code(&again), "import_undone");

    undo(&office.backend, &office.actor, first.id).await.unwrap();
    assert!(office.roll().await.is_empty());
    // What was undone can be imported again.
    office.import(FIRST).await;
    assert_eq!(office.roll().await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_import_of_more_than_thirty_days_ago_stays(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office.import(FIRST).await;
    sqlx::query("UPDATE imports SET committed_at = committed_at - interval '30 days'")
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let refused = undo(&office.backend, &office.actor, import.id).await.unwrap_err();
    assert_eq!(code(&refused), "import_too_old");
    assert_eq!(office.roll().await.len(), 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_import_that_something_stands_on_stays_and_says_on_whom(pool: PgPool) {
    let office = Office::new(pool).await;
    let first = office.import(FIRST).await;
    let second = office.import(SECOND).await;
    let overtaken = undo(&office.backend, &office.actor, first.id).await.unwrap_err();
    assert_eq!(code(&overtaken), "import_in_use");
    assert!(overtaken.to_string().contains("Ada Lovelace"), "{overtaken}");

    let alan = person(&office, "Turing").await;
    addresses::add(&office.backend, &office.actor, alan, AddressKind::Phone, "07700 900123").await.unwrap();
    let changed = undo(&office.backend, &office.actor, second.id).await.unwrap_err();
    assert!(
        changed.to_string().contains("Alan Turing") && !changed.to_string().contains("Grace"),
        "{changed}"
    );
    let roll = office.roll().await;

    let third = office.import("Adm No,Surname,Forename\n4,Noether,Emmy\n").await;
    let emmy = person(&office, "Noether").await;
    account(&office.backend, &office.school, emmy, "e.noether").await;
    let in_use = undo(&office.backend, &office.actor, third.id).await.unwrap_err();
    assert!(in_use.to_string().contains("Emmy Noether"), "{in_use}");
    assert_eq!(office.roll().await.len(), roll.len() + 1, "a refusal changes nothing");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_import_whose_people_have_a_group_or_a_grant_stays_and_says_so(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office.import(FIRST).await;
    let (ada, grace) = (person(&office, "Lovelace").await, person(&office, "Hopper").await);
    group(&office.backend, &office.school, "7A", &[ada]).await;
    let father = student(&office.backend, &office.school, "Otto", "Hopper", "99", None).await;
    grant(&office.backend, &office.school, father, grace).await;
    let refused = undo(&office.backend, &office.actor, import.id).await.unwrap_err();
    assert_eq!(code(&refused), "import_in_use");
    let told = refused.to_string();
    assert!(told.contains("Grace Hopper (access granted), Ada Lovelace (a group)"), "{told}");
    assert_eq!(office.roll().await.len(), 3, "a refusal changes nothing");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_never_imported_cannot_be_undone(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check(FIRST).await;
    let refused = undo(&office.backend, &office.actor, checked.id).await.unwrap_err();
    assert_eq!(code(&refused), "not_imported");
}

async fn person(office: &Office, family: &str) -> domain::ids::PersonId {
    sqlx::query_scalar("SELECT id FROM people WHERE family_name = $1")
        .bind(family)
        .fetch_one(office.backend.database.raw())
        .await
        .map(domain::ids::PersonId)
        .unwrap()
}
