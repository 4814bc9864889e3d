//! Hashing passwords: Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet), never more of
//! them at once than the machine has cores.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::credentials::password::Password;
use subtle::ConstantTimeEq as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Backend, Error, Result};

/// Memory of one hash, in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// How many may wait for each one that runs: at some 30 ms a hash, a wait of about a second. Those after them are told
/// to try again, so that a flood of sign-ins neither fills the memory nor makes everyone wait.
const WAITING_PER_CORE: usize = 32;

/// One per process, since cores and memory are the process's.
static RUNNING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores()));
static ADMITTED: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores() * (1 + WAITING_PER_CORE)));

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// Memory for hashes, kept from one to the next: there is never more of it than hashes run at once, whatever an allocator
/// would hold back, and no time goes into asking for it.
static BLOCKS: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// The hash to keep of a password, in PHC string format with a salt of its own.
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

/// Whether `password` is the one behind `hash`. Without a hash – nobody has this name – as much work is done all the
/// same, so that the time tells nothing.
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

/// Runs one hash away from the threads that answer requests.
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
    // A panic while holding it leaves a list of free memory, which is valid at every moment.
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
