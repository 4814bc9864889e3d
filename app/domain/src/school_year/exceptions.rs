//! Students who do not go with their year group: they repeat it, or leave at its end.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rollover::NextStep;

/// Their admission numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exceptions {
    /// Who stays in the year group.
    pub stays: BTreeSet<String>,
    /// Who leaves on the last day of the year.
    pub leaves: BTreeSet<String>,
}

impl Exceptions {
    /// Reads numbers as they are typed or pasted: between commas, semicolons or gaps.
    pub fn read(stays: &str, leaves: &str) -> Self {
        Self { stays: numbers(stays), leaves: numbers(leaves) }
    }

    /// What becomes of the student with this number instead of what becomes of their year group.
    pub fn step(&self, number: &str) -> Option<NextStep> {
        if self.stays.contains(number) {
            Some(NextStep::Stays)
        } else {
            self.leaves.contains(number).then_some(NextStep::Leaves)
        }
    }

    /// All the numbers.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.stays.union(&self.leaves).map(String::as_str)
    }

    /// The number of a student who would stay and leave.
    pub fn contradiction(&self) -> Option<&str> {
        self.stays.intersection(&self.leaves).next().map(String::as_str)
    }
}

fn numbers(typed: &str) -> BTreeSet<String> {
    typed
        .split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';'))
        .filter(|number| !number.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_paste_them() {
        let read = Exceptions::read(" 7001, 7002;7003\n7004\t", "");
        assert_eq!(read.numbers().collect::<Vec<_>>(), ["7001", "7002", "7003", "7004"]);
        assert_eq!(read.step("7003"), Some(NextStep::Stays));
        assert_eq!(read.step("70"), None);
        assert_eq!(Exceptions::read("7", "7 8").contradiction(), Some("7"));
        assert_eq!(Exceptions::read("", "8").step("8"), Some(NextStep::Leaves));
    }
}
