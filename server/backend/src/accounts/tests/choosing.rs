use domain::accounts::naming::{Candidates, Naming};
use domain::accounts::plan::AccountPlan;
use domain::accounts::taken::TakenBy;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{PortalScope, Restriction};
use domain::ids::SchoolId;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{Office, everyone, these};
use crate::accounts::candidates::candidates;
use crate::accounts::plan::plan;
use crate::testing::{TestSchool, student};
use crate::{Error, db};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_browser_makes_the_plan_that_the_server_makes(pool: PgPool) {
    let office = Office::new(pool).await;
    let names = [
        ("Tymon", "Wilczarek"),
        ("Tomasz", "Wilczarek"),
        ("Žofie", "Příhodová"),
        ("明", "李"),
        ("Ivo", "Wilczarek"),
    ];
    let people = office.students(&names).await;
    office.save(&these(&people[..1]), &Naming::default()).await;
    office
        .save(
            &these(&people[1..2]),
            &Naming { template: "{counter:2}{family}".parse().unwrap(), ..Naming::default() },
        )
        .await;
    for template in [
        "{given:1}.{family}",
        "{given:1}.{family};clash=letters",
        "{family}{counter:3}",
        "{counter:2}{family}",
        "{admission}",
        "{counter:3}",
    ] {
        let naming = Naming { template: template.parse().unwrap(), ..Naming::default() };
        let (backend, school) = (&office.backend, office.school.school);
        let sent = candidates(backend, &office.manager, school, &everyone(), &naming).await.unwrap();
        let server = plan(backend, &office.manager, school, &everyone(), &naming).await.unwrap();
        assert_eq!(AccountPlan::make(&naming, &sent.people, &sent.taken), server.plan, "{template}");
        assert_eq!((sent.left_out, server.left_out, server.plan.rows.len()), (2, 2, 3));
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_filter_chooses_those_who_match_at_that_moment(pool: PgPool) {
    let office = Office::new(pool).await;
    office.students(&[("Tymon", "Wilczarek"), ("Ana", "Berg")]).await;
    let filter = RollFilter { q: "wilcz".to_owned(), ..RollFilter::default() };
    let selection = Selection::Matching { filter };
    let found = found(&office, &office.manager, office.school.school, &selection, &Naming::default()).await;
    let names: Vec<_> = found.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Tymon Wilczarek"]);
}

async fn found(
    office: &Office,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
) -> Candidates {
    candidates(&office.backend, actor, school, selection, naming).await.unwrap()
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn taken_usernames_say_by_whom_as_far_as_this_school_may_know(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg"), ("Bo", "Carr"), ("Cy", "Dunn"), ("Di", "Eads")]).await;
    office.save(&these(&people[..3]), &Naming::default()).await;
    for (statement, person) in [
        ("UPDATE enrolments SET ends_on = '2026-10-01' WHERE person_id = $1", people[1]),
        ("DELETE FROM accounts WHERE person_id = $1", people[2]),
    ] {
        sqlx::query(statement).bind(person.0).execute(office.backend.database.raw()).await.unwrap();
    }
    let here = office.school.school;
    let mut twins = Vec::new();
    for (number, (given, family)) in
        [("Abe", "Berg"), ("Ben", "Carr"), ("Cem", "Dunn")].into_iter().enumerate()
    {
        let number = format!("9{number}");
        twins.push(student(&office.backend, &office.school, given, family, &number, None).await);
    }
    let naming = Naming::default();
    let told = found(&office, &office.manager, here, &these(&twins), &naming).await.taken;
    assert_eq!(told.holder("a.berg"), Some(&TakenBy::Person("Ana Berg, 7A".to_owned())));
    assert_eq!(told.holder("b.carr"), Some(&TakenBy::Leaver));
    assert_eq!(told.holder("c.dunn"), Some(&TakenBy::Past));
    assert_eq!(told.len(), 3);

    // A child whom a restriction hides from the actor is not named.
    let closed = Restriction { child: people[0], scopes: vec![PortalScope::Contacts] };
    let kept_from = office.manager.clone().with_children(vec![], vec![closed]);
    let told = found(&office, &kept_from, here, &these(&twins), &naming).await.taken;
    assert_eq!(told.holder("a.berg"), Some(&TakenBy::Unnamed));

    // Another school of the same organisation sees that it is taken, but no name.
    let elsewhere = office.school.sibling(&office.backend, "ELSE", "Elsewhere").await;
    let pupil = student(&office.backend, &elsewhere, "Al", "Berg", "1", None).await;
    let manager = elsewhere.actor(&office.backend, domain::authorization::role::Role::AccountManager);
    let told = found(&office, &manager, elsewhere.school, &these(&[pupil]), &naming).await.taken;
    assert_eq!(Vec::from(told), [("a.berg".to_owned(), TakenBy::Elsewhere)]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_school_is_told_of_no_username_that_its_own_could_not_clash_with(pool: PgPool) {
    let office = Office::new(pool).await;
    let naming = |template: &str| Naming { template: template.parse().unwrap(), ..Naming::default() };
    // Another school has usernames of every form.
    let people = office
        .students(&[
            ("Ana", "Berg"),
            ("Bo", "Carr"),
            ("Cy", "Dunn"),
            ("Di", "Eads"),
            ("Ed", "Fox"),
            ("Fay", "Goss"),
        ])
        .await;
    for (at, template) in [
        "{given:1}.{family}",
        "{admission}",
        "{counter:3}{family}",
        "{year:4}{counter:3}",
        "s{admission}",
        "{family}{counter:2}",
    ]
    .into_iter()
    .enumerate()
    {
        office.save(&these(&people[at..=at]), &naming(template)).await;
    }
    let theirs = ["a.berg", "0002", "001dunn", "2026001", "s0005", "goss01"];
    assert_eq!(office.count("SELECT count(*) FROM usernames").await, i64::try_from(theirs.len()).unwrap());

    let elsewhere = office.school.sibling(&office.backend, "ELSE", "Elsewhere").await;
    let pupil = student(&office.backend, &elsewhere, "Zoe", "Quist", "7", None).await;
    let manager = elsewhere.actor(&office.backend, domain::authorization::role::Role::AccountManager);
    let chosen = these(&[pupil]);
    for template in [
        "{given:1}.{family}",
        "{given:1}.{family};clash=letters",
        "{admission}x",
        "z{admission}",
        "{counter:3}{family}",
        "{counter:3}.{family}",
        "{family}{counter:2}",
        "{given}{counter:1}{family};max=10",
    ] {
        let told = found(&office, &manager, elsewhere.school, &chosen, &naming(template)).await.taken;
        assert_eq!(Vec::from(told), [], "{template}");
    }
    // What clashes is told, whatever its form.
    for (typed, told_of) in theirs.into_iter().zip(theirs) {
        let naming = Naming { typed: [(pupil, typed.to_owned())].into(), ..Naming::default() };
        let told = found(&office, &manager, elsewhere.school, &chosen, &naming).await.taken;
        assert_eq!(Vec::from(told), [(told_of.to_owned(), TakenBy::Elsewhere)]);
        // What is typed for somebody who was not chosen is no way to ask.
        let naming = Naming { typed: [(people[0], typed.to_owned())].into(), ..Naming::default() };
        assert_eq!(found(&office, &manager, elsewhere.school, &chosen, &naming).await.taken.len(), 0);
    }
    let dunn = student(&office.backend, &elsewhere, "Yan", "Dunn", "8", None).await;
    let told = found(&office, &manager, elsewhere.school, &these(&[dunn]), &naming("{counter:3}{family}"))
        .await
        .taken;
    assert_eq!(Vec::from(told), [("001dunn".to_owned(), TakenBy::Elsewhere)]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn nobody_chooses_people_of_another_school_or_organisation(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office.students(&[("Ana", "Berg")]).await;
    let other = TestSchool::new(&office.backend).await;
    let stranger = other.actor(&office.backend, domain::authorization::role::Role::Administrator);
    let (backend, naming) = (&office.backend, Naming::default());
    let refused = plan(backend, &stranger, office.school.school, &these(&people), &naming).await;
    assert!(matches!(refused, Err(Error::Refused(_) | Error::NotFound(_))));
    let theirs = plan(backend, &stranger, other.school, &these(&people), &naming).await.unwrap();
    assert!(theirs.plan.rows.is_empty());
    assert_eq!(theirs.left_out, 1);
    let viewer = office.school.actor(backend, domain::authorization::role::Role::OfficeViewer);
    let refused = plan(backend, &viewer, office.school.school, &these(&people), &naming).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}
