//! The students of the board that something is done for, and their adults.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::{BulkStep, MissingReason};
use domain::ids::{AccountId, PersonId, SchoolId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::board::{BoardFilter, Chosen, MissingStudent, guardian_kinds, read};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Reads the chosen students among those that a filter finds, by name.
pub(super) async fn chosen_students(
    backend: &Backend,
    connection: &mut PgConnection,
    at: &SchoolContext,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<Vec<MissingStudent>> {
    let all = BoardFilter { skip: 0, ..filter.clone() };
    let mut students = read(backend, connection, at, &all, None).await?;
    if let Chosen::Students(ticked) = chosen {
        students.retain(|student| ticked.contains(&student.person));
    }
    Ok(students)
}

/// Returns the chosen students whose accounts can be created or who can be attached, for autocreate.
pub async fn for_autocreate(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<Vec<PersonId>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let students = chosen_students(backend, &mut transaction, &at, filter, chosen).await?;
    let wanted =
        |student: &&MissingStudent| matches!(student.reason.bulk(), BulkStep::Create | BulkStep::Attach);
    Ok(students.iter().filter(wanted).map(|student| student.person).collect())
}

/// Returns the guardians of the chosen students whom `step` helps: a code on paper, or an account that is enabled.
pub async fn for_accounts(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (filter, chosen): (&BoardFilter, &Chosen),
    step: BulkStep,
) -> Result<Vec<PersonId>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let students = chosen_students(backend, &mut transaction, &at, filter, chosen).await?;
    let adults = adults_at(backend, &mut transaction, &at, &students, step).await?;
    Ok(adults.iter().map(AdultAtStepRow::adult).collect())
}

/// An adult of the chosen students, and their account.
#[derive(sqlx::FromRow)]
pub(super) struct AdultAtStepRow {
    adult_id: Uuid,
    account_id: Uuid,
}

impl AdultAtStepRow {
    pub(super) fn adult(&self) -> PersonId {
        PersonId(self.adult_id)
    }

    pub(super) fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }
}

/// Reads the adults of students who are where `step` helps, with their accounts.
pub(super) async fn adults_at(
    backend: &Backend,
    connection: &mut PgConnection,
    at: &SchoolContext,
    students: &[MissingStudent],
    step: BulkStep,
) -> Result<Vec<AdultAtStepRow>> {
    let steps: Vec<i32> = MissingReason::ALL
        .into_iter()
        .filter(|reason| reason.bulk() == step)
        .map(MissingReason::step)
        .collect();
    Ok(sqlx::query_as::<_, AdultAtStepRow>(
        "SELECT DISTINCT x.adult_id, x.account_id FROM guardian_steps($1, $2, $3, $4, $5) x
         WHERE x.account_id IS NOT NULL AND x.step = ANY ($6) AND x.child_id = ANY ($7) ORDER BY x.account_id",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(at.today)
    .bind(backend.now())
    .bind(guardian_kinds())
    .bind(steps)
    .bind(students.iter().map(|student| student.person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?)
}
