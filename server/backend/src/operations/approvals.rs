//! Second-person approval: one person asks, another with the same permission approves or declines, the first
//! runs it.

use chrono::DateTime;
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::audit::exports::APPROVAL_OVER;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{AccountId, OperationId};
use domain::operations::progress::ResultPage;
use domain::operations::state::{OperationState, WAITS};
use domain::roll::name::display_name;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::kinds::{OperationKind, kind};
use super::store::{self, LISTED, StoredOperation, stored};
use crate::audit::{self, AuditEntry};
use crate::credentials::resting::{ApprovalRest, approval_rests};
use crate::settings::of_organisation;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// A request, as the approvals page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalLine {
    /// The operation's id.
    pub id: OperationId,
    /// When it was requested, in the organisation's time zone.
    pub at: DateTime<Tz>,
    /// The name of the person who asked.
    pub who: String,
    /// Whether the reader asked for it.
    pub own: bool,
    /// What it would do, in words.
    pub what: String,
    /// The page that shows what it would do, if there is one.
    pub review: Option<ResultPage>,
    /// The label of the button that runs it.
    pub verb: &'static str,
    /// The school's name.
    pub school: String,
    /// Its current state.
    pub state: OperationState,
    /// The name of the person who decided.
    pub decided_by: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ApprovalRow {
    #[sqlx(flatten)]
    stored: StoredOperation,
    input: Value,
    school: String,
    time_zone: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    second_given: Option<String>,
    second_family: Option<String>,
    second_preferred: Option<String>,
}

/// Whether the actor has the kind's permission at the operation's school.
fn is_within(kind: &OperationKind, stored: &StoredOperation, actor: &Actor) -> bool {
    decide(actor, kind.permission, Resource::School(actor.organisation, stored.school())).is_ok()
}

/// Returns the requests of the last 30 days that the actor made or may decide, newest first.
pub async fn list(backend: &Backend, actor: &Actor) -> Result<Vec<ApprovalLine>> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let rows: Vec<ApprovalRow> = sqlx::query_as(
        stored!(
            ", w.input, s.name AS school, o.time_zone,
                p.given_name, p.family_name, p.preferred_name, second.given_name AS second_given,
                second.family_name AS second_family, second.preferred_name AS second_preferred
         FROM operations w
         JOIN organisations o ON o.id = w.organisation_id
         JOIN schools s ON s.id = w.school_id
         JOIN accounts a ON a.id = w.account_id
         JOIN people p ON p.id = a.person_id
         LEFT JOIN accounts b ON b.organisation_id = w.organisation_id AND b.id = w.decided_by
         LEFT JOIN people second ON second.id = b.person_id
         WHERE w.organisation_id = $1 AND w.second_person AND w.created_at > $2 ORDER BY w.created_at DESC, w.id DESC"
        ),
    )
    .bind(actor.organisation.0)
    .bind(backend.now() - LISTED)
    .fetch_all(&mut *transaction)
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for shown in rows {
        let kind = kind(backend, &shown.stored.kind)?;
        if shown.stored.is_of(actor) || is_within(kind, &shown.stored, actor) {
            lines.push(line(kind, shown, actor, backend)?);
        }
    }
    Ok(lines)
}

fn line(kind: &OperationKind, shown: ApprovalRow, actor: &Actor, backend: &Backend) -> Result<ApprovalLine> {
    let zone: Tz = shown.time_zone.parse().map_err(Error::unexpected)?;
    let second = shown.second_given.zip(shown.second_family).zip(shown.second_preferred);
    Ok(ApprovalLine {
        id: OperationId(shown.stored.id),
        at: shown.stored.created_at().with_timezone(&zone),
        who: display_name(&shown.given_name, &shown.family_name, &shown.preferred_name),
        own: shown.stored.is_of(actor),
        review: kind.review(shown.input.clone())?,
        what: kind.describe(shown.input, shown.stored.rows())?,
        verb: kind.verb,
        school: shown.school,
        state: shown.stored.state(backend.now()),
        decided_by: second.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
    })
}

/// Returns how many requests wait for the actor's decision; `None` if the organisation requires no approval and there is no
/// request of a kind that always needs one.
pub async fn waiting(backend: &Backend, actor: &Actor) -> Result<Option<usize>> {
    let mut connection = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    if of_organisation(&mut connection, actor.organisation, &APPROVAL_OVER).await?.is_none() {
        let listed: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM operations WHERE organisation_id = $1 AND second_person AND created_at > $2)",
        )
        .bind(actor.organisation.0)
        .bind(backend.now() - LISTED)
        .fetch_one(&mut *connection)
        .await?;
        if !listed {
            return Ok(None);
        }
    }
    let rows: Vec<StoredOperation> = sqlx::query_as(
        stored!(
            " FROM operations w WHERE w.organisation_id = $1 AND w.second_person AND w.decided_at IS NULL AND w.created_at > $2"
        ),
    )
    .bind(actor.organisation.0)
    .bind(backend.now() - WAITS)
    .fetch_all(&mut *connection)
    .await?;
    let mut count = 0;
    for row in rows.iter().filter(|row| !row.is_of(actor)) {
        count += usize::from(is_within(kind(backend, &row.kind)?, row, actor));
    }
    Ok(Some(count))
}

/// Approves or declines a request. Nobody can decide their own request.
#[tracing::instrument(skip_all, fields(%operation))]
pub async fn settle(backend: &Backend, actor: &Actor, operation: OperationId, approve: bool) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let stored = store::find(&mut transaction, actor, operation).await?;
    if stored.is_of(actor) {
        return Err(Error::conflict(
            "own_request",
            "You can\u{2019}t approve your own request. Ask someone else.",
        ));
    }
    // People who do not see it on their list are not told that it exists.
    if !is_within(kind(backend, &stored.kind)?, &stored, actor) {
        return Err(Error::NotFound("operation"));
    }
    if approve && let Some(approver) = actor.account() {
        refuse_resting(backend, &mut transaction, actor, approver, stored.requester()).await?;
    }
    if stored.state(backend.now()) != OperationState::Waiting {
        return Err(Error::conflict(
            "decided",
            "This request is no longer waiting. Reload the page to see its status.",
        ));
    }
    sqlx::query(
        "UPDATE operations SET decided_at = $3, decided_by = $4, approved = $5 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(operation.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(approve)
    .execute(&mut *transaction)
    .await?;
    let action = if approve { AuditAction::ApprovalGiven } else { AuditAction::ApprovalDeclined };
    let entry =
        AuditEntry::new(action).subject("operation", operation.0).details(json!({ "for": stored.kind }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// Refuses an approval while the approver and the person who asked could be the same: someone may have reset the
/// other's sign-in, or given them their role, only to have a second account.
async fn refuse_resting(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    approver: AccountId,
    requester: Option<AccountId>,
) -> Result<()> {
    let rests = approval_rests(backend, connection, actor.organisation, approver, requester).await?;
    let Some((why, until)) = rests else { return Ok(()) };
    let zone: String = sqlx::query_scalar("SELECT time_zone FROM organisations WHERE id = $1")
        .bind(actor.organisation.0)
        .fetch_one(connection)
        .await?;
    let until = until.with_timezone(&zone.parse::<Tz>().map_err(Error::unexpected)?);
    let until = until.format("%H:%M on %-d %B %Y");
    let why = match why {
        ApprovalRest::Reset => "Staff reset your sign-in or changed your email address in the last 7 days.",
        ApprovalRest::ResetRequester => {
            "You reset this person\u{2019}s sign-in or changed their email address in the last 7 days."
        }
        ApprovalRest::RoleGiven => "This person gave you a role in the last 7 days.",
        ApprovalRest::SameHands => {
            "You gave this person a role in the last 7 days, or the same colleague gave a role to both of you, or reset how you sign in."
        }
    };
    let sentence = format!("{why} You can approve from {until}. Until then, ask someone else.");
    Err(Error::conflict("approval_rests", sentence))
}

/// Returns the kind of an operation that the actor asked for.
pub async fn kind_of(backend: &Backend, actor: &Actor, operation: OperationId) -> Result<String> {
    let mut connection = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let stored = store::look(&mut connection, actor, operation).await?;
    if stored.is_of(actor) { Ok(stored.kind) } else { Err(Error::NotFound("operation")) }
}
