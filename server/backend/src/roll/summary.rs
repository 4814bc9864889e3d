//! The counts above the list of accounts.

use domain::accounts::views::AccountSummary;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::status::StatusGroup;
use domain::ids::SchoolId;
use domain::roll::status::RollStatus;

use super::cache::rolls;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Counts the students on roll today by the state of their accounts, and the leavers whose account is still open.
pub async fn summary(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<AccountSummary> {
    let school = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?.at;
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewAccounts, &school).await?;
    let (snapshot, now) = (&roll.snapshot, backend.now());
    let mut summary = AccountSummary {
        groups: StatusGroup::ALL.map(|group| (group, 0)).to_vec(),
        ..AccountSummary::default()
    };
    for row in 0..snapshot.len() {
        let group = snapshot.group(row, now);
        match snapshot.roll(row) {
            RollStatus::Current => {}
            RollStatus::Leaver => {
                summary.open_leavers += u32::from(StatusGroup::OPEN.contains(&group));
                continue;
            }
            RollStatus::Future => continue,
        }
        summary.on_roll += 1;
        summary.with_account += u32::from(snapshot.status(row, now).has_account());
        summary.groups[group as usize].1 += 1;
    }
    Ok(summary)
}
