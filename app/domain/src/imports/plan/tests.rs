use super::*;
use crate::imports::dates::DateOrder;
use crate::imports::mapping::Mapping;
use crate::imports::repeats::GroupFinder;
use crate::imports::words;
use crate::roll::import::write::StudentWrite;
use crate::roll::import::{STUDENTS, StudentImport};
use proptest::prelude::*;

fn plan(rows: &[[&str; 3]]) -> (Vec<RowPlan<StudentWrite>>, PlanCounts, PlanHash) {
    let headers = ["Adm No", "Forename", "Email"].map(str::to_owned);
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let mapping = Mapping::automatic(&STUDENTS, &headers, None);
    let reader = RowReader::new(&STUDENTS, &mapping, DateOrder::default(), day);
    let mut planner = Planner::<StudentImport>::new(reader, day, Choices::default());
    let mut finder = GroupFinder::new(&Choices::default());
    let read: Vec<_> =
        (2..).zip(rows).map(|(number, cells)| planner.read(number, &cells.map(str::to_owned), &[])).collect();
    for row in &read {
        finder.look(row);
    }
    for row in &read {
        finder.gather(row);
    }
    let repeats = finder.found();
    planner = planner.grouping(finder.groups(&Choices::default(), day));
    let mut plans = Vec::new();
    for row in read {
        assert!(!planner.note(&row), "all are in groups: {repeats}");
        plans.push(planner.plan(row, &Matches::default()));
    }
    let (counts, _, hash) = planner.finish();
    (plans, counts, hash)
}

#[test]
fn of_rows_with_one_key_the_same_counts_once_and_another_is_a_question() {
    let (plans, counts, _) =
        plan(&[["1", "", ""], ["1", "Ada", ""], ["1", "Ada", ""], ["1", "Eve", ""], ["2", "Eve", ""]]);
    let outcomes: Vec<_> = plans.iter().map(|plan| (plan.line.outcome, plan.line.code.as_ref())).collect();
    assert_eq!(
        outcomes,
        [
            (RowOutcome::Rejected, "name_missing"),
            (RowOutcome::Held, "same_key"),
            (RowOutcome::Skipped, "repeated_row"),
            (RowOutcome::Held, "same_key"),
            (RowOutcome::Added, "new_student"),
        ]
    );
    let sentence = words::line(&STUDENTS, &plans[3].line);
    assert!(sentence.starts_with("Held back: row 3 has the same admission number"), "{sentence}");
    assert_eq!((counts.added, counts.held, counts.rejected, counts.total()), (1, 2, 1, 5));
    assert_eq!(plans[0].key.as_deref(), Some("1"));
}

#[test]
fn the_dates_of_new_records_are_shown_as_they_were_read() {
    let headers = ["Adm No", "Forename", "DOB", "Start date"].map(str::to_owned);
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let reader =
        RowReader::new(&STUDENTS, &Mapping::automatic(&STUDENTS, &headers, None), DateOrder::MonthFirst, day);
    let mut planner = Planner::<StudentImport>::new(reader, day, Choices::default());
    let read = planner.read(2, &["1", "Ada", "03/04/2012", "2026-09-01"].map(str::to_owned), &[]);
    let plan = planner.plan(read, &Matches::default());
    assert_eq!(
        words::line(&STUDENTS, &plan.line),
        "New student. Date of birth 4 Mar 2012, Start date 1 Sep 2026."
    );
}

#[test]
fn a_plan_that_writes_something_else_has_another_hash() {
    let one = plan(&[["1", "Ada", "a@school.example"]]).2;
    assert_eq!(plan(&[["1", "Ada", "a@school.example"]]).2, one);
    assert_ne!(plan(&[["1", "Ada", "b@school.example"]]).2, one);
    assert_eq!(one.to_string().parse(), Ok(one));
    assert!("0g".repeat(32).parse::<PlanHash>().is_err() && "é".repeat(32).parse::<PlanHash>().is_err());
}

#[test]
fn the_hash_of_a_plan_stays_the_same_from_version_to_version() {
    let rows = [["1", "Ada", "a@school.example"], ["", "Eve", "x"], ["1", "Eve", ""]];
    assert_eq!(plan(&rows).2.to_string(), "4020332c3c32c8084fb48b520b7fef5ed689e013dbaa4507349cb0f6d4d39820");
}

proptest! {
    #[test]
    fn every_row_has_one_outcome_and_no_number_is_added_twice(rows in proptest::collection::vec(("[1-4]?", "[ab]?", "(a@b.example|x)?"), 0..20)) {
        let rows: Vec<[&str; 3]> = rows.iter().map(|(a, b, c)| [a.as_str(), b.as_str(), c.as_str()]).collect();
        let (plans, counts, _) = plan(&rows);
        prop_assert_eq!(plans.len(), rows.len());
        prop_assert_eq!(counts.total() as usize, rows.len());
        let mut added: Vec<_> = plans.iter().filter(|p| p.line.outcome == RowOutcome::Added).map(|p| &p.key).collect();
        let before = added.len();
        added.sort();
        added.dedup();
        prop_assert_eq!(added.len(), before);
        prop_assert!(plans.iter().all(|p| p.write.is_some() == matches!(p.line.outcome, RowOutcome::Added | RowOutcome::Updated)));
    }
}
