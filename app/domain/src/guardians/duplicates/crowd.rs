//! What all adults of an organisation tell about two of them: which family names are rare, and which addresses are shared.

use std::collections::{HashMap, HashSet};

use super::adult::Adult;
use super::given::are_two_by_name;
use super::names::Names;

/// A family name that fewer adults have than this is rare.
const RARE_BELOW: usize = 5;

/// An address that more people have than this is nobody's own.
const MOST_USERS: usize = 50;

/// All adults of an organisation, as far as comparing two of them needs them.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    /// How often each family name occurs; `None` counts none as rare.
    families: Option<HashMap<String, usize>>,
    /// Addresses of several people or of an office.
    shared: HashSet<String>,
}

impl Crowd {
    /// Looks at all adults. `office` are the addresses and numbers of schools.
    pub fn of(adults: &[Adult], office: HashSet<String>) -> Self {
        let mut crowd = Self::without_names(adults, office);
        let mut families: HashMap<String, usize> = HashMap::new();
        for family in adults.iter().filter_map(|adult| adult.names.family.as_ref()) {
            *families.entry(family.joined.clone()).or_default() += 1;
        }
        crowd.families = Some(families);
        crowd
    }

    /// The same for a few of many, where how often a name occurs says nothing.
    pub fn without_names(adults: &[Adult], office: HashSet<String>) -> Self {
        let mut users: HashMap<&str, Vec<&Names>> = HashMap::new();
        for adult in adults {
            for value in adult.emails.iter().chain(&adult.mobiles).chain(&adult.landlines) {
                users.entry(value).or_default().push(&adult.names);
            }
        }
        let mut shared = office;
        for (value, names) in users {
            if names.len() > MOST_USERS || are_several(&names) {
                shared.insert(value.to_owned());
            }
        }
        Self { families: None, shared }
    }

    pub(super) fn is_rare(&self, names: &Names) -> bool {
        let Some(families) = &self.families else { return false };
        names
            .family
            .as_ref()
            .and_then(|family| families.get(&family.joined))
            .is_some_and(|count| *count < RARE_BELOW)
    }

    pub(super) fn is_shared(&self, value: &str) -> bool {
        self.shared.contains(value)
    }
}

/// Whether these people have two given names.
fn are_several(names: &[&Names]) -> bool {
    names.iter().enumerate().any(|(at, one)| names[at + 1..].iter().any(|other| are_two_by_name(one, other)))
}
