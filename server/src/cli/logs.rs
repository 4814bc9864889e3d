//! The log, on standard error: what a command prints stays clean.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Begins logging: for people at a terminal, as one JSON object per line elsewhere. `RUST_LOG` chooses what; without it,
/// what matters to an operator.
pub(super) fn begin() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, as tests make, changes nothing.
    let _ = if std::io::stderr().is_terminal() { log.try_init() } else { log.json().try_init() };
}
