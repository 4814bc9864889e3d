//! Which taken usernames a plan can clash with, so that no others are read, or shown to anyone.

use std::collections::HashSet;
use std::ops::Range;

use super::layout::UsernameLayout;
use super::naming::{Candidate, Naming};
use super::taken::{around, stem};
use super::username::Username;

/// The usernames that the plan for some people could clash with: those that one of the three sets finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClashCandidates {
    /// Usernames with one of these stems: see [`stem`].
    pub stems: HashSet<String>,
    /// Usernames with a number inside: see [`around`].
    pub around: HashSet<String>,
    /// Usernames from the first text up to the second, without it, in the order of bytes. Admission numbers all have
    /// the same stem, and are told apart so.
    pub ranges: HashSet<(String, String)>,
}

impl ClashCandidates {
    /// Returns what [`super::plan::AccountPlan::make`] needs for these people under `naming`.
    pub fn of(naming: &Naming, people: &[Candidate]) -> Self {
        let mut found = Self { stems: HashSet::with_capacity(people.len()), ..Self::default() };
        for candidate in people {
            let layout = UsernameLayout::new(&naming.template, &candidate.parts);
            for (text, number) in layout.forms(naming.template.clash().settle) {
                found.add(text, number);
            }
            let typed = naming.typed.get(&candidate.person);
            if let Some(username) = typed.and_then(|typed| typed.parse::<Username>().ok()) {
                // A hyphen is the first of all characters of usernames, so this is the username alone.
                found.ranges.insert((username.as_str().to_owned(), format!("{username}-")));
            }
        }
        found
    }

    /// Adds a form of a username, with zeros at the place of its number.
    fn add(&mut self, text: String, number: Option<Range<usize>>) {
        let is_digit = |c: char| c.is_ascii_digit();
        let Some(number) = number else {
            if text.ends_with(is_digit) {
                // Its numbered forms have a hyphen, which is the only character before the dot.
                let end = format!("{text}.");
                self.ranges.insert((text, end));
            } else {
                self.stems.insert(text);
            }
            return;
        };
        let before = &text[..number.start];
        if number.end == text.len() && before.trim_end_matches('-').ends_with(is_digit) {
            // The colon is the first character after the digits.
            self.ranges.insert((before.to_owned(), format!("{before}:")));
        } else if let Some(bare) = around(&text) {
            self.around.insert(bare);
        } else {
            self.stems.insert(stem(&text).to_owned());
        }
    }

    /// Whether the plan could clash with this username.
    pub fn covers(&self, username: &str) -> bool {
        self.stems.contains(stem(username))
            || around(username).is_some_and(|bare| self.around.contains(&bare))
            || self.ranges.iter().any(|(from, to)| (from.as_str()..to.as_str()).contains(&username))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::parts::{NameParts, RomanPart};
    use crate::ids::PersonId;

    fn of(template: &str, typed: Option<&str>) -> ClashCandidates {
        let person = PersonId(uuid::Uuid::from_u128(1));
        let parts = NameParts {
            given: RomanPart::new("Ana"),
            family: RomanPart::new("Berg"),
            admission: RomanPart::new("1204"),
            entry_year: 2026,
            ..NameParts::default()
        };
        let candidate = Candidate {
            person,
            name: "Ana Berg".to_owned(),
            group: String::new(),
            admission_number: "1204".to_owned(),
            sort_key: String::new(),
            parts,
            reserved: Vec::new(),
            account: None,
        };
        let typed = typed.map(|typed| (person, typed.to_owned())).into_iter().collect();
        // Somebody else's typed username is none of this plan's.
        let naming = Naming { template: template.parse().unwrap(), typed, ..Naming::default() };
        ClashCandidates::of(&naming, &[candidate])
    }

    #[test]
    fn a_plan_reaches_the_numbered_forms_of_its_own_usernames_and_no_others() {
        for (template, reached, others) in [
            ("{given:1}.{family}", ["a.berg", "a.berg2", "a.berg17"], ["b.berg", "a.bergman", "1204"]),
            ("{admission}", ["1204", "1204-2", "1204-15"], ["1205", "12045", "a.berg"]),
            ("st{admission}", ["st1204", "st1204-2", "st1204-3"], ["st1205", "st12041", "st99"]),
            ("{counter:3}.{family}", ["001.berg", "999.berg", "1000.berg"], ["001.carr", "berg", "001"]),
            (
                "{given}{counter:2}{family}",
                ["ana01berg", "ana7berg", "ana99berg2"],
                ["anaberg", "ana01carr", "01"],
            ),
            ("{year:4}{counter:3}", ["2026001", "2026999", "20261000"], ["2025001", "1204", "a.berg"]),
            (
                "{family}{counter:2}-{year:2}",
                ["berg01-26", "berg7-26", "berg"],
                ["carr01-26", "0126", "b.berg"],
            ),
        ] {
            let found = of(template, None);
            for username in reached {
                assert!(found.covers(username), "{template}: {username}");
            }
            for username in others {
                assert!(!found.covers(username), "{template}: {username}");
            }
        }
        let typed = of("{given:1}.{family}", Some("boss"));
        assert!(typed.covers("boss") && typed.covers("a.berg"));
        assert!(!typed.covers("boss2") && !typed.covers("boss-2") && !typed.covers("boss.one"));
    }
}
