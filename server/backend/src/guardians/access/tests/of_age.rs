//! Coming of age.

use chrono::{Months, TimeDelta};
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::guardians::access::NotOpened;
use domain::guardians::grants::GrantForm;
use domain::guardians::relationship::Relationship;
use domain::guardians::task::{OfAgeNotice, TaskKind};
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::guardians::access::grants::change::change;
use crate::guardians::access::map::map;
use crate::guardians::access::not_mine::restore::restore;
use crate::guardians::access::not_mine::{NotMine, press};
use crate::guardians::contacts::attach::attach;
use crate::guardians::of_age::choose::{choose, tick};
use crate::guardians::of_age::shown::own;
use crate::guardians::tasks::list::open;
use crate::jobs::worker::run_once;
use crate::testing::{contact_facts, guardian};

impl Scene {
    /// Ben, who comes of age in this many days.
    async fn ben_in(&self, days: i64) -> Actor {
        let day = self.backend.today(chrono_tz::Europe::London) + TimeDelta::days(days);
        sqlx::query("UPDATE people SET born_on = $2 WHERE id = $1")
            .bind(self.ben.0)
            .bind(day - Months::new(18 * 12))
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        let account = self.account(self.ben, "b.okafor", "active").await;
        Actor::signed_in(self.organisation(), account, self.ben, Vec::new())
    }

    async fn order(&self) {
        sqlx::query("UPDATE access_grants SET ground = 'order' WHERE adult_id = $1")
            .bind(self.piotr.0)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn rights_pass_on_the_day_unless_the_student_lets_an_adult_keep_them_or_a_court_does(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ben = scene.ben_in(61).await;
    scene.order().await;
    scene.hourly().await;
    assert_eq!(own(&scene.backend, &ben).await.unwrap().decides, None);
    let early = choose(&scene.backend, &ben, &[]).await.unwrap_err();
    assert!(matches!(early, Error::Conflict { code: "not_of_age", .. }), "{early:?}");

    scene.clock.advance(TimeDelta::days(2));
    for _ in 0..2 {
        scene.hourly().await;
    }
    let tasks = open(&scene.backend, &scene.milo).await.unwrap();
    assert_eq!(tasks.iter().map(|task| task.kind).collect::<Vec<_>>(), [Some(TaskKind::ComingOfAge)]);
    let (_, has_come) = own(&scene.backend, &ben).await.unwrap().decides.unwrap();
    assert!(!has_come);
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);

    scene.clock.advance(TimeDelta::days(60));
    scene.hourly().await;
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    assert_eq!(scene.sees(scene.piotr, scene.ben).await, [PortalScope::Profile], "by a court order");
    assert_eq!(scene.sees(scene.mara, scene.lio).await, [PortalScope::Profile]);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'rights_passed'").await, 1);

    // The student changes their mind, and it counts at once.
    let keep = [tick(scene.mara, PortalScope::Profile)];
    choose(&scene.backend, &ben, &keep).await.unwrap();
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    scene.hourly().await;
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    choose(&scene.backend, &ben, &[]).await.unwrap();
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_consented_to_before_goes_on_on_the_day(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ben = scene.ben_in(30).await;
    scene.hourly().await;
    choose(&scene.backend, &ben, &[tick(scene.piotr, PortalScope::Profile)]).await.unwrap();
    scene.clock.advance(TimeDelta::days(31));
    scene.hourly().await;
    assert_eq!(scene.sees(scene.piotr, scene.ben).await, [PortalScope::Profile]);
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_loses_access_without_notice_even_if_the_student_is_of_age_already(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.ben_in(-100).await;
    scene.hourly().await;
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    scene.clock.advance(TimeDelta::days(61));
    scene.hourly().await;
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    // A file or a contact that opens it again does not.
    crate::testing::grant(&scene.backend, &scene.school, scene.mara, scene.ben).await;
    scene.hourly().await;
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_given_back_of_a_student_of_age_opens_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.ben_in(30).await;
    scene.hourly().await;
    let account = scene.account(scene.mara, "m.varga", "active").await;
    let mara = Actor::signed_in(scene.organisation(), account, scene.mara, Vec::new());
    press(&scene.backend, &mara, scene.ben, NotMine::Portal).await.unwrap();
    scene.clock.advance(TimeDelta::days(31));
    scene.hourly().await;
    restore(&scene.backend, &scene.milo, scene.mara, scene.ben).await.unwrap();
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn both_sides_are_told_before_the_day_and_the_office_learns_whom_no_message_reached(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ben = scene.ben_in(30).await;
    scene.account(scene.mara, "m.varga", "active").await;
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         VALUES (gen_random_uuid(), $1, $2, 'email', 'ben@example.test', 'ben@example.test', true, now())",
    )
    .bind(scene.organisation().0)
    .bind(scene.ben.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    scene.hourly().await;
    run_once(&scene.backend).await.unwrap();
    let mut sent: Vec<(String, String)> =
        sqlx::query_as("SELECT recipient, body_text FROM mailbox ORDER BY recipient")
            .fetch_all(scene.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(sent.len(), 2, "{sent:?}");
    let (to_mara, to_ben) = (sent.pop().unwrap(), sent.pop().unwrap());
    let day = own(&scene.backend, &ben).await.unwrap().decides.unwrap().0;
    let day = day.format("%-d %B %Y").to_string();
    assert!(to_ben.0.contains("ben@example.test") && to_ben.1.contains(&day), "{to_ben:?}");
    assert!(to_ben.1.contains("you decide who sees your"), "{to_ben:?}");
    assert!(
        to_mara.0.contains("mara@example.test") && to_mara.1.contains("Ben Okafor decides"),
        "{to_mara:?}"
    );
    let not_mine = super::super::not_mine::link::link(&scene.backend, scene.mara, scene.ben);
    assert!(to_mara.1.contains(&day) && to_mara.1.contains(&not_mine), "{to_mara:?}");
    let tasks = open(&scene.backend, &scene.milo).await.unwrap();
    // Piotr has no account.
    let notice = OfAgeNotice { student: true, adults: 1, adults_untold: 1 };
    assert_eq!(tasks[0].details.of_age, Some(notice));
    let (_, has_come) = map(&scene.backend, &scene.milo, scene.ben).await.unwrap().of_age.unwrap();
    assert!(!has_come);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn once_of_age_only_the_student_or_a_court_opens_anything(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.ben_in(10).await;
    scene.hourly().await;
    scene.clock.advance(TimeDelta::days(11));
    scene.hourly().await;
    let rosa = guardian(&scene.backend, &scene.school, "Rosa", "Varga", None, &[scene.lio]).await;
    let today = scene.backend.today(chrono_tz::Europe::London);
    let facts = contact_facts(Relationship::Mother, today);
    let attached = attach(&scene.backend, &scene.milo, rosa, scene.ben, facts).await.unwrap();
    assert_eq!(attached.opened, NotOpened::OfAge.into());
    let ticked = |ground: &str| {
        let pairs = [("see-profile", "on"), ("ground-profile", ground)];
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        GrantForm::from_pairs(&pairs)
    };
    let pair = (scene.mara, scene.ben);
    let refused = change(&scene.backend, &scene.milo, pair, &ticked("parental_responsibility")).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "of_age", .. })), "{refused:?}");
    // The student agreed, on paper.
    change(&scene.backend, &scene.milo, pair, &ticked("consent")).await.unwrap();
    scene.hourly().await;
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    assert!(scene.sees(rosa, scene.ben).await.is_empty());
    assert!(map(&scene.backend, &scene.milo, scene.ben).await.unwrap().of_age.unwrap().1);
}
