//! A file that would end much needs a second person.

use std::fmt::Write as _;

use domain::imports::views::{ImportApproval, ImportState};
use domain::operations::state::OperationState;
use sqlx::PgPool;

use super::*;
use crate::imports::commit::WriteImport;
use crate::imports::view;
use crate::operations::{ApprovedRun, approvals, run_approved};
use crate::testing::{account, staff_role, student};

/// Twenty students, of whom the first ones have left.
fn file(left: usize) -> String {
    let mut text = "Adm No,Forename,Surname,Start date,End date\n".to_owned();
    for number in 1..=20 {
        let end = if number <= left { "2020-07-20" } else { "" };
        writeln!(text, "{number},Ada{number},Lee,2019-09-01,{end}").unwrap();
    }
    text
}

async fn colleague(office: &Office, name: &str) -> Actor {
    let Office { backend, school, .. } = office;
    let person = student(backend, school, "Office", name, name, None).await;
    let account = account(backend, school, person, name).await;
    staff_role(backend, school, person, Role::AccountManager).await;
    let domain::authorization::actor::ActorKind::Person { roles, .. } =
        school.actor(backend, Role::AccountManager).kind
    else {
        panic!("a person");
    };
    Actor::signed_in(school.organisation, account, person, roles)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_that_ends_many_waits_for_a_second_person_and_one_that_ends_few_does_not(pool: PgPool) {
    let office = Office::new(pool).await;
    let (milo, nora) = (colleague(&office, "milo").await, colleague(&office, "nora").await);
    let office = Office { actor: milo, ..office };
    office.import(&file(0)).await;
    let few = office.check(&file(9)).await;
    assert_eq!((few.counts.unwrap().ended, few.findings.guarded), (9, None));

    let many = office.check(&file(12)).await;
    let guarded = many.findings.guarded.unwrap();
    assert_eq!((guarded.ended, guarded.percent), (12, 5));
    assert!(guarded.sentence(&STUDENTS).starts_with("This file ends 12 of the school\u{2019}s 2"));
    let before = office.roll().await;
    assert_eq!(office.commit(&many).await.unwrap(), CommitOutcome::Waits);
    assert_eq!(office.roll().await, before);
    // After a reload the page says so, and a second press asks for nothing new.
    let reloaded = view::view(&office.backend, &office.actor, many.id).await.unwrap();
    assert_eq!(reloaded.approval, Some(ImportApproval::Waiting));
    assert_eq!(office.commit(&reloaded).await.unwrap(), CommitOutcome::Waits);
    let waiting = approvals::list(&office.backend, &nora).await.unwrap();
    assert_eq!(waiting.iter().filter(|line| line.state == OperationState::Waiting).count(), 1);
    let waiting = waiting.into_iter().find(|line| line.state == OperationState::Waiting).unwrap();
    assert!(waiting.what.starts_with("Import of students.csv"), "{}", waiting.what);
    approvals::settle(&office.backend, &nora, waiting.id, true).await.unwrap();
    let reloaded = view::view(&office.backend, &office.actor, many.id).await.unwrap();
    assert_eq!(reloaded.approval, Some(ImportApproval::Approved));
    let ran = run_approved::<WriteImport>(&office.backend, &office.actor, waiting.id).await.unwrap();
    assert!(matches!(ran, ApprovedRun::Ran(_)));
    let import = view::view(&office.backend, &office.actor, many.id).await.unwrap();
    assert_eq!(import.state, ImportState::Committed);
    assert_ne!(office.roll().await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_leaves_next_summer_has_not_left(pool: PgPool) {
    let office = Office::new(pool).await;
    let actor = colleague(&office, "milo").await;
    let office = Office { actor, ..office };
    office.import(&file(0)).await;
    let planned = office.check(&file(20).replace("2020-07-20", "2099-07-20")).await;
    assert_eq!((planned.counts.unwrap().ended, planned.findings.guarded), (0, None));
    office.written(&planned).await;
}
