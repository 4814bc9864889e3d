//! What a student, and the adults who see their portal, are told before the student comes of age.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::ids::{MessageId, PersonId};
use domain::roll::name::display_name;
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::not_mine::links;
use crate::messages::notice::{NamedPerson, owners};

/// Tells a student the day from which they decide who sees their portal. Its templates can use `person` (name and username),
/// `day`, `when` it was written, and the sign-in `page`. Not sent once the day has come.
pub struct ComesOfAge {
    who: NamedPerson,
    day: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct DayRow {
    message_id: Uuid,
    comes_on: NaiveDate,
}

impl Message for ComesOfAge {
    const KIND: &'static str = "of_age";
    const PRIORITY: Priority = Priority::Normal;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let rows: Vec<DayRow> = sqlx::query_as::<_, DayRow>(
            "SELECT m.id AS message_id, c.comes_on FROM messages m
             JOIN comings_of_age c ON c.organisation_id = m.organisation_id AND c.person_id = m.person_id AND c.passed_at IS NULL
             WHERE m.id = ANY($1)",
        )
        .bind(load.ids)
        .fetch_all(&mut *connection)
        .await?;
        let days: HashMap<MessageId, NaiveDate> =
            rows.into_iter().map(|row| (MessageId(row.message_id), row.comes_on)).collect();
        Ok(owners(connection, load)
            .await?
            .into_iter()
            .filter_map(|who| {
                let day = *days.get(&who.message())?;
                Some((who.message(), Self { who, day }))
            })
            .collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.who.person()]
    }

    fn recipient_name(&self) -> String {
        self.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        Ok(context! {
            person => self.who.fields(),
            day => writing.words.date(self.day)?,
            when => writing.words.moment(writing.created_at)?,
            page => writing.page("/sign-in"),
        })
    }
}

/// Tells an adult that a child whom they see comes of age. Its subject is the child. Its templates can use `person` (name and
/// username), `child` (their name), `day`, `not_mine` (the `name` of the child, and the `link` that stops this access), and the
/// sign-in `page`. Not sent once the day has come, and to nobody who no longer sees the child.
pub struct ChildComesOfAge {
    who: NamedPerson,
    child: PersonId,
    child_name: String,
    day: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    message_id: Uuid,
    child_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    comes_on: NaiveDate,
}

impl Message for ChildComesOfAge {
    const KIND: &'static str = "child_of_age";
    const PRIORITY: Priority = Priority::Normal;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let rows: Vec<ChildRow> = sqlx::query_as::<_, ChildRow>(
            "SELECT m.id AS message_id, p.id AS child_id, p.given_name, p.family_name, p.preferred_name, c.comes_on
             FROM messages m
             JOIN comings_of_age c ON c.organisation_id = m.organisation_id AND c.person_id = m.subject AND c.passed_at IS NULL
             JOIN people p ON p.id = c.person_id
             JOIN organisations o ON o.id = m.organisation_id
             WHERE m.id = ANY($1)
               AND p.id IN (SELECT opened_children(m.organisation_id, m.person_id, ($2 AT TIME ZONE o.time_zone)::date))",
        )
        .bind(load.ids)
        .bind(load.now)
        .fetch_all(&mut *connection)
        .await?;
        let mut children: HashMap<MessageId, ChildRow> =
            rows.into_iter().map(|row| (MessageId(row.message_id), row)).collect();
        Ok(owners(connection, load)
            .await?
            .into_iter()
            .filter_map(|who| {
                let row = children.remove(&who.message())?;
                let child_name = display_name(&row.given_name, &row.family_name, &row.preferred_name);
                let child = PersonId(row.child_id);
                Some((who.message(), Self { who, child, child_name, day: row.comes_on }))
            })
            .collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.who.person(), self.child]
    }

    fn recipient_name(&self) -> String {
        self.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        Ok(context! {
            person => self.who.fields(),
            child => self.child_name.as_str(),
            day => writing.words.date(self.day)?,
            not_mine => links(writing.backend, self.who.person(), &[(self.child_name.as_str(), self.child)]),
            page => writing.page("/sign-in"),
        })
    }
}
