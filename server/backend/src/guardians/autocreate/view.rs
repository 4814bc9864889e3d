//! Showing a run: its figures, where it stands, and the children whom it leaves with no adult.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::guardians::autocreate::views::{AloneLine, RunState, RunView};
use domain::ids::{AutocreateId, PersonId, SchoolId};
use domain::operations::state::OperationState;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::AutocreateGuardians;
use super::store::{self, RunRow};
use crate::operations::latest::{OperationSubject, latest_about};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Returns a run of the school.
pub async fn run(backend: &Backend, actor: &Actor, school: SchoolId, run: AutocreateId) -> Result<RunView> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let row = store::load(&mut transaction, &school, run).await?;
    let mut seen = of(backend, &mut transaction, &school, row).await?;
    let here = Resource::InSchool(school.organisation, school.school);
    if decide(actor, Permission::ManageRestrictions, here).is_err() {
        seen.counts = seen.counts.without_orders();
    }
    Ok(seen)
}

/// Where a run stands, with everything that is shown of it.
pub(super) async fn of(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    row: RunRow,
) -> Result<RunView> {
    let (mut state, mut operation) = (RunState::Simulated, row.operation());
    if row.undone_at.is_some() {
        state = if row.undone_in_part { RunState::UndoneInPart } else { RunState::Undone };
    } else if row.applied_at.is_some() {
        state = if row.changed > 0 { RunState::AppliedInPart } else { RunState::Applied };
    } else if row.expires_at <= backend.now() {
        state = RunState::Expired;
    } else if let Some((id, stands)) = latest_about::<AutocreateGuardians>(
        backend,
        connection,
        school,
        OperationSubject { field: "run", id: row.id, plan: None },
    )
    .await?
    {
        let known = match stands {
            OperationState::Waiting => Some(RunState::Waiting),
            OperationState::Approved => Some(RunState::Approved),
            OperationState::Running => Some(RunState::Running),
            _ => None,
        };
        if let Some(known) = known {
            (state, operation) = (known, Some(id));
        }
    }
    let plan = row.plan()?;
    let by = row.given_name.zip(row.family_name).zip(row.preferred_name);
    Ok(RunView {
        id: AutocreateId(row.id),
        at: row.created_at,
        by: by.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
        options: row.options.0,
        counts: row.counts.0,
        plan,
        state,
        operation,
        changed: u32::try_from(row.changed).unwrap_or_default(),
    })
}

#[derive(sqlx::FromRow)]
struct AloneRow {
    child_id: Uuid,
    contacts: i32,
    given_name: String,
    family_name: String,
    preferred_name: String,
    year_group: String,
    registration_group: String,
}

/// Returns the children whom a run leaves with no adult, whom the actor may see.
pub async fn alone(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    run: AutocreateId,
    (after, most): (u32, u32),
) -> Result<Vec<AloneLine>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let rows = sqlx::query_as::<_, AloneRow>(
        "SELECT x.child_id, x.contacts, p.given_name, p.family_name, p.preferred_name, e.year_group, e.registration_group
         FROM autocreate_alone x
         JOIN people p ON p.id = x.child_id AND p.organisation_id = $1
         JOIN enrolments e ON e.person_id = x.child_id AND e.school_id = $2 AND e.latest
         WHERE x.organisation_id = $1 AND x.run_id = $3
           AND ($4 OR x.child_id IN (SELECT r.person_id FROM reached_people r)) AND x.child_id <> ALL ($5)
         ORDER BY x.number OFFSET $6 LIMIT $7",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(run.0)
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(i64::from(after))
    .bind(i64::from(most))
    .fetch_all(&mut *transaction)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AloneLine {
            child: PersonId(row.child_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            group: if row.registration_group.is_empty() { row.year_group } else { row.registration_group },
            contacts: u32::try_from(row.contacts).unwrap_or_default(),
        })
        .collect())
}
