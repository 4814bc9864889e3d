//! Staff: from an import without anything to an account, a role and an invitation.

use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::policy::Refusal;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::invitations::views::Recipients;
use domain::lists::page::Order;
use sqlx::PgPool;

use super::Office;
use crate::Error;
use crate::accounts::batch::batch;
use crate::accounts::batches::batches;
use crate::accounts::staff::{grant_to_staff, propose_for_staff};
use crate::authorization::roles::give::{RoleForm, give};
use crate::authorization::roles::people::find;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::staff::list::list;
use crate::staff::member::member;
use crate::testing::{TestSchool, group, member_of_staff, staff_role, student};

impl Office {
    async fn employ(&self, given: &str, family: &str, code: &str) -> PersonId {
        let email = format!("{}@post.example", code.to_lowercase());
        member_of_staff(&self.backend, &self.school, given, family, code, Some(&email)).await
    }

    async fn grant(&self, actor: &Actor, person: PersonId, username: &str) -> crate::Result<()> {
        grant_to_staff(&self.backend, actor, self.school.school, person, username, false).await.map(drop)
    }
}

fn is_gone<T>(outcome: crate::Result<T>) -> bool {
    matches!(outcome, Err(Error::Conflict { code: "no_candidate", .. }))
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_member_of_staff_gets_an_account_a_role_and_an_invitation(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, here) = (&office.backend, office.school.school);
    let otis = office.employ("Otis", "Warrender", "WAR").await;
    let administrator = office.school.actor(backend, Role::Administrator);
    assert!(find(backend, &administrator, "warrender").await.unwrap().is_empty(), "no account yet");
    let before = member(backend, &office.manager, here, otis).await.unwrap();
    assert_eq!((before.name.as_str(), before.works_here, before.account), ("Otis Warrender", true, None));

    let proposed = propose_for_staff(backend, &office.manager, here, otis).await.unwrap();
    let username = proposed.username().unwrap().to_string();
    office.grant(&office.manager, otis, &username).await.unwrap();
    let after = member(backend, &office.manager, here, otis).await.unwrap();
    let account = after.account.unwrap();
    assert_eq!(account.username, username);
    let [made] = batches(backend, &office.manager, here, None).await.unwrap().rows.try_into().unwrap();
    let shown = batch(backend, &office.manager, here, made.id).await.unwrap();
    assert_eq!((shown.can_send, shown.accounts.len()), (1, 1));
    assert!(
        shown.accounts[0].own_page.as_deref().is_some_and(|page| page.starts_with("/staff/"))
            && shown.accounts[0].account.name == "Otis Warrender"
    );
    let order = Order { by: "name".to_owned(), descending: false };
    let listed = list(backend, &office.manager, here, "otis", &order, None).await.unwrap();
    assert_eq!(listed.rows[0].username.as_ref(), Some(&username));
    assert!(is_gone(propose_for_staff(backend, &office.manager, here, otis).await));
    assert!(is_gone(office.grant(&office.manager, otis, "another").await));

    // Who gives roles at this school alone finds them there.
    let [found] = find(backend, &administrator, "warrender").await.unwrap().try_into().unwrap();
    assert_eq!(found.person, otis);
    let tutor = RoleForm { role: "tutor".to_owned(), place: here.to_string(), ..RoleForm::default() };
    give(backend, &administrator, otis, &tutor).await.unwrap();

    let to = Recipients::Accounts { ids: vec![account.id], again: true };
    let report = send(backend, &office.manager, here, to).await.unwrap();
    assert_eq!((report.queued, report.left_out.len()), (1, 0));
    run_once(backend).await.unwrap();
    let (recipient, text): (String, String) = sqlx::query_as("SELECT recipient, body_text FROM mailbox")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(recipient, "Otis Warrender <war@post.example>");
    assert!(text.contains(&username), "{text}");
    let written: Vec<String> = sqlx::query_scalar("SELECT action FROM audit_events ORDER BY sequence")
        .fetch_all(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(written, ["accounts_created", "role_given", "invitations_queued"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_are_invited_before_they_have_a_role_and_not_after_they_left(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, here) = (&office.backend, office.school.school);
    let otis = office.employ("Otis", "Warrender", "WAR").await;
    office.grant(&office.manager, otis, "o.warrender").await.unwrap();
    let account = member(backend, &office.manager, here, otis).await.unwrap().account.unwrap().id;
    let invite = async || {
        let to = Recipients::Accounts { ids: vec![account], again: true };
        send(backend, &office.manager, here, to).await.unwrap().queued
    };
    assert_eq!(invite().await, 1);
    sqlx::query("UPDATE employments SET ends_on = starts_on").execute(backend.database.raw()).await.unwrap();
    assert_eq!(invite().await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_those_who_work_at_the_school_today_get_an_account_as_its_staff(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, here) = (&office.backend, office.school.school);
    let pupil = student(backend, &office.school, "Ada", "Okoronta", "1", None).await;
    let left = office.employ("Ines", "Whitlow", "WHI").await;
    sqlx::query("UPDATE employments SET ends_on = starts_on").execute(backend.database.raw()).await.unwrap();
    let neighbours = TestSchool::new(backend).await;
    let elsewhere = member_of_staff(backend, &neighbours, "Bem", "Ade", "ADE", None).await;
    for person in [pupil, left, elsewhere] {
        assert!(is_gone(propose_for_staff(backend, &office.manager, here, person).await));
        assert!(is_gone(office.grant(&office.manager, person, "somebody").await));
    }
    assert!(!member(backend, &office.manager, here, left).await.unwrap().works_here);
    assert!(matches!(member(backend, &office.manager, here, elsewhere).await, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_account_for_staff_takes_a_role_for_the_school_and_the_permissions_that_they_have(pool: PgPool) {
    let office = Office::new(pool).await;
    let backend = &office.backend;
    let otis = office.employ("Otis", "Warrender", "WAR").await;
    let viewer = office.school.actor(backend, Role::OfficeViewer);
    assert!(matches!(office.grant(&viewer, otis, "o.warrender").await, Err(Error::Refused(Refusal::NoRole))));
    let group = group(backend, &office.school, "7A", &[]).await;
    let of_group =
        RoleAssignment::new(Role::AccountManager.permissions(), Place::Group(office.school.school, group));
    let of_group =
        Actor::signed_in(office.school.organisation, backend.new_id(), backend.new_id(), vec![of_group]);
    let refused = office.grant(&of_group, otis, "o.warrender").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OneGroup))), "{refused:?}");
    assert!(is_gone(propose_for_staff(backend, &of_group, office.school.school, otis).await));
    staff_role(backend, &office.school, otis, Role::Administrator).await;
    let refused = office.grant(&office.manager, otis, "o.warrender").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Outranked))), "{refused:?}");
    let administrator = office.school.actor(backend, Role::Administrator);
    office.grant(&administrator, otis, "o.warrender").await.unwrap();
}
