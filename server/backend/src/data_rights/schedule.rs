//! How long each kind of data is kept, from what every feature declares about its tables.

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::data_rights::settings::{MESSAGES_DAYS, VIEWS_DAYS};
use domain::ids::SchoolId;

use super::catalogue::{APART, held};
use crate::settings::of_organisation;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// A kind of data and how long it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// What it is called.
    pub heading: &'static str,
    /// The table.
    pub table: &'static str,
    /// For how long, or why it is not deleted by age.
    pub kept: String,
    /// Whether the school chooses how long.
    pub is_chosen: bool,
}

/// How long each kind of data is kept, by name.
pub async fn schedule(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<KeptLine>> {
    let mut transaction =
        backend.enter(actor, Permission::ManageDataRights, School(school)).await?.transaction;
    let messages = of_organisation(&mut transaction, actor.organisation, &MESSAGES_DAYS).await?;
    let views = of_organisation(&mut transaction, actor.organisation, &VIEWS_DAYS).await?;
    let chosen = [("messages", messages), ("mailbox", messages), ("child_views", views)];
    let mut lines = Vec::new();
    for retention in backend.rooms.retention {
        for rule in retention.rules {
            let set = chosen.iter().find(|(table, _)| *table == rule.table && rule.after.is_zero());
            let kept = match set {
                Some((_, days)) => format!("Deleted after {} days.", i32::from(*days)),
                None => period(rule.after),
            };
            lines.push(KeptLine {
                heading: heading(rule.table),
                table: rule.table,
                kept,
                is_chosen: set.is_some(),
            });
        }
        for stays in retention.stays {
            let kept = format!("Not deleted by age: {}.", stays.why);
            lines.push(KeptLine {
                heading: heading(stays.table),
                table: stays.table,
                kept,
                is_chosen: false,
            });
        }
    }
    lines.sort_by(|one, other| (one.heading, &one.kept).cmp(&(other.heading, &other.kept)));
    lines.dedup();
    Ok(lines)
}

/// What the rows of a table are called.
pub(super) fn heading(table: &'static str) -> &'static str {
    let apart = || APART.iter().find(|(name, ..)| *name == table).map(|(_, heading, _)| *heading);
    held().find(|held| held.table == table).map(|held| held.heading).or_else(apart).unwrap_or(table)
}

fn period(after: TimeDelta) -> String {
    match (after.num_days(), after.num_hours()) {
        (0, 0) => "Deleted when it ends.".to_owned(),
        (0, 1) => "Deleted an hour after it ends.".to_owned(),
        (0, hours) => format!("Deleted {hours} hours after it ends."),
        (1, _) => "Deleted a day after it ends.".to_owned(),
        (days, _) => format!("Deleted {days} days after it ends."),
    }
}
