//! Whatever stands in a file: every row has one verdict, the sums agree, and the order of rows changes no sum of what is new.

use proptest::prelude::*;

use super::{new_adults, planned, roll};

const HEADER: &str = "child_id,guardian_id,guardian_name,email,phone,relationship,priority,status";

fn cell(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

fn line() -> impl Strategy<Value = String> {
    let names =
        &["Mara Varga", "VARGA Mara", "M. Varga", "Mr & Mrs Idowu", "Li Wei", "", "=Ann", "Tunde Idowu"];
    let cells = (
        cell(&["A100", "A101", "A102; A103", "417", "00417", "", "X9", "4.47E+11", "03-Apr", "#REF!"]),
        cell(&["", "P1", "P2", "A100", "1.0E+20"]),
        cell(names),
        cell(&["", "mara@example.test", "MARA@example.test", "not an address", "a@b.test; c@d.test"]),
        cell(&["", "07900 900123", "O7900", "7.9E+09"]),
        cell(&["", "Mother", "Father", "Doctor", "Zorg"]),
        cell(&["", "1", "0", "first", "(clear)"]),
        cell(&["", "Current", "Left", "Applicant"]),
    );
    cells.prop_map(|(child, key, name, email, phone, relation, priority, status)| {
        format!("{child},{key},{name},{email},{phone},{relation},{priority},{status}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_row_has_one_verdict_and_the_sums_agree(lines in prop::collection::vec(line(), 1..40)) {
        let file = format!("{HEADER}\n{}", lines.join("\n"));
        let plan = planned(&file, &roll());
        prop_assert_eq!(plan.rows.len(), lines.len());
        prop_assert_eq!(usize::try_from(plan.counts.total()).unwrap(), lines.len());
        for row in &plan.rows {
            let changes = row.write.is_some();
            let says = matches!(row.line.outcome.slug(), "added" | "updated" | "linked");
            prop_assert_eq!(changes, says, "{:?}", row.line);
        }
        let turned: Vec<String> = lines.iter().rev().cloned().collect();
        let turned = planned(&format!("{HEADER}\n{}", turned.join("\n")), &roll());
        prop_assert_eq!(new_adults(&plan), new_adults(&turned));
        prop_assert_eq!(plan.counts.rejected, turned.counts.rejected);
        prop_assert_eq!(plan.counts.held, turned.counts.held);
    }
}
