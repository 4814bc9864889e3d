//! How often something may be tried: limits in the database, which all instances share and which outlive a restart.
//!
//! Each limit lets a number of tries through at once and then one in a while (the generic cell rate algorithm of
//! ITU-T I.371, annex A). What is counted is kept as a keyed hash, whether or not there is such a name: a limit tells
//! nothing about an account.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::crypto::KeyedHash;
use crate::{Backend, Result};

/// So many tries at once, and one more in every while.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    kind: &'static str,
    at_once: u32,
    every: TimeDelta,
}

/// Passwords for one name, from browsers that are not known to its account.
pub(crate) const NAME: Limit = Limit { kind: "name", at_once: 10, every: TimeDelta::minutes(2) };
/// Passwords from one network: a school may be behind one address.
pub(crate) const SOURCE: Limit = Limit { kind: "source", at_once: 300, every: TimeDelta::seconds(5) };
/// Passwords from one browser that is known to an account it tries. These count for nothing else, so that others'
/// guesses never stand in the owner's way.
pub(crate) const DEVICE: Limit = Limit { kind: "device", at_once: 10, every: TimeDelta::minutes(2) };
/// Present passwords typed where one changes your own.
pub(crate) const PRESENT: Limit = Limit { kind: "present", at_once: 10, every: TimeDelta::minutes(2) };
/// Second factors typed for one account by someone who knows its password: guessing six digits takes years.
pub(crate) const FACTOR: Limit = Limit { kind: "factor", at_once: 5, every: TimeDelta::minutes(10) };
/// Wrong second factors in sign-ins to one account, before its owner is told about them,
pub(crate) const GUESSES: Limit = Limit { kind: "guesses", at_once: 4, every: TimeDelta::days(1) };
/// and how often they are.
pub(crate) const GUESSES_TOLD: Limit = Limit { kind: "guesses told", at_once: 1, every: TimeDelta::days(1) };
/// Visits to providers of single sign-on from one network.
pub(crate) const PROVIDER_SOURCE: Limit =
    Limit { kind: "provider source", at_once: 300, every: TimeDelta::seconds(5) };
/// Changes of address asked for by one account.
pub(crate) const ADDRESS: Limit = Limit { kind: "address", at_once: 3, every: TimeDelta::minutes(20) };
/// Messages asked for with one name or address: a stranger cannot fill a mailbox.
pub(crate) const MESSAGE: Limit = Limit { kind: "message", at_once: 3, every: TimeDelta::minutes(20) };
/// Messages asked for from one network.
pub(crate) const MESSAGE_SOURCE: Limit =
    Limit { kind: "message source", at_once: 60, every: TimeDelta::seconds(30) };

/// One try, counted under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    limit: Limit,
    key: KeyedHash,
}

impl Limit {
    /// A try that concerns `value`.
    pub(crate) fn of(self, backend: &Backend, value: impl AsRef<[u8]>) -> Attempt {
        Attempt { limit: self, key: backend.keys.attempt_hash(self.kind, value.as_ref()) }
    }

    /// A try from a network; without one it comes from this machine.
    pub(crate) fn from(self, backend: &Backend, source: Option<IpAddr>) -> Attempt {
        self.of(backend, source.map(network).map_or_else(String::new, |network| network.to_string()))
    }
}

/// What counts as one source: an IPv4 address, or the /64 network of an IPv6 one, since a household or an attacker holds
/// all of it (RFC 6177, section 2).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Counts tries under all their keys before they are made, so that those made at the same moment count too, in one
/// statement. `false` where one of them is beyond its limit: that one is not counted again.
///
/// What is counted here need not outlive a crash of PostgreSQL: nobody waits until it is on the disk
/// (`synchronous_commit`, which is off for the one statement).
pub(crate) async fn take(backend: &Backend, attempts: &[Attempt]) -> Result<bool> {
    let now = backend.now();
    let taken = sqlx::query(
        "INSERT INTO attempts AS a (key, forgotten_at)
         SELECT key, $1::timestamptz + make_interval(secs => cost)
         FROM unnest($2::bytea[], $3::float8[]) AS asked (key, cost), set_config('synchronous_commit', 'off', true)
         ON CONFLICT (key) DO UPDATE
         SET forgotten_at = greatest(a.forgotten_at, $1) + (excluded.forgotten_at - $1)
         WHERE greatest(a.forgotten_at, $1) + (excluded.forgotten_at - $1)
               <= $1 + make_interval(secs => (SELECT most FROM unnest($2::bytea[], $4::float8[]) AS asked (key, most)
                                              WHERE asked.key = excluded.key))",
    )
    .bind(now)
    .bind(keys(attempts))
    .bind(attempts.iter().map(Attempt::cost).collect::<Vec<_>>())
    .bind(attempts.iter().map(Attempt::most).collect::<Vec<_>>())
    .execute(&mut *backend.system_connection().await?)
    .await?;
    sweep(backend).await?;
    Ok(taken.rows_affected() == attempts.len() as u64)
}

/// Takes tries back that turned out to be right; as [`take`], without waiting for the disk.
pub(crate) async fn give_back(backend: &Backend, attempts: &[Attempt]) -> Result<()> {
    sqlx::query(
        "UPDATE attempts a SET forgotten_at = a.forgotten_at - make_interval(secs => asked.cost)
         FROM unnest($1::bytea[], $2::float8[]) AS asked (key, cost), set_config('synchronous_commit', 'off', true)
         WHERE a.key = asked.key",
    )
    .bind(keys(attempts))
    .bind(attempts.iter().map(Attempt::cost).collect::<Vec<_>>())
    .execute(&mut *backend.system_connection().await?)
    .await?;
    Ok(())
}

/// When the next try under any of these keys is let through, if one now would not be.
pub(crate) async fn slowed_until(backend: &Backend, attempts: &[Attempt]) -> Result<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar(
        "SELECT max(a.forgotten_at + make_interval(secs => asked.cost - asked.most))
         FROM attempts a JOIN unnest($2::bytea[], $3::float8[], $4::float8[]) AS asked (key, cost, most) ON asked.key = a.key
         WHERE a.forgotten_at + make_interval(secs => asked.cost - asked.most) > $1",
    )
    .bind(backend.now())
    .bind(keys(attempts))
    .bind(attempts.iter().map(Attempt::cost).collect::<Vec<_>>())
    .bind(attempts.iter().map(Attempt::most).collect::<Vec<_>>())
    .fetch_one(&mut *backend.system_connection().await?)
    .await?)
}

/// Clears forgotten tries away, now and then.
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

impl Attempt {
    /// In seconds.
    fn cost(&self) -> f64 {
        self.limit.every.as_seconds_f64()
    }

    fn most(&self) -> f64 {
        self.cost() * f64::from(self.limit.at_once)
    }
}

fn keys(attempts: &[Attempt]) -> Vec<&[u8]> {
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

    const LIMIT: Limit = Limit { kind: "test", at_once: 3, every: TimeDelta::minutes(1) };

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
