use domain::accounts::action::AccountAction;
use domain::accounts::bulk::BulkChange;
use domain::accounts::portal_choice::PortalChoice;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::accounts::changed::{changed, changes};
use crate::accounts::create::Among;
use crate::accounts::simulate::{BulkEnd, change, simulate, undo_change};
use crate::testing::{TestSchool, account, backend, student};
use crate::{Backend, Error};

struct Scene {
    backend: Backend,
    actor: Actor,
    school: SchoolId,
    people: Vec<PersonId>,
    chosen: Selection,
}

impl Scene {
    /// Ann and Bo have accounts, Cy has none.
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let actor = school.actor(&backend, Role::AccountManager);
        let mut people = Vec::new();
        for (given, number) in [("Ann", "1"), ("Bo", "2"), ("Cy", "3")] {
            people.push(student(&backend, &school, given, "Lee", number, None).await);
        }
        account(&backend, &school, people[0], "alee").await;
        account(&backend, &school, people[1], "blee").await;
        let chosen = Selection::People { ids: people.clone() };
        Self { backend, actor, school: school.school, people, chosen }
    }

    /// Simulates a change and makes exactly that one.
    async fn make(&self, wanted: BulkChange) -> OperationId {
        let whose = (Among::Students, &self.chosen);
        let seen = simulate(&self.backend, &self.actor, self.school, whose, wanted).await.unwrap().hash;
        match change(&self.backend, &self.actor, self.school, whose, (wanted, seen)).await.unwrap() {
            BulkEnd::Done(operation) => operation,
            other => panic!("{other:?}"),
        }
    }

    async fn undo(&self, operation: OperationId, made: BulkChange) -> Result<u64, Error> {
        undo_change(&self.backend, &self.actor, self.school, (operation, made)).await
    }

    async fn states(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT state FROM accounts ORDER BY username")
            .fetch_all(self.backend.database.raw())
            .await
            .unwrap()
    }
}

const DISABLE: BulkChange = BulkChange::State(AccountAction::Disable);
const ENABLE: BulkChange = BulkChange::State(AccountAction::Enable);
const UNLOCK: BulkChange = BulkChange::State(AccountAction::Unlock);
const CLOSE: BulkChange = BulkChange::State(AccountAction::Close);

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_simulation_names_who_changes_and_who_does_not_and_changes_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let whose = (Among::Students, &scene.chosen);
    let shown = simulate(&scene.backend, &scene.actor, scene.school, whose, DISABLE).await.unwrap();
    assert_eq!((shown.changes, shown.waits), (2, false));
    let names: Vec<_> = shown.first.iter().map(|who| (who.name.as_str(), who.username.as_str())).collect();
    assert_eq!(names, [("Ann Lee", "alee"), ("Bo Lee", "blee")]);
    assert_eq!(shown.stays.len(), 1);
    assert_eq!((shown.stays[0].reason.as_str(), shown.stays[0].count), ("no account", 1));
    assert_eq!(shown.stays[0].first[0].name, "Cy Lee");
    assert_eq!(scene.states().await, ["created", "created"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn disabling_enabling_and_unlocking_are_undone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let disabled = scene.make(DISABLE).await;
    assert_eq!(scene.states().await, ["suspended", "suspended"]);
    let made = changed(&scene.backend, &scene.actor, scene.school, disabled).await.unwrap();
    assert_eq!((made.heading().as_str(), made.first.len()), ("2 accounts disabled", 2));
    assert_eq!(scene.undo(disabled, DISABLE).await.unwrap(), 2);
    assert_eq!(scene.states().await, ["created", "created"]);
    let twice = scene.undo(disabled, DISABLE).await.unwrap_err();
    assert!(matches!(twice, Error::Conflict { code: "already_undone", .. }), "{twice}");

    let first = scene.make(DISABLE).await;
    let enabled = scene.make(ENABLE).await;
    let late = scene.undo(first, DISABLE).await.unwrap_err();
    assert!(
        late.to_string().contains("The accounts of Ann Lee and 1 more have been changed again"),
        "{late}"
    );
    assert_eq!(scene.undo(enabled, ENABLE).await.unwrap(), 2);
    assert_eq!(scene.states().await, ["suspended", "suspended"]);
    assert_eq!(scene.undo(first, DISABLE).await.unwrap(), 2, "nothing is built on it any more");

    sqlx::query("UPDATE accounts SET state = 'locked', locked_at = now(), failed_attempts = 10")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let unlocked = scene.make(UNLOCK).await;
    assert_eq!(scene.undo(unlocked, UNLOCK).await.unwrap(), 2);
    assert_eq!(scene.states().await, ["locked", "locked"]);

    let listed = changes(&scene.backend, &scene.actor, scene.school, None).await.unwrap().rows;
    assert_eq!(listed.len(), 4);
    assert!(listed.iter().all(|made| made.undone_at().is_some()));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn closing_is_not_undone_and_what_moved_since_the_simulation_is_not_done(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let whose = (Among::Students, &scene.chosen);
    let seen = simulate(&scene.backend, &scene.actor, scene.school, whose, DISABLE).await.unwrap().hash;
    let closed = scene.make(CLOSE).await;
    let refused = scene.undo(closed, CLOSE).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict { code: "closed_for_good", .. }), "{refused}");
    let end = change(&scene.backend, &scene.actor, scene.school, whose, (DISABLE, seen)).await.unwrap();
    assert_eq!(end, BulkEnd::Drifted);
    assert_eq!(scene.states().await, ["closed", "closed"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_portal_group_is_given_and_taken_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let wanted = BulkChange::Portal(PortalChoice::HomeVisits);
    let made = scene.make(wanted).await;
    let whose = (Among::Students, &scene.chosen);
    let again = simulate(&scene.backend, &scene.actor, scene.school, whose, wanted).await.unwrap();
    assert_eq!((again.changes, again.stays.len()), (0, 2), "{again:?}");
    let found = changed(&scene.backend, &scene.actor, scene.school, made).await.unwrap();
    assert_eq!(found.change, wanted);
    assert_eq!(found.first.iter().map(|who| who.person).collect::<Vec<_>>(), scene.people[..2]);
    assert_eq!(scene.undo(made, wanted).await.unwrap(), 2);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE portal_group IS NOT NULL")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(left, 0);
}
