//! The three messages about a change of address: the link that confirms it, to the new address; and that it
//! was requested and that it happened, to the old one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, PersonId};
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::notice::{NamedPerson, owners};

/// A link to confirm a new address, sent to that address. Its templates can use `person`, with `link` and
/// `until`.
pub struct AddressConfirm(LoadedEmailChange);

/// Tells a person at their current address that they asked for another one, with a link to undo it. Its
/// templates can use `person`, with `link` and `until`, and `when`.
pub struct AddressAsked(LoadedEmailChange);

/// Tells a person at their old address that messages now go elsewhere. Its templates can use `person`, with
/// `link` and `until` if they asked for it themselves and can undo it, and `when`. `person.known_as` is how they
/// are named: by their username alone, if somebody else changed the address.
pub struct AddressChanged {
    who: NamedPerson,
    undo: Option<LoadedEmailChange>,
}

#[derive(sqlx::FromRow)]
struct LoadedEmailChange {
    #[sqlx(flatten)]
    who: NamedPerson,
    id: Uuid,
    until: DateTime<Utc>,
}

impl Message for AddressConfirm {
    const KIND: &'static str = "address_confirm";
    const PRIORITY: Priority = Priority::Urgent;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let waiting: Vec<LoadedEmailChange> = sqlx::query_as(
            "SELECT m.id AS message_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                    c.id, c.expires_at AS until
             FROM messages m
             JOIN address_changes c ON c.organisation_id = m.organisation_id AND c.id = m.subject
                  AND c.undone_at IS NULL AND c.confirmed_at IS NULL AND c.expires_at > $2
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
             JOIN people p ON p.id = a.person_id
             WHERE m.id = ANY($1)",
        )
        .bind(load.ids)
        .bind(load.now)
        .fetch_all(connection)
        .await?;
        Ok(waiting.into_iter().map(|change| (change.who.message(), Self(change))).collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.0.who.person()]
    }

    fn recipient_name(&self) -> String {
        self.0.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        let link = writing.backend.keys.address_confirmations.secrets(self.0.id).link;
        Ok(context! { person => self.0.fields(writing, &format!("/email/confirm/{link}"))? })
    }
}

impl Message for AddressAsked {
    const KIND: &'static str = "address_asked";
    const PRIORITY: Priority = Priority::Urgent;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let undoable = undoable(connection, load).await?;
        Ok(undoable.into_iter().map(|(id, change)| (id, Self(change))).collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.0.who.person()]
    }

    fn recipient_name(&self) -> String {
        self.0.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        Ok(
            context! { person => self.0.undo_fields(writing)?, when => writing.words.moment(writing.created_at)? },
        )
    }
}

impl Message for AddressChanged {
    const KIND: &'static str = "address_changed";
    const PRIORITY: Priority = Priority::Normal;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let mut undoable = undoable(connection, load).await?;
        Ok(owners(connection, load)
            .await?
            .into_iter()
            .map(|who| (who.message(), Self { undo: undoable.remove(&who.message()), who }))
            .collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.who.person()]
    }

    fn recipient_name(&self) -> String {
        if self.undo.is_some() { self.who.name() } else { String::new() }
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        // After a change by the office or by a file, the person who reads the old address may know the account's
        // owner under another name, and the new name may be that of somebody else's child: the username stays the
        // owner's.
        let person = if let Some(change) = &self.undo {
            context! { known_as => self.who.name(), ..change.undo_fields(writing)? }
        } else {
            context! { link => (), until => (), known_as => self.who.username(), ..self.who.fields() }
        };
        Ok(context! { person, when => writing.words.moment(writing.created_at)? })
    }
}

impl LoadedEmailChange {
    fn fields(&self, writing: &MessageContext<'_>, path: &str) -> Result<Value> {
        Ok(context! {
            link => writing.page(path),
            until => writing.words.moment(self.until)?,
            ..self.who.fields()
        })
    }

    fn undo_fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        let link = writing.backend.keys.address_undos.secrets(self.id).link;
        self.fields(writing, &format!("/email/undo/{link}"))
    }
}

/// Loads the changes that these messages are about, if they can still be undone.
async fn undoable(
    connection: &mut PgConnection,
    load: MessagesToLoad<'_>,
) -> Result<HashMap<MessageId, LoadedEmailChange>> {
    let changes: Vec<LoadedEmailChange> = sqlx::query_as(
        "SELECT m.id AS message_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                c.id, c.undo_until AS until
         FROM messages m
         JOIN address_changes c ON c.organisation_id = m.organisation_id AND c.id = m.subject
              AND c.undone_at IS NULL AND c.undo_until > $2
         JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
         JOIN people p ON p.id = a.person_id
         WHERE m.id = ANY($1)",
    )
    .bind(load.ids)
    .bind(load.now)
    .fetch_all(connection)
    .await?;
    Ok(changes.into_iter().map(|change| (change.who.message(), change)).collect())
}
