//! What the link "This is not my child" in a message does: [`crate::messages::not_mine`].

use domain::authorization::actor::Actor;
use domain::ids::{OrganisationId, PersonId};
use uuid::Uuid;

use super::press::{NotMine, freeze};
use crate::messages::not_mine::read;
pub use crate::messages::not_mine::{NOT_MINE, link};
use crate::{Backend, Error, Result};

/// What the page of a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotMineView {
    /// The child, as the message called them.
    pub child: String,
    /// The child's school.
    pub school: String,
    /// Whether the adult's access to them has already stopped.
    pub is_stopped: bool,
}

#[derive(sqlx::FromRow)]
struct LinkedPairRow {
    organisation_id: Uuid,
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
    let (row, ..) = find(backend, token).await?;
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
    let (row, adult, child) = find(backend, token).await?;
    let organisation = OrganisationId(row.organisation_id);
    let mut transaction = backend.tenant_transaction(organisation).await?;
    // Somebody who reads the mailbox pressed it. Nobody is signed in.
    let nobody = Actor::system(organisation);
    freeze(backend, &mut transaction, &nobody, (adult, &[child]), NotMine::Message).await?;
    transaction.commit().await?;
    Ok(())
}

async fn find(backend: &Backend, token: &str) -> Result<(LinkedPairRow, PersonId, PersonId)> {
    let (adult, child) = read(&backend.keys, token).ok_or(Error::NotFound("link"))?;
    let row: Option<LinkedPairRow> = sqlx::query_as(
        "SELECT c.organisation_id, c.given_name, c.preferred_name, coalesce(s.name, o.name) AS school,
                NOT EXISTS (SELECT FROM contacts k WHERE k.adult_id = $1 AND k.child_id = c.id AND k.ended_at IS NULL)
                AND NOT EXISTS (SELECT FROM access_grants g
                                WHERE g.adult_id = $1 AND g.child_id = c.id AND g.stopped_at IS NULL) AS is_stopped
         FROM people c
         JOIN people a ON a.organisation_id = c.organisation_id AND a.id = $1
         JOIN organisations o ON o.id = c.organisation_id
         LEFT JOIN LATERAL school_of(c.organisation_id, c.id) s ON true
         WHERE c.id = $2
           AND (EXISTS (SELECT FROM contacts k WHERE k.adult_id = $1 AND k.child_id = c.id)
                OR EXISTS (SELECT FROM access_grants g WHERE g.adult_id = $1 AND g.child_id = c.id))",
    )
    .bind(adult.0)
    .bind(child.0)
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    Ok((row.ok_or(Error::NotFound("link"))?, adult, child))
}
