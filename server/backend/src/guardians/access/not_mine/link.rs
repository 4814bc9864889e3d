//! The link "This is not my child" in a message. It is signed and stored nowhere, so a message that is written twice has the
//! same one. It opens nothing: anyone who has it can only stop that one access.

use data_encoding::BASE64URL_NOPAD;
use domain::authorization::actor::Actor;
use domain::ids::{OrganisationId, PersonId};
use uuid::Uuid;

use super::press::{NotMine, freeze};
use crate::crypto::{Keys, PAGE_SIGNATURE};
use crate::{Backend, Error, Result};

/// The page of the links.
pub const NOT_MINE: &str = "/not-mine";

/// Returns the link to put into a message about a child to an adult.
pub fn link(backend: &Backend, adult: PersonId, child: PersonId) -> String {
    format!("{}{NOT_MINE}/{}", backend.config.base_url, token(&backend.keys, adult, child))
}

fn token(keys: &Keys, adult: PersonId, child: PersonId) -> String {
    let content = [adult.0.into_bytes(), child.0.into_bytes()].concat();
    BASE64URL_NOPAD.encode(&[keys.family_signature(&content).as_slice(), &content].concat())
}

/// Reads a token that this server signed.
fn read(keys: &Keys, token: &str) -> Option<(PersonId, PersonId)> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (signature, content) = bytes.split_first_chunk::<PAGE_SIGNATURE>()?;
    if !keys.is_family_signature(content, signature) {
        return None;
    }
    let (adult, child) = content.split_first_chunk::<16>()?;
    let child: [u8; 16] = child.try_into().ok()?;
    Some((PersonId(Uuid::from_bytes(*adult)), PersonId(Uuid::from_bytes(child))))
}

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
    freeze(backend, &mut transaction, &nobody, (adult, child), NotMine::Message).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_about_whom_it_is_and_cannot_be_turned_to_others() {
        let keys = Keys::new(&[1; 32]);
        let (adult, child) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let token = token(&keys, adult, child);
        assert_eq!(read(&keys, &token), Some((adult, child)));
        assert_eq!(read(&Keys::new(&[2; 32]), &token), None);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(read(&keys, std::str::from_utf8(&changed).unwrap()), None, "{at}");
            assert_eq!(read(&keys, &token[..at]), None, "{at}");
        }
    }
}
