//! The figures above the list of accounts.

use domain::accounts::status::StatusGroup;
use domain::accounts::views::AccountSummary;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::SchoolId;
use domain::roll::status::RollStatus;

use super::schools;
use crate::{Backend, Result};

/// Counts the students on roll today by where their accounts stand.
pub async fn summary(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<AccountSummary> {
    backend.authorize(actor, Permission::ViewAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ViewAccounts, school).await?;
    let roll = backend.rolls.current(backend, &school).await?;
    let (snapshot, now) = (&roll.snapshot, backend.now());
    let mut summary = AccountSummary {
        groups: StatusGroup::ALL.map(|group| (group, 0)).to_vec(),
        ..AccountSummary::default()
    };
    for row in (0..snapshot.len()).filter(|row| snapshot.roll(*row) == RollStatus::Current) {
        summary.on_roll += 1;
        summary.with_account += u32::from(snapshot.has_account(row));
        summary.groups[snapshot.status(row, now).group() as usize].1 += 1;
    }
    Ok(summary)
}
