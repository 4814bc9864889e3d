//! The panel "Sign-in help" of a record.

use chrono::TimeDelta;
use domain::accounts::action::AccountAction;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::invitations::views::Recipients;
use domain::record::help::{SignInHelp, SignInRemedy};
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{Backend, TestSchool, account, office, student};
use crate::accounts::change_state::change_state;
use crate::invitations::send::send;
use crate::record::record;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::active_account;

const PASSWORD: &str = "copper ladder fog";

async fn help(backend: &Backend, school: &TestSchool, person: PersonId) -> SignInHelp {
    let manager = school.actor(backend, Role::AccountManager);
    record(backend, &manager, person).await.unwrap().help.unwrap()
}

fn told<'a>(help: &'a SignInHelp, about: &str) -> Option<&'a str> {
    help.facts.iter().find(|fact| fact.about == about).map(|fact| fact.tells.as_str())
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_state_has_its_reason_and_its_remedy(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    assert_eq!(record(&backend, &actor, ann).await.unwrap().help, None, "no account, nothing to sign in to");
    let id = account(&backend, &school, ann, "a.lee").await;
    assert_eq!(help(&backend, &school, ann).await.remedy, Some(SignInRemedy::AddAddress));
    let ben = student(&backend, &school, "Ben", "Lee", "2", Some("home@example.org")).await;
    let bens = account(&backend, &school, ben, "b.lee").await;
    let never = help(&backend, &school, ben).await;
    assert!(!never.can && never.remedy == Some(SignInRemedy::Invite));

    send(&backend, &actor, school.school, Recipients::Accounts { ids: vec![bens, id], again: true })
        .await
        .unwrap();
    let invited = help(&backend, &school, ben).await;
    assert_eq!(
        (invited.verdict.as_str(), invited.remedy),
        (
            "Cannot sign in yet. An invitation code is on its way to home@example.org, queued today at 09:00.",
            None
        )
    );
    assert!(told(&invited, "Invitation").unwrap().contains("queued, expires at the end of 5 Dec"));

    let cleo = student(&backend, &school, "Cleo", "Lee", "3", Some("home@example.org")).await;
    active_account(&backend, &school, cleo, "c.lee", PASSWORD).await;
    let active = help(&backend, &school, cleo).await;
    assert!(active.can && told(&active, "Shared address").unwrap().contains("1 other person"));
    assert_eq!(told(&active, "Last sign-in"), Some("Never"));
    let one = Selection::People { ids: vec![cleo] };
    change_state(&backend, &actor, school.school, &one, AccountAction::Disable).await.unwrap();
    let disabled = help(&backend, &school, cleo).await;
    assert!(!disabled.can && disabled.remedy == Some(SignInRemedy::Enable));
    change_state(&backend, &actor, school.school, &one, AccountAction::Close).await.unwrap();
    assert_eq!(help(&backend, &school, cleo).await.remedy, None);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn wrong_passwords_are_counted_and_what_they_slow_is_told(pool: PgPool) {
    let (backend, clock) = crate::testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    active_account(&backend, &school, ann, "a.lee", PASSWORD).await;
    let attempt =
        async |password: &str| sign_in(&backend, &Visitor::stranger(), "A.Lee", password).await.unwrap();
    for _ in 0..10 {
        assert!(matches!(attempt("a wrong password").await, SignInOutcome::Refused));
    }
    let slowed = help(&backend, &school, ann).await;
    assert!(told(&slowed, "Wrong passwords").unwrap().starts_with("10 since"));
    assert!(told(&slowed, "Slowed").unwrap().contains("Today 09:02"));
    assert!(matches!(attempt(PASSWORD).await, SignInOutcome::Slowed));
    clock.advance(TimeDelta::hours(1));
    assert!(matches!(attempt(PASSWORD).await, SignInOutcome::Entered(_)));
    let well = help(&backend, &school, ann).await;
    assert_eq!(
        (told(&well, "Wrong passwords"), told(&well, "Slowed")),
        (Some("None since the last sign-in"), None)
    );
    assert_eq!(told(&well, "Last sign-in"), Some("Today 10:00"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_open_account_of_a_leaver_is_closed_next(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("home@example.org")).await;
    let id = account(&backend, &school, ann, "a.lee").await;
    sqlx::query("UPDATE enrolments SET ends_on = starts_on WHERE person_id = $1")
        .bind(ann.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let created = help(&backend, &school, ann).await;
    assert_eq!(created.remedy, Some(SignInRemedy::Close), "{}", created.verdict);
    let to = Recipients::Accounts { ids: vec![id], again: false };
    send(&backend, &actor, school.school, to).await.unwrap();
    let invited = help(&backend, &school, ann).await;
    assert_eq!(invited.remedy, Some(SignInRemedy::Close));
    assert!(invited.verdict.contains("on its way to home@example.org"), "{}", invited.verdict);
    let one = Selection::People { ids: vec![ann] };
    change_state(&backend, &actor, school.school, &one, AccountAction::Close).await.unwrap();
    assert_eq!(help(&backend, &school, ann).await.remedy, None);
}
