use domain::accounts::naming::Naming;
use domain::accounts::rename::{OldUsernameDays, RenameOutcome, RenamePlan};
use domain::authorization::role::Role;
use domain::ids::{OperationId, PersonId};
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{Office, everyone, these, usernames};
use crate::accounts::create::Among;
use crate::accounts::rename::{RenameAccounts, plan_rename, rename, undo_rename};
use crate::accounts::renamed::{renamed, renames};
use crate::operations::ExpectedPlan;
use crate::record::record;
use crate::testing::staff_role;
use crate::{Error, db};

fn by_pattern(selection: Selection) -> RenameAccounts {
    RenameAccounts { selection, among: Among::Students, naming: Naming::default(), days: None, tell: true }
}

fn typed(person: PersonId, username: &str) -> RenameAccounts {
    let naming = Naming { typed: [(person, username.to_owned())].into_iter().collect(), ..Naming::default() };
    RenameAccounts { naming, ..by_pattern(these(&[person])) }
}

impl Office {
    /// The person's name on the roll.
    async fn marry(&self, person: PersonId, family: &str) {
        sqlx::query("UPDATE people SET family_name = $2 WHERE id = $1")
            .bind(person.0)
            .bind(family)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
    }

    async fn planned(&self, input: &RenameAccounts) -> RenamePlan {
        plan_rename(&self.backend, &self.manager, self.school.school, input).await.unwrap().plan
    }

    async fn rename(&self, input: RenameAccounts) -> OperationId {
        let expected = ExpectedPlan::Plan(self.planned(&input).await.hash);
        match rename(&self.backend, &self.manager, self.school.school, input, expected).await.unwrap() {
            RenameOutcome::Renamed { operation: Some(operation), .. } => operation,
            other => panic!("not renamed: {other:?}"),
        }
    }

    async fn username(&self, person: PersonId) -> String {
        sqlx::query_scalar("SELECT username FROM accounts WHERE person_id = $1")
            .bind(person.0)
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_pattern_changes_the_username_of_who_has_a_new_name_and_nobody_else_ever_gets_the_old_one(
    pool: PgPool,
) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg"), ("Bem", "Okoronta")]).await;
    office.save(&these(&people), &Naming::default()).await;
    office.marry(people[0], "Voss").await;
    let view = plan_rename(&office.backend, &office.manager, office.school.school, &by_pattern(everyone()))
        .await
        .unwrap();
    assert_eq!((view.plan.rows.len(), view.unchanged.count, view.days), (1, 1, OldUsernameDays::USUAL));
    assert_eq!(office.username(people[0]).await, "a.berg", "a simulation changes nothing");

    office.rename(by_pattern(everyone())).await;
    assert_eq!(office.username(people[0]).await, "a.voss");
    assert_eq!(office.planned(&by_pattern(everyone())).await.rows, []);
    let alma = crate::testing::student(&office.backend, &office.school, "Alma", "Berg", "0003", None).await;
    assert_eq!(usernames(&office.save(&these(&[alma]), &Naming::default()).await), ["a.berg2"]);
    let taken = office.planned(&typed(alma, "a.berg")).await;
    let complaint = taken.rows[0].complaint().unwrap();
    assert_eq!(
        complaint, "a.berg is taken by someone who had it before. Choose another.",
        "theirs is a.berg2"
    );
    let stolen = sqlx::query("UPDATE accounts SET username = 'a.berg' WHERE person_id = $1")
        .bind(alma.0)
        .execute(office.backend.database.raw())
        .await
        .unwrap_err();
    assert!(crate::error::breaks_constraint(&stolen, "accounts_former_username_check"), "{stolen}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_change_is_undone_unless_it_was_changed_again(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg"), ("Bem", "Okoronta")]).await;
    let (backend, school, manager) = (&office.backend, office.school.school, &office.manager);
    office.save(&these(&people), &Naming::default()).await;
    office.marry(people[0], "Voss").await;
    let first = office.rename(by_pattern(everyone())).await;
    assert_eq!(undo_rename(backend, manager, school, first).await.unwrap(), 1);
    assert_eq!(office.username(people[0]).await, "a.berg");
    let again = undo_rename(backend, manager, school, first).await;
    assert!(matches!(again, Err(Error::Conflict { code: "already_undone", .. })));
    let detail = renamed(backend, manager, school, first).await.unwrap();
    assert!(detail.operation.undone_at.is_some());
    assert_eq!((&*detail.people[0].name, &*detail.people[0].username), ("Ana Voss", "a.berg"));
    let whose = async || renames(backend, manager, school, None).await.unwrap().rows[0].who();
    assert_eq!(whose().await, "Ana Voss", "also after the undo");

    // The new one stayed theirs.
    let second = office.rename(by_pattern(everyone())).await;
    assert_eq!(office.username(people[0]).await, "a.voss");
    let third = office.rename(typed(people[0], "ana")).await;
    let refused = undo_rename(backend, manager, school, second).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The username of Ana Voss has been changed again since, so this can\u{2019}t be undone. Change them one by one instead."
    );
    assert_eq!(undo_rename(backend, manager, school, third).await.unwrap(), 1);
    assert_eq!(undo_rename(backend, manager, school, second).await.unwrap(), 1);
    assert_eq!(office.username(people[0]).await, "a.berg");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn only_the_plan_that_was_seen_runs(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg")]).await;
    office.save(&these(&people), &Naming::default()).await;
    office.marry(people[0], "Voss").await;
    let seen = office.planned(&by_pattern(everyone())).await.hash;
    office.marry(people[0], "Lind").await;
    let input = by_pattern(everyone());
    let ended =
        rename(&office.backend, &office.manager, office.school.school, input, ExpectedPlan::Plan(seen)).await;
    assert_eq!(ended.unwrap(), RenameOutcome::Drifted);
    assert_eq!(office.username(people[0]).await, "a.berg");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_has_no_open_account_or_outranks_is_left_out_with_the_reason(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg"), ("Bem", "Okoronta"), ("Ines", "Marchetti")]).await;
    office.save(&these(&people[1..]), &Naming::default()).await;
    sqlx::query("UPDATE accounts SET state = 'closed' WHERE person_id = $1")
        .bind(people[1].0)
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    staff_role(&office.backend, &office.school, people[2], Role::Administrator).await;
    office.marry(people[2], "Voss").await;
    let (backend, school) = (&office.backend, office.school.school);
    let view = plan_rename(backend, &office.manager, school, &by_pattern(these(&people))).await.unwrap();
    assert_eq!(view.plan.rows, []);
    let reasons: Vec<_> = view.left_out.iter().map(|left| (left.reason.as_str(), left.count)).collect();
    assert_eq!(
        reasons,
        [
            ("no account, or it is closed", 2),
            ("more permissions than you have. Ask someone with the same permissions", 1)
        ]
    );
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_former_username_is_shown_to_those_who_may_see_it_and_stands_in_no_history(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg")]).await;
    office.save(&these(&people), &Naming::default()).await;
    office.marry(people[0], "Voss").await;
    let operation = office.rename(by_pattern(everyone())).await;
    let (backend, school) = (&office.backend, office.school.school);
    let administrator = office.school.actor(backend, Role::Administrator);
    for (actor, former) in [(&administrator, Some("a.berg")), (&office.manager, None)] {
        let record = record(backend, actor, people[0]).await.unwrap();
        let [told] = record.former.as_slice() else { panic!("{:?}", record.former) };
        assert_eq!(told.username.as_deref(), former);
        assert_eq!(told.signs_in_until, OldUsernameDays::USUAL.after(backend.now()));
        assert!(record.history.iter().any(|line| line.what == "Username changed"), "{:?}", record.history);
        assert!(record.history.iter().all(|line| !line.what.contains("berg")));
        let detail = renamed(backend, actor, school, operation).await.unwrap();
        assert_eq!((detail.people[0].former.as_deref(), &*detail.people[0].username), (former, "a.voss"));
    }
    let written = office.count("SELECT count(*) FROM audit_events WHERE details::text LIKE '%berg%'").await;
    assert_eq!(written, 0);
}
