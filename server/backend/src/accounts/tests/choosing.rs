use domain::accounts::naming::Naming;
use domain::accounts::plan::AccountPlan;
use domain::accounts::taken::TakenBy;
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
    let names = [("Tymon", "Wilczarek"), ("Tomasz", "Wilczarek"), ("Žofie", "Příhodová"), ("明", "李")];
    let people = office.students(&names).await;
    office.save(&these(&people[..1]), &Naming::default()).await;
    for template in [
        "{given:1}.{family}",
        "{given:1}.{family};clash=letters",
        "{family}{counter:3}",
        "{counter:2}{family}",
    ] {
        let naming = Naming { template: template.parse().unwrap(), ..Naming::default() };
        let (backend, school) = (&office.backend, office.school.school);
        let sent = candidates(backend, &office.manager, school, &everyone()).await.unwrap();
        let server = plan(backend, &office.manager, school, &everyone(), &naming).await.unwrap();
        assert_eq!(AccountPlan::make(&naming, &sent.people, &sent.taken), server.plan, "{template}");
        assert_eq!((sent.left_out, server.left_out, server.plan.rows.len()), (1, 1, 3));
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_filter_chooses_those_who_match_at_that_moment(pool: PgPool) {
    let office = Office::new(pool).await;
    office.students(&[("Tymon", "Wilczarek"), ("Ana", "Berg")]).await;
    let filter = RollFilter { q: "wilcz".to_owned(), ..RollFilter::default() };
    let found =
        candidates(&office.backend, &office.manager, office.school.school, &Selection::Matching { filter })
            .await
            .unwrap();
    let names: Vec<_> = found.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Tymon Wilczarek"]);
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
    let found = candidates(&office.backend, &office.manager, office.school.school, &these(&people[3..]))
        .await
        .unwrap();
    assert_eq!(found.taken.holder("a.berg"), Some(&TakenBy::Person("Ana Berg, 7A".to_owned())));
    assert_eq!(found.taken.holder("b.carr"), Some(&TakenBy::Leaver));
    assert_eq!(found.taken.holder("c.dunn"), Some(&TakenBy::Past));
    assert_eq!(found.taken.len(), 3);

    // Another school of the same organisation sees that it is taken, but no name.
    let elsewhere = TestSchool { organisation: office.school.organisation, school: office.backend.new_id() };
    sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, 'ELSE', 'Elsewhere', now())",
    )
    .bind(elsewhere.school.0)
    .bind(elsewhere.organisation.0)
    .execute(office.backend.database.raw())
    .await
    .unwrap();
    let pupil = student(&office.backend, &elsewhere, "Al", "Berg", "1", None).await;
    let manager = elsewhere.actor(&office.backend, domain::authorization::role::Role::AccountManager);
    let found = candidates(&office.backend, &manager, elsewhere.school, &these(&[pupil])).await.unwrap();
    assert_eq!(found.taken.holder("a.berg"), Some(&TakenBy::Elsewhere));
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
