//! Taking a change of members back.

use domain::groups::members::MemberChange;
use domain::ids::PersonId;
use domain::roll::name::display_name;
use uuid::Uuid;

use super::{ChangeMembers, entry};
use crate::operations::{AuditLogEntries, Operation as _, OperationContext, Undoable, UndoneOperation};
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "named like the columns")]
struct ChangedNameRow {
    given_name: String,
    family_name: String,
    preferred_name: String,
}

impl Undoable for ChangeMembers {
    /// Refused, by name, if the groups of one of them were changed again.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        let input: serde_json::Value =
            sqlx::query_scalar("SELECT input FROM operations WHERE organisation_id = $1 AND id = $2")
                .bind(work.school.organisation.0)
                .bind(work.operation.0)
                .fetch_one(&mut *work.connection)
                .await?;
        let input: Self = serde_json::from_value(input).map_err(Error::unexpected)?;
        input.lock(work).await?;
        refuse_changed(work).await?;
        let people = take_back(work).await?;
        let change = reversed(input.change);
        let entries: Vec<_> =
            people.iter().map(|person| entry(change, PersonId(*person), input.on, true)).collect();
        Ok(UndoneOperation { rows: people.len() as u64, log: AuditLogEntries::EachOwn(entries) })
    }
}

/// What taking a change back does.
fn reversed(change: MemberChange) -> MemberChange {
    match change {
        MemberChange::Join { to } => MemberChange::Leave { from: to },
        MemberChange::Move { from, to } => MemberChange::Move { from: to, to: from },
        MemberChange::Leave { from } => MemberChange::Join { to: from },
    }
}

/// Refuses if a membership is not as the change left it, or there is another where it would be again.
async fn refuse_changed(work: &mut OperationContext<'_>) -> Result<()> {
    let changed = sqlx::query_as::<_, ChangedNameRow>(
        "SELECT p.given_name, p.family_name, p.preferred_name
         FROM membership_changes c
         JOIN people p ON p.organisation_id = c.organisation_id AND p.id = c.person_id
         LEFT JOIN group_members m ON m.organisation_id = c.organisation_id AND m.id = c.membership_id
         WHERE c.organisation_id = $1 AND c.operation_id = $2
           AND (CASE WHEN c.change = 'withdrawn' THEN m.id IS NOT NULL
                     ELSE m.id IS NULL OR m.starts_on <> c.starts_on OR m.ends_on IS DISTINCT FROM c.ends_on END
                OR c.change <> 'began'
                   AND EXISTS (SELECT FROM group_members o
                               WHERE o.group_id = c.group_id AND o.person_id = c.person_id AND o.id <> c.membership_id
                                 AND daterange(o.starts_on, o.ends_on, '[]') && daterange(c.starts_on, c.ended_on, '[]')))
         ORDER BY p.sort_key, p.id",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .fetch_all(&mut *work.connection)
    .await?;
    let Some((first, rest)) = changed.split_first() else { return Ok(()) };
    let name = display_name(&first.given_name, &first.family_name, &first.preferred_name);
    let who = match rest.len() {
        0 => format!("The groups of {name}"),
        more => format!("The groups of {name} and {more} more"),
    };
    Err(Error::conflict(
        "groups_changed_since",
        format!(
            "{who} have been changed again since, so this can\u{2019}t be undone. Move them one by one instead."
        ),
    ))
}

/// Puts every membership back, and returns whose they are.
async fn take_back(work: &mut OperationContext<'_>) -> Result<Vec<Uuid>> {
    sqlx::query(
        "DELETE FROM group_members m USING membership_changes c
         WHERE c.organisation_id = $1 AND c.operation_id = $2 AND c.change = 'began'
           AND m.organisation_id = c.organisation_id AND m.id = c.membership_id",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .execute(&mut *work.connection)
    .await?;
    sqlx::query(
        "UPDATE group_members m SET ends_on = c.ended_on FROM membership_changes c
         WHERE c.organisation_id = $1 AND c.operation_id = $2 AND c.change = 'ended'
           AND m.organisation_id = c.organisation_id AND m.id = c.membership_id",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .execute(&mut *work.connection)
    .await?;
    sqlx::query(
        "INSERT INTO group_members (id, organisation_id, group_id, person_id, starts_on, ends_on, created_at)
         SELECT c.membership_id, c.organisation_id, c.group_id, c.person_id, c.starts_on, c.ended_on, $3
         FROM membership_changes c
         WHERE c.organisation_id = $1 AND c.operation_id = $2 AND c.change = 'withdrawn'",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(work.backend.now())
    .execute(&mut *work.connection)
    .await?;
    let mut people: Vec<Uuid> = sqlx::query_scalar(
        "DELETE FROM membership_changes WHERE organisation_id = $1 AND operation_id = $2 RETURNING person_id",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .fetch_all(&mut *work.connection)
    .await?;
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
