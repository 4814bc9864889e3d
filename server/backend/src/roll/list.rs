//! A page of a school's students.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::roll::filter::RollFilter;
use domain::roll::page::{PAGE_SIZE, RollCursor, RollPage};
use domain::roll::snapshot::RollMatches;

use super::cache::rolls;
use super::part;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Returns the page of students that match `filter` after `after`, sorted by name, with the total and the
/// counts beside the filters.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &RollFilter,
    after: Option<&RollCursor>,
) -> Result<RollPage> {
    let school = backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?.at;
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewRoll, &school).await?;
    let roll = part::of_roll(backend, actor, &school, roll, &filter.of).await?;
    let now = backend.now();
    let RollMatches { rows: found, facets } = roll.snapshot.find(filter, now);
    let first = after.map_or(0, |cursor| {
        let behind = roll.behind(cursor);
        found.partition_point(|row| (*row as usize) < behind)
    });
    let page = &found[first..found.len().min(first + PAGE_SIZE)];
    let more = first + page.len() < found.len();
    Ok(RollPage {
        rows: page.iter().map(|row| roll.snapshot.row(*row as usize)).collect(),
        total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        before: u32::try_from(first).unwrap_or(u32::MAX),
        facets,
        next: page.last().filter(|_| more).map(|row| roll.cursor(*row as usize)),
    })
}
