//! One student in several rows of a file: the newest enrolment counts, the others are history.

use domain::imports::held::{ChoiceKind, HeldChoice, HeldDecision, HeldReason};
use domain::imports::outcome::RowOutcome;
use domain::imports::plan::PlanCounts;
use sqlx::PgPool;
use std::sync::Arc;

use super::{Office, counts, message};
use crate::Backend;
use crate::config::Config;
use crate::imports::undo::undo;
use crate::testing::files::{text_row, workbook};

const HEADER: &str = "Adm No,Forename,Surname,DOB,Year,Start date,End date\n";
const OLD: &str = "100,Ann,Oak,2012-01-10,7,2019-09-01,2021-07-20\n";
const NEW: &str = "100,Ann,Oak,2012-01-10,10,2024-09-01,\n";
const BEN: &str = "200,Ben,Elm,2012-02-20,9,2024-09-01,\n";

fn with_history(history: u32, counts: PlanCounts) -> PlanCounts {
    PlanCounts { history, ..counts }
}

impl Office {
    /// Numbers, years and dates of all enrolments, and whether they are the latest.
    async fn enrolments(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws('|', e.admission_number, p.given_name, e.year_group, e.starts_on, e.ends_on, e.latest)
             FROM enrolments e JOIN people p ON p.id = e.person_id ORDER BY p.given_name, e.starts_on",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_newest_enrolment_counts_and_the_other_is_history_in_any_order(pool: PgPool) {
    let office = Office::new(pool).await;
    let before = office.enrolments().await;
    let both = ["100|Ann|7|2019-09-01|2021-07-20|f", "100|Ann|10|2024-09-01|t"];
    for rows in [[OLD, BEN, NEW], [NEW, OLD, BEN], [BEN, NEW, OLD]] {
        let file = format!("{HEADER}{}", rows.concat());
        let written = office.import(&file).await;
        assert_eq!(written.counts.unwrap(), with_history(1, counts(2, 0, 0, 0, 0)), "{rows:?}");
        let now = office.enrolments().await;
        assert_eq!(now[..2], both, "{rows:?}");
        assert_eq!(now.len(), 3);
        // The same again, in another order, changes nothing.
        let again = office.import(&format!("{HEADER}{OLD}{NEW}{BEN}")).await;
        assert_eq!(again.counts.unwrap(), counts(0, 0, 3, 0, 0), "{rows:?}");
        assert_eq!(office.enrolments().await, now);
        undo(&office.backend, &office.actor, written.id).await.unwrap();
        assert_eq!(office.enrolments().await, before, "{rows:?}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_who_is_known_gets_a_history_and_keeps_their_record(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(&format!("{HEADER}100,Ann,Oak,2012-01-10,7,2019-09-01,\n{BEN}")).await;
    let before = office.enrolments().await;
    // The enrolment that Greencap has is the earlier one of the file, and has ended since.
    let written = office.import(&format!("{HEADER}{NEW}{OLD}{BEN}")).await;
    assert_eq!(written.counts.unwrap(), with_history(1, counts(0, 1, 1, 0, 0)));
    let now = office.enrolments().await;
    assert_eq!(now[..2], ["100|Ann|7|2019-09-01|2021-07-20|f", "100|Ann|10|2024-09-01|t"]);
    let told: Vec<String> = office.lines(&written).await.iter().map(message).collect();
    assert!(told[0].contains("Back on roll from 1 Sep 2024"), "{told:?}");
    assert!(told[1].contains("Row 2 has the latest one") && told[1].contains("20 Jul 2021"), "{told:?}");
    // A correction of what has become history, and one more, found in a later file.
    let older = "100,Ann,Oak,2012-01-10,2,2014-09-01,2016-07-20\n";
    let corrected = OLD.replace("2021-07-20", "2021-04-01");
    let file = format!("{HEADER}{older}{corrected}{NEW}");
    let later = office.import(&file).await;
    assert_eq!(later.counts.unwrap(), with_history(2, counts(0, 0, 1, 0, 0)));
    let all = office.enrolments().await;
    assert_eq!(all[..2], ["100|Ann|2|2014-09-01|2016-07-20|f", "100|Ann|7|2019-09-01|2021-04-01|f"]);
    assert_eq!(office.import(&file).await.counts.unwrap(), counts(0, 0, 3, 0, 0));
    undo(&office.backend, &office.actor, later.id).await.unwrap();
    assert_eq!(office.enrolments().await, now);
    undo(&office.backend, &office.actor, written.id).await.unwrap();
    assert_eq!(office.enrolments().await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_the_dates_do_not_say_is_held_with_both_rows_until_one_is_chosen(pool: PgPool) {
    let office = Office::new(pool).await;
    let other = NEW.replace(",10,", ",11,");
    let checked = office.check(&format!("{HEADER}{NEW}{other}{OLD}{BEN}")).await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { held: 3, ..counts(1, 0, 0, 0, 0) });
    let lines = office.lines(&checked).await;
    let held = lines[1].line.held.as_ref().unwrap();
    assert_eq!(
        (held.reason, held.people[0].row, held.people[0].groups.as_str()),
        (HeldReason::SameKey, Some(2), "10")
    );
    let choice = HeldChoice::of(ChoiceKind::UseRow);
    let decided = office.decide(&checked, HeldDecision::Row { row: 3, choice }).await;
    assert_eq!(decided.counts.unwrap(), with_history(1, counts(2, 0, 0, 1, 0)));
    office.written(&decided).await;
    assert_eq!(office.enrolments().await[1], "100|Ann|11|2024-09-01|t");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn several_rows_about_a_student_who_is_held_back_wait_together(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(&format!("{HEADER}{}", BEN.replace("200", "100"))).await;
    let checked = office.check(&format!("{HEADER}{OLD}{NEW}")).await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { held: 2, ..counts(0, 0, 0, 0, 0) });
    let told = message(&office.lines(&checked).await[0]);
    assert!(told.contains("with row 3"), "{told}");
}

/// A file of so many students that it is planned in several parts, each twice: first all old enrolments, then all new.
fn large(students: u32) -> String {
    let row = |at: u32, rest: &str| format!("{at},Ann{at},Oak,2012-01-10,{rest}\n");
    let old = (0..students).map(|at| row(at, "7,2019-09-01,2021-07-20"));
    let new = (0..students).map(|at| row(at, "10,2024-09-01,"));
    HEADER.to_owned() + &old.chain(new).collect::<String>()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn rows_of_one_student_can_be_far_apart(pool: PgPool) {
    let office = Office::new(pool).await;
    let config = Config { rows_in_request: 10_000, ..(*office.backend.config).clone() };
    let backend = Backend { config: Arc::new(config), ..office.backend };
    let office = Office { backend, ..office };
    let file = large(3500);
    let written = office.import(&file).await;
    assert_eq!(written.counts.unwrap(), with_history(3500, counts(3500, 0, 0, 0, 0)));
    let count = |latest: bool| {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM enrolments WHERE latest = $1").bind(latest)
    };
    assert_eq!(count(true).fetch_one(office.backend.database.raw()).await.unwrap(), 3500);
    assert_eq!(count(false).fetch_one(office.backend.database.raw()).await.unwrap(), 3500);
    assert_eq!(office.check(&file).await.counts.unwrap(), counts(0, 0, 7000, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_workbook_is_read_in_the_same_way(pool: PgPool) {
    let office = Office::new(pool).await;
    let rows = [HEADER, OLD, NEW].into_iter().zip(1..);
    let rows = rows.map(|(row, at)| text_row(at, &row.trim().split(',').collect::<Vec<_>>()));
    let staged = office.stage("roll.xlsx", &workbook(&rows.collect::<String>())).await.unwrap();
    let checked =
        crate::imports::simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), with_history(1, counts(1, 0, 0, 0, 0)));
    let outcomes: Vec<RowOutcome> =
        office.lines(&checked).await.iter().map(|line| line.line.outcome).collect();
    assert_eq!(outcomes, [RowOutcome::History, RowOutcome::Added]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_who_came_back_with_another_number_is_one_student_if_the_office_says_so(pool: PgPool) {
    let office = Office::new(pool).await;
    let back = NEW.replace("100,", "300,");
    let before = office.enrolments().await;
    // New to Greencap, in both orders.
    for rows in [[OLD, back.as_str()], [back.as_str(), OLD]] {
        let checked = office.check(&format!("{HEADER}{}", rows.concat())).await;
        assert_eq!(checked.counts.unwrap(), PlanCounts { held: 1, ..counts(1, 0, 0, 0, 0) });
        let held = office.lines(&checked).await[1].line.held.clone().unwrap();
        let one = held.only(ChoiceKind::ThisPerson).unwrap();
        assert_eq!(one.row, Some(2));
        let decided = office.decide(&checked, HeldDecision::Row { row: 3, choice: one }).await;
        assert_eq!(decided.counts.unwrap(), with_history(1, counts(1, 0, 0, 0, 0)), "{rows:?}");
        let written = office.written(&decided).await;
        assert_eq!(
            office.enrolments().await,
            ["100|Ann|7|2019-09-01|2021-07-20|f", "300|Ann|10|2024-09-01|t"]
        );
        undo(&office.backend, &office.actor, written.id).await.unwrap();
        assert_eq!(office.enrolments().await, before);
    }
    // Known with the first number: the second becomes theirs.
    office.import(&format!("{HEADER}{OLD}")).await;
    let checked = office.check(&format!("{HEADER}{OLD}{back}")).await;
    let choice =
        office.lines(&checked).await[1].line.held.clone().unwrap().only(ChoiceKind::Renumber).unwrap();
    let decided = office.decide(&checked, HeldDecision::Row { row: 3, choice }).await;
    let held = office.lines(&decided).await[1].line.held.clone().unwrap();
    assert_eq!(held.reason, HeldReason::SamePerson);
    let all = HeldDecision::Reason { reason: HeldReason::SamePerson, choice: ChoiceKind::ThisPerson };
    let decided = office.decide(&decided, all).await;
    assert_eq!(decided.counts.unwrap(), counts(0, 1, 1, 0, 0));
    office.written(&decided).await;
    assert_eq!(office.enrolments().await, ["100|Ann|7|2019-09-01|2021-07-20|f", "300|Ann|10|2024-09-01|t"]);
}
