//! The message with a code that shows whose an identity of a provider is.

use std::collections::HashMap;

use domain::ids::{MessageId, PersonId};
use minijinja::Value;
use sqlx::PgConnection;

use crate::Result;
use crate::credentials::secret_messages::{WithSecret, name_of, people_of, secret_fields, with_secrets};
use crate::jobs::job::Priority;
use crate::messages::kind::{Load, Message, Writing};

/// A code for each person with the address.
pub struct IdentityCode(Vec<WithSecret>);

impl Message for IdentityCode {
    const KIND: &'static str = "identity";
    const PRIORITY: Priority = Priority::Urgent;

    async fn load(connection: &mut PgConnection, load: Load<'_>) -> Result<HashMap<MessageId, Self>> {
        let loaded = with_secrets(connection, load, &["invited", "active"]).await?;
        Ok(loaded.into_iter().map(|(id, people)| (id, Self(people))).collect())
    }

    fn people(&self) -> Vec<PersonId> {
        people_of(&self.0)
    }

    fn recipient_name(&self) -> String {
        name_of(&self.0)
    }

    fn fields(&self, writing: &Writing<'_>) -> Result<Value> {
        secret_fields(&self.0, writing)
    }
}
