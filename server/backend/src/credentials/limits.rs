//! Rate limits, stored in the database so that all instances share them and they survive a restart.
//!
//! Each limit allows a number of attempts at once and then one per interval (the generic cell rate algorithm
//! of ITU-T I.371, annex A). Keys are stored as keyed hashes, and names are counted whether or not they
//! exist, so a limit reveals nothing about an account.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::crypto::KeyedHash;
use crate::{Backend, Result};

/// Allows `at_once` attempts immediately, and one more per interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateLimit {
    kind: &'static str,
    at_once: u32,
    every: TimeDelta,
}

/// Passwords for one name, from browsers that its account does not recognise.
pub(crate) const NAME: RateLimit = RateLimit { kind: "name", at_once: 10, every: TimeDelta::minutes(2) };
/// Passwords for one account, whatever name was typed: a username and an address of the same person do not give
/// twice the guesses. Over this limit a password is refused like a wrong one, without being checked: a page that
/// said "too many attempts" would reveal that two names belong to one account.
pub(crate) const ACCOUNT: RateLimit =
    RateLimit { kind: "account", at_once: 10, every: TimeDelta::minutes(2) };
/// Passwords from one network; a whole school may share one address.
pub(crate) const SOURCE: RateLimit = RateLimit { kind: "source", at_once: 300, every: TimeDelta::seconds(5) };
/// Passwords from a browser that the account recognises. These count only here, so that other people's
/// guesses never lock out the owner.
pub(crate) const DEVICE: RateLimit = RateLimit { kind: "device", at_once: 10, every: TimeDelta::minutes(2) };
/// Current passwords typed to change your own.
pub(crate) const PRESENT: RateLimit =
    RateLimit { kind: "present", at_once: 10, every: TimeDelta::minutes(2) };
/// New passwords chosen for one account. Each is compared with those of the people who share its address, so
/// they are guesses too.
pub(crate) const CHOICE: RateLimit = RateLimit { kind: "choice", at_once: 10, every: TimeDelta::hours(1) };
/// Second factors typed for one account by someone who has its password: guessing six digits takes years.
pub(crate) const FACTOR: RateLimit = RateLimit { kind: "factor", at_once: 5, every: TimeDelta::minutes(10) };
/// Wrong second factors for one account before its owner is notified.
pub(crate) const GUESSES: RateLimit = RateLimit { kind: "guesses", at_once: 4, every: TimeDelta::days(1) };
/// How often the owner is notified of wrong second factors.
pub(crate) const GUESSES_TOLD: RateLimit =
    RateLimit { kind: "guesses told", at_once: 1, every: TimeDelta::days(1) };
/// Visits to single sign-on providers from one network.
pub(crate) const PROVIDER_SOURCE: RateLimit =
    RateLimit { kind: "provider source", at_once: 300, every: TimeDelta::seconds(5) };
/// Address changes requested by one account.
pub(crate) const ADDRESS: RateLimit =
    RateLimit { kind: "address", at_once: 3, every: TimeDelta::minutes(20) };
/// Messages requested with one name or address, so that a stranger cannot fill a mailbox.
pub(crate) const MESSAGE: RateLimit =
    RateLimit { kind: "message", at_once: 3, every: TimeDelta::minutes(20) };
/// Messages requested from one network.
pub(crate) const MESSAGE_SOURCE: RateLimit =
    RateLimit { kind: "message source", at_once: 60, every: TimeDelta::seconds(30) };

/// One attempt, counted under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateLimitAttempt {
    limit: RateLimit,
    key: KeyedHash,
}

impl RateLimit {
    /// An attempt that concerns `value`.
    pub(crate) fn of(self, backend: &Backend, value: impl AsRef<[u8]>) -> RateLimitAttempt {
        RateLimitAttempt { limit: self, key: backend.keys.attempt_hash(self.kind, value.as_ref()) }
    }

    /// An attempt from a network; `None` is this machine.
    pub(crate) fn from(self, backend: &Backend, source: Option<IpAddr>) -> RateLimitAttempt {
        self.of(backend, source.map(network).map_or_else(String::new, |network| network.to_string()))
    }
}

/// The unit that counts as one source: an IPv4 address, or the /64 network of an IPv6 address, because a
/// household or an attacker controls all of it (RFC 6177, section 2).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Counts attempts under all their keys, before they are made. Returns `false` if one exceeds its limit; that
/// one is not counted again.
pub(crate) async fn take(backend: &Backend, attempts: &[RateLimitAttempt]) -> Result<bool> {
    Ok(take_each(backend, attempts).await?.into_iter().all(|taken| taken))
}

/// Counts attempts under all their keys, in one statement, before they are made, so that concurrent attempts
/// count too. Returns, in the same order, which of them are within their limit; the others are not counted
/// again.
///
/// These counts may be lost if PostgreSQL crashes, so nobody waits for the disk (`synchronous_commit` is off
/// for this statement).
pub(crate) async fn take_each(backend: &Backend, attempts: &[RateLimitAttempt]) -> Result<Vec<bool>> {
    let now = backend.now();
    let taken: Vec<Vec<u8>> = sqlx::query_scalar(
        "INSERT INTO attempts AS a (key, forgotten_at)
         SELECT key, $1::timestamptz + make_interval(secs => cost)
         FROM unnest($2::bytea[], $3::float8[]) AS asked (key, cost), set_config('synchronous_commit', 'off', true)
         ON CONFLICT (key) DO UPDATE
         SET forgotten_at = greatest(a.forgotten_at, $1) + (excluded.forgotten_at - $1)
         WHERE greatest(a.forgotten_at, $1) + (excluded.forgotten_at - $1)
               <= $1 + make_interval(secs => (SELECT most FROM unnest($2::bytea[], $4::float8[]) AS asked (key, most)
                                              WHERE asked.key = excluded.key))
         RETURNING key",
    )
    .bind(now)
    .bind(keys(attempts))
    .bind(attempts.iter().map(RateLimitAttempt::cost).collect::<Vec<_>>())
    .bind(attempts.iter().map(RateLimitAttempt::most).collect::<Vec<_>>())
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    sweep(backend).await?;
    Ok(attempts.iter().map(|attempt| taken.iter().any(|key| key == attempt.key.as_slice())).collect())
}

/// Subtracts attempts that turned out to be right. Like [`take`], does not wait for the disk.
pub(crate) async fn give_back(backend: &Backend, attempts: &[RateLimitAttempt]) -> Result<()> {
    sqlx::query(
        "UPDATE attempts a SET forgotten_at = a.forgotten_at - make_interval(secs => asked.cost)
         FROM unnest($1::bytea[], $2::float8[]) AS asked (key, cost), set_config('synchronous_commit', 'off', true)
         WHERE a.key = asked.key",
    )
    .bind(keys(attempts))
    .bind(attempts.iter().map(RateLimitAttempt::cost).collect::<Vec<_>>())
    .execute(&mut *backend.system_connection().await?)
    .await?;
    Ok(())
}

/// Returns when the next attempt under any of these keys is allowed, or `None` if one is allowed now.
pub(crate) async fn slowed_until(
    backend: &Backend,
    attempts: &[RateLimitAttempt],
) -> Result<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar(
        "SELECT max(a.forgotten_at + make_interval(secs => asked.cost - asked.most))
         FROM attempts a JOIN unnest($2::bytea[], $3::float8[], $4::float8[]) AS asked (key, cost, most) ON asked.key = a.key
         WHERE a.forgotten_at + make_interval(secs => asked.cost - asked.most) > $1",
    )
    .bind(backend.now())
    .bind(keys(attempts))
    .bind(attempts.iter().map(RateLimitAttempt::cost).collect::<Vec<_>>())
    .bind(attempts.iter().map(RateLimitAttempt::most).collect::<Vec<_>>())
    .fetch_one(&mut *backend.system_connection().await?)
    .await?)
}

/// Occasionally deletes expired counts.
async fn sweep(backend: &Backend) -> Result<()> {
    let mut dice = [0];
    backend.random.fill(&mut dice);
    if dice[0] == 0 {
        sqlx::query(
            "DELETE FROM attempts WHERE key IN (
                 SELECT key FROM attempts WHERE forgotten_at < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)",
        )
        .bind(backend.now())
        .execute(&mut *backend.system_connection().await?)
        .await?;
    }
    Ok(())
}

impl RateLimitAttempt {
    /// In seconds.
    fn cost(&self) -> f64 {
        self.limit.every.as_seconds_f64()
    }

    fn most(&self) -> f64 {
        self.cost() * f64::from(self.limit.at_once)
    }
}

fn keys(attempts: &[RateLimitAttempt]) -> Vec<&[u8]> {
    attempts.iter().map(|attempt| attempt.key.as_slice()).collect()
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::testing::backend;

    #[test]
    fn one_ipv4_address_and_one_ipv6_network_are_one_source() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
    }

    const LIMIT: RateLimit = RateLimit { kind: "test", at_once: 3, every: TimeDelta::minutes(1) };

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn so_many_at_once_and_then_one_in_every_while(pool: PgPool) {
        let (backend, clock) = backend(pool);
        let again = async || take(&backend, &[LIMIT.of(&backend, "mine")]).await.unwrap();
        for _ in 0..3 {
            assert!(again().await);
        }
        for _ in 0..5 {
            assert!(!again().await, "what is refused does not put off the next one");
        }
        assert!(take(&backend, &[LIMIT.of(&backend, "yours")]).await.unwrap());
        clock.advance(TimeDelta::minutes(1));
        assert!(again().await && !again().await);
        give_back(&backend, &[LIMIT.of(&backend, "mine")]).await.unwrap();
        assert!(again().await && !again().await);
        clock.advance(TimeDelta::hours(1));
        assert!(again().await && again().await && again().await && !again().await);
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn tries_at_the_same_moment_all_count_also_over_two_instances(pool: PgPool) {
        let (one, _) = backend(pool.clone());
        let (two, _) = backend(pool);
        let tries = (0..40).map(|n| {
            let backend = if n % 2 == 0 { one.clone() } else { two.clone() };
            tokio::spawn(async move { take(&backend, &[LIMIT.of(&backend, "mine")]).await.unwrap() })
        });
        let mut through = 0;
        for attempt in tries.collect::<Vec<_>>() {
            through += u32::from(attempt.await.unwrap());
        }
        assert_eq!(through, 3);
    }
}
