//! `greencap create-admin`.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::{Command, Stdio};

use backend::credentials::new_password::STAFF_MINIMUM;
use backend::roll::organisation;
use backend::setup::administrator::AdministratorForm;
use backend::setup::create_admin::create_admin;
use clap::Args;
use domain::authorization::actor::Actor;

use super::out::{self, say};
use super::{ExitStatus, Failure};

/// The password is read from standard input, so that it does not appear in the process list or in the shell's
/// history.
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

/// Creates an administrator of all schools.
pub(super) async fn run(asked: CreateAdmin) -> Result<ExitStatus, Failure> {
    let backend = super::open::backend().await?;
    let password = read_password()
        .await
        .map_err(|error| Failure::Failed(format!("the password cannot be read: {error}")))?;
    if password.contains('\0') {
        let message = "the password contains a character that cannot be used (NUL): remove it";
        return Err(Failure::Failed(message.to_owned()));
    }
    let form = AdministratorForm {
        given: asked.given,
        family: asked.family,
        email: asked.email,
        username: asked.username,
        password,
    };
    let organisation = organisation::ensure(&backend).await?;
    create_admin(&backend, &Actor::system(organisation), &form).await?;
    say!("{} can sign in at {}/sign-in", form.username, backend.config.base_url);
    Ok(ExitStatus::Done)
}

/// Reads one line of standard input; prompts for it without echo at a terminal.
async fn read_password() -> std::io::Result<String> {
    let hidden = std::io::stdin().is_terminal().then(HiddenInput::begin);
    if hidden.is_some() {
        out::ask(format_args!("Password, at least {STAFF_MINIMUM} characters: "));
    }
    let (send, receive) = tokio::sync::oneshot::channel();
    // In a separate thread: one that waits for a key must block neither Ctrl-C nor the end of the process.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).map(|_| line);
        // After Ctrl-C, nobody receives it.
        let _ = send.send(read);
    });
    let line = receive.await.map_err(std::io::Error::other)??;
    if hidden.is_some() {
        // The line break that was typed is not shown.
        out::ask('\n');
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Stops the terminal from echoing what is typed until it is dropped. Does nothing if `stty` is missing.
struct HiddenInput;

impl HiddenInput {
    fn begin() -> Self {
        Self::echo("-echo");
        Self
    }

    fn echo(setting: &str) {
        // Without `stty` the password is visible while typed, but can still be chosen.
        let _ = Command::new("stty").arg(setting).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        Self::echo("echo");
    }
}
