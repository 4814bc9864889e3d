use domain::accounts::naming::Naming;
use sqlx::PgPool;

use super::{Office, everyone, these, usernames};
use crate::accounts::batches::batches;
use crate::accounts::undo::undo;
use crate::{Error, db};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_undone_batch_leaves_its_usernames_to_the_same_people(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Tymon", "Wilczarek"), ("Tomasz", "Wilczarek")]).await;
    let (backend, school) = (&office.backend, office.school.school);
    let batch = office.save(&these(&people), &Naming::default()).await.id.unwrap();
    assert_eq!(undo(backend, &office.manager, school, batch).await.unwrap(), 2);
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 0);
    // Only Tymon: the plain username stays reserved for Tomasz, who had it.
    let again = office.save(&these(&people[..1]), &Naming::default()).await;
    assert_eq!(usernames(&again), ["t.wilczarek2"]);
    assert_eq!(usernames(&office.save(&everyone(), &Naming::default()).await), ["t.wilczarek"]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_batch_with_an_active_account_stays_and_says_whose_it_is(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Tymon", "Wilczarek"), ("Ana", "Berg")]).await;
    let (backend, school) = (&office.backend, office.school.school);
    let batch = office.save(&these(&people), &Naming::default()).await.id.unwrap();
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = now() WHERE person_id = $1")
        .bind(people[1].0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let refused = undo(backend, &office.manager, school, batch).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Ana Berg has activated the account, so the batch can\u{2019}t be undone. Disable accounts one by one instead."
    );
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 2);
    let listed = batches(backend, &office.manager, school, None).await.unwrap().rows;
    assert_eq!((listed[0].size, listed[0].activated, listed[0].can_undo()), (2, 1, false));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_batch_is_undone_once_and_only_at_its_own_school(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg")]).await;
    let (backend, school) = (&office.backend, office.school.school);
    let batch = office.save(&these(&people), &Naming::default()).await.id.unwrap();
    let other = crate::testing::TestSchool::new(backend).await;
    let stranger = other.actor(backend, domain::authorization::role::Role::Administrator);
    let refused = undo(backend, &stranger, other.school, batch).await;
    assert!(matches!(refused, Err(Error::NotFound("operation"))));
    undo(backend, &office.manager, school, batch).await.unwrap();
    let again = undo(backend, &office.manager, school, batch).await;
    assert!(matches!(again, Err(Error::Conflict { code: "already_undone", .. })));
    let listed = batches(backend, &office.manager, school, None).await.unwrap().rows;
    assert!(listed[0].undone_at.is_some() && !listed[0].can_undo());
    assert_eq!(office.count("SELECT count(*) FROM audit_events WHERE action = 'batch_undone'").await, 1);
}
