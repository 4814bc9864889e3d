//! Previewing a person's portal.

use chrono::{NaiveDate, TimeDelta};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, PersonId, PreviewId, SessionId};
use domain::portal::{PortalChildPage, PortalHome, PreviewReason};
use domain::roll::name::display_name;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{child, home};
use crate::audit::{self, AuditEntry};
use crate::authorization::roles::refuse_outranked;
use crate::authorization::scopes::actor_of;
use crate::guardians::family::children::Looking;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// The person in a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewSubject {
    /// The person.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
    /// Their name, as pages show it.
    pub name: String,
    /// Whether they are, were or will be on a roll. Others are guardians, whose record is another page.
    pub student: bool,
}

impl PreviewSubject {
    /// The page of the person's record.
    pub fn record(&self) -> String {
        let pages = if self.student { "students" } else { "guardians" };
        format!("/{pages}/{}", self.person)
    }
}

/// Returns the person whose preview is requested, before a reason is given. Writes nothing.
pub async fn subject(backend: &Backend, actor: &Actor, person: PersonId) -> Result<PreviewSubject> {
    let transaction = backend.enter(actor, Permission::PreviewAccount, AnySchool).await?.transaction;
    Ok(find(backend, transaction, actor, person).await?.1)
}

/// How long a preview lasts before it asks for a reason again.
const LASTS: TimeDelta = TimeDelta::minutes(30);

/// Starts a preview of a person's portal, for staff of one of their schools who have at least the person's
/// own permissions. It is recorded in the audit log, where the person sees it too. Nothing of the person's
/// own changes: sign-in, session, what they have read. It ends with the session that started it.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn begin(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    person: PersonId,
    reason: PreviewReason,
) -> Result<(PreviewSubject, PreviewId)> {
    let transaction = backend.enter(actor, Permission::PreviewAccount, AnySchool).await?.transaction;
    let (mut transaction, subject) = find(backend, transaction, actor, person).await?;
    let id: PreviewId = backend.new_id();
    sqlx::query("DELETE FROM previews WHERE session_id = $1 AND ends_at <= $2")
        .bind(session.0)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO previews (id, organisation_id, session_id, person_id, ends_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(session.0)
    .bind(person.0)
    .bind(backend.now() + LASTS)
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::AccountPreviewed)
        .person(person)
        .in_name_of(person)
        .subject("account", subject.account.0)
        .details(serde_json::json!({ "reason": reason.slug() }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok((subject, id))
}

/// Returns what the person sees, read in a read-only transaction with the person's permissions and none of
/// the staff's. `None` once the preview has ended.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn show(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    person: PersonId,
    preview: PreviewId,
) -> Result<Option<(PreviewSubject, PortalHome)>> {
    let Some(Previewed { mut transaction, subject, themselves, .. }) =
        previewed(backend, actor, session, person, preview).await?
    else {
        return Ok(None);
    };
    let home = home::load(backend, &mut transaction, &themselves, person, Looking::Staff).await?;
    Ok(Some((subject, home)))
}

/// Like [`show`], for the page of one of the person's children.
#[tracing::instrument(skip_all, fields(person = %person, child = %child))]
pub async fn show_child(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    person: PersonId,
    preview: PreviewId,
    child: PersonId,
) -> Result<Option<(PreviewSubject, PortalChildPage)>> {
    let Some(Previewed { mut transaction, subject, themselves, today }) =
        previewed(backend, actor, session, person, preview).await?
    else {
        return Ok(None);
    };
    let page = child::load(&mut transaction, &themselves, (person, child), today, Looking::Staff).await?;
    Ok(Some((subject, page)))
}

/// A preview that lasts.
struct Previewed {
    /// Read-only, with the people that the staff may see in `visible_people`.
    transaction: Transaction<'static, Postgres>,
    subject: PreviewSubject,
    /// The person, without any role.
    themselves: Actor,
    today: NaiveDate,
}

async fn previewed(
    backend: &Backend,
    actor: &Actor,
    session: SessionId,
    person: PersonId,
    preview: PreviewId,
) -> Result<Option<Previewed>> {
    let Entered { transaction, at } =
        backend.enter_snapshot(actor, Permission::PreviewAccount, AnySchool).await?;
    let (mut transaction, subject) = find(backend, transaction, actor, person).await?;
    let lasts: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM previews WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3
                                               AND id = $4 AND ends_at > $5)",
    )
    .bind(actor.organisation.0)
    .bind(session.0)
    .bind(person.0)
    .bind(preview.0)
    .bind(backend.now())
    .fetch_one(&mut *transaction)
    .await?;
    if !lasts {
        return Ok(None);
    }
    let themselves = actor_of(&mut transaction, actor.organisation, person, at.today).await?.without_roles();
    Ok(Some(Previewed { transaction, subject, themselves, today: at.today }))
}

#[derive(sqlx::FromRow)]
struct PreviewSubjectRow {
    account_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    student: bool,
}

/// Finds the person, if they have an account and are a student covered by the actor's roles, or an adult of such a
/// student's family. Anyone else is not found, as if the id were made up.
async fn find(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    person: PersonId,
) -> Result<(Transaction<'static, Postgres>, PreviewSubject)> {
    let row: Option<PreviewSubjectRow> = sqlx::query_as(
        "SELECT a.id AS account_id, p.given_name, p.family_name, p.preferred_name,
                EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id) AS student
         FROM visible_people v
         JOIN people p ON p.id = v.person_id
         JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE v.organisation_id = $1 AND v.person_id = $2
           AND (EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)
                OR EXISTS (SELECT FROM contacts c WHERE c.adult_id = p.id))",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *transaction)
    .await?;
    let row = row.ok_or(Error::NotFound("student"))?;
    let transaction =
        refuse_outranked(backend, transaction, actor, Permission::PreviewAccount, person).await?;
    let subject = PreviewSubject {
        person,
        account: AccountId(row.account_id),
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        student: row.student,
    };
    Ok((transaction, subject))
}
