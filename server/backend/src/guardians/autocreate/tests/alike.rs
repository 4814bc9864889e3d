//! Adults who may be on record twice: the same evidence as on the board of likely duplicates, and its answers.

use domain::guardians::autocreate::line::RunLine;
use domain::guardians::autocreate::outcome::{Outcome, Rule};
use domain::guardians::duplicates::evidence::Evidence;
use domain::guardians::duplicates::pair::PairState;
use domain::guardians::relationship::Relationship;
use sqlx::PgPool;

use super::super::create::CreateOutcome;
use super::Scene;
use crate::db;
use crate::guardians::duplicates::answer::answer;
use crate::guardians::duplicates::search::search;
use crate::testing::{contact, guardian, member_of_staff};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_may_be_a_colleague_or_on_record_twice_is_asked_about_and_never_joined(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let noor = scene.child("Noor", "Idowu", "A102").await;
    member_of_staff(backend, school, "Tunde", "Idowu", "TID", Some("t.idowu@school.test")).await;
    guardian(backend, school, "Tunde", "Idowu", Some("tunde@example.test"), &[noor]).await;
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    guardian(backend, school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    guardian(backend, school, "M", "Varga", Some("mara@example.test"), &[noor]).await;
    let seen = scene.simulated().await;
    let rules: Vec<_> = scene.lines(seen.id).await.into_iter().map(|line| line.rule).collect();
    assert_eq!(rules, [Rule::LikelyColleague, Rule::LikelyPerson, Rule::LikelyPerson]);
    // Each has its page, that of the colleague too: complaint C13.
    for line in scene.lines(seen.id).await {
        assert!(line.alike.as_ref().is_some_and(|alike| alike.pair.is_some()), "{}", line.why());
    }
    assert_eq!(scene.create(&seen).await.unwrap(), CreateOutcome::Nothing);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_answer_of_the_office_decides_and_something_strong_asks_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let (ilse, lio) = (scene.child("Ilse", "Varga", "A100").await, scene.child("Lio", "Varga", "A101").await);
    let mara = guardian(backend, school, "Mara", "Varga", Some("home@example.test"), &[ilse]).await;
    let again = guardian(backend, school, "Maria", "Varga", Some("home@example.test"), &[lio]).await;
    let held = |lines: Vec<RunLine>| {
        lines
            .into_iter()
            .map(|line| (line.outcome, line.alike.map(|alike| (alike.pair, alike.evidence))))
            .collect::<Vec<_>>()
    };
    let seen = scene.simulated().await;
    let lines = held(scene.lines(seen.id).await);
    let (pair, evidence) = lines[0].1.clone().unwrap();
    assert!(lines.iter().all(|(outcome, _)| *outcome == Outcome::AskSamePerson), "{lines:?}");
    assert!(evidence.contains(&Evidence::SameEmail), "{evidence:?}");
    assert_eq!((seen.counts.held(), seen.counts.accounts), (2, 0));
    // The pair has its page at once, without a search.
    answer(backend, &scene.milo, pair.unwrap(), PairState::TwoPeople).await.unwrap();
    let seen = scene.simulated().await;
    assert!(held(scene.lines(seen.id).await).iter().all(|(outcome, _)| *outcome == Outcome::CreateShared));
    // A child in common is new: what was answered without knowing it is asked again, and the plan does not stand.
    contact(backend, school, again, ilse, Relationship::Mother).await;
    assert!(matches!(scene.create(&seen).await.unwrap(), CreateOutcome::Drifted { changed: 2, .. }));
    let seen = scene.simulated().await;
    assert!(held(scene.lines(seen.id).await).iter().all(|(outcome, _)| *outcome == Outcome::AskSamePerson));
    let of = scene.lines(seen.id).await;
    assert!(of.iter().any(|line| line.adult == mara && line.why().contains("Maria Varga")), "{of:?}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_couple_and_two_people_of_one_name_are_not_held_up(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let lio = scene.child("Lio", "Haddad", "A101").await;
    // Everything that a household shares, and a surname that nobody else has.
    for given in ["Mara", "Piotr"] {
        let adult = guardian(backend, school, given, "Varga", Some("home@example.test"), &[ilse]).await;
        scene
            .execute(
                "INSERT INTO postal_addresses (organisation_id, person_id, lines, postcode, comparable, updated_at)
                 SELECT organisation_id, id, '1 High Street', 'AB1 2CD', '1 high street ab1 2cd', now() FROM people WHERE id = $1",
                adult,
            )
            .await;
    }
    // A name that many have says nothing by itself.
    for n in 0..6 {
        let child = scene.child("Child", "Khan", &format!("K{n}")).await;
        let email = format!("k{n}@example.test");
        guardian(backend, school, "Mohammed", "Khan", Some(&email), &[child]).await;
    }
    // One that nobody else has does, once the search has seen it.
    for (child, email) in [(ilse, "o1@example.test"), (lio, "o2@example.test")] {
        guardian(backend, school, "Ottilie", "Zwetschge", Some(email), &[child]).await;
    }
    search(backend, school.organisation).await.unwrap();
    let seen = scene.simulated().await;
    let lines = scene.lines(seen.id).await;
    let of = |name: &str| {
        lines.iter().filter(|line| line.name == name).map(|line| line.outcome).collect::<Vec<_>>()
    };
    assert_eq!(of("Mara Varga"), [Outcome::CreateShared]);
    assert_eq!(of("Piotr Varga"), [Outcome::CreateShared]);
    assert_eq!(of("Mohammed Khan"), [Outcome::Create; 6]);
    assert_eq!(of("Ottilie Zwetschge"), [Outcome::AskSamePerson; 2]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_facts_of_each_pair_are_shown_with_the_record_that_says_so(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    guardian(backend, school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    let seen = scene.simulated().await;
    let line = scene.lines(seen.id).await.remove(0);
    let told = line.facts[0].in_one_line(false);
    for words in
        ["Relationship: Mother", "(contact)", "Student: current (roll)", "Email: on record (addresses)"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(seen.counts.families.get(&Outcome::Create), Some(&1));
}
