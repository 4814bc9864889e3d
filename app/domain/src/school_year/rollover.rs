//! A school moves to its next year: who moves up, who leaves, and what registration groups are called then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::roll::page::natural;

/// Where the students of a year group go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// To this year group.
    Moves {
        /// Its name.
        to: String,
    },
    /// They leave on the last day of the year.
    Leaves,
    /// They stay in it.
    Stays,
}

/// Where each year group goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder(pub BTreeMap<String, NextStep>);

impl Ladder {
    /// The usual ladder: each year group to the next one that there is, or to the next number; the last one leaves.
    /// Students without a year group stay.
    pub fn usual(years: &[String]) -> Self {
        let mut ordered: Vec<&String> = years.iter().filter(|year| !year.trim().is_empty()).collect();
        ordered.sort_by(|a, b| natural(a, b));
        ordered.dedup();
        let steps = ordered.iter().enumerate().map(|(at, year)| {
            let next = ordered.get(at + 1);
            let step = match (next, counted_up(year)) {
                (None, _) => NextStep::Leaves,
                // Where a number is missing, such as a year without students, the number counts and not the order.
                (Some(_), Some(up)) => NextStep::Moves { to: up },
                (Some(next), None) => NextStep::Moves { to: (*next).clone() },
            };
            ((*year).clone(), step)
        });
        let none = years.iter().filter(|year| year.trim().is_empty());
        Self(steps.chain(none.map(|year| (year.clone(), NextStep::Stays))).collect())
    }

    /// Where a year group goes.
    pub fn step(&self, year: &str) -> &NextStep {
        self.0.get(year).unwrap_or(&NextStep::Stays)
    }

    /// Why it cannot be one, as a sentence.
    pub fn problem(&self) -> Option<String> {
        self.0.iter().find_map(|(year, step)| match step {
            NextStep::Moves { to } if to.trim().is_empty() => {
                Some(format!("Say where year group {year} moves to, or that it leaves or stays."))
            }
            NextStep::Moves { to } if to == year => Some(format!(
                "Year group {year} moves to itself. Choose that it stays, or another year group."
            )),
            _ => None,
        })
    }
}

/// What a registration group is called a year later: "7A" becomes "8A" where year 7 becomes 8. Unchanged if its name
/// does not begin with the year group.
pub fn group_after(group: &str, year: &str, next: &str) -> String {
    let number =
        |text: &str| text.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    let (old, new) = (number(year), number(next));
    match group.strip_prefix(&old) {
        Some(rest)
            if !old.is_empty() && !new.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            format!("{new}{rest}")
        }
        _ => group.to_owned(),
    }
}

/// The name with its number one higher: "7" to "8", "Year 9" to "Year 10".
fn counted_up(year: &str) -> Option<String> {
    let at = year.find(|c: char| c.is_ascii_digit())?;
    let digits: String = year[at..].chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    Some(format!("{}{}{}", &year[..at], number.checked_add(1)?, &year[at + digits.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(years: &[&str]) -> Vec<String> {
        years.iter().map(|year| (*year).to_owned()).collect()
    }

    fn moves(to: &str) -> NextStep {
        NextStep::Moves { to: to.to_owned() }
    }

    #[test]
    fn each_year_moves_to_the_next_number_and_the_last_leaves() {
        let ladder = Ladder::usual(&names(&["10", "9", "11", ""]));
        assert_eq!((ladder.step("9"), ladder.step("10")), (&moves("10"), &moves("11")));
        assert_eq!((ladder.step("11"), ladder.step("")), (&NextStep::Leaves, &NextStep::Stays));
        let words = Ladder::usual(&names(&["Year 9", "Year 11"]));
        assert_eq!(words.step("Year 9"), &moves("Year 10"), "a year without students");
        assert_eq!(Ladder::usual(&names(&["Lower", "Upper"])).step("Lower"), &moves("Upper"));
    }

    #[test]
    fn a_group_is_renamed_if_its_name_begins_with_the_year() {
        assert_eq!(group_after("7A", "7", "8"), "8A");
        assert_eq!(group_after("9-Oak", "Year 9", "Year 10"), "10-Oak");
        assert_eq!(group_after("Oak", "7", "8"), "Oak");
        assert_eq!(group_after("70", "7", "8"), "70");
        assert_eq!(group_after("", "7", "8"), "");
    }

    #[test]
    fn a_year_that_moves_to_itself_is_refused_with_its_way_out() {
        let ladder = Ladder(BTreeMap::from([("7".to_owned(), moves("7"))]));
        assert!(ladder.problem().unwrap().contains("stays"));
        assert!(Ladder(BTreeMap::from([("7".to_owned(), moves(" "))])).problem().is_some());
        assert_eq!(Ladder::usual(&names(&["7", "8"])).problem(), None);
    }
}
