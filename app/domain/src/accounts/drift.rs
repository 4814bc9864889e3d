//! Differences between two plans for the same choice of people, when the roll has changed in between.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::plan::{AccountPlan, PlanRow};
use super::username::Username;
use crate::ids::PersonId;

/// Differences between two plans for the same choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDrift {
    /// People no longer getting an account: they have one now, or are no longer chosen. Name and group.
    pub gone: Vec<String>,
    /// People added to the choice. Name and group.
    pub new: Vec<String>,
    /// People whose name changed: the old name and the new one.
    pub renamed: Vec<(String, String)>,
    /// People whose username changed: name, old and new username. The new one is `None` if someone has to
    /// choose it.
    pub username: Vec<(String, Option<Username>, Option<Username>)>,
}

impl PlanDrift {
    /// Returns the differences between `seen` and `now`.
    pub fn between(seen: &AccountPlan, now: &AccountPlan) -> Self {
        let mut drift = Self::default();
        let mut before: HashMap<PersonId, &PlanRow> = seen.rows.iter().map(|row| (row.person, row)).collect();
        for row in &now.rows {
            let Some(old) = before.remove(&row.person) else {
                drift.new.push(row.who());
                continue;
            };
            if old.name != row.name {
                drift.renamed.push((old.name.clone(), row.name.clone()));
            }
            if old.username() != row.username() {
                drift.username.push((row.who(), old.username().cloned(), row.username().cloned()));
            }
        }
        drift.gone =
            seen.rows.iter().filter(|row| before.contains_key(&row.person)).map(PlanRow::who).collect();
        drift
    }

    /// Whether the two plans are the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
