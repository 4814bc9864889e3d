//! Making an adult a child's contact.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::access::Opening;
use domain::guardians::attach::{AttachRefusal, PairFacts};
use domain::guardians::contact::ContactFacts;
use domain::guardians::kept::ContactField;
use domain::ids::{ContactId, PersonId};
use serde_json::json;
use sqlx::PgConnection;

use super::opening::{Pair, open_defaults};
use super::write::{NewContact, insert};
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// What an attachment did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attached {
    /// The contact.
    pub contact: ContactId,
    /// What was opened with it.
    pub opened: Opening,
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct PairRow {
    adult_known: bool,
    adult_is_student: bool,
    child_is_student: bool,
    child_is_contact_of_adult: bool,
    is_contact: bool,
}

/// Makes an adult who is known here a child's contact, and gives them what the school gives such adults by default.
///
/// # Errors
/// Why they cannot be, as an error of the field `student`.
#[tracing::instrument(skip_all, fields(adult = %adult, child = %child))]
pub async fn attach(
    backend: &Backend,
    actor: &Actor,
    adult: PersonId,
    child: PersonId,
    facts: ContactFacts,
) -> Result<Attached> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, Person(child)).await?;
    let pair = Pair { adult, child };
    check(&mut transaction, actor, pair, at.today).await?;
    let attached = attach_in(backend, &mut transaction, actor, pair, facts, at.today).await?;
    record_all(backend, &mut transaction, actor, attached.entries(AuditAction::ContactAdded, pair)).await?;
    transaction.commit().await?;
    Ok(attached)
}

/// Says why an adult cannot become a child's contact.
pub(in crate::guardians) async fn check(
    connection: &mut PgConnection,
    actor: &Actor,
    pair: Pair,
    today: NaiveDate,
) -> Result<()> {
    facts_of(connection, actor, pair, today).await?.check().map_err(refused)
}

/// What is known of two people before one becomes the other's contact.
pub(super) async fn facts_of(
    connection: &mut PgConnection,
    actor: &Actor,
    Pair { adult, child }: Pair,
    today: NaiveDate,
) -> Result<PairFacts> {
    // A colleague can be found before they are anybody's contact.
    let row: PairRow = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM people p
                        WHERE p.organisation_id = $1 AND p.id = $2 AND p.merged_into IS NULL
                          AND (p.id IN (SELECT v.person_id FROM visible_people v)
                               OR EXISTS (SELECT FROM employments w
                                          WHERE w.organisation_id = $1 AND w.person_id = p.id
                                            AND w.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[])))
                        ) AS adult_known,
                EXISTS (SELECT FROM enrolments e
                        WHERE e.organisation_id = $1 AND e.person_id = $2 AND (e.ends_on < $4) IS NOT TRUE) AS adult_is_student,
                EXISTS (SELECT FROM enrolments e
                        WHERE e.organisation_id = $1 AND e.person_id = $3) AS child_is_student,
                EXISTS (SELECT FROM contacts c
                        WHERE c.organisation_id = $1 AND c.adult_id = $3 AND c.child_id = $2 AND c.ended_at IS NULL)
                    AS child_is_contact_of_adult,
                EXISTS (SELECT FROM contacts c
                        WHERE c.organisation_id = $1 AND c.adult_id = $2 AND c.child_id = $3 AND c.ended_at IS NULL)
                    AS is_contact",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(today)
    .fetch_one(connection)
    .await?;
    Ok(PairFacts {
        is_yourself: actor.person() == Some(adult),
        same_person: adult == child,
        adult_known: row.adult_known,
        adult_is_student: row.adult_is_student,
        child_is_student: row.child_is_student,
        child_is_contact_of_adult: row.child_is_contact_of_adult,
        is_contact: row.is_contact,
    })
}

pub(super) fn refused(why: AttachRefusal) -> Error {
    FieldErrors::one("student", why.to_string()).into()
}

/// Writes a contact that may be: its facts count as said by hand, and the default access opens.
pub(in crate::guardians) async fn attach_in(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    pair: Pair,
    facts: ContactFacts,
    today: NaiveDate,
) -> Result<Attached> {
    let contact: ContactId = backend.new_id();
    let kept: Vec<&str> = ContactField::said(&facts).into_iter().map(ContactField::slug).collect();
    let new = NewContact { id: contact, adult: pair.adult, child: pair.child, facts: facts.clone() };
    if insert(backend, connection, actor.organisation, &[new]).await? == 0 {
        return Err(refused(AttachRefusal::Already));
    }
    sqlx::query("UPDATE contacts SET kept_fields = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(contact.0)
        .bind(kept)
        .execute(&mut *connection)
        .await?;
    // What another office asked for is done.
    sqlx::query(
        "UPDATE office_tasks SET done_at = $4, done_by = $5
         WHERE organisation_id = $1 AND kind = 'known_elsewhere' AND adult_id = $2 AND child_id = $3 AND done_at IS NULL",
    )
    .bind(actor.organisation.0)
    .bind(pair.adult.0)
    .bind(pair.child.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(&mut *connection)
    .await?;
    let opened = open_defaults(backend, connection, actor, pair, &facts, today).await?;
    Ok(Attached { contact, opened })
}

impl Attached {
    /// What the histories of both say.
    pub(in crate::guardians) fn entries(
        self,
        action: AuditAction,
        Pair { adult, child }: Pair,
    ) -> Vec<AuditEntry> {
        [child, adult]
            .map(|person| {
                AuditEntry::new(action)
                    .person(person)
                    .subject("contact", self.contact.0)
                    .details(json!({ "opened": self.opened.parts }))
            })
            .into()
    }
}
