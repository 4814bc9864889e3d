//! `greencap create-admin`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use backend::credentials::new_password::STAFF_MINIMUM;
use backend::roll::organisation;
use backend::setup::administrator::AdministratorForm;
use backend::setup::create_admin::create_admin;
use clap::Args;
use domain::authorization::actor::Actor;

use super::{Failure, Status};

/// The password is read from standard input, so that it stands in no list of processes and in no shell's history.
#[derive(Debug, Args)]
pub(super) struct CreateAdmin {
    /// Username.
    #[arg(long)]
    username: String,
    /// Email address.
    #[arg(long)]
    email: String,
    /// Given name.
    #[arg(long)]
    given: String,
    /// Family name.
    #[arg(long, default_value = "")]
    family: String,
}

/// Makes an administrator of all schools.
pub(super) async fn run(asked: CreateAdmin) -> Result<Status, Failure> {
    let backend = super::open::backend().await?;
    let password = read_password()
        .await
        .map_err(|error| Failure::Failed(format!("the password cannot be read: {error}")))?;
    let form = AdministratorForm {
        given: asked.given,
        family: asked.family,
        email: asked.email,
        username: asked.username,
        password,
    };
    let organisation = organisation::ensure(&backend).await?;
    create_admin(&backend, &Actor::system(organisation), &form).await?;
    println!("{} can sign in at {}/sign-in", form.username, backend.config.base_url);
    Ok(Status::Done)
}

/// One line of standard input; at a terminal, asked for and not shown.
async fn read_password() -> std::io::Result<String> {
    let hidden = std::io::stdin().is_terminal().then(Hidden::begin);
    if hidden.is_some() {
        eprint!("Password, at least {STAFF_MINIMUM} characters: ");
        std::io::stderr().flush()?;
    }
    let (send, receive) = tokio::sync::oneshot::channel();
    // A thread of its own: one that waits for a key must hold up neither Ctrl-C nor the end of the process.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).map(|_| line);
        // Nobody listens any more after Ctrl-C.
        let _ = send.send(read);
    });
    let line = receive.await.map_err(std::io::Error::other)??;
    if hidden.is_some() {
        eprintln!();
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// While it lives, the terminal does not show what is typed. Where `stty` is missing, it does.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        Self::echo("-echo");
        Self
    }

    fn echo(setting: &str) {
        // Without it the password is shown, and can be chosen all the same.
        let _ = Command::new("stty").arg(setting).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        Self::echo("echo");
    }
}
