//! A person's addresses, with one file per action. Messages are sent to them, but they do not prove who reads
//! the messages; two people may share one.

mod add;
pub(crate) mod delivery;
mod edit;
mod make_primary;
pub(crate) mod moved;
mod remove;
pub(crate) mod restore;

pub use add::add;
pub use edit::edit;
pub use make_primary::make_primary;
pub use remove::remove;
pub use restore::restore;

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId};
use domain::roll::address::{AddressKind, EmailAddress, PhoneNumber};
use domain::roll::views::AddressView;
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use self::moved::EmailsBefore;
use crate::audit::{self, AuditEntry, alerts};
use crate::authorization::roles::refuse_outranked;
use crate::credentials::disown::{WrongAddress, end_what_it_opened, note_ended};
use crate::credentials::resting::{many_moved, staff_reset};
use crate::credentials::revoke::revoke_everything_sent_to;
use crate::error::breaks_constraint;
use crate::operations::second_person::opens_over;
use crate::roll::edits;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct AddressRow {
    id: Uuid,
    kind: String,
    value: String,
    is_primary: bool,
    shared_with: i64,
    label: String,
}

/// Returns a person's addresses: emails first, and the primary one of each kind first.
pub(crate) async fn of(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<AddressView>> {
    let rows = sqlx::query_as::<_, AddressRow>(
        "SELECT a.id, a.kind, a.value, a.is_primary, a.label,
                (SELECT count(DISTINCT o.person_id) FROM addresses o
                 WHERE o.organisation_id = a.organisation_id AND o.comparable = a.comparable AND o.kind = a.kind
                   AND o.person_id <> a.person_id) AS shared_with
         FROM addresses a WHERE a.organisation_id = $1 AND a.person_id = $2
         ORDER BY a.kind, a.is_primary DESC, a.created_at, a.id",
    )
    .bind(organisation.0)
    .bind(person.0)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AddressView {
                id: AddressId(row.id),
                kind: kind(&row.kind)?,
                value: row.value,
                primary: row.is_primary,
                shared_with: u32::try_from(row.shared_with).unwrap_or(u32::MAX),
                label: row.label,
            })
        })
        .collect()
}

fn kind(slug: &str) -> Result<AddressKind> {
    [AddressKind::Email, AddressKind::Phone]
        .into_iter()
        .find(|kind| kind.slug() == slug)
        .ok_or_else(|| Error::unexpected(format!("address kind {slug}")))
}

/// A typed address, as written on messages and as compared. The field of an error is the kind's word.
struct ParsedAddress {
    value: String,
    comparable: String,
}

fn parse(kind: AddressKind, typed: &str) -> Result<ParsedAddress> {
    let parsed = match kind {
        AddressKind::Email => typed
            .parse::<EmailAddress>()
            .map(|email| ParsedAddress { comparable: email.comparable(), value: email.into() })
            .map_err(|error| error.to_string()),
        AddressKind::Phone => typed
            .parse::<PhoneNumber>()
            .map(|phone| ParsedAddress { comparable: phone.as_str().to_owned(), value: phone.into() })
            .map_err(|error| error.to_string()),
    };
    parsed.map_err(|message| FieldErrors::one(kind.slug(), message).into())
}

fn refused(kind: AddressKind) -> impl FnOnce(sqlx::Error) -> Error {
    move |error| {
        if breaks_constraint(&error, "addresses_value_key") {
            let message = match kind {
                AddressKind::Email => "This person already has this email address. Enter another one.",
                AddressKind::Phone => "This person already has this phone number. Enter another one.",
            };
            FieldErrors::one(kind.slug(), message).into()
        } else {
            error.into()
        }
    }
}

/// Starts a change, and blocks other changes to this person's addresses, so that exactly one of each kind is
/// primary. Refuses for people with more permissions than the actor: anyone who reads their mailbox could
/// sign in as them.
async fn begin(backend: &Backend, actor: &Actor, person: PersonId) -> Result<Transaction<'static, Postgres>> {
    let transaction = backend.enter(actor, Permission::EditContacts, Person(person)).await?.transaction;
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::EditContacts, person).await?;
    sqlx::query("SELECT FROM people WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind(actor.organisation.0)
        .bind(person.0)
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// Refuses to change the actor's own email. People change it only in their own menu, which confirms the new
/// address and can be undone, so that someone who took over a staff session cannot get round that.
pub(crate) fn refuse_own_email(actor: &Actor, person: PersonId, kind: AddressKind) -> Result<()> {
    if kind == AddressKind::Email && actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_email",
            "Change your own email address in your menu, where you can confirm the new one.",
        ));
    }
    Ok(())
}

/// A change of one address in progress; nobody else can change this person's addresses meanwhile.
struct AddressEdit {
    person: PersonId,
    address: AddressId,
    kind: AddressKind,
    before: EmailsBefore,
    /// Accounts whose activation ended, because the address was wrong.
    disowned: Vec<(AccountId, PersonId)>,
    transaction: Transaction<'static, Postgres>,
}

impl AddressEdit {
    async fn begin(backend: &Backend, actor: &Actor, person: PersonId, address: AddressId) -> Result<Self> {
        let mut transaction = begin(backend, actor, person).await?;
        let kind = kind_of(&mut transaction, actor, person, address).await?;
        refuse_own_email(actor, person, kind)?;
        let before = EmailsBefore::of(&mut transaction, actor.organisation, &[person.0]).await?;
        Ok(Self { person, address, kind, before, disowned: Vec::new(), transaction })
    }

    /// Ends what was opened with an invitation or a link to the primary email, because `right` is the right one.
    /// For changes of the primary address.
    async fn end_what_it_opened(&mut self, backend: &Backend, actor: &Actor, right: &str) -> Result<()> {
        self.disowned = disown_primary(backend, &mut self.transaction, actor, self.person, right).await?;
        Ok(())
    }

    /// Whether messages go to this address.
    async fn is_primary(&mut self, actor: &Actor) -> Result<bool> {
        let primary =
            sqlx::query_scalar("SELECT is_primary FROM addresses WHERE organisation_id = $1 AND id = $2")
                .bind(actor.organisation.0)
                .bind(self.address.0)
                .fetch_one(&mut *self.transaction)
                .await?;
        Ok(primary)
    }

    /// Counts the invitations that the actor sent to this address and that are still queued as ways in, or will be once a
    /// disabled account is enabled: they will go to what the actor has just typed.
    ///
    /// # Errors
    /// A conflict if that takes a second person.
    async fn count_what_is_queued(&mut self, backend: &Backend, actor: &Actor) -> Result<()> {
        let Some(account) = actor.account() else { return Ok(()) };
        let queued = sqlx::query(
            "UPDATE invitations i SET way_in = true
             FROM messages m JOIN addresses d ON d.organisation_id = m.organisation_id AND d.id = m.address_id
             WHERE i.organisation_id = $1 AND i.created_by = $2 AND NOT i.way_in AND i.used_at IS NULL AND i.revoked_at IS NULL
               AND m.organisation_id = $1 AND m.id = i.id AND m.state IN ('queued', 'sending', 'cancelled')
               AND d.id = $3 AND d.chosen_by = $2 AND d.chosen_at >= i.created_at",
        )
        .bind(actor.organisation.0)
        .bind(account.0)
        .bind(self.address.0)
        .execute(&mut *self.transaction)
        .await?;
        let opened = (actor.organisation, account);
        if queued.rows_affected() > 0
            && opens_over(backend, &mut self.transaction, opened, 0, None).await?.is_some()
        {
            return Err(Error::conflict(
                "needs_second_person",
                "An invitation that you sent to this person is about to go out, and would go to the address that you typed. You have opened a way in for as many people within a day as you can without approval. Revoke the invitation first, then correct the address.",
            ));
        }
        Ok(())
    }

    /// Revokes the invitations, links and codes that were sent to this address.
    async fn end_what_was_sent(&mut self, backend: &Backend, actor: &Actor) -> Result<()> {
        revoke_everything_sent_to(backend, &mut self.transaction, actor.organisation, &[self.address]).await
    }

    /// Notifies the address that no longer gets messages, records the change, commits, and returns all of the
    /// person's addresses.
    async fn finish(
        self,
        backend: &Backend,
        actor: &Actor,
        change: &'static str,
    ) -> Result<Vec<AddressView>> {
        let Self { person, address, kind, before, disowned, mut transaction } = self;
        let moved = before.settle(backend, &mut transaction, actor).await?;
        alert(backend, &mut transaction, actor, &moved).await?;
        note_ended(backend, &mut transaction, actor, &disowned).await?;
        note(backend, &mut transaction, actor, person, (address, kind), change).await?;
        let addresses = of(&mut transaction, actor.organisation, person).await?;
        transaction.commit().await?;
        Ok(addresses)
    }
}

/// Ends what was opened with an invitation or a link to a person's primary email, because `right` is the right one.
async fn disown_primary(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    right: &str,
) -> Result<Vec<(AccountId, PersonId)>> {
    let wrong: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM addresses WHERE organisation_id = $1 AND person_id = $2 AND kind = 'email' AND is_primary",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(wrong) = wrong else { return Ok(Vec::new()) };
    let wrong = WrongAddress { address: AddressId(wrong), right: right.to_owned() };
    end_what_it_opened(backend, connection, actor.organisation, &[wrong]).await
}

/// Alerts administrators if messages to a member of staff now go elsewhere, or if one person has redirected those
/// of many people.
async fn alert(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    moved: &[Uuid],
) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let staff = staff_reset(connection, actor.organisation, moved, "address").await?;
    let many = many_moved(backend, connection, actor).await?;
    for entry in staff.into_iter().chain(many) {
        alerts::raise(backend, connection, actor, entry).await?;
    }
    Ok(())
}

/// The kind of one of the person's addresses.
async fn kind_of(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
) -> Result<AddressKind> {
    let slug = sqlx::query_scalar::<_, String>(
        "SELECT kind FROM addresses WHERE organisation_id = $1 AND person_id = $2 AND id = $3",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(address.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("address"))?;
    kind(&slug)
}

/// Records a change in the person's history, without the address.
async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    address: (AddressId, AddressKind),
    change: &'static str,
) -> Result<()> {
    edits::note_address(backend, connection, actor, person, address).await?;
    let entry = AuditEntry::new(AuditAction::AddressChanged)
        .person(person)
        .subject("address", address.0.0)
        .details(json!({ "change": change, "kind": address.1.slug() }));
    audit::record(backend, connection, actor, entry).await
}
