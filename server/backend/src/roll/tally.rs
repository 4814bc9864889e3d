//! The figures above the list of accounts.

use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::accounts::status::StatusGroup;
use domain::accounts::views::Tally;
use domain::ids::SchoolId;
use domain::roll::status::RollStatus;

use super::schools;
use crate::{Backend, Result};

/// Counts the students on roll today by where their accounts stand.
pub async fn tally(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Tally> {
    backend.allow(actor, Permission::ViewAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ViewAccounts, school).await?;
    let roll = backend.rolls.current(backend, &school).await?;
    let (snapshot, now) = (&roll.snapshot, backend.now());
    let mut tally = Tally { groups: StatusGroup::ALL.map(|group| (group, 0)).to_vec(), ..Tally::default() };
    for row in (0..snapshot.len()).filter(|row| snapshot.roll(*row) == RollStatus::Current) {
        tally.on_roll += 1;
        tally.with_account += u32::from(snapshot.has_account(row));
        tally.groups[snapshot.status(row, now).group() as usize].1 += 1;
    }
    Ok(tally)
}
