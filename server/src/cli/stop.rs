//! Requests to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Completes on Ctrl-C, or when a service manager sends SIGTERM.
pub(super) async fn asked() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        // If SIGTERM cannot be handled, it ends the process as by default.
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
