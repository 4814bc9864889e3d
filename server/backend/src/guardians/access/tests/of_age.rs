//! Coming of age.

use chrono::{Months, TimeDelta};
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::guardians::task::TaskKind;
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::guardians::of_age::choose::{choose, tick};
use crate::guardians::of_age::shown::own;
use crate::guardians::tasks::list::open;

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
