//! An undo is no way round the rights of the action.

use domain::accounts::naming::Naming;
use domain::accounts::rename::RenameOutcome;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::grant::{PortalScope, Restriction};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::ids::{OperationId, PersonId};
use sqlx::PgPool;

use super::{Office, these};
use crate::accounts::create::Among;
use crate::accounts::rename::{RenameAccounts, rename, undo_rename};
use crate::accounts::undo::undo;
use crate::operations::ExpectedPlan;
use crate::testing::{group, staff_role};
use crate::{Error, db};

impl Office {
    /// Changes the username of one student.
    async fn renamed_to(&self, person: PersonId, username: &str) -> OperationId {
        let naming =
            Naming { typed: [(person, username.to_owned())].into_iter().collect(), ..Naming::default() };
        let selection = these(&[person]);
        let input = RenameAccounts { selection, among: Among::Students, naming, days: None, tell: false };
        let (backend, school) = (&self.backend, self.school.school);
        match rename(backend, &self.manager, school, input, ExpectedPlan::WhateverIsReady).await.unwrap() {
            RenameOutcome::Renamed { operation: Some(operation), .. } => operation,
            other => panic!("not renamed: {other:?}"),
        }
    }

    /// The manager, from whom a restriction hides a child.
    fn restricted_from(&self, child: PersonId) -> Actor {
        let hidden = Restriction { child, scopes: vec![PortalScope::Profile] };
        self.manager.clone().with_children(Vec::new(), vec![hidden])
    }

    /// Someone with the manager's permissions for one group without these people.
    async fn manager_of_a_group(&self) -> Actor {
        let group = group(&self.backend, &self.school, "7B", &[]).await;
        let place = Place::Group(self.school.school, group);
        let roles = vec![RoleAssignment::new(Role::AccountManager.permissions(), place)];
        Actor::signed_in(self.school.organisation, self.backend.new_id(), self.backend.new_id(), roles)
    }

    async fn alerts(&self) -> i64 {
        self.count("SELECT count(*) FROM audit_events WHERE action = 'reach_refused'").await
    }
}

/// The sentence of the refusal.
fn refusal<T: std::fmt::Debug>(outcome: crate::Result<T>) -> String {
    match outcome.unwrap_err() {
        Error::Conflict { code: "undo_beyond_reach", message } => message.clone(),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_username_of_someone_who_outranks_is_not_changed_by_an_undo(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg"), ("Bem", "Okoronta")]).await;
    let (backend, school) = (&office.backend, office.school.school);
    office.save(&these(&people), &Naming::default()).await;
    let operation = office.renamed_to(people[0], "ana").await;
    let username = "SELECT count(*) FROM accounts WHERE username = 'ana'";

    for (actor, said) in [
        (office.restricted_from(people[0]), "a restriction hides 1 person from you"),
        (
            office.manager_of_a_group().await,
            "1 person for whom you don\u{2019}t have the permission \u{201c}Manage portal access\u{201d}",
        ),
    ] {
        let refused = refusal(undo_rename(backend, &actor, school, operation).await);
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(office.alerts().await, 0);
    staff_role(backend, &office.school, people[0], Role::Administrator).await;
    let refused = refusal(undo_rename(backend, &office.manager, school, operation).await);
    assert_eq!(
        refused,
        "You can\u{2019}t undo this: it is about 1 person who has more permissions than you have. Ask someone with the same permissions."
    );
    assert_eq!(
        (office.count(username).await, office.alerts().await),
        (1, 1),
        "nothing changed, and it is told"
    );
    let administrator = office.school.actor(backend, Role::Administrator);
    assert_eq!(undo_rename(backend, &administrator, school, operation).await.unwrap(), 1);
    assert_eq!(office.count(username).await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_account_of_someone_who_outranks_is_not_deleted_by_an_undo(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg"), ("Bem", "Okoronta")]).await;
    let (backend, school) = (&office.backend, office.school.school);
    let batch = office.save(&these(&people), &Naming::default()).await.id.unwrap();
    let accounts = "SELECT count(*) FROM accounts";

    let refused = refusal(undo(backend, &office.restricted_from(people[0]), school, batch).await);
    assert!(
        refused.contains("a restriction hides 1 person from you") && !refused.contains("Ana"),
        "{refused}"
    );
    let refused = refusal(undo(backend, &office.manager_of_a_group().await, school, batch).await);
    assert!(refused.contains("2 people for whom you don\u{2019}t have the permission"), "{refused}");
    staff_role(backend, &office.school, people[0], Role::Administrator).await;
    let refused = refusal(undo(backend, &office.manager, school, batch).await);
    assert!(refused.contains("1 person who has more permissions"), "{refused}");
    assert_eq!(
        (office.count(accounts).await, office.alerts().await),
        (2, 1),
        "nothing changed, and it is told"
    );
    let administrator = office.school.actor(backend, Role::Administrator);
    assert_eq!(undo(backend, &administrator, school, batch).await.unwrap(), 2);
}
