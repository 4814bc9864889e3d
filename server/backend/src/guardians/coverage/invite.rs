//! Invites the guardians of students without an adult, all at once.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::{BulkStep, MissingReason};
use domain::ids::{AccountId, PersonId, SchoolId};
use domain::invitations::views::{Recipients, SendReport};
use uuid::Uuid;

use super::board::{BoardFilter, guardian_kinds, read};
use crate::invitations::send::send;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Which of the students that a filter finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// All of them.
    All,
    /// Those of them that were ticked.
    Students(Vec<PersonId>),
}

/// Sends an invitation to every guardian of the chosen students whose account waits for one: never invited, expired, not
/// opened, or opened without a password. Restricted pairs and bounced addresses are left alone.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn invite(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<SendReport> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?;
    let all = BoardFilter { skip: 0, ..filter.clone() };
    let mut students: Vec<Uuid> =
        read(backend, &mut transaction, &at, &all, None).await?.iter().map(|one| one.person.0).collect();
    if let Chosen::Students(ticked) = chosen {
        students.retain(|student| ticked.contains(&PersonId(*student)));
    }
    let steps: Vec<i32> = MissingReason::ALL
        .into_iter()
        .filter(|reason| reason.bulk() == BulkStep::Invite)
        .map(MissingReason::step)
        .collect();
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT x.account_id FROM guardian_steps($1, $2, $3, $4, $5) x
         WHERE x.account_id IS NOT NULL AND x.step = ANY ($6) AND x.child_id = ANY ($7) ORDER BY x.account_id",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(at.today)
    .bind(backend.now())
    .bind(guardian_kinds())
    .bind(steps)
    .bind(students)
    .fetch_all(&mut *transaction)
    .await?;
    drop(transaction);
    let ids = accounts.into_iter().map(AccountId).collect();
    send(backend, actor, school, Recipients::Accounts { ids, again: true }).await
}
