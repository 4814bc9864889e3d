use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::school_year::follow::RollChange;
use domain::school_year::night::NightOutcome;
use sqlx::PgPool;

use super::{Office, day};
use crate::school_year::hold::{hold, release};
use crate::school_year::nightly::nights;
use crate::school_year::now::{FollowedNow, follow_now};
use crate::school_year::tomorrow;
use crate::testing::{active_account, guardian, member_of_staff, staff_role, student};
use crate::{Error, db};

impl Office {
    async fn pupil(&self, name: &str, number: &str) -> PersonId {
        let person = student(&self.backend, &self.school, name, "Berg", number, None).await;
        active_account(&self.backend, &self.school, person, &name.to_lowercase(), "correct horse battery")
            .await;
        person
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_whole_school_year_passes_and_access_follows_the_roll(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, &office.school);
    let ana = office.pupil("Ana", "1").await;
    let bem = office.pupil("Bem", "2").await;
    let new = office.pupil("Cleo", "3").await;
    let mother = guardian(backend, school, "Dana", "Berg", None, &[ana]).await;
    active_account(backend, school, mother, "dana", "correct horse battery").await;
    let teacher = guardian(backend, school, "Eva", "Berg", None, &[ana]).await;
    active_account(backend, school, teacher, "eva", "correct horse battery").await;
    staff_role(backend, school, teacher, Role::Tutor).await;
    let colleague = member_of_staff(backend, school, "Finn", "Roe", "F1", None).await;
    active_account(backend, school, colleague, "finn", "correct horse battery").await;
    staff_role(backend, school, colleague, Role::AccountManager).await;
    // Who starts in January; who leaves at Easter and is back after the summer; who left their work.
    office.change("UPDATE enrolments SET starts_on = '2027-01-11' WHERE person_id = $1", new).await;
    office.change("UPDATE enrolments SET ends_on = '2027-03-31' WHERE person_id = $1", ana).await;
    office.change("UPDATE employments SET ends_on = '2027-02-12' WHERE person_id = $1", colleague).await;

    let told = office.nights_to("2026-12-20").await;
    assert_eq!(told, [(day("2026-11-22"), RollChange::Waits, 1)]);
    let told = office.nights_to("2027-03-01").await;
    assert_eq!(
        told,
        [(day("2026-12-28"), RollChange::Opens, 1), (day("2027-02-13"), RollChange::Suspends, 1)],
        "a starter 14 days before, and a colleague the day after"
    );
    assert_eq!(office.state(colleague).await, "suspended");

    // Ana and her mother; not the teacher, who has another role.
    let told = office.nights_to("2027-05-01").await;
    assert_eq!(told, [(day("2027-04-14"), RollChange::Suspends, 2)]);
    assert_eq!(
        (office.state(mother).await, office.state(teacher).await),
        ("suspended".into(), "active".into())
    );
    office
        .change("UPDATE accounts SET state = 'suspended', suspended_at = now() WHERE person_id = $1", bem)
        .await;

    let told = office.nights_to("2027-08-01").await;
    let closed: Vec<_> = told.iter().filter(|line| line.1 == RollChange::Closes).collect();
    assert_eq!(
        closed,
        [&(day("2027-05-14"), RollChange::Closes, 1), &(day("2027-07-13"), RollChange::Closes, 2)]
    );
    assert_eq!(office.state(ana).await, "closed");

    // Ana comes back: the same account, as new; her mother's follows. What a person disabled stays so.
    office.change("UPDATE enrolments SET ends_on = NULL WHERE person_id = $1", ana).await;
    let told = office.nights_to("2027-08-02").await;
    assert_eq!(told, [(day("2027-08-02"), RollChange::Reopens, 2)]);
    assert_eq!((office.state(ana).await, office.state(bem).await), ("created".into(), "suspended".into()));
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 6, "nobody got a second account");

    // What the colleague's account held is erased; that it existed and its username stay.
    let told = office.nights_to("2027-12-01").await;
    assert_eq!(told, [(day("2027-11-10"), RollChange::Erases, 1)]);
    let kept = office
        .count(
            "SELECT count(*) FROM accounts a WHERE username = 'finn' AND data_erased_at IS NOT NULL
                  AND NOT EXISTS (SELECT FROM passwords w WHERE w.account_id = a.id)",
        )
        .await;
    assert_eq!(kept, 1);
    assert!(office.count("SELECT count(*) FROM audit_events WHERE action = 'followed_roll'").await > 8);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_comes_back_soon_is_enabled_again_and_an_exception_by_hand_stays(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = office.pupil("Ana", "1").await;
    let bem = office.pupil("Bem", "2").await;
    for person in [ana, bem] {
        office.change("UPDATE enrolments SET ends_on = '2026-11-30' WHERE person_id = $1", person).await;
    }
    office.nights_to("2026-12-14").await;
    assert_eq!(office.state(ana).await, "suspended");
    assert_eq!(office.count("SELECT count(*) FROM sessions").await, 0);
    office.change("UPDATE enrolments SET ends_on = NULL WHERE person_id = $1", ana).await;
    office
        .change("UPDATE accounts SET state = 'active', suspended_at = NULL WHERE person_id = $1", bem)
        .await;
    let told = office.nights_to("2027-02-01").await;
    assert_eq!(told, [(day("2026-12-15"), RollChange::Reactivates, 1)]);
    assert_eq!(office.state(bem).await, "active");
    let seen = tomorrow::nights(&office.backend, &office.manager, office.school.school).await.unwrap();
    assert_eq!(seen.kept.iter().map(|line| line.person).collect::<Vec<_>>(), [bem]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn tomorrow_is_told_today_and_can_be_held_and_released(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = office.pupil("Ana", "1").await;
    office.change("UPDATE enrolments SET ends_on = '2026-11-30' WHERE person_id = $1", ana).await;
    office.go_to("2026-12-13");
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    let seen = tomorrow::nights(backend, manager, school).await.unwrap();
    assert_eq!((seen.due_today.all(), seen.tomorrow.stopped()), (0, 1));
    assert_eq!((seen.people[0].name.as_str(), seen.people[0].change), ("Ana Berg", RollChange::Suspends));

    for (until, code) in [("2026-12-12", "passed"), ("2027-09-01", "days at most")] {
        let Err(Error::Invalid(errors)) = hold(backend, manager, school, day(until)).await else {
            panic!("{until} was taken");
        };
        assert!(errors.0[0].message.contains(code), "{errors:?}");
    }
    hold(backend, manager, school, day("2026-12-14")).await.unwrap();
    office.go_to("2026-12-14");
    assert_eq!(office.night().await[0].outcome, NightOutcome::Held);
    assert_eq!(office.state(ana).await, "active");
    release(backend, manager, school).await.unwrap();
    assert_eq!(office.night().await[0].done.stopped(), 1);
    assert_eq!(office.night().await, [], "a night that is done is not done again");

    let tutor = office.school.actor(backend, Role::GroupTutor);
    assert!(matches!(tomorrow::nights(backend, &tutor, school).await, Err(Error::Refused(_))));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn clocks_that_jump_stop_nobody(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = office.pupil("Ana", "1").await;
    office.change("UPDATE enrolments SET ends_on = '2027-07-20' WHERE person_id = $1", ana).await;
    office.nights_to("2026-12-01").await;
    // Years ahead: what opens is opened, nobody is stopped.
    office.go_to("2033-01-01");
    assert_eq!(office.night().await[0].outcome, NightOutcome::Clock);
    assert_eq!(office.state(ana).await, "active");
    // Back where it was, and before: nothing is done twice, and nights go on.
    office.go_to("2026-11-25");
    let night = office.night().await;
    assert!(night.is_empty() || night[0].refused.is_some(), "{night:?}");
    office.go_to("2026-12-02");
    assert_eq!(office.night().await[0].outcome, NightOutcome::Done);
    let past = nights(&office.backend, Some(day("2026-11-20")), false).await.unwrap();
    assert!(
        past[0].refused.as_deref().is_some_and(|said| said.contains("has been done already")),
        "{past:?}"
    );
    let typed = nights(&office.backend, Some(day("2027-08-10")), true).await.unwrap();
    assert_eq!(typed[0].done.stopped(), 1, "a day that somebody typed is no clock's");
    assert_eq!(office.state(ana).await, "active", "simulated");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_night_to_come_that_was_done_holds_up_the_others_until_somebody_releases_them(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, office.school.school);
    let ana = office.pupil("Ana", "1").await;
    office.go_to("2026-12-01");
    nights(backend, Some(day("2027-06-01")), false).await.unwrap();
    office.change("UPDATE enrolments SET ends_on = '2026-10-01' WHERE person_id = $1", ana).await;
    assert!(office.night().await[0].refused.is_some());
    assert_eq!(office.night().await, [], "it is told of once");
    assert_eq!(office.count("SELECT count(*) FROM alerts").await, 1);
    let seen = tomorrow::nights(backend, &office.manager, school).await.unwrap();
    assert_eq!(seen.ahead, Some(day("2027-06-01")));
    release(backend, &office.manager, school).await.unwrap();
    assert_eq!(tomorrow::nights(backend, &office.manager, school).await.unwrap().ahead, None);
    assert_eq!(office.night().await[0].done.stopped(), 1);
    let past = nights(backend, Some(day("2026-11-20")), false).await.unwrap();
    assert!(past[0].refused.is_some());
    assert_eq!(office.count("SELECT count(*) FROM alerts").await, 1, "who typed it was answered");
    release(backend, &office.manager, school).await.unwrap();
    let released = "SELECT count(*) FROM audit_events WHERE action = 'nightly_held' AND details ? 'released'";
    assert_eq!(office.count(released).await, 1, "nothing was left to release");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_account_made_after_the_night_for_somebody_who_has_not_started_waits_too(pool: PgPool) {
    let office = Office::new(pool).await;
    office.go_to("2026-12-01");
    assert_eq!(office.night().await.len(), 1);
    let ana = office.pupil("Ana", "1").await;
    let bem = office.pupil("Bem", "2").await;
    office.change("UPDATE enrolments SET starts_on = '2027-01-11' WHERE person_id = $1", ana).await;
    office.change("UPDATE enrolments SET ends_on = '2026-10-01' WHERE person_id = $1", bem).await;
    assert_eq!(office.night().await, []);
    let waits = "SELECT count(*) FROM accounts WHERE roll_opens_on = '2026-12-28'";
    assert_eq!(office.count(waits).await, 1, "within the hour");
    assert_eq!(office.state(bem).await, "active", "what stops waits for the night");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn too_many_at_once_wait_for_two_people(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut people = Vec::new();
    for number in 0..30 {
        let number = number.to_string();
        let person = student(&office.backend, &office.school, "Pupil", "Roe", &number, None).await;
        crate::testing::account(&office.backend, &office.school, person, &format!("p{number}")).await;
        people.push(person);
    }
    for person in &people[..25] {
        office.change("UPDATE enrolments SET ends_on = '2026-10-01' WHERE person_id = $1", *person).await;
    }
    assert_eq!(office.night().await[0].outcome, NightOutcome::TooMany);
    assert_eq!(office.count("SELECT count(*) FROM accounts WHERE state = 'suspended'").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM alerts").await, 1, "administrators are told");
    let (backend, school) = (&office.backend, office.school.school);
    assert_eq!(follow_now(backend, &office.manager, school).await.unwrap(), FollowedNow::Waits);
    assert_eq!(
        office.count("SELECT count(*) FROM operations WHERE kind = 'follow_roll' AND second_person").await,
        1
    );
    // Five of them came back: what is left is no longer too many.
    for person in &people[..5] {
        office.change("UPDATE enrolments SET ends_on = NULL WHERE person_id = $1", *person).await;
    }
    let FollowedNow::Done(done) = follow_now(backend, &office.manager, school).await.unwrap() else {
        panic!("it did not run");
    };
    assert_eq!(done.stopped(), 20);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_administers_all_schools_is_left_to_people(pool: PgPool) {
    let office = Office::new(pool).await;
    let boss = member_of_staff(&office.backend, &office.school, "Gil", "Roe", "G1", None).await;
    active_account(&office.backend, &office.school, boss, "gil", "correct horse battery").await;
    staff_role(&office.backend, &office.school, boss, Role::Administrator).await;
    office.change("UPDATE staff_roles SET school_id = NULL WHERE person_id = $1", boss).await;
    office.change("UPDATE employments SET ends_on = '2026-10-01' WHERE person_id = $1", boss).await;
    let night = office.night().await;
    assert_eq!((night[0].done.all(), night[0].kept), (0, 1));
    assert_eq!(office.state(boss).await, "active");
}
