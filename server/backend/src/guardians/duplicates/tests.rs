//! Likely duplicates, merges and splits on a real PostgreSQL.

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::guardians::duplicates::judge::Verdict;
use domain::guardians::duplicates::obstacle::MergeObstacle;
use domain::guardians::duplicates::pair::PairState;
use domain::guardians::relationship::Relationship;
use domain::ids::{PairId, PersonId};
use sqlx::PgPool;
use uuid::Uuid;

use super::answer::answer;
use super::board::{PairLine, board};
use super::merge::{MergeOutcome, MergePeople, merge, preview, undo};
use super::search::search;
use super::split::{SplitForm, split};
use crate::operations::{ApprovedRun, approvals, run_approved};
use crate::testing::{
    TestSchool, account, active_account, backend, contact, grant, guardian, member_of_staff, staff_role,
    student,
};
use crate::{Backend, Error, db};

mod importing;
mod merging;
mod undoing;

/// A school with an office that manages guardians.
pub(super) struct Scene {
    pub(super) backend: Backend,
    pub(super) school: TestSchool,
    pub(super) office: Actor,
}

impl Scene {
    pub(super) async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let office = office(&backend, &school, "milo").await;
        Self { backend, school, office }
    }

    pub(super) async fn child(&self, given: &str) -> PersonId {
        student(&self.backend, &self.school, given, "Varga", given, None).await
    }

    pub(super) async fn adult(&self, given: &str, email: &str, children: &[PersonId]) -> PersonId {
        guardian(&self.backend, &self.school, given, "Varga", Some(email), children).await
    }

    pub(super) async fn pairs(&self, state: PairState) -> Vec<PairLine> {
        board(&self.backend, &self.office, state, None).await.unwrap().page.rows
    }

    pub(super) async fn search(&self) {
        search(&self.backend, self.school.organisation).await.unwrap();
    }

    /// The only pair.
    pub(super) async fn pair(&self) -> PairId {
        self.search().await;
        let pairs = self.pairs(PairState::Open).await;
        assert_eq!(pairs.len(), 1, "{pairs:?}");
        pairs[0].id
    }

    /// Merges one person into another as the page shows it.
    pub(super) async fn merge(&self, survivor: PersonId, other: PersonId) -> Result<MergeOutcome, Error> {
        let input = MergePeople::new(survivor, other, Vec::new());
        let school = self.school.school;
        let shown = preview::hash(&self.backend, &self.office, school, &input).await?;
        merge(&self.backend, &self.office, school, input, shown).await
    }

    pub(super) async fn people(&self, sql: &'static str, of: PersonId) -> Vec<Uuid> {
        sqlx::query_scalar(sql).bind(of.0).fetch_all(self.backend.database.raw()).await.unwrap()
    }

    pub(super) async fn children(&self, adult: PersonId) -> Vec<Uuid> {
        self.people(
            "SELECT child_id FROM contacts WHERE adult_id = $1 AND ended_at IS NULL ORDER BY child_id",
            adult,
        )
        .await
    }

    pub(super) async fn granted(&self, adult: PersonId) -> Vec<Uuid> {
        self.people(
            "SELECT child_id FROM access_grants WHERE adult_id = $1 AND stopped_at IS NULL ORDER BY child_id",
            adult,
        )
        .await
    }
}

pub(super) async fn office(backend: &Backend, school: &TestSchool, name: &str) -> Actor {
    let person = member_of_staff(backend, school, "Office", name, name, None).await;
    let account = account(backend, school, person, name).await;
    staff_role(backend, school, person, Role::Administrator).await;
    let domain::authorization::actor::ActorKind::Person { roles, .. } =
        school.actor(backend, Role::Administrator).kind
    else {
        panic!("a person");
    };
    Actor::signed_in(school.organisation, account, person, roles)
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_same_mother_typed_twice_is_on_the_board_with_reasons(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    scene.adult("Mara", "mara@home.test", &[ada]).await;
    scene.adult("Mara", "MARA@home.test", &[ben]).await;
    scene.adult("Piotr", "piotr@home.test", &[ada]).await;
    scene.search().await;
    let pairs = scene.pairs(PairState::Open).await;
    assert_eq!(pairs.len(), 1);
    assert_eq!(pairs[0].verdict, Verdict::Same);
    let reasons: Vec<&str> = pairs[0].evidence.iter().map(|evidence| evidence.label()).collect();
    assert!(reasons.contains(&"Same email address") && reasons.contains(&"Same given name"), "{reasons:?}");
    assert_eq!(pairs[0].people[0].children.len(), 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn two_people_are_kept_apart_until_something_strong_is_new(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let first = scene.adult("Tunde", "t1@home.test", &[ada]).await;
    let second = scene.adult("Tunde", "t2@home.test", &[]).await;
    contact(&scene.backend, &scene.school, second, scene.child("Ben").await, Relationship::Father).await;
    let pair = scene.pair().await;
    answer(&scene.backend, &scene.office, pair, PairState::TwoPeople).await.unwrap();
    scene.search().await;
    assert!(scene.pairs(PairState::Open).await.is_empty());
    assert_eq!(scene.pairs(PairState::TwoPeople).await.len(), 1);
    for person in [first, second] {
        sqlx::query("UPDATE people SET born_on = '1980-05-17' WHERE id = $1")
            .bind(person.0)
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
    }
    scene.search().await;
    assert_eq!(scene.pairs(PairState::Open).await.len(), 1, "the date of birth is new");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_same_mailbox_for_three_people_in_two_schools_is_no_reason_to_join_them(pool: PgPool) {
    // C3, C14.
    let scene = Scene::new(pool).await;
    let other = scene.school.sibling(&scene.backend, "ELM", "Elm School").await;
    let (ada, zoe) =
        (scene.child("Ada").await, student(&scene.backend, &other, "Zoe", "Varga", "Z1", None).await);
    scene.adult("Mara", "family@home.test", &[ada]).await;
    scene.adult("Piotr", "family@home.test", &[ada]).await;
    guardian(&scene.backend, &other, "Ines", "Varga", Some("family@home.test"), &[zoe]).await;
    scene.search().await;
    for pair in scene.pairs(PairState::Open).await {
        assert_ne!(pair.verdict, Verdict::Same, "{pair:?}");
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_pair_is_shown_only_to_those_who_may_see_both(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let other = scene.school.sibling(&scene.backend, "ELM", "Elm School").await;
    let (ada, zoe) =
        (scene.child("Ada").await, student(&scene.backend, &other, "Zoe", "Varga", "Z1", None).await);
    scene.adult("Mara", "mara@home.test", &[ada]).await;
    guardian(&scene.backend, &other, "Mara", "Varga", Some("mara@home.test"), &[zoe]).await;
    scene.search().await;
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM person_pairs")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!((stored, scene.pairs(PairState::Open).await.len()), (1, 0));
}
