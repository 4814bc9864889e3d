//! How the roll moved between two plans for the same choice of people.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::plan::{AccountPlan, PlanRow};
use super::username::Username;
use crate::ids::PersonId;

/// How the roll moved between two plans for the same choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDrift {
    /// No longer getting an account: they have one now, or left the choice. Name and group.
    pub gone: Vec<String>,
    /// New among the chosen. Name and group.
    pub new: Vec<String>,
    /// Called otherwise than before: the old name and the new one.
    pub renamed: Vec<(String, String)>,
    /// Another username than before: name, old and new username; the new is missing where someone has to choose.
    pub username: Vec<(String, Option<Username>, Option<Username>)>,
}

impl PlanDrift {
    /// What is other in `now` than in `seen`.
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

    /// Whether nothing moved.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
