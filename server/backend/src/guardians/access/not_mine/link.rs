//! What the link "This is not my child" in a message does: [`crate::messages::not_mine`].

use domain::authorization::actor::Actor;
use domain::ids::{OrganisationId, PersonId};
use uuid::Uuid;

use super::press::{NotMine, freeze};
use crate::messages::not_mine::read;
pub use crate::messages::not_mine::{NOT_MINE, TOKEN_LENGTH, link};
use crate::{Backend, Error, Result};

/// What the page of a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotMineView {
    /// The child, as the message called them.
    pub child: String,
    /// The child's school.
    pub school: String,
    /// Whether the adult's access to them has already stopped, or a restriction closes the child to them.
    pub is_stopped: bool,
}

#[derive(sqlx::FromRow)]
struct LinkedPairRow {
    organisation_id: Uuid,
    /// Who the adult and the child are today: either may have been merged into another record since.
    adult_id: Uuid,
    child_id: Uuid,
    given_name: String,
    preferred_name: String,
    school: String,
    is_stopped: bool,
}

/// Returns what the page of a link says. Changes nothing: mail scanners open every link.
///
/// # Errors
/// [`Error::NotFound`] if the link was not made here, or the two have nothing to do with each other.
pub async fn view(backend: &Backend, token: &str) -> Result<NotMineView> {
    let row = find(backend, token).await?;
    Ok(NotMineView {
        child: if row.preferred_name.is_empty() { row.given_name } else { row.preferred_name },
        school: row.school,
        is_stopped: row.is_stopped,
    })
}

/// Stops the access that a link is about.
///
/// # Errors
/// As [`view`].
#[tracing::instrument(skip_all)]
pub async fn press_link(backend: &Backend, token: &str) -> Result<()> {
    let row = find(backend, token).await?;
    let (adult, child) = (PersonId(row.adult_id), PersonId(row.child_id));
    let organisation = OrganisationId(row.organisation_id);
    let mut transaction = backend.tenant_transaction(organisation).await?;
    // Somebody who reads the mailbox pressed it. Nobody is signed in.
    let nobody = Actor::system(organisation);
    freeze(backend, &mut transaction, &nobody, (adult, &[child]), NotMine::Message).await?;
    transaction.commit().await?;
    Ok(())
}

/// Follows merges: who reads an old message is still the same person.
async fn find(backend: &Backend, token: &str) -> Result<LinkedPairRow> {
    let (adult, child) = read(&backend.keys, token).ok_or(Error::NotFound("link"))?;
    let row: Option<LinkedPairRow> = sqlx::query_as::<_, LinkedPairRow>(
        "WITH RECURSIVE steps AS (
             SELECT p.id AS wanted, p.id, p.merged_into FROM people p WHERE p.id = ANY (ARRAY[$1, $2]::uuid[])
             UNION
             SELECT s.wanted, p.id, p.merged_into FROM steps s JOIN people p ON p.id = s.merged_into
         ), pair AS (
             SELECT adult.id AS adult_id, child.id AS child_id FROM steps adult, steps child
             WHERE adult.wanted = $1 AND adult.merged_into IS NULL AND child.wanted = $2 AND child.merged_into IS NULL
         )
         SELECT c.organisation_id, a.id AS adult_id, c.id AS child_id, c.given_name, c.preferred_name,
                coalesce(s.name, o.name) AS school,
                'profile' = ANY (closed_parts(a.id, c.id, ($3::timestamptz AT TIME ZONE o.time_zone)::date))
                OR NOT EXISTS (SELECT FROM contacts k WHERE k.adult_id = a.id AND k.child_id = c.id AND k.ended_at IS NULL)
                   AND NOT EXISTS (SELECT FROM access_grants g
                                   WHERE g.adult_id = a.id AND g.child_id = c.id AND g.stopped_at IS NULL) AS is_stopped
         FROM pair
         JOIN people c ON c.id = pair.child_id
         JOIN people a ON a.organisation_id = c.organisation_id AND a.id = pair.adult_id
         JOIN organisations o ON o.id = c.organisation_id
         LEFT JOIN LATERAL school_of(c.organisation_id, c.id) s ON true
         WHERE EXISTS (SELECT FROM contacts k WHERE k.adult_id = a.id AND k.child_id = c.id)
            OR EXISTS (SELECT FROM access_grants g WHERE g.adult_id = a.id AND g.child_id = c.id)",
    )
    .bind(adult.0)
    .bind(child.0)
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    row.ok_or(Error::NotFound("link"))
}
