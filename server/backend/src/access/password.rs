//! Hashing passwords: Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet), never more of
//! them at once than the machine has cores.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::access::password::Password;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Backend, Error, Result};

/// Memory of one hash, in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// How many may wait for each one that runs: at some 30 ms a hash, a wait of about a second. Those after them are told
/// to try again, so that a flood of sign-ins neither fills the memory nor makes everybody wait.
const WAITING_PER_CORE: usize = 32;

/// One per process, since cores and memory are the process's.
static RUNNING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores()));
static ADMITTED: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores() * (1 + WAITING_PER_CORE)));

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// The hash to keep of a password, in PHC string format with a salt of its own.
pub async fn hash(backend: &Backend, password: &Password) -> Result<String> {
    let mut salt = [0; 16];
    backend.random.fill(&mut salt);
    let password = password.clone();
    run(move |argon| {
        let hash = argon.hash_password_with_salt(password.as_bytes(), &salt).map_err(Error::unexpected)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether `password` is the one behind `hash`. Without a hash – nobody has this name – as much work is done all the
/// same, so that the time tells nothing.
pub async fn verify(password: &Password, hash: Option<String>) -> Result<bool> {
    let password = password.clone();
    run(move |argon| {
        let Some(hash) = hash else {
            argon.hash_password_with_salt(password.as_bytes(), &[0; 16]).map_err(Error::unexpected)?;
            return Ok(false);
        };
        let hash = PasswordHash::new(&hash).map_err(Error::unexpected)?;
        Ok(argon.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

/// Runs one hash away from the threads that answer requests.
async fn run<T: Send + 'static>(
    work: impl FnOnce(Argon2<'static>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let _admitted = admit(&ADMITTED)?;
    let _running = RUNNING.acquire().await.map_err(Error::unexpected)?;
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(Error::unexpected)?;
    tokio::task::spawn_blocking(move || work(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)))
        .await
        .map_err(Error::unexpected)?
}

fn admit(admitted: &Semaphore) -> Result<SemaphorePermit<'_>> {
    admitted.try_acquire().map_err(|_| {
        Error::conflict(
            "busy",
            "Many people are signing in at this moment. Wait a few seconds and try again.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_hash_knows_its_password_and_no_other(pool: sqlx::PgPool) {
        let (backend, _) = crate::testing::backend(pool);
        let [right, wrong] =
            ["three green caps", "three green cups"].map(|text| Password::typed(text).unwrap());
        let kept = hash(&backend, &right).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, hash(&backend, &right).await.unwrap(), "each hash has a salt of its own");
        assert!(verify(&right, Some(kept.clone())).await.unwrap());
        assert!(!verify(&wrong, Some(kept)).await.unwrap());
        assert!(!verify(&right, None).await.unwrap());
    }

    #[test]
    fn who_comes_after_a_full_queue_is_told_to_try_again() {
        let queue = Semaphore::new(1);
        let first = admit(&queue).unwrap();
        assert!(matches!(admit(&queue), Err(Error::Conflict { code: "busy", .. })));
        drop(first);
        assert!(admit(&queue).is_ok());
    }
}
