//! `greencap audit`.

use backend::audit::verify::{ChainVerification, NotedChainEnd, verify};
use backend::roll::organisation;
use clap::Subcommand;
use domain::authorization::actor::Actor;
use serde_json::json;

use super::out::say;
use super::{ExitStatus, Failure, open};

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Find entries that were changed, removed or moved after they were written. Exits with status 1 if there are any.
    Verify {
        /// The end of the log as this command printed it earlier (NUMBER:HASH), to check that nothing before it was
        /// rewritten or removed.
        #[arg(long, value_name = "NUMBER:HASH")]
        noted: Option<NotedChainEnd>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Audit) -> Result<ExitStatus, Failure> {
    let Audit::Verify { noted, json } = command;
    let backend = open::backend().await?;
    let actor = Actor::system(organisation::ensure(&backend).await?);
    let found = verify(&backend, &actor, noted.as_ref()).await?;
    let intact = found.breaks.is_empty();
    if json {
        say!("{}", as_json(&found));
    } else {
        for broken in &found.breaks {
            say!("{broken}");
        }
        let verdict = if intact { "unchanged" } else { "CHANGED" };
        say!("{} entries, {verdict}. The log ends with {}:{}", found.entries, found.entries, found.head);
        if found.before_chain > 0 {
            say!("{} entries are older than the chain and cannot be verified.", found.before_chain);
        }
    }
    Ok(if intact { ExitStatus::Done } else { ExitStatus::Failed })
}

fn as_json(found: &ChainVerification) -> serde_json::Value {
    let breaks: Vec<_> = found
        .breaks
        .iter()
        .map(|broken| json!({ "entry": broken.entry, "id": broken.id, "kind": broken.kind, "message": broken.to_string() }))
        .collect();
    json!({
        "intact": breaks.is_empty(),
        "entries": found.entries,
        "head": found.head,
        "before_chain": found.before_chain,
        "breaks": breaks,
    })
}
