use super::*;
use crate::imports::cells::RowReader;
use crate::imports::dates::DateOrder;
use crate::imports::mapping::Mapping;
use crate::imports::outcome::RowOutcome;
use crate::imports::plan::{Planner, RowPlan};
use crate::imports::who::Matches;
use crate::imports::words;
use crate::roll::import::write::StudentWrite;
use crate::roll::import::{STUDENTS, StudentImport};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const HEADERS: [&str; 6] = ["Adm No", "Forename", "DOB", "Year", "Start date", "End date"];

type Cells<'a> = [&'a str; 6];

/// Plans rows, numbered from 2, with what was decided about them.
fn plan(rows: &[Cells<'_>], decided: &[(u32, ChoiceKind)]) -> Vec<RowPlan<StudentWrite>> {
    let today = day("2026-11-21");
    let mapping = Mapping::automatic(&STUDENTS, &HEADERS.map(str::to_owned), None);
    let reader = RowReader::new(&STUDENTS, &mapping, DateOrder::default(), today);
    let mut choices = Choices::default();
    for (row, kind) in decided {
        choices.add(*row, HeldReason::SameKey, HeldChoice::of(*kind));
    }
    let mut planner = Planner::<StudentImport>::new(reader, today, choices.clone());
    let read = (2..).zip(rows).map(|(number, cells)| planner.read(number, &cells.map(str::to_owned), &[]));
    let read: Vec<_> = read.collect();
    let mut finder = GroupFinder::new(&choices);
    for row in &read {
        finder.look(row);
    }
    for row in &read {
        finder.gather(row);
    }
    planner = planner.grouping(finder.groups(&choices, today));
    read.into_iter()
        .map(|row| {
            planner.note(&row);
            planner.plan(row, &Matches::default())
        })
        .collect()
}

fn outcomes(rows: &[Cells<'_>]) -> Vec<&'static str> {
    plan(rows, &[]).iter().map(|plan| plan.line.outcome.slug()).collect()
}

const OLD: Cells<'_> = ["1", "Ann", "2012-01-10", "7", "2019-09-01", "2021-07-20"];
const NEW: Cells<'_> = ["1", "Ann", "2012-01-10", "10", "2024-09-01", ""];

#[test]
fn the_newest_enrolment_counts_in_any_order_and_the_other_is_history() {
    assert_eq!(outcomes(&[OLD, NEW]), ["history", "added"]);
    assert_eq!(outcomes(&[NEW, OLD]), ["added", "history"]);
    let plans = plan(&[OLD, NEW], &[]);
    let write = plans[1].write.as_ref().unwrap();
    assert_eq!((write.earlier.len(), &plans[0].write), (1, &None), "one row writes both");
    assert_eq!(
        words::line(&STUDENTS, &plans[0].line),
        "An earlier enrolment, from 1 Sep 2019 to 20 Jul 2021: part of the history. Row 3 has the latest one."
    );
}

#[test]
fn without_start_dates_a_current_one_beats_an_ended_one_and_of_two_ended_the_later() {
    let ended = ["1", "Ann", "", "7", "", "2021-07-20"];
    let longer = ["1", "Ann", "", "9", "", "2023-07-20"];
    let current = ["1", "Ann", "", "10", "", ""];
    assert_eq!(outcomes(&[ended, current]), ["history", "added"]);
    assert_eq!(outcomes(&[current, ended]), ["added", "history"]);
    assert_eq!(outcomes(&[longer, ended]), ["added", "history"]);
    assert_eq!(outcomes(&[ended, longer, current]), ["history", "history", "added"]);
}

#[test]
fn what_the_dates_do_not_say_is_asked_and_never_decided_by_the_order_of_rows() {
    let same_start = ["1", "Ann", "2012-01-10", "9", "2024-09-01", ""];
    let later_but_over = ["1", "Ann", "2012-01-10", "9", "2025-09-01", "2025-12-20"];
    let to_come = ["1", "Ann", "2012-01-10", "12", "2027-09-01", ""];
    for other in [same_start, later_but_over, to_come] {
        assert_eq!(outcomes(&[NEW, other]), ["held", "held"], "{other:?}");
        assert_eq!(outcomes(&[other, NEW]), ["held", "held"], "{other:?}");
    }
    let plans = plan(&[OLD, NEW, same_start], &[]);
    let said: Vec<String> = plans.iter().map(|plan| words::line(&STUDENTS, &plan.line)).collect();
    assert!(said[1].contains("row 4 is about the same person"), "{said:?}");
    assert_eq!(said[0], "Held back with row 3, which is about the same person: decide that row.");
    let held = plans[1].line.held.as_ref().unwrap();
    assert_eq!((held.in_file.groups.as_str(), held.people[0].groups.as_str()), ("10", "9"));

    let of = |decided: &[(u32, ChoiceKind)]| -> Vec<RowOutcome> {
        plan(&[OLD, NEW, same_start], decided).iter().map(|plan| plan.line.outcome).collect()
    };
    let [history, added, skipped] = [RowOutcome::History, RowOutcome::Added, RowOutcome::Skipped];
    assert_eq!(of(&[(3, ChoiceKind::UseRow)]), [history, added, skipped]);
    assert_eq!(of(&[(4, ChoiceKind::UseRow)]), [history, skipped, added]);
    assert_eq!(of(&[(4, ChoiceKind::LeaveOut)]), [history, added, skipped]);
    assert_eq!(of(&[(3, ChoiceKind::UseRow), (4, ChoiceKind::UseRow)]), [RowOutcome::Held; 3]);
}

#[test]
fn nothing_says_which_of_two_people_has_a_number_so_the_office_does() {
    let zoe = ["1", "Zoe", "2013-05-05", "9", "2025-09-01", ""];
    let rows = [OLD, OLD, zoe, NEW];
    let plans = plan(&rows, &[]);
    let said: Vec<&str> = plans.iter().map(|plan| plan.line.code.as_ref()).collect();
    assert_eq!(said, ["waits_for_row", "repeated_row", "same_key", "same_key"]);
    assert_eq!((plans[0].line.notes[0].get("row"), plans[1].line.notes[0].get("row")), ("5", "2"));
    let asked = words::line(&STUDENTS, &plans[2].line);
    assert!(
        asked.contains("this row is about Zoe, born 5 May 2013, and the other about Ann, born 10 Jan 2012"),
        "{asked}"
    );
    assert_eq!(outcomes(&[["1", "Zoe", "", "", "", ""], ["1", "Ann", "", "", "", ""]]), ["held", "held"]);

    let of = |decided: &[(u32, ChoiceKind)]| -> Vec<&'static str> {
        plan(&rows, decided).iter().map(|plan| plan.line.outcome.slug()).collect()
    };
    assert_eq!(of(&[(5, ChoiceKind::UseRow)]), ["history", "skipped", "skipped", "added"]);
    assert_eq!(of(&[(4, ChoiceKind::UseRow)]), ["skipped", "skipped", "added", "skipped"]);
    assert_eq!(of(&[(4, ChoiceKind::LeaveOut)]), ["history", "skipped", "skipped", "added"]);
    assert_eq!(of(&[(4, ChoiceKind::UseRow), (5, ChoiceKind::UseRow)])[2..], ["held", "held"]);
    let left_out = words::line(&STUDENTS, &plan(&rows, &[(5, ChoiceKind::UseRow)])[2].line);
    assert_eq!(
        left_out,
        "Left out, because row 5 has the same admission number and counts. If this row is about somebody else, give it its \
         own admission number in the file, and import it again."
    );
    // Who has married is the same person.
    let married = ["1", "Ann Oak", "2012-01-10", "7", "2019-09-01", "2021-07-20"];
    assert_eq!(outcomes(&[married, NEW]), ["history", "added"]);
}

#[test]
fn rows_that_may_be_about_twins_are_never_made_one_student() {
    let twin = ["1", "Eve Oak", "2012-01-10", "10", "2025-09-01", ""];
    let ann = ["1", "Ann Oak", "2012-01-10", "10", "2024-09-01", ""];
    assert_eq!(outcomes(&[ann, twin]), ["held", "held"]);
    // Nor are two of the same name with other dates of birth.
    let other = ["1", "Ann Oak", "2013-03-03", "10", "2025-09-01", ""];
    assert_eq!(outcomes(&[ann, other]), ["held", "held"]);
    // Nor is it said that they are the same.
    for (second, shown) in [(twin, "Eve Oak, born 10 Jan 2012"), (other, "Ann Oak, born 3 Mar 2013")] {
        let said = words::line(&STUDENTS, &plan(&[ann, second], &[])[0].line);
        assert!(
            said.contains(
                "row 3 has the same admission number, but this row is about Ann Oak, born 10 Jan 2012"
            ),
            "{said}"
        );
        assert!(said.contains(shown) && !said.contains("the same person"), "{said}");
    }
}

#[test]
fn a_row_that_may_be_about_somebody_else_is_never_called_the_same_person() {
    let sam = ["Q002", "Sam Reed", "2012-01-10", "7", "", ""];
    let samira = ["Q002", "Samira Reed", "2012-01-10", "7", "", ""];
    assert_eq!(outcomes(&[sam, samira]), ["held", "held"]);
    let said = words::line(&STUDENTS, &plan(&[sam, samira], &[(3, ChoiceKind::UseRow)])[0].line);
    assert!(said.contains("Left out, because row 3 has the same admission number and counts."), "{said}");
    assert!(said.contains("somebody else") && !said.contains("the same person"), "{said}");
    // As the history of the other, it says so too.
    let sam = ["Q002", "Sam Reed", "2012-01-10", "7", "2019-09-01", "2021-07-20"];
    let samira = ["Q002", "Samira Reed", "2012-01-10", "10", "2024-09-01", ""];
    let said = words::line(&STUDENTS, &plan(&[sam, samira], &[(3, ChoiceKind::UseRow)])[0].line);
    assert!(said.contains("Row 3 has another name or date of birth"), "{said}");
    // Of one person, nothing is doubted.
    let other = ["1", "Ann", "2012-01-10", "9", "2024-09-01", ""];
    let said = words::line(&STUDENTS, &plan(&[NEW, other], &[(3, ChoiceKind::UseRow)])[0].line);
    assert_eq!(said, "Row 3 is about the same person, and counts. Nothing to do.");
}

#[test]
fn an_earlier_enrolment_without_an_end_ends_before_the_next_one() {
    let open = ["1", "Ann", "2012-01-10", "7", "2019-09-01", ""];
    let plans = plan(&[open, NEW], &[]);
    assert!(words::line(&STUDENTS, &plans[0].line).contains("to 31 Aug 2024"), "{:?}", plans[0].line);
    assert_eq!(plans[0].line.notes[1].code, "ended_by_next");
}

#[test]
fn a_column_that_is_no_key_does_not_compare_every_row_with_every_other() {
    let names: Vec<String> = (0..60)
        .map(|at| format!("N{}", char::from(b'A' + at % 26)).repeat(1 + usize::from(at / 26)))
        .collect();
    let rows: Vec<Cells<'_>> = names.iter().map(|name| ["7A", name, "", "", "", ""]).collect();
    let said = outcomes(&rows);
    assert_eq!((said[0], said[1..].iter().all(|of| *of == "rejected")), ("added", true));
}

/// First and last day of an enrolment, where given. A last day before the first is left out when the row is read, so
/// that two such rows would say the same.
fn period() -> impl Strategy<Value = (String, String)> {
    let days = ("(2019|2021|2024)-09-01|", "(2020|2022|2025|2028)-07-20|");
    days.prop_filter("ends before it begins", |(start, end)| end.is_empty() || start <= end)
}

proptest! {
    #[test]
    fn the_order_of_rows_decides_nothing(
        rows in proptest::collection::vec(period(), 2..6).prop_shuffle(),
        seed in any::<prop::sample::Index>(),
    ) {
        let rows: Vec<Cells<'_>> =
            rows.iter().map(|(start, end)| ["1", "Ann", "2012-01-10", "9", start.as_str(), end.as_str()]).collect();
        let mut turned = rows.clone();
        turned.rotate_left(seed.index(rows.len()));
        let of = |rows: &[Cells<'_>]| {
            let plans = plan(rows, &[]);
            let mut said: Vec<_> =
                rows.iter().zip(&plans).map(|(row, plan)| (row[4..].join(" "), plan.line.outcome)).collect();
            said.retain(|(_, outcome)| *outcome != RowOutcome::Skipped);
            said.sort();
            said
        };
        prop_assert_eq!(of(&rows), of(&turned));
    }
}
