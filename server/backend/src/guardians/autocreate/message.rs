//! The message to somebody who has an account, and now sees another child.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, PersonId};
use domain::messages::failure::DeliveryFailure;
use domain::roll::name::display_name;
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::invitations::message::together;
use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::not_mine::links;
use crate::messages::notice::{NamedPerson, owners};
use crate::{Error, Result};

/// The children that an operation gave an adult access to, as they stand when it is sent. Its templates can use `person`
/// (name and username), `children` (their names), `not_mine` (the `name` of each, and the `link` that stops this access), `when`,
/// and the sign-in `page`.
pub struct NewChild {
    who: NamedPerson,
    children: Vec<String>,
    child_ids: Vec<PersonId>,
    in_use: bool,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    message_id: Uuid,
    child_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    in_use: bool,
}

impl Message for NewChild {
    const KIND: &'static str = "new_child";
    const PRIORITY: Priority = Priority::Background;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let rows = sqlx::query_as::<_, ChildRow>(
            "SELECT m.id AS message_id, g.child_id, p.given_name, p.family_name, p.preferred_name, a.state IN ('active', 'locked') AS in_use
             FROM messages m
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
             JOIN (SELECT DISTINCT g.organisation_id, g.given_with, g.adult_id, g.child_id FROM access_grants g
                   WHERE g.stopped_at IS NULL) g
                  ON g.organisation_id = m.organisation_id AND g.given_with = m.subject AND g.adult_id = m.person_id
             JOIN people p ON p.id = g.child_id
             JOIN organisations o ON o.id = m.organisation_id
             WHERE m.id = ANY($1)
               AND g.child_id IN (SELECT opened_children(m.organisation_id, m.person_id, ($2 AT TIME ZONE o.time_zone)::date))
             ORDER BY m.id, p.sort_key, p.id",
        )
        .bind(load.ids)
        .bind(load.now)
        .fetch_all(&mut *connection)
        .await?;
        let mut children: HashMap<MessageId, (Vec<String>, Vec<PersonId>, bool)> = HashMap::new();
        for row in rows {
            let (names, ids, in_use) = children.entry(MessageId(row.message_id)).or_default();
            ids.push(PersonId(row.child_id));
            names.push(display_name(&row.given_name, &row.family_name, &row.preferred_name));
            *in_use = row.in_use;
        }
        Ok(owners(connection, load)
            .await?
            .into_iter()
            .map(|who| {
                let (children, child_ids, in_use) = children.remove(&who.message()).unwrap_or_default();
                (who.message(), Self { who, children, child_ids, in_use })
            })
            .collect())
    }

    fn obstacle(&self, _now: DateTime<Utc>) -> Option<DeliveryFailure> {
        if self.children.is_empty() {
            Some(DeliveryFailure::NotNeeded)
        } else if self.in_use {
            None
        } else {
            Some(DeliveryFailure::AccountStopped)
        }
    }

    fn people(&self) -> Vec<PersonId> {
        [self.who.person()].into_iter().chain(self.child_ids.iter().copied()).collect()
    }

    fn recipient_name(&self) -> String {
        self.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        let children =
            together(&self.children).ok_or_else(|| Error::unexpected("a message about no child"))?;
        let named: Vec<(&str, PersonId)> =
            self.children.iter().map(String::as_str).zip(self.child_ids.iter().copied()).collect();
        Ok(context! {
            not_mine => links(writing.backend, self.who.person(), &named),
            person => self.who.fields(),
            children,
            when => writing.words.moment(writing.created_at)?,
            page => writing.page("/sign-in"),
        })
    }
}
