//! `greencap demo`.

use std::fmt::Write as _;

use backend::Backend;
use backend::demo::{self, DemoStaff, LoadedDemo, SCHOOL_CODE};
use backend::roll::organisation;
use domain::authorization::actor::Actor;

use super::out::say;
use super::{ExitStatus, Failure, open};
use crate::embedded::{EmbeddedError, keep_private};

/// The file in which embedded mode stores the sign-in details.
const SIGN_IN: &str = "demo-sign-in.txt";

/// Loads the demonstration school.
pub(super) async fn run() -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    let loaded = if backend.config.database_url.is_none() && demo::is_empty(&backend).await? {
        load_with_staff(&backend).await?
    } else {
        load(&backend, &[]).await?
    };
    say!("Quillmere School ({SCHOOL_CODE}) is loaded, with {} students.", loaded.students);
    if let Some(sign_in) = kept_sign_in(&backend) {
        say!("{}", sign_in.trim_end());
    }
    Ok(ExitStatus::Done)
}

/// Loads it if there is no school at all; otherwise does nothing.
pub(super) async fn load_into_empty(backend: &Backend) -> Result<(), Failure> {
    if demo::is_empty(backend).await? {
        load_with_staff(backend).await?;
    }
    Ok(())
}

/// Returns how to sign in to embedded mode's demonstration school, if its staff were created.
pub(super) fn kept_sign_in(backend: &Backend) -> Option<String> {
    std::fs::read_to_string(backend.config.data.join(SIGN_IN)).ok()
}

/// Loads it with staff who can sign in. Only for embedded mode: elsewhere nobody may have an account that was
/// not given to them.
async fn load_with_staff(backend: &Backend) -> Result<LoadedDemo, Failure> {
    let staff = DemoStaff::new(backend);
    let path = backend.config.data.join(SIGN_IN);
    // Stored first: a crash in between leaves a password that opens nothing, and the next start creates
    // another.
    keep_private(&path, &words(backend, &staff)).map_err(EmbeddedError::file(&path))?;
    let loaded = load(backend, &staff).await;
    if loaded.is_err() {
        // Nobody was created, so remove the sign-in details too.
        let _ = std::fs::remove_file(&path);
    }
    loaded
}

async fn load(backend: &Backend, staff: &[DemoStaff]) -> Result<LoadedDemo, Failure> {
    let organisation = organisation::ensure(backend).await?;
    Ok(demo::load(backend, &Actor::system(organisation), staff).await?)
}

fn words(backend: &Backend, staff: &[DemoStaff]) -> String {
    let mut words = format!(
        "Sign in to the demonstration school at {}/sign-in as a member of staff:\n",
        backend.config.base_url
    );
    for member in staff {
        // Writing to a String does not fail.
        let _ = writeln!(words, "  {:<16} {}", member.form.username, member.role.label());
    }
    if let Some(member) = staff.first() {
        let _ = writeln!(words, "Password for all of them: {}", member.form.password);
    }
    words
}
