//! `greencap demo`.

use std::fmt::Write as _;

use backend::Backend;
use backend::demo::{self, DemoStaff, Loaded, SCHOOL_CODE};
use backend::roll::organisation;
use domain::authorization::actor::Actor;

use super::{Failure, Status, open};
use crate::embedded::{EmbeddedError, keep_private};

/// Where the embedded mode keeps how to sign in.
const SIGN_IN: &str = "demo-sign-in.txt";

/// Loads the demonstration school.
pub(super) async fn run() -> Result<Status, Failure> {
    let backend = open::backend().await?;
    let loaded = if backend.config.database_url.is_none() && demo::is_empty(&backend).await? {
        load_with_staff(&backend).await?
    } else {
        load(&backend, &[]).await?
    };
    println!("Quillmere School ({SCHOOL_CODE}) is loaded, with {} students.", loaded.students);
    if let Some(sign_in) = kept_sign_in(&backend) {
        print!("{sign_in}");
    }
    Ok(Status::Done)
}

/// Loads it where there is no school at all; says nothing where there is one.
pub(super) async fn load_into_empty(backend: &Backend) -> Result<(), Failure> {
    if demo::is_empty(backend).await? {
        load_with_staff(backend).await?;
    }
    Ok(())
}

/// How to sign in to the demonstration school of the embedded mode, if its staff were made.
pub(super) fn kept_sign_in(backend: &Backend) -> Option<String> {
    std::fs::read_to_string(backend.config.data.join(SIGN_IN)).ok()
}

/// With staff who can sign in. Only for the embedded mode: elsewhere nobody may have an account that was not given to
/// them.
async fn load_with_staff(backend: &Backend) -> Result<Loaded, Failure> {
    let staff = DemoStaff::new(backend);
    let path = backend.config.data.join(SIGN_IN);
    // Kept first: a crash in between leaves a password that opens nothing, and the next start makes another.
    keep_private(&path, &words(backend, &staff)).map_err(EmbeddedError::file(&path))?;
    let loaded = load(backend, &staff).await;
    if loaded.is_err() {
        // Nobody was made; what would tell of them goes too.
        let _ = std::fs::remove_file(&path);
    }
    loaded
}

async fn load(backend: &Backend, staff: &[DemoStaff]) -> Result<Loaded, Failure> {
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
