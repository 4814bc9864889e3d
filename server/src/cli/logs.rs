//! Logging to standard error, so that a command's output stays clean.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging: readable at a terminal, otherwise one JSON object per line. `RUST_LOG` sets what is
/// logged; the default is what matters to an operator.
pub(super) fn begin() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    // A log line that cannot be written is lost; saying so on the same standard error would panic.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    // A second call, as in tests, changes nothing.
    let _ = if std::io::stderr().is_terminal() { log.try_init() } else { log.json().try_init() };
}
