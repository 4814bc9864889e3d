//! Numbers that are given again, and addresses that are held back while the rest of a row is imported.

use domain::imports::held::{ChoiceKind, HeldChoice, HeldDecision, HeldReason};
use domain::imports::outcome::RowOutcome;
use domain::imports::plan::PlanCounts;
use domain::imports::views::ImportView;
use sqlx::PgPool;

use super::{Office, counts, message};
use crate::imports::undo::undo;
use crate::testing::{account, active_account, student};

const LEFT: &str =
    "Adm No,Forename,Surname,DOB,Start date,End date\n100,Ann,Oak,2008-01-10,2019-09-01,2026-07-18\n";
const REUSED: &str = "Adm No,Forename,Surname,DOB,Start date\n100,Zoe,Fir,2015-05-05,2026-09-01\n";

async fn as_new(office: &Office, checked: &ImportView) -> ImportView {
    let choice = HeldChoice::of(ChoiceKind::NewPerson);
    office.decide(checked, HeldDecision::Row { row: 2, choice }).await
}

async fn numbers(office: &Office) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT concat_ws('|', e.admission_number, p.given_name, a.username)
         FROM enrolments e JOIN people p ON p.id = e.person_id LEFT JOIN accounts a ON a.person_id = p.id
         ORDER BY p.given_name",
    )
    .fetch_all(office.backend.database.raw())
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_of_somebody_who_has_left_can_be_given_to_somebody_new(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(LEFT).await;
    let ann =
        sqlx::query_scalar("SELECT id FROM people").fetch_one(office.backend.database.raw()).await.unwrap();
    account(&office.backend, &office.school, domain::ids::PersonId(ann), "ann.oak").await;
    let checked = office.check(REUSED).await;
    let told = message(&office.lines(&checked).await[0]);
    assert!(
        told.contains("Ann Oak left on 18 Jul 2026") && told.contains("100 (until 2026-07-18)"),
        "{told}"
    );
    let decided = as_new(&office, &checked).await;
    assert_eq!(decided.counts.unwrap(), counts(1, 0, 0, 0, 0));
    let told = message(&office.lines(&decided).await[0]);
    assert!(told.contains("was that of Ann Oak, who left on 18 Jul 2026"), "{told}");
    let written = office.written(&decided).await;
    assert_eq!(numbers(&office).await, ["100 (until 2026-07-18)|Ann|ann.oak", "100|Zoe"]);
    let record =
        crate::record::record(&office.backend, &office.actor, domain::ids::PersonId(ann)).await.unwrap();
    let said = "Number or code given to somebody else. Theirs is now 100 (until 2026-07-18)";
    assert!(record.history.iter().any(|line| line.what.starts_with(said)), "{:?}", record.history);
    assert_eq!(office.import(REUSED).await.counts.unwrap(), counts(0, 0, 1, 0, 0));
    // What is exported with the former number is the same student again.
    let exported = LEFT.replace("100,", "100 (until 2026-07-18),");
    assert_eq!(office.import(&exported).await.counts.unwrap(), counts(0, 0, 1, 0, 0));
    undo(&office.backend, &office.actor, written.id).await.unwrap();
    assert_eq!(numbers(&office).await, ["100|Ann|ann.oak"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_of_somebody_on_roll_is_never_taken_and_the_row_says_what_to_do(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(&LEFT.replace("2026-07-18", "")).await;
    let before = office.roll().await;
    let decided = as_new(&office, &office.check(REUSED).await).await;
    assert_eq!(decided.counts.unwrap(), PlanCounts { held: 1, ..counts(0, 0, 0, 0, 0) });
    let told = message(&office.lines(&decided).await[0]);
    assert!(told.contains("Ann Oak still has this admission number"), "{told}");
    assert!(told.contains("import their last day first"), "{told}");
    office.written(&decided).await;
    assert_eq!(office.roll().await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_the_address_is_held_back_and_the_rest_of_the_row_is_imported(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, &office.school);
    let ada = student(backend, school, "Ada", "Lovelace", "1", Some("ada@home.example")).await;
    active_account(backend, school, ada, "ada", "copper ladder fog").await;
    let file = "Adm No,Forename,Surname,Year,Email\n1,Ada,Lovelace,11,ada@school.example\n";
    let checked = office.check(file).await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { address_held: 1, ..counts(0, 1, 0, 0, 0) });
    let line = office.lines(&checked).await.remove(0);
    assert_eq!(
        (line.line.outcome, line.line.held.as_ref().unwrap().reason),
        (RowOutcome::Updated, HeldReason::Address)
    );
    let told = message(&line);
    assert!(told.contains("Year group changed") && told.contains("Address held back"), "{told}");
    office.written(&checked).await;
    let roll = office.roll().await;
    assert!(roll[0].contains("|11|") && roll[0].ends_with("ada@home.example*"), "{roll:?}");
    // What waits is found, and confirmed, as before.
    let again = office.check(file).await;
    assert_eq!(again.counts.unwrap(), PlanCounts { held: 1, ..counts(0, 0, 0, 0, 0) });
    let decided =
        office.decide(&office.check(&file.replace(",11,", ",12,")).await, HeldDecision::Proposals).await;
    assert_eq!(decided.counts.unwrap(), counts(0, 1, 0, 0, 0));
    office.written(&decided).await;
    let roll = office.roll().await;
    assert!(roll[0].contains("|12|") && roll[0].contains("ada@school.example*"), "{roll:?}");
}
