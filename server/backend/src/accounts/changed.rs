//! Changes of several accounts that were made.

use chrono::{DateTime, Utc};
use domain::accounts::bulk::{BulkChange, BulkChanged};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::operations::past::PastOperation;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::change_state::ChangeState;
use super::portal_group::SetPortalGroup;
use crate::db::one_more;
use crate::operations::Operation;
use crate::operations::past::PAGE;
use crate::roll::simulation::{NAMED, named};
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct ChangedRow {
    id: Uuid,
    change: String,
    ran_at: DateTime<Utc>,
    size: i32,
    undone_at: Option<DateTime<Utc>>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
}

impl ChangedRow {
    fn view(self) -> Result<BulkChanged> {
        let change = BulkChange::from_slug(&self.change)
            .ok_or_else(|| Error::unexpected(format!("no change {:?}", self.change)))?;
        let by = self.given_name.zip(self.family_name).zip(self.preferred_name);
        let operation = PastOperation {
            id: OperationId(self.id),
            by: by.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
            at: self.ran_at,
            size: u32::try_from(self.size).unwrap_or_default(),
            undone_at: self.undone_at,
        };
        Ok(BulkChanged { operation, change, first: Vec::new() })
    }
}

/// Returns a page of the school's changes after `after`, newest first.
pub async fn changes(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    after: Option<&Cursor>,
) -> Result<Page<BulkChanged>> {
    let entered = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    let (mut transaction, at) = (entered.transaction, entered.at);
    let after = after.map(Cursor::key).transpose()?;
    let found = past(&mut transaction, &at, None, after).await?;
    Ok(Page::of(found, PAGE, |changed| TimeKey { at: changed.operation.at, id: changed.operation.id.0 }))
}

/// Returns a change of this school, with those of its people whom the actor may see.
pub async fn changed(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    operation: OperationId,
) -> Result<BulkChanged> {
    let entered = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    let (mut transaction, at) = (entered.transaction, entered.at);
    let found = past(&mut transaction, &at, Some(operation), None).await?.pop();
    let mut found = found.ok_or(Error::NotFound("operation"))?;
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT a.person_id FROM accounts a
         WHERE a.organisation_id = $1
           AND (a.id IN (SELECT c.account_id FROM account_state_changes c WHERE c.operation_id = $2)
                OR a.id IN (SELECT c.account_id FROM account_portal_changes c WHERE c.operation_id = $2))
           AND ($3 OR a.person_id IN (SELECT v.person_id FROM visible_people v)) AND a.person_id <> ALL ($4)",
    )
    .bind(actor.organisation.0)
    .bind(operation.0)
    .bind(at.everybody())
    .bind(at.hidden())
    .fetch_all(&mut *transaction)
    .await?;
    let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
    found.first = named(&mut transaction, actor, &people, NAMED).await?;
    Ok(found)
}

/// Reads the changes after `after`, newest first, or the one asked for; one more than fits on a page. Those who see only some
/// people see only changes of these.
async fn past(
    connection: &mut PgConnection,
    school: &SchoolContext,
    only: Option<OperationId>,
    after: Option<TimeKey>,
) -> Result<Vec<BulkChanged>> {
    let rows = sqlx::query_as::<_, ChangedRow>(
        "SELECT o.id, coalesce(o.input ->> 'action', 'portal_' || (o.input ->> 'choice'), '') AS change, o.ran_at, o.size,
                o.undone_at, p.given_name, p.family_name, p.preferred_name
         FROM operations o
         LEFT JOIN accounts maker ON maker.id = o.account_id AND maker.organisation_id = o.organisation_id
         LEFT JOIN people p ON p.id = maker.person_id
         WHERE o.organisation_id = $1 AND o.school_id = $2 AND o.kind = ANY ($3) AND o.ran_at IS NOT NULL
           AND ($4::uuid IS NULL OR o.id = $4)
           AND ($5::timestamptz IS NULL OR (o.ran_at, o.id) < ($5, $6))
           AND ($7 OR EXISTS (SELECT FROM accounts a JOIN visible_people v ON v.person_id = a.person_id
                              WHERE a.id IN (SELECT c.account_id FROM account_state_changes c WHERE c.operation_id = o.id
                                             UNION ALL
                                             SELECT c.account_id FROM account_portal_changes c WHERE c.operation_id = o.id)))
         ORDER BY o.ran_at DESC, o.id DESC LIMIT $8",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind([ChangeState::KIND, SetPortalGroup::KIND])
    .bind(only.map(|operation| operation.0))
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(school.everybody())
    .bind(one_more(PAGE))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(ChangedRow::view).collect()
}
