use domain::authorization::policy::{Permission, Refusal};
use domain::authorization::role::Role;
use domain::credentials::status::StatusGroup;
use domain::ids::SessionId;
use domain::roll::filter::RollFilter;
use domain::roll::page::PAGE_SIZE;
use domain::roll::status::RollStatus;
use sqlx::PgPool;

use super::{account, office, stranger, student};
use crate::roll::cache::rolls;
use crate::roll::snapshot::{SnapshotForReader, snapshot};
use crate::roll::{list::list, schools, summary::summary};
use crate::tenancy::target::InSchool;
use crate::testing::TestSchool;
use crate::{Backend, Error};

fn words(q: &str) -> RollFilter {
    RollFilter { q: q.to_owned(), ..RollFilter::default() }
}

async fn names(
    backend: &Backend,
    school: &TestSchool,
    actor: &super::Actor,
    filter: &RollFilter,
) -> Vec<String> {
    let page = list(backend, actor, school.school, filter, None).await.unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.into_iter().map(|row| row.name).collect()
}

async fn version(backend: &Backend, actor: &super::Actor, school: &TestSchool) -> String {
    let school = backend.enter(actor, Permission::ViewRoll, InSchool(school.school)).await.unwrap().at;
    rolls(backend).current(backend, &school).await.unwrap().version.clone()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn students_are_found_by_any_spelling_admission_number_and_username(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let zoe = student(&backend, &school, "Zoë", "O\u{2019}Neil", "004512", None).await;
    student(&backend, &school, "Adaeze", "Okoronta", "77", None).await;
    account(&backend, &school, zoe, "z.oneil2").await;
    for (q, found) in [
        ("oneil zoe", vec!["Zoë O\u{2019}Neil"]),
        ("0045", vec!["Zoë O\u{2019}Neil"]),
        ("z.oneil2", vec!["Zoë O\u{2019}Neil"]),
        ("o", vec!["Adaeze Okoronta", "Zoë O\u{2019}Neil"]),
        ("ronta", vec![]),
    ] {
        assert_eq!(names(&backend, &school, &actor, &words(q)).await, found, "{q}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn pages_follow_one_another_though_rows_come_and_go(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    for n in 0..PAGE_SIZE + 2 {
        student(&backend, &school, "Ann", &format!("B{n:03}"), &format!("{n}"), None).await;
    }
    let first = list(&backend, &actor, school.school, &RollFilter::default(), None).await.unwrap();
    assert_eq!((first.rows.len(), first.total as usize, first.before), (PAGE_SIZE, PAGE_SIZE + 2, 0));
    student(&backend, &school, "Ann", "A", "new", None).await;
    let second =
        list(&backend, &actor, school.school, &RollFilter::default(), first.next.as_ref()).await.unwrap();
    let names: Vec<_> = second.rows.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Ann B050", "Ann B051"]);
    assert_eq!((second.before as usize, second.next), (PAGE_SIZE + 1, None));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_shows_every_change_at_once_and_nothing_uncommitted(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    student(&backend, &school, "Bo", "Kim", "2", None).await;
    let all = RollFilter::default();
    assert_eq!(names(&backend, &school, &actor, &all).await, ["Bo Kim", "Ann Lee"]);
    let seen = version(&backend, &actor, &school).await;
    assert_eq!(version(&backend, &actor, &school).await, seen);

    // A transaction that begins before another one and commits after it is not lost.
    let mut slow = backend.database.raw().begin().await.unwrap();
    sqlx::query("UPDATE people SET family_name = 'Abel', sort_key = 'abel ann' WHERE id = $1")
        .bind(ann.0)
        .execute(&mut *slow)
        .await
        .unwrap();
    student(&backend, &school, "Cy", "Low", "3", None).await;
    assert_eq!(names(&backend, &school, &actor, &all).await, ["Bo Kim", "Ann Lee", "Cy Low"]);
    slow.commit().await.unwrap();
    assert_eq!(names(&backend, &school, &actor, &all).await, ["Ann Abel", "Bo Kim", "Cy Low"]);
    assert_ne!(version(&backend, &actor, &school).await, seen);

    account(&backend, &school, ann, "aabel").await;
    let with = RollFilter { status: vec![StatusGroup::Attention], ..RollFilter::default() };
    assert_eq!(names(&backend, &school, &actor, &with).await, ["Ann Abel"]);
    sqlx::query("DELETE FROM accounts WHERE person_id = $1")
        .bind(ann.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(names(&backend, &school, &actor, &with).await, Vec::<String>::new());

    // More changed people at once than are recorded by name.
    sqlx::query(
        "INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
         SELECT gen_random_uuid(), $1, 'Many', 'Z', ' many z', 'z many', now(), now() FROM generate_series(1, 501)",
    )
    .bind(school.organisation.0)
    .execute(backend.database.raw())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, starts_on, created_at, updated_at)
         SELECT gen_random_uuid(), $1, $2, id, 'n' || row_number() OVER (), '2026-09-01', now(), now()
         FROM people WHERE organisation_id = $1 AND family_name = 'Z'",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .execute(backend.database.raw())
    .await
    .unwrap();
    let page = list(&backend, &actor, school.school, &words("many"), None).await.unwrap();
    assert_eq!(page.total, 501);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn roll_status_turns_with_the_schools_day(pool: PgPool) {
    let (backend, clock) = crate::testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::OfficeViewer);
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    sqlx::query("UPDATE enrolments SET ends_on = $2 WHERE person_id = $1")
        .bind(ann.0)
        .bind(backend.now().date_naive())
        .execute(backend.database.raw())
        .await
        .unwrap();
    let leavers = RollFilter { roll: vec![RollStatus::Leaver], ..RollFilter::default() };
    assert_eq!(names(&backend, &school, &actor, &leavers).await, Vec::<String>::new());
    assert_eq!(summary(&backend, &actor, school.school).await.unwrap().on_roll, 1);
    clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(names(&backend, &school, &actor, &leavers).await, ["Ann Lee"]);
    assert_eq!(summary(&backend, &actor, school.school).await.unwrap().on_roll, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_tally_counts_who_is_on_roll(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("ann@home.example")).await;
    student(&backend, &school, "Bo", "Kim", "2", None).await;
    account(&backend, &school, ann, "alee").await;
    let summary = summary(&backend, &actor, school.school).await.unwrap();
    assert_eq!((summary.on_roll, summary.with_account), (2, 1));
    let counted: Vec<_> = summary.groups.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(counted, [(StatusGroup::NoAccount, 1), (StatusGroup::NotInvited, 1)]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn another_organisations_school_is_not_there(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    student(&backend, &school, "Ann", "Lee", "1", None).await;
    let other = stranger(&backend).await;
    // The stranger has a role at one school, but not at this one.
    let refused = list(&backend, &other, school.school, &RollFilter::default(), None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OtherSchool))));
    // Even the operator of the other organisation's server finds nothing under this id.
    let operator = super::Actor::system(other.organisation);
    let missing = list(&backend, &operator, school.school, &RollFilter::default(), None).await;
    assert!(matches!(missing, Err(Error::NotFound("school"))));
    let missing = snapshot(&backend, &operator, backend.new_id(), school.school, (None, "")).await;
    assert!(matches!(missing, Err(Error::NotFound("school"))));
    assert!(matches!(summary(&backend, &operator, school.school).await, Err(Error::NotFound("school"))));
    let reached = schools::reached(&backend, &actor, Permission::ViewRoll).await.unwrap();
    assert_eq!(reached.iter().map(|reached| reached.id).collect::<Vec<_>>(), [school.school]);
    let student_of_the_school =
        super::Actor::signed_in(actor.organisation, backend.new_id(), backend.new_id(), vec![]);
    let refused = list(&backend, &student_of_the_school, school.school, &RollFilter::default(), None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoRole))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_copy_patched_by_many_changes_is_the_roll_read_afresh(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let mut people = Vec::new();
    for n in 0..20 {
        people.push(
            student(
                &backend,
                &school,
                &format!("P{n:02}"),
                &format!("F{:02}", n * 7 % 20),
                &n.to_string(),
                None,
            )
            .await,
        );
    }
    let all = RollFilter::default();
    for round in 0..6u8 {
        // Some move within the list, also to its ends, some leave the school, and new ones join.
        for (n, person) in people.iter().enumerate().filter(|(n, _)| n % 4 == usize::from(round % 4)) {
            let family =
                [format!("A{n}"), format!("Z{n}"), format!("F{n:02}")][usize::from(round) % 3].clone();
            sqlx::query("UPDATE people SET family_name = $2, sort_key = lower($2) || ' ' || lower(given_name) WHERE id = $1")
                .bind(person.0)
                .bind(family)
                .execute(backend.database.raw())
                .await
                .unwrap();
        }
        sqlx::query("DELETE FROM enrolments WHERE person_id = $1")
            .bind(people[usize::from(round) * 3].0)
            .execute(backend.database.raw())
            .await
            .unwrap();
        student(&backend, &school, "New", &format!("F{round}x"), &format!("n{round}"), None).await;
        let patched = list(&backend, &actor, school.school, &all, None).await.unwrap();
        let uncached = Backend { memory: std::sync::Arc::default(), ..backend.clone() };
        assert_eq!(patched, list(&uncached, &actor, school.school, &all, None).await.unwrap());
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_session_that_ended_on_the_way_is_sent_no_roll(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    student(&backend, &school, "Ann", "Lee", "1", None).await;
    let ended: SessionId = backend.new_id();
    let told = snapshot(&backend, &actor, ended, school.school, (None, "")).await.unwrap();
    assert!(matches!(told, SnapshotForReader::SessionEnded));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_of_a_batch_or_a_group_has_nobody_else(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    student(&backend, &school, "Bo", "Lee", "2", None).await;
    let group = crate::testing::group(&backend, &school, "10B Maths", &[ann]).await;
    for (of, found) in [
        (String::new(), 2),
        (format!("group.{group}"), 1),
        (format!("group.{}", uuid::Uuid::nil()), 0),
        (format!("batch.{}", uuid::Uuid::nil()), 0),
        ("group.nonsense".to_owned(), 0),
    ] {
        let filter = RollFilter { of: of.clone(), ..RollFilter::default() };
        let page = list(&backend, &actor, school.school, &filter, None).await.unwrap();
        assert_eq!(page.total, found, "{of}");
        let selection = domain::roll::selection::Selection::Matching { filter };
        let entered = backend.enter(&actor, Permission::ViewRoll, InSchool(school.school)).await.unwrap();
        let mut transaction = entered.transaction;
        let now = backend.now();
        let people =
            crate::roll::selection::people(&mut transaction, &entered.at, &selection, now).await.unwrap();
        assert_eq!(people.len(), found as usize, "{of}");
    }
}
