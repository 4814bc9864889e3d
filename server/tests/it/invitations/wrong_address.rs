//! What someone else opened from a message that went to a wrong address, once that is corrected, removed or replaced.

use axum::http::StatusCode;
use backend::record::record;
use backend::roll::addresses::{add, edit, make_primary, remove};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use domain::credentials::status::AccountStatus;
use domain::ids::{AccountId, AddressId, PersonId};
use domain::roll::address::AddressKind;
use sqlx::PgPool;
use uuid::Uuid;

use super::activating::{CHOSEN, invited, state_of};
use crate::browser::Browser;
use crate::recovery::forgetting::{link, mailbox};
use crate::scene::Scene;

/// The owner of an account, and the address that its messages go to.
async fn owner_of(scene: &Scene, account: AccountId) -> (PersonId, AddressId) {
    let (person, address): (Uuid, Uuid) = sqlx::query_as(
        "SELECT m.person_id, m.id FROM addresses m JOIN accounts a ON a.person_id = m.person_id WHERE a.id = $1 AND m.is_primary",
    )
    .bind(account.0)
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    (PersonId(person), AddressId(address))
}

/// The primary address of someone is corrected by the office.
async fn correct(scene: &Scene, account: AccountId, right: &str) {
    let (person, address) = owner_of(scene, account).await;
    let office = scene.school.actor(&scene.backend, Role::AccountManager);
    edit(&scene.backend, &office, person, address, right).await.unwrap();
}

/// A stranger who reads the mailbox activates the account.
async fn activated_by_a_stranger(scene: &Scene) -> (AccountId, Browser) {
    let invitation = invited(scene).await;
    mailbox(scene).await;
    let mut stranger = Browser::new(&scene.backend);
    stranger.get(&invitation.link).await;
    stranger.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!(stranger.clone().get("/portal").await.status, StatusCode::OK);
    (invitation.account, stranger)
}

async fn is_over(stranger: &mut Browser, username: &str) {
    assert_ne!(stranger.get("/portal").await.status, StatusCode::OK, "the session is over");
    let again = stranger.post("/sign-in", &[("name", username), ("password", CHOSEN)]).await;
    assert_eq!(again.location(), None, "the password is gone");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_was_activated_from_a_wrong_address_ends_when_it_is_corrected(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (account, mut stranger) = activated_by_a_stranger(&scene).await;
    correct(&scene, account, "CHI@example.org").await;
    assert_eq!(stranger.clone().get("/portal").await.status, StatusCode::OK, "the same mailbox");
    correct(&scene, account, "chidera@example.org").await;
    is_over(&mut stranger, "c.obi").await;
    let office = scene.school.actor(&scene.backend, Role::AccountManager);
    let record = record(&scene.backend, &office, owner_of(&scene, account).await.0).await.unwrap();
    let status =
        AccountStatus::of(record.account.as_ref().map(|account| &account.standing), scene.backend.now());
    assert_eq!(status, AccountStatus::AddressCorrected, "to be invited at the right address");
    // One that a code from the office proved, or that is long in use, stays.
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = $2 WHERE id = $1")
        .bind(account.0)
        .bind(scene.backend.now() - TimeDelta::days(31))
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    correct(&scene, account, "c.obi@example.org").await;
    assert_eq!(state_of(&scene, account).await, "active");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_was_activated_from_a_wrong_address_ends_when_it_is_removed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (account, mut stranger) = activated_by_a_stranger(&scene).await;
    let (person, address) = owner_of(&scene, account).await;
    let office = scene.school.actor(&scene.backend, Role::AccountManager);
    remove(&scene.backend, &office, person, address).await.unwrap();
    is_over(&mut stranger, "c.obi").await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_was_activated_from_a_wrong_address_ends_when_another_is_chosen(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (account, mut stranger) = activated_by_a_stranger(&scene).await;
    let (person, _) = owner_of(&scene, account).await;
    let office = scene.school.actor(&scene.backend, Role::AccountManager);
    let held = add(&scene.backend, &office, person, AddressKind::Email, "right@example.org").await.unwrap();
    assert_eq!(stranger.clone().get("/portal").await.status, StatusCode::OK, "messages go where they went");
    make_primary(&scene.backend, &office, person, held.last().unwrap().id).await.unwrap();
    is_over(&mut stranger, "c.obi").await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_password_from_a_link_that_went_to_a_wrong_address_ends_and_older_second_factors_stay(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    sqlx::query(
        "INSERT INTO linked_identities (id, organisation_id, account_id, issuer, subject, created_at)
         SELECT gen_random_uuid(), organisation_id, id, 'https://id.example', 'before', $2 FROM accounts WHERE id = $1",
    )
    .bind(scene.account.0)
    .bind(scene.backend.now() - TimeDelta::days(1))
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let mut stranger = Browser::new(&scene.backend);
    stranger.get(&link(&scene).await).await;
    stranger.post("/reset", &[("password", CHOSEN)]).await;
    assert_eq!(stranger.clone().get("/portal").await.status, StatusCode::OK);
    correct(&scene, scene.account, "adaeze@example.org").await;
    is_over(&mut stranger, "a.okoronta").await;
    assert_eq!(state_of(&scene, scene.account).await, "created");
    let linked: i64 = sqlx::query_scalar("SELECT count(*) FROM linked_identities")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(linked, 1, "it was there before the stranger");
}
