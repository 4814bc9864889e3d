use domain::accounts::action::AccountAction;
use domain::accounts::naming::Naming;
use domain::credentials::status::StatusGroup;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use sqlx::PgPool;

use super::{Office, everyone, plan, these};
use crate::accounts::change_state::change_state;
use crate::db;
use crate::roll::list::list;
use crate::roll::summary::summary;

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn leavers_whose_account_is_open_are_counted_found_and_closed_together(pool: PgPool) {
    let office = Office::new(pool).await;
    let people = office
        .students(&[("Ana", "Berg"), ("Bem", "Okoronta"), ("Cy", "Lind"), ("Dee", "Voss"), ("Eve", "Ali")])
        .await;
    let (backend, school, manager) = (&office.backend, office.school.school, &office.manager);
    office.save(&these(&people[..4]), &Naming::default()).await;
    sqlx::query("UPDATE enrolments SET ends_on = '2026-10-01' WHERE person_id <> $1")
        .bind(people[3].0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    change_state(backend, manager, school, &these(&people[..1]), AccountAction::Close).await.unwrap();
    change_state(backend, manager, school, &these(&people[1..2]), AccountAction::Disable).await.unwrap();
    // Ana is closed, Bem is disabled, Dee is still here, Eve has none: that leaves Cy.
    assert_eq!(summary(backend, manager, school).await.unwrap().open_leavers, 1);
    let open = RollFilter {
        roll: vec![RollStatus::Leaver],
        status: StatusGroup::OPEN.to_vec(),
        ..RollFilter::default()
    };
    let found = list(backend, manager, school, &open, None).await.unwrap();
    assert_eq!((found.total, found.rows[0].name.as_str()), (1, "Cy Lind"));
    let closed =
        change_state(backend, manager, school, &Selection::Matching { filter: open }, AccountAction::Close)
            .await
            .unwrap();
    assert_eq!(closed.changed, 1);
    assert_eq!(summary(backend, manager, school).await.unwrap().open_leavers, 0);
    let offered = plan(backend, manager, school, &everyone(), &Naming::default()).await.unwrap().plan.rows;
    let names: Vec<&str> = offered.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Eve Ali"], "nobody who left gets theirs again without being named");
}
