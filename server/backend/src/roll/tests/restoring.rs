use chrono::TimeDelta;
use domain::accounts::action::AccountAction;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::invitations::views::{Opening, Recipients};
use domain::roll::address::AddressKind;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{office, student};
use crate::Error;
use crate::accounts::change_state::change_state;
use crate::authorization::roles::give::{RoleForm, give};
use crate::invitations::open::open;
use crate::invitations::revoke::revoke;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::record::record;
use crate::roll::addresses::{add, remove, restore};
use crate::testing::{FixedClock, TestSchool, account, backend};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_removed_address_says_what_ended_and_comes_back_as_it_was(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("ann@home.example")).await;
    let id = account(&backend, &school, ann, "a.lee").await;
    add(&backend, &actor, ann, AddressKind::Email, "mum@home.example").await.unwrap();
    send(&backend, &actor, school.school, Recipients::Accounts { ids: vec![id], again: true }).await.unwrap();
    run_once(&backend).await.unwrap();
    let invitation: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM invitations").fetch_one(backend.database.raw()).await.unwrap();
    let link = backend.keys.invitations.secrets(invitation).link;
    let before = record(&backend, &actor, ann).await.unwrap().addresses;

    remove(&backend, &actor, ann, before[0].id).await.unwrap();
    assert!(matches!(open(&backend, &link).await.unwrap(), Opening::Ended));
    let told = record(&backend, &actor, ann).await.unwrap();
    let [removed] = told.removed.as_slice() else { panic!("{:?}", told.removed) };
    assert_eq!((removed.value.as_str(), removed.was_primary, removed.ended), ("ann@home.example", true, 1));
    assert!(removed.consequence(false).contains("The invitation sent to it no longer works."));

    let back = restore(&backend, &actor, ann, removed.id).await.unwrap();
    assert_eq!(back, before);
    assert!(
        matches!(open(&backend, &link).await.unwrap(), Opening::Ready { .. }),
        "the invitation works again"
    );
    let after = record(&backend, &actor, ann).await.unwrap();
    assert_eq!(after.removed, []);
    let changes: Vec<String> = sqlx::query_scalar(
        "SELECT details ->> 'change' FROM audit_events WHERE action = $1 ORDER BY sequence",
    )
    .bind(AuditAction::AddressChanged.slug())
    .fetch_all(backend.database.raw())
    .await
    .unwrap();
    assert_eq!(changes, ["added", "removed", "restored"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_address_that_is_there_again_or_long_gone_does_not_come_back(pool: PgPool) {
    let (backend, clock): (_, std::sync::Arc<FixedClock>) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, domain::authorization::role::Role::AccountManager);
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("ann@home.example")).await;
    let first = record(&backend, &actor, ann).await.unwrap().addresses.remove(0).id;
    remove(&backend, &actor, ann, first).await.unwrap();
    let again = add(&backend, &actor, ann, AddressKind::Email, "ann@home.example").await.unwrap();
    let Err(Error::Invalid(errors)) = restore(&backend, &actor, ann, first).await else { panic!("twice") };
    assert!(errors.of("email").unwrap().contains("already has this email address"));
    remove(&backend, &actor, ann, again[0].id).await.unwrap();
    clock.advance(TimeDelta::days(8));
    assert_eq!(record(&backend, &actor, ann).await.unwrap().removed, []);
    assert!(matches!(restore(&backend, &actor, ann, first).await, Err(Error::NotFound("address"))));
}

/// Invited, and the address is removed; then the invitation ends for another reason.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn restoring_an_address_brings_back_no_invitation_that_ended_for_another_reason_meanwhile(
    pool: PgPool,
) {
    let (backend, school, actor) = office(pool).await;
    for reason in ["revoked", "role", "closed"] {
        let email = format!("{reason}@home.example");
        let person = student(&backend, &school, "Ann", "Lee", reason, Some(&email)).await;
        let id = account(&backend, &school, person, reason).await;
        let recipients = Recipients::Accounts { ids: vec![id], again: true };
        send(&backend, &actor, school.school, recipients).await.unwrap();
        run_once(&backend).await.unwrap();
        let invitation: uuid::Uuid = sqlx::query_scalar("SELECT id FROM invitations WHERE account_id = $1")
            .bind(id.0)
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
        let link = backend.keys.invitations.secrets(invitation).link;
        let address = record(&backend, &actor, person).await.unwrap().addresses.remove(0).id;
        remove(&backend, &actor, person, address).await.unwrap();
        let system = Actor::system(school.organisation);
        match reason {
            "revoked" => {
                let report = revoke(&backend, &actor, school.school, &[id]).await.unwrap();
                assert_eq!(report.revoked, 1, "it could have come back");
            }
            "role" => {
                let form = RoleForm {
                    role: "tutor".to_owned(),
                    place: school.school.to_string(),
                    ..RoleForm::default()
                };
                give(&backend, &system, person, &form).await.unwrap();
            }
            _ => {
                let only = Selection::People { ids: vec![person] };
                change_state(&backend, &actor, school.school, &only, AccountAction::Close).await.unwrap();
                sqlx::query("UPDATE accounts SET state = 'created', closed_at = NULL WHERE id = $1")
                    .bind(id.0)
                    .execute(backend.database.raw())
                    .await
                    .unwrap();
            }
        }
        restore(&backend, &system, person, address).await.unwrap();
        assert!(matches!(open(&backend, &link).await.unwrap(), Opening::Ended), "{reason}");
    }
}
