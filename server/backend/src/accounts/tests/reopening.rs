use domain::accounts::action::AccountAction;
use domain::accounts::naming::Naming;
use domain::authorization::role::Role;
use domain::credentials::status::StatusGroup;
use domain::ids::PersonId;
use domain::roll::filter::RollFilter;
use domain::roll::status::RollStatus;
use sqlx::PgPool;

use super::{Office, everyone, these, usernames};
use crate::accounts::change_state::change_state;
use crate::accounts::grant::{grant, propose};
use crate::accounts::undo::undo;
use crate::invitations::send::send;
use crate::record::record;
use crate::roll::list::list;
use crate::roll::summary::summary;
use crate::testing::{account, staff_role, student};
use crate::{Error, db};
use domain::invitations::views::Recipients;

impl Office {
    /// A student whose account was used and then closed.
    async fn closed(&self, given: &str, family: &str, number: &str, username: &str) -> PersonId {
        let email = format!("{username}@example.org");
        let person = student(&self.backend, &self.school, given, family, number, Some(&email)).await;
        let id = account(&self.backend, &self.school, person, username).await;
        sqlx::query("UPDATE accounts SET state = 'active', activated_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(self.backend.now())
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO passwords (account_id, organisation_id, hash, changed_at) VALUES ($1, $2, 'x', $3)",
        )
        .bind(id.0)
        .bind(self.school.organisation.0)
        .bind(self.backend.now())
        .execute(self.backend.database.raw())
        .await
        .unwrap();
        change_state(
            &self.backend,
            &self.manager,
            self.school.school,
            &these(&[person]),
            AccountAction::Close,
        )
        .await
        .unwrap();
        person
    }

    async fn state(&self, person: PersonId) -> String {
        sqlx::query_scalar("SELECT account_state(id, state) FROM accounts WHERE person_id = $1")
            .bind(person.0)
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_comes_back_gets_the_same_account_again_with_others_who_get_a_new_one(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school, manager) = (&office.backend, office.school.school, &office.manager);
    let ana = office.closed("Ana", "Berg", "0001", "ana.b").await;
    let bem = student(backend, &office.school, "Bem", "Okoronta", "0002", None).await;
    let counted = summary(backend, manager, school).await.unwrap();
    assert_eq!((counted.on_roll, counted.with_account), (2, 0), "a closed account is none");
    let without = RollFilter { status: vec![StatusGroup::NoAccount], ..RollFilter::default() };
    assert_eq!(list(backend, manager, school, &without, None).await.unwrap().total, 2);

    let batch = office.save(&everyone(), &Naming::default()).await;
    assert_eq!(usernames(&batch), ["ana.b", "b.okoronta"]);
    assert_eq!(
        (office.state(ana).await, office.state(bem).await),
        ("created".to_owned(), "created".to_owned())
    );
    assert_eq!(office.count("SELECT count(*) FROM passwords").await, 0, "only a new invitation opens it");
    let sent = send(backend, manager, school, Recipients::Batch { batch: batch.id.unwrap(), again: false })
        .await
        .unwrap();
    assert_eq!((sent.queued, sent.left_out.len()), (1, 1));
    assert_eq!(office.state(ana).await, "invited");
    let told = record(backend, manager, ana).await.unwrap().history;
    assert!(told.iter().any(|line| line.what == "Account re-opened"), "{told:?}");
    assert!(told.iter().any(|line| line.what == "Account closed"), "{told:?}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn undoing_closes_again_what_was_closed_and_deletes_only_what_was_new(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = office.closed("Ana", "Berg", "0001", "ana.b").await;
    student(&office.backend, &office.school, "Bem", "Okoronta", "0002", None).await;
    let (backend, school, manager) = (&office.backend, office.school.school, &office.manager);
    let batch = office.save(&everyone(), &Naming::default()).await.id.unwrap();
    send(backend, manager, school, Recipients::Batch { batch, again: false }).await.unwrap();
    assert_eq!(undo(backend, manager, school, batch).await.unwrap(), 2);
    assert_eq!(office.state(ana).await, "closed");
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM invitations WHERE revoked_at IS NULL").await, 0);
    let again = office.save(&these(&[ana]), &Naming::default()).await;
    assert_eq!(usernames(&again), ["ana.b"]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_record_offers_it_and_those_who_left_are_offered_nowhere_else(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = office.closed("Ana", "Berg", "0001", "ana.b").await;
    let (backend, school, manager) = (&office.backend, office.school.school, &office.manager);
    sqlx::query("UPDATE enrolments SET ends_on = '2026-10-01'")
        .execute(backend.database.raw())
        .await
        .unwrap();
    let without = RollFilter {
        status: vec![StatusGroup::NoAccount],
        roll: vec![RollStatus::Leaver],
        ..RollFilter::default()
    };
    assert_eq!(list(backend, manager, school, &without, None).await.unwrap().total, 0);
    let offered = propose(backend, manager, school, ana).await.unwrap();
    assert!(offered.reopens.is_some());
    let given =
        grant(backend, manager, school, ana, offered.username().unwrap().as_str(), false).await.unwrap();
    assert_eq!(given.as_str(), "ana.b");
    assert_eq!(office.state(ana).await, "created");
    assert!(matches!(propose(backend, manager, school, ana).await, Err(Error::Conflict { .. })));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn nobody_opens_the_account_of_someone_with_more_permissions(pool: PgPool) {
    let office = Office::new(pool).await;
    let ines = office.closed("Ines", "Marchetti", "0001", "ines").await;
    staff_role(&office.backend, &office.school, ines, Role::Administrator).await;
    let (backend, school) = (&office.backend, office.school.school);
    assert!(matches!(propose(backend, &office.manager, school, ines).await, Err(Error::Conflict { .. })));
    assert_eq!(office.save(&these(&[ines]), &Naming::default()).await.created.len(), 0);
    assert_eq!(office.state(ines).await, "closed");
}
