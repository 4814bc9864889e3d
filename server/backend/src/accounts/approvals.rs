//! What waits for a second person: asked for by one, approved or declined by another with the same permission, taken out
//! by the first.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::accounts::approval::{Matter, Standing, WAITS};
use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::audit::exports::{APPROVAL_OVER, Rows};
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{ApprovalId, PersonId, SchoolId};
use domain::recovery::{CodeHandout, CodesMade};
use domain::roll::name::display_name;
use domain::selection::Selection;
use serde_json::json;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::export::{self, ExportFile};
use crate::audit::{self, AuditEntry, alerts};
use crate::recovery::office_codes;
use crate::roll::schools::{self, SchoolContext};
use crate::settings::of_organisation;
use crate::{Backend, Error, Result};

/// How long the page shows a request, and how long it is kept.
pub(crate) const SHOWN: TimeDelta = TimeDelta::days(30);

/// A request as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalLine {
    /// Which.
    pub id: ApprovalId,
    /// When it was asked for, on the organisation's clocks.
    pub at: DateTime<Tz>,
    /// Who asked.
    pub who: String,
    /// Whether that is the reader.
    pub own: bool,
    /// What for, in words.
    pub what: String,
    /// The school's name.
    pub school: String,
    /// Where it stands.
    pub standing: Standing,
    /// Who decided.
    pub decided_by: Option<String>,
}

/// What came of taking it out.
pub enum TakenOut {
    /// A file.
    File(ExportFile, ExportFormat),
    /// Codes.
    Codes(CodeHandout, CodesMade),
}

/// What is about more people than this waits for a second person, if anything does. What the operator of the server does
/// waits for nobody.
pub(crate) async fn waits_over(connection: &mut PgConnection, actor: &Actor) -> Result<Option<Rows>> {
    let over = of_organisation(connection, actor.organisation, &APPROVAL_OVER).await?;
    Ok(over.filter(|_| actor.account().is_some()))
}

/// Whether something about so many people waits for one.
pub(crate) async fn waits(connection: &mut PgConnection, actor: &Actor, people: usize) -> Result<bool> {
    Ok(waits_over(connection, actor).await?.is_some_and(|over| over.are_fewer_than(people)))
}

/// Asks for it, about these very people, and tells administrators. Commits.
pub(crate) async fn ask(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    school: &SchoolContext,
    matter: Matter,
    people: &[PersonId],
) -> Result<()> {
    let id: ApprovalId = backend.new_id();
    sqlx::query(
        "INSERT INTO approvals (id, organisation_id, account_id, school_id, matter, people, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(actor.account().map(|account| account.0))
    .bind(school.school.0)
    .bind(Json(matter))
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::ApprovalAsked)
        .subject("approval", id.0)
        .details(json!({ "accounts": people.len(), "for": matter, "school": school.school.0 }));
    alerts::raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    school_id: Uuid,
    matter: Json<Matter>,
    asked_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    approved: Option<bool>,
    taken_at: Option<DateTime<Utc>>,
}

impl Row {
    fn standing(&self, now: DateTime<Utc>) -> Standing {
        Standing::of(self.asked_at, self.decided_at.zip(self.approved), self.taken_at, now)
    }

    fn is_of(&self, actor: &Actor) -> bool {
        actor.account().is_some_and(|account| account.0 == self.account_id)
    }

    /// Whether the actor holds at its school what it takes.
    fn is_within(&self, actor: &Actor) -> bool {
        let school = Resource::School(actor.organisation, SchoolId(self.school_id));
        decide(actor, self.matter.0.permission(), school).is_ok()
    }
}

#[derive(sqlx::FromRow)]
struct ShownRow {
    #[sqlx(flatten)]
    row: Row,
    people: i32,
    school: String,
    time_zone: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    second_given: Option<String>,
    second_family: Option<String>,
    second_preferred: Option<String>,
}

/// The requests of the last 30 days that the actor made or may decide, the latest first.
pub async fn list(backend: &Backend, actor: &Actor) -> Result<Vec<ApprovalLine>> {
    backend.authorize(actor, Permission::UseOffice, Resource::AnySchool(actor.organisation))?;
    let rows: Vec<ShownRow> = sqlx::query_as(
        "SELECT w.id, w.account_id, w.school_id, w.matter, w.asked_at, w.decided_at, w.approved, w.taken_at,
                cardinality(w.people) AS people, s.name AS school, o.time_zone,
                p.given_name, p.family_name, p.preferred_name, second.given_name AS second_given,
                second.family_name AS second_family, second.preferred_name AS second_preferred
         FROM approvals w
         JOIN organisations o ON o.id = w.organisation_id
         JOIN schools s ON s.id = w.school_id
         JOIN accounts a ON a.id = w.account_id
         JOIN people p ON p.id = a.person_id
         LEFT JOIN accounts b ON b.organisation_id = w.organisation_id AND b.id = w.decided_by
         LEFT JOIN people second ON second.id = b.person_id
         WHERE w.organisation_id = $1 AND w.asked_at > $2 ORDER BY w.asked_at DESC, w.id DESC",
    )
    .bind(actor.organisation.0)
    .bind(backend.now() - SHOWN)
    .fetch_all(&mut *backend.tenant_transaction(actor.organisation).await?)
    .await?;
    rows.into_iter()
        .filter(|shown| shown.row.is_of(actor) || shown.row.is_within(actor))
        .map(|shown| {
            let zone: Tz = shown.time_zone.parse().map_err(Error::unexpected)?;
            let second = shown.second_given.zip(shown.second_family).zip(shown.second_preferred);
            let people = usize::try_from(shown.people).unwrap_or_default();
            Ok(ApprovalLine {
                id: ApprovalId(shown.row.id),
                at: shown.row.asked_at.with_timezone(&zone),
                who: display_name(&shown.given_name, &shown.family_name, &shown.preferred_name),
                own: shown.row.is_of(actor),
                what: shown.row.matter.0.sentence(people),
                school: shown.school,
                standing: shown.row.standing(backend.now()),
                decided_by: second
                    .map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
            })
        })
        .collect()
}

/// How many requests wait for the actor; none if nothing needs approval.
pub async fn waiting(backend: &Backend, actor: &Actor) -> Result<Option<usize>> {
    backend.authorize(actor, Permission::UseOffice, Resource::AnySchool(actor.organisation))?;
    let mut connection = backend.tenant_transaction(actor.organisation).await?;
    if of_organisation(&mut connection, actor.organisation, &APPROVAL_OVER).await?.is_none() {
        return Ok(None);
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, account_id, school_id, matter, asked_at, decided_at, approved, taken_at FROM approvals
         WHERE organisation_id = $1 AND decided_at IS NULL AND asked_at > $2",
    )
    .bind(actor.organisation.0)
    .bind(backend.now() - WAITS)
    .fetch_all(&mut *connection)
    .await?;
    Ok(Some(rows.iter().filter(|row| !row.is_of(actor) && row.is_within(actor)).count()))
}

/// The second person says yes or no. Nobody decides upon their own request.
#[tracing::instrument(skip_all, fields(approval = %id))]
pub async fn settle(backend: &Backend, actor: &Actor, id: ApprovalId, approve: bool) -> Result<()> {
    backend.authorize(actor, Permission::UseOffice, Resource::AnySchool(actor.organisation))?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    let row = find(&mut transaction, actor, id).await?;
    if row.is_of(actor) {
        return Err(Error::conflict(
            "own_request",
            "You can\u{2019}t approve your own request. Ask someone else.",
        ));
    }
    let school = Resource::School(actor.organisation, SchoolId(row.school_id));
    backend.authorize(actor, row.matter.0.permission(), school)?;
    if row.standing(backend.now()) != Standing::Waiting {
        return Err(Error::conflict(
            "decided",
            "This request is no longer waiting. Reload the page to see its status.",
        ));
    }
    sqlx::query(
        "UPDATE approvals SET decided_at = $3, decided_by = $4, approved = $5 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(id.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(approve)
    .execute(&mut *transaction)
    .await?;
    let action = if approve { AuditAction::ApprovalGiven } else { AuditAction::ApprovalDeclined };
    let entry = AuditEntry::new(action).subject("approval", id.0).details(json!({ "for": row.matter.0 }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// The person who asked downloads what was approved, once, if they still may.
#[tracing::instrument(skip_all, fields(approval = %id))]
pub async fn take_out(backend: &Backend, actor: &Actor, id: ApprovalId) -> Result<TakenOut> {
    backend.authorize(actor, Permission::UseOffice, Resource::AnySchool(actor.organisation))?;
    let (row, people) =
        approved(backend, &mut *backend.tenant_transaction(actor.organisation).await?, actor, id).await?;
    let matter = row.matter.0;
    let school = schools::context(backend, actor, matter.permission(), SchoolId(row.school_id)).await?;
    let chosen = Selection::People { ids: people };
    Ok(match matter {
        Matter::Export { format } => {
            let lines = export::lines(backend, &school, &chosen).await?;
            let transaction = take(backend, actor, id).await?;
            let file = export::write_out(backend, transaction, actor, &school, lines, format).await?;
            TakenOut::File(file, format)
        }
        Matter::Codes { handout } => {
            let mut transaction = take(backend, actor, id).await?;
            let subjects =
                office_codes::subjects(backend, &mut transaction, actor, &school, &chosen, handout).await?;
            let made =
                office_codes::hand_out_to(backend, transaction, actor, &school, subjects, handout).await?;
            TakenOut::Codes(handout, made)
        }
    })
}

/// An approved request of the actor, locked, and whom it is about.
async fn approved(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    id: ApprovalId,
) -> Result<(Row, Vec<PersonId>)> {
    let row = find(connection, actor, id).await?;
    if !row.is_of(actor) {
        return Err(Error::NotFound("approval"));
    }
    if row.standing(backend.now()) != Standing::Approved {
        return Err(Error::conflict(
            "not_approved",
            "This was not approved, has already been downloaded, or has expired. Request it again.",
        ));
    }
    let people: Vec<Uuid> =
        sqlx::query_scalar("SELECT unnest(people) FROM approvals WHERE organisation_id = $1 AND id = $2")
            .bind(actor.organisation.0)
            .bind(id.0)
            .fetch_all(connection)
            .await?;
    Ok((row, people.into_iter().map(PersonId).collect()))
}

/// Begins the transaction that takes it out, if it is still approved: of two at once the second finds it taken.
async fn take(backend: &Backend, actor: &Actor, id: ApprovalId) -> Result<Transaction<'static, Postgres>> {
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    approved(backend, &mut transaction, actor, id).await?;
    sqlx::query("UPDATE approvals SET taken_at = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(id.0)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// A request, locked: of two who decide at once the second sees what the first did.
async fn find(connection: &mut PgConnection, actor: &Actor, id: ApprovalId) -> Result<Row> {
    sqlx::query_as(
        "SELECT id, account_id, school_id, matter, asked_at, decided_at, approved, taken_at FROM approvals
         WHERE organisation_id = $1 AND id = $2 FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(id.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("approval"))
}
