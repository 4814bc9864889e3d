//! Restrictions.

use chrono::TimeDelta;
use domain::authorization::grant::PortalScope;
use domain::authorization::role::{Role, RoleValidity};
use domain::guardians::bulk::GuardianFilter;
use domain::guardians::restriction::{RestrictionEffects, RestrictionForm};
use domain::ids::{AccountId, MessageId, OperationId, PersonId, RestrictionId, SessionId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgPool;
use uuid::Uuid;

use super::Scene;
use crate::Error;
use crate::guardians::access::map::map;
use crate::guardians::access::restrictions::lift::{LiftRestriction, ask_to_lift};
use crate::guardians::access::restrictions::loosen::LoosenOutcome;
use crate::guardians::access::restrictions::record::record;
use crate::guardians::access::restrictions::review::review;
use crate::guardians::list::list;
use crate::guardians::tasks::list::open;
use crate::invitations::message::LoadedInvitationRow;
use crate::messages::kind::{Message as _, MessagesToLoad};
use crate::operations::{approvals, run_approved};

impl Scene {
    pub(super) fn about(&self, adult: PersonId) -> RestrictionForm {
        let today = self.backend.today(chrono_tz::Europe::London);
        RestrictionForm {
            adult: adult.to_string(),
            reason: "court_order".to_owned(),
            reference: "FD26P00321".to_owned(),
            ..RestrictionForm::blank(today)
        }
    }

    pub(super) async fn restrict(
        &self,
        child: PersonId,
        form: &RestrictionForm,
    ) -> Option<RestrictionEffects> {
        record(&self.backend, &self.milo, child, form).await.unwrap()
    }

    pub(super) async fn session(&self, account: AccountId) -> SessionId {
        let id: SessionId = self.backend.new_id();
        sqlx::query(
            "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at, ends_at)
             VALUES ($1, $2, $3, $4, $5, $5, $5, $5 + interval '1 day', $5 + interval '1 day')",
        )
        .bind(id.0)
        .bind(self.organisation().0)
        .bind(account.0)
        .bind(id.0.as_bytes().as_slice())
        .bind(self.backend.now())
        .execute(self.backend.database.raw())
        .await
        .unwrap();
        id
    }

    /// An invitation whose message waits to be sent.
    pub(super) async fn invitation(&self, account: AccountId, person: PersonId) -> Uuid {
        let id: Uuid = self.backend.new_id();
        sqlx::query(
            "WITH message AS (
                 INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, state, due_at, created_at)
                 VALUES ($1, $2, 'invitation', 'email', 1, $4, 'queued', $5, $5)
             )
             INSERT INTO invitations (id, organisation_id, account_id, channel, link_hash, code_hash, created_at, expires_at, current)
             VALUES ($1, $2, $3, 'email', $6, $6, $5, $5 + interval '14 days', true)",
        )
        .bind(id)
        .bind(self.organisation().0)
        .bind(account.0)
        .bind(person.0)
        .bind(self.backend.now())
        .bind(id.as_bytes().as_slice())
        .execute(self.backend.database.raw())
        .await
        .unwrap();
        id
    }

    pub(super) async fn latest(&self) -> RestrictionId {
        RestrictionId(
            sqlx::query_scalar(
                "SELECT id FROM access_restrictions ORDER BY created_at DESC, id DESC LIMIT 1",
            )
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap(),
        )
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_restriction_closes_one_child_at_once_and_says_what_it_ended(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, mara) = (&scene.backend, scene.mara);
    let account = scene.account(mara, "m.varga", "active").await;
    for _ in 0..2 {
        scene.session(account).await;
    }
    // A message about Ben that waits for Mara, and one about Lio.
    for child in [scene.ben, scene.lio] {
        sqlx::query(
            "INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, subject, state, due_at, created_at)
             VALUES ($1, $2, 'password', 'email', 1, $3, $4, 'queued', $5, $5)",
        )
        .bind(backend.new_id::<MessageId>().0)
        .bind(scene.organisation().0)
        .bind(mara.0)
        .bind(child.0)
        .bind(backend.now())
        .execute(backend.database.raw())
        .await
        .unwrap();
    }
    let done = scene.restrict(scene.ben, &scene.about(mara)).await.unwrap();
    assert_eq!(done.sentence(), "2 sessions ended, 1 message dropped.");
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 0);
    assert_eq!(scene.count("SELECT count(*) FROM messages WHERE state = 'queued'").await, 1);
    assert!(scene.sees(mara, scene.ben).await.is_empty());
    assert_eq!(scene.sees(mara, scene.lio).await, [PortalScope::Profile]);
    assert_eq!(scene.sees(scene.piotr, scene.ben).await, [PortalScope::Profile]);
    let shown = map(backend, &scene.milo, scene.ben).await.unwrap();
    assert_eq!(shown.restrictions[0].effects, Some(done));
    assert_eq!(shown.restrictions[0].holds, RoleValidity::Now);
    let restricted: Vec<_> = shown.adults.iter().filter(|adult| adult.is_restricted).collect();
    assert_eq!(restricted.iter().map(|adult| adult.adult).collect::<Vec<_>>(), [mara]);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'restriction_made'").await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_address_that_is_hidden_is_told_and_found_in_the_list_only_by_those_who_restrict(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.restrict(scene.ben, &scene.about(scene.mara)).await.unwrap();
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    for (reader, told, found) in
        [(&scene.milo, (Some("mara@example.test"), false), 1), (&viewer, (None, true), 0)]
    {
        let list = async |words: &str| {
            let filter = GuardianFilter { words: words.to_owned(), ..GuardianFilter::default() };
            list(&scene.backend, reader, scene.school.school, &filter, None).await.unwrap()
        };
        let mara = list("mara varga").await.page.rows.remove(0);
        assert_eq!((mara.email.as_deref(), mara.addresses_hidden), told);
        assert_eq!(list("mara example test").await.total, found);
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_invitation_ends_only_if_it_would_open_nothing_but_this_child(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let piotr = scene.account(scene.piotr, "p.varga", "invited").await;
    let mara = scene.account(scene.mara, "m.varga", "invited").await;
    let (his, hers) = (scene.invitation(piotr, scene.piotr).await, scene.invitation(mara, scene.mara).await);
    let all = RestrictionForm { whom: "all".into(), ..scene.about(scene.mara) };
    let done = scene.restrict(scene.ben, &all).await.unwrap();
    assert_eq!(done.invitations, 1);
    let open: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM invitations WHERE revoked_at IS NULL")
        .fetch_all(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(open, [hers], "Mara\u{2019}s opens Lio, {his} was Piotr\u{2019}s");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_restriction_recorded_while_a_run_is_sending_stops_the_invitation(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.piotr, "p.varga", "created").await;
    scene.restrict(scene.ben, &scene.about(scene.piotr)).await;
    // The run inserts it afterwards: it had chosen Piotr before.
    let id = scene.invitation(account, scene.piotr).await;
    let now = scene.backend.now();
    let mut connection = scene.backend.system_connection().await.unwrap();
    let loaded =
        LoadedInvitationRow::load(&mut connection, MessagesToLoad { ids: &[id], now }).await.unwrap();
    assert_eq!(loaded[&MessageId(id)].obstacle(now), Some(DeliveryFailure::Restricted));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn lifting_takes_a_second_person_even_for_one_and_without_a_limit(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, milo, nora) = (&scene.backend, &scene.milo, &scene.nora);
    scene.restrict(scene.ben, &scene.about(scene.mara)).await;
    let restriction = scene.latest().await;
    assert_eq!(ask_to_lift(backend, milo, scene.ben, restriction).await.unwrap(), LoosenOutcome::Waits);
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    let again = ask_to_lift(backend, milo, scene.ben, restriction).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { code: "already_asked", .. }), "{again:?}");
    assert_eq!(approvals::waiting(backend, nora).await.unwrap(), Some(1));
    let operation = OperationId(
        sqlx::query_scalar("SELECT id FROM operations").fetch_one(backend.database.raw()).await.unwrap(),
    );
    let own = approvals::settle(backend, milo, operation, true).await.unwrap_err();
    assert!(matches!(own, Error::Conflict { code: "own_request", .. }), "{own:?}");
    approvals::settle(backend, nora, operation, true).await.unwrap();
    run_approved::<LiftRestriction>(backend, milo, operation).await.unwrap();
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'restriction_lifted'").await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_restriction_that_begins_later_acts_on_its_first_day(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.mara, "m.varga", "active").await;
    scene.session(account).await;
    let today = scene.backend.today(chrono_tz::Europe::London);
    let form = RestrictionForm { from: (today + TimeDelta::days(1)).to_string(), ..scene.about(scene.mara) };
    assert_eq!(scene.restrict(scene.ben, &form).await, None);
    scene.hourly().await;
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 1);
    scene.clock.advance(TimeDelta::hours(20));
    scene.hourly().await;
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 0);
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_review_gives_the_office_a_task_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let today = scene.backend.today(chrono_tz::Europe::London);
    let form =
        RestrictionForm { review: (today + TimeDelta::days(1)).to_string(), ..scene.about(scene.mara) };
    scene.restrict(scene.ben, &form).await;
    scene.hourly().await;
    assert!(open(&scene.backend, &scene.milo).await.unwrap().is_empty());
    scene.clock.advance(TimeDelta::days(1));
    for _ in 0..2 {
        scene.hourly().await;
        assert_eq!(open(&scene.backend, &scene.milo).await.unwrap().len(), 1);
    }
    let next = (today + TimeDelta::days(90)).to_string();
    review(&scene.backend, &scene.milo, scene.ben, scene.latest().await, &next).await.unwrap();
    scene.hourly().await;
    assert!(open(&scene.backend, &scene.milo).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_stranger_the_past_and_a_child_of_ones_own_are_refused_in_a_sentence_each(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let refused = async |form: RestrictionForm| {
        record(&scene.backend, &scene.milo, scene.ben, &form).await.unwrap_err()
    };
    let Error::Invalid(errors) = refused(scene.about(scene.lio)).await else { panic!("a field error") };
    assert!(errors.of("adult").unwrap().contains("no contact"));
    let past =
        RestrictionForm { from: "2026-01-01".into(), until: "2026-02-01".into(), ..scene.about(scene.mara) };
    let Error::Invalid(errors) = refused(past).await else { panic!("a field error") };
    assert!(errors.of("until").unwrap().contains("in the past"));
    let milo = scene.milo.person().unwrap();
    testing_contact(&scene, milo).await;
    let Error::Conflict { code, .. } = refused(scene.about(scene.mara)).await else { panic!("a conflict") };
    assert_eq!(code, "own_child");
    assert_eq!(scene.count("SELECT count(*) FROM access_restrictions").await, 0);
}

pub(super) async fn testing_contact(scene: &Scene, adult: PersonId) {
    let aunt = domain::guardians::relationship::Relationship::Relative;
    crate::testing::contact(&scene.backend, &scene.school, adult, scene.ben, aunt).await;
}
