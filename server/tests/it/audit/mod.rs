//! The audit log from outside.

mod alerts;
mod command;
mod exports;
mod loads;
mod pages;

use backend::Backend;
use backend::authorization::roles::give::{RoleForm, give};
use backend::jobs::worker::run_once;
use backend::testing::{FixedClock, TestSchool, active_account, student};
use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::ids::PersonId;

use crate::browser::Browser;

pub const PASSWORD: &str = "three green caps fly";

/// An administrator of all schools with an address, signed in.
pub async fn head(backend: &Backend, school: &TestSchool, given: &str) -> (PersonId, Browser) {
    let (username, email) = (format!("{}.marchetti", given.to_lowercase()), format!("{given}@example.org"));
    let person = student(backend, school, given, "Marchetti", given, Some(&email)).await;
    active_account(backend, school, person, &username, PASSWORD).await;
    let form = RoleForm { role: "administrator".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    give(backend, &Actor::system(school.organisation), person, &form).await.unwrap();
    let mut browser = Browser::new(backend);
    browser.sign_in(&username, PASSWORD).await;
    (person, browser)
}

/// The emails sent to administrators so far: recipient and text.
pub async fn told(backend: &Backend, clock: &FixedClock) -> Vec<(String, String)> {
    // So that each is later than the previous ones.
    clock.advance(TimeDelta::seconds(1));
    run_once(backend).await.unwrap();
    sqlx::query_as(
        "SELECT recipient, body_text FROM mailbox WHERE subject LIKE 'Security alert%'
         ORDER BY created_at, message_id",
    )
    .fetch_all(backend.database.raw())
    .await
    .unwrap()
}
