//! Being asked to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Completes at Ctrl-C, or when a service manager asks (SIGTERM).
pub(super) async fn asked() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        // Where SIGTERM cannot be heard, it ends the process as it always did.
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
