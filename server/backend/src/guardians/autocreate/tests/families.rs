//! Whom a simulation finds, and what it says of them.

use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::{Outcome, Rule};
use domain::guardians::relationship::Relationship;
use sqlx::PgPool;

use super::super::create::CreateOutcome;
use super::super::student_groups::student_groups;
use super::Scene;
use crate::db;
use crate::testing::{contact, grant, guardian};

/// Complaint C1.
#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_mother_of_two_gets_one_account_two_children_and_one_invitation(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let tam = scene.child("Tam", "Varga", "A101").await;
    guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@example.test"), &[ilse, tam]).await;
    let seen = scene.simulated().await;
    assert_eq!(scene.outcomes(seen.id).await, [("Mara Varga".to_owned(), Outcome::Create, 2)]);
    assert_eq!((seen.counts.accounts, seen.counts.messages, seen.counts.households), (1, 1, 1));
    assert_eq!(
        scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await,
        0,
        "a simulation"
    );
    assert_eq!(scene.create(&seen).await.unwrap(), CreateOutcome::Created);
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await, 1);
    assert_eq!(
        scene.count("SELECT count(DISTINCT child_id) FROM access_grants WHERE stopped_at IS NULL").await,
        2
    );
    assert_eq!(scene.count("SELECT count(*) FROM messages WHERE kind = 'invitation'").await, 1);
    // The same again: nothing is missing.
    let again = scene.simulated().await;
    assert!(!again.counts.acts());
    assert_eq!(scene.outcomes(again.id).await, [("Mara Varga".to_owned(), Outcome::HasAccess, 2)]);
    assert_eq!(scene.create(&again).await.unwrap(), CreateOutcome::Nothing);
}

/// Complaints C2 and C3.
#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_surname_joins_nobody_and_a_shared_mailbox_makes_two_accounts(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let lio = scene.child("Lio", "Haddad", "A103").await;
    let of = |given: &'static str, email: &'static str, child| {
        guardian(&scene.backend, &scene.school, given, "Varga", Some(email), std::slice::from_ref(child))
    };
    of("Mara", "home@example.test", &ilse).await;
    of("Piotr", "home@example.test", &ilse).await;
    of("Otto", "otto@example.test", &lio).await;
    let seen = scene.simulated().await;
    let mut outcomes = scene.outcomes(seen.id).await;
    outcomes.sort();
    let expected = [
        ("Mara Varga", Outcome::CreateShared),
        ("Otto Varga", Outcome::Create),
        ("Piotr Varga", Outcome::CreateShared),
    ];
    assert_eq!(outcomes, expected.map(|(name, outcome)| (name.to_owned(), outcome, 1)));
    assert_eq!(seen.counts.households, 2);
    scene.create(&seen).await.unwrap();
    assert_eq!(
        scene.count("SELECT count(DISTINCT username) FROM accounts WHERE batch_id IS NOT NULL").await,
        3
    );
    let own = "SELECT count(*) FROM invitations i JOIN accounts a ON a.id = i.account_id JOIN messages m ON m.id = i.id AND m.person_id = a.person_id";
    assert_eq!(scene.count(own).await, 3, "each message is about its own person");
}

/// Complaints C5, C7, C9 and C16.
#[sqlx::test(migrator = "db::MIGRATOR")]
async fn each_pair_is_decided_by_its_own_contact_and_neither_number_nor_order_is_a_limit(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let lio = scene.child("Lio", "Haddad", "A103").await;
    let mut adults = Vec::new();
    for (given, email) in [("Ana", "a@x.test"), ("Bea", "b@x.test"), ("Cid", "c@x.test"), ("Dov", "d@x.test")]
    {
        adults.push(guardian(backend, school, given, "Varga", Some(email), &[ilse]).await);
    }
    contact(backend, school, adults[0], lio, Relationship::Relative).await;
    let rosa = guardian(backend, school, "Rosa", "Lind", Some("rosa@x.test"), &[]).await;
    contact(backend, school, rosa, lio, Relationship::Neighbour).await;
    let seen = scene.simulated().await;
    let lines = scene.lines(seen.id).await;
    let of = |name: &str| -> Vec<_> {
        lines.iter().filter(|line| line.name == name).map(|line| (line.outcome, line.rule)).collect()
    };
    assert_eq!(seen.counts.accounts, 4);
    assert_eq!(of("Rosa Lind"), [(Outcome::NotAGuardian, Rule::RelationshipNever)]);
    let mut both = of("Ana Varga");
    both.sort();
    assert_eq!(
        both,
        [(Outcome::NotQualified, Rule::RelationshipNotChosen), (Outcome::Create, Rule::AccountMissing)]
    );
    assert_eq!(seen.counts.alone, 1, "Lio has a neighbour and an aunt");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_child_is_attached_to_the_account_that_exists_and_its_owner_is_told_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let tam = scene.child("Tam", "Varga", "A101").await;
    let noor = scene.child("Noor", "Varga", "A102").await;
    let mara =
        guardian(backend, school, "Mara", "Varga", Some("mara@example.test"), &[ilse, tam, noor]).await;
    grant(backend, school, mara, ilse).await;
    crate::testing::active_account(backend, school, mara, "m.varga", "a long enough password").await;
    let seen = scene.simulated().await;
    let mut outcomes = scene.outcomes(seen.id).await;
    outcomes.sort();
    let name = || "Mara Varga".to_owned();
    assert_eq!(outcomes, [(name(), Outcome::HasAccess, 1), (name(), Outcome::Attach, 2)]);
    scene.create(&seen).await.unwrap();
    assert_eq!(scene.count("SELECT count(DISTINCT child_id) FROM access_grants").await, 3);
    assert_eq!(scene.count("SELECT count(*) FROM messages WHERE kind = 'new_child'").await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM messages WHERE kind = 'invitation'").await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn another_school_neither_reaches_the_students_nor_the_simulation(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let mara = guardian(backend, school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    let east = school.sibling(backend, "EAST", "East School").await;
    let tam = crate::testing::student(backend, &east, "Tam", "Varga", "E1", None).await;
    contact(backend, &east, mara, tam, Relationship::Mother).await;
    let seen = scene.simulated().await;
    assert_eq!(seen.counts.contacts, 1, "the child of the other school is not looked at");
    let nora = super::manager(backend, &east, "nora").await;
    let elsewhere = super::super::view::run(backend, &nora, east.school, seen.id).await;
    assert!(matches!(elsewhere, Err(crate::Error::NotFound(_))));
    assert!(super::super::view::run(backend, &nora, school.school, seen.id).await.is_err());
    let create = super::super::create::create(backend, &nora, east.school, seen.id, seen.plan).await;
    assert!(create.is_err());
    let chosen = domain::guardians::autocreate::options::AutocreateOptions {
        students: domain::roll::selection::Selection::People { ids: vec![ilse] },
        ..Default::default()
    };
    let hers = super::super::simulate::simulate(backend, &nora, east.school, chosen).await.unwrap();
    let hers = super::super::view::run(backend, &nora, east.school, hers).await.unwrap();
    assert_eq!((hers.counts.students, hers.counts.contacts), (0, 0));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn only_students_of_the_chosen_years_and_groups_are_looked_at(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    for (given, number, year, group) in [
        ("Ada", "A1", "7", "7A"),
        ("Ben", "A2", "7", "7B"),
        ("Cleo", "A3", "10", "10A"),
        ("Dov", "A4", "8", ""),
    ] {
        let child = scene.child(given, "Varga", number).await;
        sqlx::query("UPDATE enrolments SET year_group = $2, registration_group = $3 WHERE person_id = $1")
            .bind(child.0)
            .bind(year)
            .bind(group)
            .execute(backend.database.raw())
            .await
            .unwrap();
    }
    let known = student_groups(backend, &scene.milo, school.school).await.unwrap();
    assert_eq!(
        (known.years.join(" "), known.groups.join(" ")),
        ("7 8 10".to_owned(), "7A 7B 10A".to_owned())
    );
    let looked_at = async |years: &[&str], groups: &[&str]| {
        let labels = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect();
        let options = AutocreateOptions {
            years: labels(years),
            groups: labels(groups),
            ..AutocreateOptions::default()
        };
        let id = scene.simulate(options).await.unwrap();
        scene.view(id).await.counts.students
    };
    for (years, groups, students) in [
        (&[][..], &[][..], 4),
        (&["7", "8"], &[], 3),
        (&["7", "10"], &["7B", "10A"], 2),
        (&["8"], &["7A"], 0),
    ] {
        assert_eq!(looked_at(years, groups).await, students, "{years:?} {groups:?}");
    }
}
