use std::collections::HashSet;

use domain::accounts::batch::SaveOutcome;
use domain::accounts::drift::PlanDrift;
use domain::accounts::naming::Naming;
use sqlx::PgPool;

use super::{Office, everyone, these, usernames};
use crate::accounts::create::save;
use crate::accounts::plan::plan;
use crate::operations::ExpectedPlan;
use crate::testing::student;
use crate::{Error, db};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn exactly_the_plan_is_made_with_its_batch_and_one_line_in_the_log(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut people = office.students(&[("Tymon", "Wilczarek"), ("Tomasz", "Wilczarek")]).await;
    people
        .push(student(&office.backend, &office.school, "Ana", "Berg", "0009", Some("ana@example.org")).await);
    let batch = office.save(&these(&people), &Naming::default()).await;
    assert_eq!(usernames(&batch), ["a.berg", "t.wilczarek", "t.wilczarek2"]);
    let emails: Vec<_> = batch.created.iter().map(|made| made.email.as_deref()).collect();
    assert_eq!(emails, [Some("ana@example.org"), None, None]);
    assert_eq!(office.count("SELECT count(*) FROM accounts WHERE state = 'created'").await, 3);
    assert_eq!(office.count("SELECT size::bigint FROM operations").await, 3);
    assert_eq!(office.count("SELECT count(*) FROM audit_events WHERE action = 'accounts_created'").await, 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_second_batch_knows_the_usernames_of_the_first(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Tymon", "Wilczarek"), ("Tomasz", "Wilczarek")]).await;
    office.save(&these(&people[..1]), &Naming::default()).await;
    let second = office.save(&everyone(), &Naming::default()).await;
    assert_eq!(usernames(&second), ["t.wilczarek2"]);
    let third = office.save(&everyone(), &Naming::default()).await;
    assert_eq!((third.id, third.created.len()), (None, 0));
    assert_eq!(office.count("SELECT count(*) FROM operations").await, 2);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn when_the_roll_has_moved_nothing_is_made_and_the_difference_is_told(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Tymon", "Wilczarek"), ("Tomasz", "Wilczarek")]).await;
    let (backend, school, naming) = (&office.backend, office.school.school, Naming::default());
    let seen = plan(backend, &office.manager, school, &everyone(), &naming).await.unwrap().plan;
    office.save(&these(&people[..1]), &naming).await;
    student(backend, &office.school, "Ana", "Berg", "0009", None).await;
    let expected = ExpectedPlan::Plan(seen.hash);
    let outcome = save(backend, &office.manager, school, &everyone(), &naming, expected).await.unwrap();
    let SaveOutcome::Drifted(drifted) = outcome else { panic!("saved another plan than was seen") };
    let drift = PlanDrift::between(&seen, &drifted.now);
    assert_eq!(drift.gone, ["Tymon Wilczarek, 7A"]);
    assert_eq!(drift.new, ["Ana Berg, 7A"]);
    let (who, was, is) = &drift.username[0];
    let (was, is) = (was.as_ref().unwrap().as_str(), is.as_ref().unwrap().as_str());
    assert_eq!((who.as_str(), was, is), ("Tomasz Wilczarek, 7A", "t.wilczarek", "t.wilczarek2"));
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn of_two_saves_at_once_one_wins_and_the_other_is_told_by_name(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Tymon", "Wilczarek"), ("Ana", "Berg")]).await;
    let (backend, school, naming) = (&office.backend, office.school.school, Naming::default());
    let chosen = these(&people);
    let seen = plan(backend, &office.manager, school, &chosen, &naming).await.unwrap().plan;
    let expected = ExpectedPlan::Plan(seen.hash);
    let one = save(backend, &office.manager, school, &chosen, &naming, expected);
    let other = save(backend, &office.manager, school, &chosen, &naming, expected);
    let (one, other) = tokio::join!(one, other);
    let mut drifted: Vec<_> = [one.unwrap(), other.unwrap()]
        .into_iter()
        .filter_map(|outcome| match outcome {
            SaveOutcome::Saved(batch) => {
                assert_eq!(batch.created.len(), 2);
                None
            }
            SaveOutcome::Drifted(drifted) => Some(drifted),
            SaveOutcome::Waits | SaveOutcome::Queued(_) => panic!("nobody is asked for, and few are no job"),
        })
        .collect();
    let loser = drifted.pop().unwrap();
    assert!(drifted.is_empty());
    let gone: Vec<_> = loser
        .gone
        .iter()
        .map(|gone| (gone.name.as_str(), gone.has_account.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(gone, [("Ana Berg", "a.berg"), ("Tymon Wilczarek", "t.wilczarek")]);
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 2);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn saves_of_different_people_at_once_never_share_a_username(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ann", "Li"); 12]).await;
    let (backend, school, naming) = (&office.backend, office.school.school, Naming::default());
    let mut saves = tokio::task::JoinSet::new();
    for person in people {
        let (backend, manager, naming) = (backend.clone(), office.manager.clone(), naming.clone());
        saves.spawn(async move {
            let ready = ExpectedPlan::WhateverIsReady;
            save(&backend, &manager, school, &these(&[person]), &naming, ready).await
        });
    }
    let mut made = HashSet::new();
    while let Some(saved) = saves.join_next().await {
        let SaveOutcome::Saved(batch) = saved.unwrap().unwrap() else { panic!("no plan was expected") };
        made.extend(batch.created.into_iter().map(|made| made.username));
    }
    assert_eq!(made.len(), 12);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_plan_with_something_to_review_is_not_saved_until_it_is_accepted(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("", "Root"), ("Ana", "Berg")]).await;
    let (backend, school, chosen) = (&office.backend, office.school.school, these(&people));
    let mut naming = Naming::default();
    let seen = plan(backend, &office.manager, school, &chosen, &naming).await.unwrap().plan;
    let refused = save(backend, &office.manager, school, &chosen, &naming, ExpectedPlan::Plan(seen.hash))
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Conflict { code: "plan_not_ready", .. }));
    assert_eq!(office.count("SELECT count(*) FROM accounts").await, 0);
    naming.accepted.insert(people[0], "root".parse().unwrap());
    assert_eq!(usernames(&office.save(&chosen, &naming).await), ["a.berg", "root"]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn without_a_person_to_ask_the_ready_ones_are_made_and_the_others_told_of(pool: PgPool) {
    let office = Office::new(pool).await;
    office.students(&[("", "Root"), ("Ana", "Berg")]).await;
    let outcome = save(
        &office.backend,
        &office.manager,
        office.school.school,
        &everyone(),
        &Naming::default(),
        ExpectedPlan::WhateverIsReady,
    )
    .await
    .unwrap();
    let SaveOutcome::Saved(batch) = outcome else { panic!("no plan was expected") };
    assert_eq!(usernames(&batch), ["a.berg"]);
    let waiting: Vec<_> = batch.waiting.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(waiting, ["Root"]);
}
