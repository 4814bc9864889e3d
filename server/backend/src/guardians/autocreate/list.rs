//! The latest runs of a school.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::autocreate::views::RunView;
use domain::ids::SchoolId;

use super::store::{RunRow, runs};
use super::view;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The number of runs that are listed.
const LATEST: i64 = 20;

/// Returns the latest runs of a school, newest first.
pub async fn latest(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<RunView>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let rows = sqlx::query_as::<_, RunRow>(runs!("ORDER BY r.created_at DESC, r.id DESC LIMIT $3"))
        .bind(school.organisation.0)
        .bind(school.school.0)
        .bind(LATEST)
        .fetch_all(&mut *transaction)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        // The state of the few that wait or run is looked up one by one.
        found.push(view::of(backend, &mut transaction, &school, row).await?);
    }
    Ok(found)
}
