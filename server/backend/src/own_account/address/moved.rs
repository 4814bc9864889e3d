//! When messages to someone with an active account go to another address: the previous address is told
//! (OWASP ASVS 5.0, V6.3.7), and never where they go now.

use domain::ids::{AccountId, OrganisationId};
use domain::recovery::RecoveryMail;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::recovery::send::{Queued, To, queue_each};
use crate::{Backend, Result};

/// Where messages to some people go before the office or a file may change it.
pub(crate) struct Before {
    held: Vec<CurrentAddress>,
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
        let held = sqlx::query_as::<_, CurrentAddress>(
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
        Ok(Self { held })
    }

    /// Once it is changed: tells everyone whose messages went elsewhere, and ends the changes that they asked for
    /// themselves, also the link to undo it: a stranger at the old address could use it.
    pub(crate) async fn settle(
        self,
        backend: &Backend,
        connection: &mut PgConnection,
        organisation: OrganisationId,
    ) -> Result<()> {
        let moved: Vec<(Uuid, Option<String>)> = sqlx::query_as(
            "SELECT was.account_id, was.value
             FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS was (account_id, person_id, value)
             LEFT JOIN addresses m ON m.organisation_id = $1 AND m.person_id = was.person_id AND m.kind = 'email' AND m.is_primary
             WHERE lower(was.value) IS DISTINCT FROM m.comparable",
        )
        .bind(organisation.0)
        .bind(self.held.iter().map(|held| held.account_id).collect::<Vec<_>>())
        .bind(self.held.iter().map(|held| held.person_id).collect::<Vec<_>>())
        .bind(self.held.into_iter().map(|held| held.value).collect::<Vec<_>>())
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
        .bind(moved.iter().map(|(account, _)| *account).collect::<Vec<_>>())
        .bind(backend.now())
        .execute(&mut *connection)
        .await?;
        let left: Vec<(AccountId, String)> =
            moved.into_iter().filter_map(|(account, value)| Some((AccountId(account), value?))).collect();
        tell(backend, connection, organisation, &left, None).await
    }
}

/// Tells at the addresses from before, in one statement however many; `change` is the one that their owner asked for.
pub(super) async fn tell(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    left: &[(AccountId, String)],
    change: Option<Uuid>,
) -> Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    let mails: Vec<Queued> = left
        .iter()
        .map(|(account, old)| Queued {
            mail: backend.new_id(),
            to: To::Elsewhere { recipient: old.clone(), change },
            whose: Some(*account),
            alert: None,
        })
        .collect();
    queue_each(backend, connection, organisation, RecoveryMail::AddressChanged, &mails).await
}
