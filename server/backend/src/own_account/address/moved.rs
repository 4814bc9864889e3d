//! When messages to someone with an active account go to another address: the previous address is told
//! (OWASP ASVS 5.0, V6.3.7), and never where they go now.

use domain::ids::{OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::messages::AddressChanged;
use crate::messages::queue::{NewMessage, To, queue};
use crate::{Backend, Result};

/// Where messages to some people go before the office or a file may change it.
pub(crate) struct Before {
    current: Vec<CurrentAddress>,
}

#[derive(sqlx::FromRow)]
struct CurrentAddress {
    account_id: Uuid,
    person_id: Uuid,
    value: Option<String>,
}

impl Before {
    /// Of those of these people who have an account in use.
    pub(crate) async fn of(
        connection: &mut PgConnection,
        organisation: OrganisationId,
        people: &[Uuid],
    ) -> Result<Self> {
        let current = sqlx::query_as::<_, CurrentAddress>(
            "SELECT a.id AS account_id, a.person_id, m.value
             FROM accounts a
             LEFT JOIN addresses m ON m.organisation_id = a.organisation_id AND m.person_id = a.person_id
                  AND m.kind = 'email' AND m.is_primary
             WHERE a.organisation_id = $1 AND a.person_id = ANY($2) AND a.state IN ('active', 'locked', 'suspended')
             ORDER BY a.id",
        )
        .bind(organisation.0)
        .bind(people)
        .fetch_all(connection)
        .await?;
        Ok(Self { current })
    }

    /// Once it is changed: tells everyone whose messages went elsewhere, and ends the changes that they asked for
    /// themselves, also the link to undo it: a stranger at the old address could use it.
    pub(crate) async fn settle(
        self,
        backend: &Backend,
        connection: &mut PgConnection,
        organisation: OrganisationId,
    ) -> Result<()> {
        let moved: Vec<(Uuid, Uuid, Option<String>)> = sqlx::query_as(
            "SELECT was.account_id, was.person_id, was.value
             FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS was (account_id, person_id, value)
             LEFT JOIN addresses m ON m.organisation_id = $1 AND m.person_id = was.person_id AND m.kind = 'email' AND m.is_primary
             WHERE lower(was.value) IS DISTINCT FROM m.comparable",
        )
        .bind(organisation.0)
        .bind(self.current.iter().map(|current| current.account_id).collect::<Vec<_>>())
        .bind(self.current.iter().map(|current| current.person_id).collect::<Vec<_>>())
        .bind(self.current.into_iter().map(|current| current.value).collect::<Vec<_>>())
        .fetch_all(&mut *connection)
        .await?;
        if moved.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "UPDATE address_changes SET expires_at = least(expires_at, $3), undo_until = least(undo_until, $3)
             WHERE organisation_id = $1 AND account_id = ANY($2)",
        )
        .bind(organisation.0)
        .bind(moved.iter().map(|(account, ..)| *account).collect::<Vec<_>>())
        .bind(backend.now())
        .execute(&mut *connection)
        .await?;
        let left: Vec<(PersonId, String)> =
            moved.into_iter().filter_map(|(_, person, value)| Some((PersonId(person), value?))).collect();
        tell(backend, connection, organisation, &left, None).await
    }
}

/// Tells at the addresses from before, in one statement however many; `change` is the one that their owner asked for.
pub(super) async fn tell(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    left: &[(PersonId, String)],
    change: Option<Uuid>,
) -> Result<()> {
    let messages: Vec<NewMessage> = left
        .iter()
        .map(|(person, old)| NewMessage {
            id: backend.new_id(),
            to: To::Elsewhere(old.clone()),
            person: Some(*person),
            subject: change,
        })
        .collect();
    queue::<AddressChanged>(backend, connection, organisation, &messages).await
}
