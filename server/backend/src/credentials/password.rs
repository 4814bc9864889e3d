//! Password hashing: Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet), with
//! at most one hash per core at a time.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::credentials::password::Password;
use subtle::ConstantTimeEq as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Backend, Error, Result};

/// Memory per hash, in KiB.
const MEMORY: u32 = 19 * 1024;
/// The number of passes.
const PASSES: u32 = 2;
/// How many hashes may wait for each one that runs: at about 30 ms each, a wait of about a second. Further
/// requests are asked to try again, so that a flood of sign-ins neither fills the memory nor delays everyone.
const WAITING_PER_CORE: usize = 32;

/// One per process, because cores and memory belong to the process.
static RUNNING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores()));
static ADMITTED: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores() * (1 + WAITING_PER_CORE)));

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// Memory blocks, reused from hash to hash: there are never more than hashes running at once, however much an
/// allocator would keep, and no time is spent on allocation.
static BLOCKS: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Hashes a password with a new salt, in PHC string format.
pub async fn hash(backend: &Backend, password: &Password) -> Result<String> {
    let mut salt = [0; 16];
    backend.random.fill(&mut salt);
    let params = params()?;
    let output = run(password, salt.to_vec(), params.clone()).await?;
    let kept = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(Error::unexpected)?,
        salt: Some(Salt::new(&salt).map_err(Error::unexpected)?),
        hash: Some(Output::new(&output).map_err(Error::unexpected)?),
    };
    Ok(kept.to_string())
}

/// Whether `password` matches `hash`. Without a hash, because the name does not exist, it does the same work,
/// so that the time reveals nothing.
pub async fn verify(password: &Password, hash: Option<String>) -> Result<bool> {
    let Some(hash) = hash else {
        run(password, vec![0; 16], params()?).await?;
        return Ok(false);
    };
    let kept = PasswordHash::new(&hash).map_err(Error::unexpected)?;
    let params = Params::try_from(&kept).map_err(Error::unexpected)?;
    let (Some(salt), Some(output)) = (kept.salt, kept.hash) else {
        return Err(Error::unexpected("a password's hash has no salt or no output"));
    };
    let typed = run(password, salt.to_vec(), params).await?;
    Ok(typed.as_slice().ct_eq(output.as_bytes()).into())
}

fn params() -> Result<Params> {
    Params::new(MEMORY, PASSES, 1, None).map_err(Error::unexpected)
}

/// Runs one hash outside the threads that answer requests.
async fn run(password: &Password, salt: Vec<u8>, params: Params) -> Result<[u8; Params::DEFAULT_OUTPUT_LEN]> {
    let _admitted = admit(&ADMITTED)?;
    let _running = RUNNING.acquire().await.map_err(Error::unexpected)?;
    let password = password.clone();
    let work = move || {
        let mut blocks = free_blocks().pop().unwrap_or_default();
        blocks.resize(params.block_count(), Block::new());
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let done = argon.hash_password_into_with_memory(password.as_bytes(), &salt, &mut output, &mut blocks);
        free_blocks().push(blocks);
        done.map(|()| output).map_err(Error::unexpected)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::unexpected)?
}

fn free_blocks() -> MutexGuard<'static, Vec<Vec<Block>>> {
    // A panic while it is locked leaves a list of free memory, which is always valid.
    BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn admit(admitted: &Semaphore) -> Result<SemaphorePermit<'_>> {
    admitted.try_acquire().map_err(|_| {
        Error::conflict("busy", "Many people are signing in right now. Wait a few seconds and try again.")
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
