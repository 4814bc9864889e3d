//! Which people's primary email changed when the office or a file changed addresses.

use domain::authorization::actor::Actor;
use domain::ids::{OrganisationId, PersonId};
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::credentials::resting::note_moved;
use crate::{Backend, Result};

/// A person with an active account whose primary email changed.
pub(crate) struct MovedEmail {
    /// Their account.
    pub(crate) account: Uuid,
    /// The person.
    pub(crate) person: PersonId,
    /// The previous address, if any.
    pub(crate) from: Option<String>,
}

/// What a room does after such a change. Each room registers its own in `rooms`.
pub(crate) trait AfterMove: Send + Sync {
    /// Runs in the transaction that changed the addresses.
    fn moved<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        moved: &'a [MovedEmail],
    ) -> BoxFuture<'a, Result<()>>;
}

/// The primary emails of some people, before the office or a file changes them.
pub(crate) struct EmailsBefore {
    current: Vec<CurrentEmailRow>,
}

#[derive(sqlx::FromRow)]
struct CurrentEmailRow {
    account_id: Uuid,
    person_id: Uuid,
    value: Option<String>,
}

impl EmailsBefore {
    /// Reads those of these people who have an account in use.
    pub(crate) async fn of(
        connection: &mut PgConnection,
        organisation: OrganisationId,
        people: &[Uuid],
    ) -> Result<Self> {
        let current = sqlx::query_as::<_, CurrentEmailRow>(
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

    /// After the change, runs what the rooms declare for everyone whose primary email changed, and returns their
    /// accounts.
    pub(crate) async fn settle(
        self,
        backend: &Backend,
        connection: &mut PgConnection,
        actor: &Actor,
    ) -> Result<Vec<Uuid>> {
        let organisation = actor.organisation;
        let moved: Vec<(Uuid, Uuid, Option<String>)> = sqlx::query_as(
            "SELECT was.account_id, was.person_id, was.value
             FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS was (account_id, person_id, value)
             LEFT JOIN addresses m ON m.organisation_id = $1 AND m.person_id = was.person_id AND m.kind = 'email' AND m.is_primary
             WHERE lower(was.value COLLATE \"C\") IS DISTINCT FROM m.comparable",
        )
        .bind(organisation.0)
        .bind(self.current.iter().map(|current| current.account_id).collect::<Vec<_>>())
        .bind(self.current.iter().map(|current| current.person_id).collect::<Vec<_>>())
        .bind(self.current.into_iter().map(|current| current.value).collect::<Vec<_>>())
        .fetch_all(&mut *connection)
        .await?;
        let moved: Vec<MovedEmail> = moved
            .into_iter()
            .map(|(account, person, from)| MovedEmail { account, person: PersonId(person), from })
            .collect();
        let accounts: Vec<Uuid> = moved.iter().map(|moved| moved.account).collect();
        if moved.is_empty() {
            return Ok(accounts);
        }
        note_moved(backend, connection, actor, &accounts).await?;
        for room in backend.rooms.after_move {
            room.moved(backend, connection, organisation, &moved).await?;
        }
        Ok(accounts)
    }
}
