//! Restrictions that close a part, and those that are changed.

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::guardians::grants::{GrantForm, GrantRow};
use domain::guardians::restriction::RestrictionForm;
use domain::ids::{OperationId, PersonId};
use domain::operations::state::{OperationState, RUNS_WITHIN};
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::guardians::access::grants::change::change as change_grants;
use crate::guardians::access::map::map;
use crate::guardians::access::restrictions::change::{RestrictionChange, change, form};
use crate::guardians::access::restrictions::lift::{ask_to_lift, lift_by_operator};
use crate::guardians::access::restrictions::loosen::LoosenOutcome;
use crate::guardians::access::restrictions::narrow::NarrowRestriction;
use crate::operations::{approvals, run_approved};

impl Scene {
    /// Closes a part of Ben to Mara.
    async fn close(&self, scopes: &[&str]) {
        let mut form = self.about(self.mara);
        form.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        form.hides = false;
        self.restrict(self.ben, &form).await;
    }

    async fn edit_latest(&self, edit: impl FnOnce(&mut RestrictionForm)) -> crate::Result<RestrictionChange> {
        let restriction = self.latest().await;
        let mut typed = form(&self.backend, &self.milo, self.ben, restriction).await?;
        edit(&mut typed);
        change(&self.backend, &self.milo, (self.ben, restriction), &typed).await
    }

    async fn give(&self, scopes: &[PortalScope]) -> crate::Result<()> {
        let rows = PortalScope::FAMILY.map(|scope| GrantRow {
            ticked: scopes.contains(&scope),
            ground: GrantGround::Relation.slug().to_owned(),
            ..GrantRow::default()
        });
        change_grants(&self.backend, &self.milo, (self.mara, self.ben), &GrantForm(rows)).await?;
        Ok(())
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_restriction_of_one_part_leaves_the_others_and_the_invitation(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.piotr, "p.varga", "invited").await;
    let invitation = scene.invitation(account, scene.piotr).await;
    let mut about_piotr = scene.about(scene.piotr);
    about_piotr.scopes = vec!["grades".to_owned()];
    let done = scene.restrict(scene.ben, &about_piotr).await.unwrap();
    assert_eq!(done.invitations, 0, "{invitation} opens the rest of Ben");
    assert_eq!(scene.sees(scene.piotr, scene.ben).await, [PortalScope::Profile]);

    scene.close(&["grades"]).await;
    scene.give(&[PortalScope::Profile, PortalScope::Fees]).await.unwrap();
    let closed = scene.give(&[PortalScope::Profile, PortalScope::Grades]).await.unwrap_err();
    let Error::Conflict { code: "restricted", message } = closed else { panic!("{closed:?}") };
    assert!(message.contains("Grades"), "{message}");
    let shown = map(&scene.backend, &scene.milo, scene.ben).await.unwrap();
    let mara = shown.adults.iter().find(|adult| adult.adult == scene.mara).unwrap();
    assert!(mara.is_restricted);
    let seen: Vec<_> = mara.grants.iter().map(|grant| grant.scope).collect();
    assert_eq!(seen, [PortalScope::Profile, PortalScope::Fees]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_closes_more_counts_at_once_and_a_reference_ends_no_session(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.mara, "m.varga", "active").await;
    scene.close(&["grades"]).await;
    scene.session(account).await;
    let renamed = scene.edit_latest(|form| form.reference = "FD26P00999".to_owned()).await.unwrap();
    assert_eq!(renamed, RestrictionChange::Changed);
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 1);
    let same = scene.edit_latest(|_| ()).await.unwrap_err();
    assert!(matches!(same, Error::Conflict { code: "nothing_different", .. }), "{same:?}");
    let wider = scene.edit_latest(|form| form.scopes.push("profile".to_owned())).await.unwrap();
    assert_eq!(wider, RestrictionChange::Changed);
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 0);
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    let shown = map(&scene.backend, &scene.milo, scene.ben).await.unwrap();
    assert_eq!(shown.restrictions[0].effects.unwrap().sessions, 1);
    assert_eq!(shown.restrictions[0].reference, "FD26P00999");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_closes_less_waits_for_a_second_person_and_is_then_exactly_what_was_approved(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let backend = &scene.backend;
    scene.restrict(scene.ben, &scene.about(scene.mara)).await;
    let only_grades = |form: &mut RestrictionForm| form.scopes = vec!["grades".to_owned()];
    assert_eq!(scene.edit_latest(only_grades).await.unwrap(), RestrictionChange::Waits);
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty(), "until then everything stays");
    let restriction = scene.latest().await;
    let twice = ask_to_lift(backend, &scene.milo, scene.ben, restriction).await.unwrap_err();
    assert!(matches!(twice, Error::Conflict { code: "already_asked", .. }), "{twice:?}");
    let listed = approvals::list(backend, &scene.nora).await.unwrap();
    assert!(listed[0].what.contains("closed: Grades") && listed[0].review.is_some(), "{:?}", listed[0]);
    assert_eq!(listed[0].state, OperationState::Waiting);
    let operation = listed[0].id;
    approvals::settle(backend, &scene.nora, operation, true).await.unwrap();
    run_approved::<NarrowRestriction>(backend, &scene.milo, operation).await.unwrap();
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    scene.clock.advance(TimeDelta::minutes(1));
    // An approval is of what was there: widened meanwhile, it is asked for again.
    scene.edit_latest(|form| form.until = scene.day(90)).await.unwrap();
    let operation: OperationId = approvals::list(backend, &scene.nora).await.unwrap()[0].id;
    approvals::settle(backend, &scene.nora, operation, true).await.unwrap();
    scene.edit_latest(|form| form.scopes.push("profile".to_owned())).await.unwrap();
    let moved = run_approved::<NarrowRestriction>(backend, &scene.milo, operation).await;
    assert!(matches!(moved.err(), Some(Error::Conflict { code: "plan_moved", .. })));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_page_says_what_was_asked_for_until_the_approval_lapses(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, milo, nora) = (&scene.backend, &scene.milo, &scene.nora);
    scene.restrict(scene.ben, &scene.about(scene.mara)).await;
    let restriction = scene.latest().await;
    let asked = async |reader: &Actor| {
        let shown = map(backend, reader, scene.ben).await.unwrap();
        shown.restrictions[0].asked.clone()
    };
    assert_eq!(asked(milo).await, None);
    assert_eq!(ask_to_lift(backend, milo, scene.ben, restriction).await.unwrap(), LoosenOutcome::Waits);
    let waits = asked(milo).await.unwrap();
    assert!(waits.verb == "Lift" && waits.own && !waits.is_approved, "{waits:?}");
    let operation = approvals::list(backend, nora).await.unwrap()[0].id;
    approvals::settle(backend, nora, operation, true).await.unwrap();
    let approved = asked(nora).await.unwrap();
    assert!(approved.is_approved && !approved.own, "{approved:?}");
    let again = ask_to_lift(backend, milo, scene.ben, restriction).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { code: "already_asked", .. }), "{again:?}");
    scene.clock.advance(RUNS_WITHIN);
    assert_eq!(asked(milo).await, None);
    assert_eq!(ask_to_lift(backend, milo, scene.ben, restriction).await.unwrap(), LoosenOutcome::Waits);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_page_names_who_can_approve_and_the_operator_lifts_where_nobody_can(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let backend = &scene.backend;
    scene.restrict(scene.ben, &scene.about(scene.mara)).await;
    let nobody = map(backend, &scene.milo, scene.ben).await.unwrap().approvers;
    assert_eq!(nobody, Vec::<String>::new(), "the test\u{2019}s office has accounts that never signed in");
    let nora = scene.nora.person().unwrap();
    let name = scene.able(nora, "nora").await;
    assert_eq!(map(backend, &scene.milo, scene.ben).await.unwrap().approvers, [name]);
    assert_eq!(
        map(backend, &scene.nora, scene.ben).await.unwrap().approvers,
        Vec::<String>::new(),
        "not oneself"
    );
    super::restrictions::testing_contact(&scene, nora).await;
    let own = map(backend, &scene.milo, scene.ben).await.unwrap().approvers;
    assert_eq!(own, Vec::<String>::new(), "no adult of the child");

    let restriction = scene.latest().await;
    let system = domain::authorization::actor::Actor::system(scene.organisation());
    lift_by_operator(backend, &system, restriction).await.unwrap();
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    let again = lift_by_operator(backend, &system, restriction).await.unwrap_err();
    assert!(matches!(again, Error::NotFound("restriction")), "{again:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_that_is_moved_to_a_later_day_acts_again_on_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.mara, "m.varga", "active").await;
    scene.restrict(scene.ben, &scene.about(scene.mara)).await;
    let tomorrow = scene.day(1);
    assert_eq!(scene.edit_latest(|form| form.from = tomorrow).await.unwrap(), RestrictionChange::Waits);
    let operation = approvals::list(&scene.backend, &scene.nora).await.unwrap()[0].id;
    approvals::settle(&scene.backend, &scene.nora, operation, true).await.unwrap();
    run_approved::<NarrowRestriction>(&scene.backend, &scene.milo, operation).await.unwrap();
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    scene.session(account).await;
    scene.clock.advance(TimeDelta::hours(26));
    scene.session(account).await;
    scene.hourly().await;
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 0);
}

impl Scene {
    fn day(&self, later: i64) -> String {
        (self.backend.today(chrono_tz::Europe::London) + TimeDelta::days(later)).to_string()
    }

    /// Makes somebody of the office able to sign in and to record restrictions; returns their name.
    async fn able(&self, person: PersonId, name: &str) -> String {
        sqlx::query("UPDATE accounts SET state = 'active' WHERE person_id = $1")
            .bind(person.0)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        let manager = domain::authorization::role::Role::AccountManager;
        crate::testing::staff_role(&self.backend, &self.school, person, manager).await;
        format!("{name} Office")
    }
}
