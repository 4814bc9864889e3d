use std::collections::HashSet;

use domain::accounts::paste::PasteColumn;
use domain::accounts::paste::outcome::PasteOutcome;
use domain::authorization::role::Role;
use sqlx::PgPool;

use super::*;
use crate::Error;
use crate::testing::{member_of_staff, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn people_of_a_list_are_on_the_roll_with_accounts_and_in_the_group(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let content = scene.content(&[
        ["Berg", "Ana", "ana@school.example", "", "0042"],
        ["", "", "", "", ""],
        ["Olsen", "Bo", "", "bo.o", ""],
    ]);
    let done = scene.create(&scene.tutor, content).await;
    let people: Vec<_> = done
        .people
        .iter()
        .map(|made| (made.name.as_str(), made.number.as_str(), made.username.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(people, [("Ana Berg", "0042", "a.berg"), ("Bo Olsen", "bo.o", "bo.o")]);
    assert_eq!(done.group, scene.group);
    assert_eq!(scene.count("SELECT count(*) FROM group_members WHERE ends_on IS NULL").await, 2);
    assert_eq!(
        scene.count("SELECT count(*) FROM enrolments WHERE latest AND starts_on = '2026-11-21'").await,
        2
    );
    assert_eq!(
        scene.count("SELECT count(*) FROM addresses WHERE value = 'ana@school.example' AND is_primary").await,
        1
    );
    assert_eq!(
        scene.count("SELECT count(*) FROM accounts WHERE state = 'created' AND batch_id IS NOT NULL").await,
        2
    );
    // The record of it names nobody.
    assert_eq!(scene.count("SELECT count(*) FROM pastes WHERE content IS NOT NULL").await, 0);
    assert_eq!(scene.count("SELECT count(*) FROM operations WHERE input::text LIKE '%Berg%'").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn forty_of_one_surname_and_initial_get_forty_usernames_in_a_new_group(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let given: Vec<String> =
        (b'a'..=b't').flat_map(|c| [format!("A{}la", c as char), format!("A{}ri", c as char)]).collect();
    let rows: Vec<PastedRow> =
        given.iter().map(|given| PastedRow::of(["Smith", given, "", "", ""])).collect();
    let content = PasteContent { into: new_group("Maths set 1"), rows };
    let done = scene.create(&scene.office, content).await;
    let usernames: HashSet<_> = done.people.iter().map(|made| made.username.clone()).collect();
    assert_eq!((usernames.len(), done.people.len()), (40, 40));
    assert_eq!(done.group_name, "Maths set 1");
    assert_eq!(scene.count("SELECT count(*) FROM group_members m JOIN groups g ON g.id = m.group_id WHERE g.name = 'Maths set 1'").await, 40);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action IN ('group_created', 'accounts_created', 'group_joined')").await, 3);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_row_that_waits_keeps_everything_back_or_is_left_out_if_that_is_asked(pool: PgPool) {
    let scene = Scene::new(pool).await;
    student(&scene.backend, &scene.school, "Cy", "Lund", "7", None).await;
    let rows = [
        ["Berg", "Ana", "ana", "", ""],
        ["Olsen", "Bo", "", "", "7"],
        ["Dahl", "Di", "", "admin", ""],
        ["Eng", "Eli", "", "", ""],
    ];
    let seen = scene.check(&scene.office, scene.content(&rows)).await.unwrap();
    assert_eq!(waiting(&seen), [(0, "email"), (1, "number_taken"), (2, "username_reserved")]);
    let columns: Vec<PasteColumn> = seen.rows.iter().filter_map(|row| Some(row.waits()?.column)).collect();
    assert_eq!(columns, [PasteColumn::Email, PasteColumn::AdmissionNumber, PasteColumn::Username]);
    let refused = scene.outcome(&scene.office, scene.content(&rows)).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "plan_not_ready", .. })), "{refused:?}");
    assert_eq!(scene.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(scene.count("SELECT count(*) FROM pastes").await, 0);
    let ready = ExpectedPlan::WhateverIsReady;
    let content = scene.content(&rows);
    let answer = create(&scene.backend, &scene.office, scene.school.school, content, ready).await.unwrap();
    let PasteOutcome::Done(done) = answer else { panic!("{answer:?}") };
    assert_eq!((done.people.len(), done.waiting.len()), (1, 3));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_is_written_if_the_roll_changed_since_the_list_was_seen(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let content = scene.content(&[["Berg", "Ana", "", "", ""]]);
    let seen = scene.check(&scene.office, content.clone()).await.unwrap();
    student(&scene.backend, &scene.school, "Ana", "Berg", "7", None).await;
    let expected = ExpectedPlan::Plan(seen.hash);
    let answer = create(&scene.backend, &scene.office, scene.school.school, content, expected).await.unwrap();
    assert!(matches!(answer, PasteOutcome::Drifted(_)), "{answer:?}");
    assert_eq!(scene.count("SELECT count(*) FROM people").await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_who_manages_the_group_adds_to_it_and_only_the_office_makes_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let other = crate::testing::group(&scene.backend, &scene.school, "11C", &[]).await;
    let rows = vec![PastedRow::of(["Berg", "Ana", "", "", ""])];
    let into_other = PasteContent { into: PasteInto::Group(other), rows: rows.clone() };
    let refused = scene.check(&scene.tutor, into_other).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound("group") | Error::Refused(_)), "{refused:?}");
    let into_new = PasteContent { into: new_group("Mine"), rows: rows.clone() };
    let refused = scene.check(&scene.tutor, into_new).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    let into = PasteContent { into: PasteInto::Group(scene.group), rows: rows.clone() };
    let refused = scene.check(&viewer, into.clone()).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    sqlx::query("UPDATE groups SET closed_at = now()").execute(scene.backend.database.raw()).await.unwrap();
    let refused = scene.check(&scene.office, into).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict { code: "group_closed", .. }), "{refused:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_group_named_like_another_and_a_list_that_is_too_long_are_refused_with_a_sentence(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let rows = vec![PastedRow::of(["Berg", "Ana", "", "", ""])];
    let content = PasteContent { into: new_group("Maths set 1"), rows };
    scene.create(&scene.office, content.clone()).await;
    let again = PasteContent { into: new_group("MATHS set 1"), ..content };
    let refused = scene.check(&scene.office, again).await.unwrap_err();
    assert!(
        refused.to_string().contains("There is already a teaching group called MATHS set 1"),
        "{refused}"
    );
    let rows = vec![PastedRow::of(["Berg", "Ana", "", "", ""]); 5_001];
    let content = PasteContent { into: PasteInto::Group(scene.group), rows };
    let refused = scene.check(&scene.office, content).await.unwrap_err();
    assert!(refused.to_string().contains("That is 5001 rows"), "{refused}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_new_group_has_its_tutors_at_once_or_is_not_made_at_all(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let mara = member_of_staff(backend, school, "Mara", "Lind", "MLI", None).await;
    let ann = student(backend, school, "Ann", "Roe", "9", None).await;
    let with = |tutor| PasteContent {
        into: PasteInto::New(NewPasteGroup {
            name: "Set 1".to_owned(),
            courses: Vec::new(),
            tutors: vec![tutor],
        }),
        ..scene.content(&[["Berg", "Ana", "", "", ""]])
    };
    // A student tutors nobody, and a list that asks for it makes no group.
    assert!(scene.check(&scene.office, with(ann)).await.is_err());
    let expected = ExpectedPlan::WhateverIsReady;
    assert!(create(backend, &scene.office, school.school, with(ann), expected).await.is_err());
    for query in ["SELECT count(*) FROM groups WHERE name = 'Set 1'", "SELECT count(*) FROM accounts"] {
        assert_eq!(scene.count(query).await, 0, "{query}");
    }
    let done = scene.create(&scene.office, with(mara)).await;
    let roles =
        "SELECT count(*) FROM staff_roles r JOIN groups g ON g.id = r.group_id WHERE g.name = 'Set 1'";
    assert_eq!(scene.count(roles).await, 1);
    super::super::undo(backend, &scene.office, school.school, done.operation).await.unwrap();
    assert_eq!(scene.count("SELECT count(*) FROM groups WHERE name = 'Set 1'").await, 0);
    assert_eq!(scene.count("SELECT count(*) FROM staff_roles").await, 0);
}
