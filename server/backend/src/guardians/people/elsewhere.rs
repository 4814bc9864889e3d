//! Adults who are known at schools that the office does not reach. It learns that there is somebody, and asks; somebody who
//! reaches both attaches the student.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fold::sort_key;
use domain::guardians::adult::NewAdult;
use domain::guardians::task::{TaskDetails, TaskKind};
use domain::ids::{PersonId, SchoolId};
use domain::roll::address::EmailAddress;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::guardians::tasks::add::{NewTask, insert};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::{Person, School};
use crate::{Backend, Error, Result};

/// Whether somebody with this name and this email address or phone number is known where the actor sees nothing.
pub async fn is_known(backend: &Backend, actor: &Actor, school: SchoolId, adult: &NewAdult) -> Result<bool> {
    let mut transaction =
        backend.enter(actor, Permission::ManageGuardians, School(school)).await?.transaction;
    Ok(!out_of_reach(&mut transaction, actor, school, adult).await?.is_empty())
}

/// Asks those who reach both schools to attach a student to the adult that is meant. The office learns nothing about them.
///
/// # Errors
/// A conflict if nobody like this is known anywhere else any more.
#[tracing::instrument(skip_all, fields(child = %child))]
pub async fn ask(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    adult: &NewAdult,
    child: PersonId,
) -> Result<()> {
    let Entered { mut transaction, .. } =
        backend.enter(actor, Permission::ManageGuardians, Person(child)).await?;
    let found = out_of_reach(&mut transaction, actor, school, adult).await?;
    if found.is_empty() {
        return Err(Error::conflict(
            "not_elsewhere",
            "Nobody with this name and address is known at another school any more. Add them here.",
        ));
    }
    let tasks: Vec<NewTask> = found
        .into_iter()
        .map(|known| NewTask {
            kind: TaskKind::KnownElsewhere,
            adult: Some(PersonId(known)),
            child: Some(child),
            details: TaskDetails::default(),
        })
        .collect();
    insert(backend, &mut transaction, actor.organisation, &tasks).await?;
    let entry = AuditEntry::new(AuditAction::RecordAsked).person(child);
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

async fn out_of_reach(
    connection: &mut PgConnection,
    actor: &Actor,
    school: SchoolId,
    adult: &NewAdult,
) -> Result<Vec<Uuid>> {
    let name = &adult.details.name;
    Ok(sqlx::query_scalar(
        "SELECT p.id FROM people p
         WHERE p.organisation_id = $1 AND p.merged_into IS NULL AND p.sort_key = $3
           AND EXISTS (SELECT FROM addresses d
                       WHERE d.organisation_id = $1 AND d.person_id = p.id
                         AND (d.kind = 'email' AND d.comparable = $4 OR d.kind = 'phone' AND d.comparable = $5))
           AND p.id NOT IN (SELECT v.person_id FROM visible_people v)
           AND NOT EXISTS (SELECT FROM employments w WHERE w.person_id = p.id AND w.school_id = $2)
           AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)
         ORDER BY p.id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(sort_key(name.given(), name.family()))
    .bind(adult.email.as_ref().map(EmailAddress::comparable))
    .bind(adult.phone.as_ref().map(|phone| phone.as_str().to_owned()))
    .fetch_all(connection)
    .await?)
}
