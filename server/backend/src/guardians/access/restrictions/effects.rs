//! What a restriction ends on its first day: ways in that are open, and messages that are not sent yet.

use domain::authorization::grant::PortalScope;
use domain::guardians::restriction::RestrictionEffects;
use domain::ids::{AddressId, OrganisationId, PersonId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::credentials::revoke::{GivenOut as _, revoke_all, revoke_everything_sent_to};
use crate::invitations::revoke::OpenInvitations;
use crate::messages::queue::cancel;
use crate::{Backend, Result};

#[derive(sqlx::FromRow)]
struct OpenWaysRow {
    sessions: i64,
    codes: i64,
    invitations: i64,
    /// The accounts whose invitation would have opened this child and nothing else.
    only_this_child: Vec<Uuid>,
}

/// Ends, for these adults, in the transaction that records the restriction:
///
/// - every session, unfinished sign-in, link and code for a new password. They sign in again, and see what is left;
/// - invitations, of accounts that would open this child and no other, no record of their own and no office. An invitation
///   that opens another child, or other parts of this one, goes on: it never opens what is restricted;
/// - messages about the child that wait for them, and those to the child that wait for a mailbox of theirs;
/// - links and codes for the child, and for others who see the child, that were sent to a mailbox of theirs. While the restriction
///   is in force nothing goes there (`mailbox_is_closed`).
pub(super) async fn act(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    child: PersonId,
    (adults, scopes): (&[Uuid], &[PortalScope]),
) -> Result<RestrictionEffects> {
    // Accounts first, in a fixed order, like every action.
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = ANY($2) ORDER BY id FOR NO KEY UPDATE",
    )
    .bind(organisation.0)
    .bind(adults)
    .fetch_all(&mut *connection)
    .await?;
    let now = backend.now();
    let open: OpenWaysRow = sqlx::query_as(
        "WITH closed AS MATERIALIZED (
             SELECT a.id FROM accounts a
             WHERE a.organisation_id = $1 AND a.id = ANY($2) AND $5 AND a.state IN ('created', 'invited', 'suspended')
               AND NOT EXISTS (SELECT FROM contacts k
                               WHERE k.adult_id = a.person_id AND k.child_id <> $3 AND k.ended_at IS NULL)
               AND NOT EXISTS (SELECT FROM access_grants g
                               WHERE g.adult_id = a.person_id AND g.child_id <> $3 AND g.stopped_at IS NULL)
               AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = a.person_id)
               AND NOT EXISTS (SELECT FROM staff_roles r WHERE r.person_id = a.person_id))
         SELECT (SELECT count(*) FROM sessions s
                 WHERE s.organisation_id = $1 AND s.account_id = ANY($2) AND s.ends_at > $4 AND s.idle_ends_at > $4) AS sessions,
                (SELECT count(*) FROM password_resets r
                 WHERE r.organisation_id = $1 AND r.account_id = ANY($2) AND r.used_at IS NULL AND r.revoked_at IS NULL
                   AND r.expires_at > $4) AS codes,
                (SELECT count(*) FROM invitations i
                 WHERE i.organisation_id = $1 AND i.account_id IN (SELECT id FROM closed) AND i.used_at IS NULL
                   AND i.revoked_at IS NULL AND i.expires_at > $4) AS invitations,
                ARRAY(SELECT id FROM closed ORDER BY id) AS only_this_child",
    )
    .bind(organisation.0)
    .bind(&accounts)
    .bind(child.0)
    .bind(now)
    // Without the profile nothing of a child is shown.
    .bind(scopes.contains(&PortalScope::Profile))
    .fetch_one(&mut *connection)
    .await?;
    revoke_all(backend, connection, organisation, &accounts, None).await?;
    OpenInvitations.revoke_unused(backend, connection, organisation, &open.only_this_child).await?;
    if scopes.contains(&PortalScope::Profile) {
        let shared = shared_mailboxes(connection, organisation, child, adults).await?;
        revoke_everything_sent_to(backend, connection, organisation, &shared).await?;
    }
    let waiting = about_the_child(connection, organisation, child, adults).await?;
    let dropped = cancel(connection, organisation, &waiting, DeliveryFailure::Restricted, now).await?;
    Ok(RestrictionEffects {
        sessions: u32::try_from(open.sessions).unwrap_or(u32::MAX),
        invitations: u32::try_from(open.invitations).unwrap_or(u32::MAX),
        codes: u32::try_from(open.codes).unwrap_or(u32::MAX),
        messages: u32::try_from(dropped.len()).unwrap_or(u32::MAX),
    })
}

/// The email addresses that one of these adults has, of the child and of others who see the child.
async fn shared_mailboxes(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    child: PersonId,
    adults: &[Uuid],
) -> Result<Vec<AddressId>> {
    let shared: Vec<Uuid> = sqlx::query_scalar(
        "SELECT d.id FROM addresses d
         WHERE d.organisation_id = $1 AND d.kind = 'email' AND d.person_id <> ALL ($3)
           AND (d.person_id = $2
                OR d.person_id IN (SELECT g.adult_id FROM access_grants g
                                   WHERE g.organisation_id = $1 AND g.child_id = $2 AND g.stopped_at IS NULL))
           AND d.comparable IN (SELECT theirs.comparable FROM addresses theirs
                                WHERE theirs.organisation_id = $1 AND theirs.person_id = ANY($3) AND theirs.kind = 'email')
         ORDER BY d.id",
    )
    .bind(organisation.0)
    .bind(child.0)
    .bind(adults)
    .fetch_all(connection)
    .await?;
    Ok(shared.into_iter().map(AddressId).collect())
}

/// Messages that wait to tell these adults about the child: those with the child as their subject, those that announce this
/// child and no other, and those to the child at a mailbox that one of the adults reads too.
async fn about_the_child(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    child: PersonId,
    adults: &[Uuid],
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT m.id FROM messages m LEFT JOIN addresses d ON d.id = m.address_id
         WHERE m.organisation_id = $1 AND m.state IN ('queued', 'sending')
           AND ((m.subject = $2 AND (m.person_id = ANY($3) OR d.person_id = ANY($3)))
                OR (m.kind = 'new_child' AND m.person_id = ANY($3)
                    AND EXISTS (SELECT FROM access_grants g
                                WHERE g.given_with = m.subject AND g.adult_id = m.person_id AND g.child_id = $2)
                    AND NOT EXISTS (SELECT FROM access_grants g
                                    WHERE g.given_with = m.subject AND g.adult_id = m.person_id AND g.child_id <> $2
                                      AND g.stopped_at IS NULL))
                OR (m.person_id = $2 AND EXISTS (
                        SELECT FROM addresses theirs
                        WHERE theirs.organisation_id = $1 AND theirs.person_id = ANY($3)
                          AND theirs.comparable = d.comparable)))
         ORDER BY m.id",
    )
    .bind(organisation.0)
    .bind(child.0)
    .bind(adults)
    .fetch_all(connection)
    .await?)
}
