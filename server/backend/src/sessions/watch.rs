//! Waiting for the end of sessions. However many pages wait in this process, one statement every half second looks for the
//! sessions that ended, and none while nobody waits.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::ids::SessionId;
use tokio::sync::watch::{Receiver, Sender};
use uuid::Uuid;

use crate::{Backend, Result};

/// How often the database is asked.
const EVERY: Duration = Duration::from_millis(400);

/// The sessions that are waited for, of this process.
#[derive(Default)]
struct Watched {
    sessions: Mutex<WatchedSessions>,
}

#[derive(Default)]
struct WatchedSessions {
    ends: HashMap<Uuid, Sender<bool>>,
    /// Whether a task asks the database.
    asks: bool,
}

/// Returns when a session has ended: when its person signed out or was signed out anywhere. One that runs out by itself is
/// not noticed here.
pub async fn ended(backend: &Backend, session: SessionId) {
    let mut end = wait_for(backend, session.0);
    // Fails only if the sender is gone, which it is when it has told everyone.
    let _ = end.wait_for(|ended| *ended).await;
}

fn wait_for(backend: &Backend, session: Uuid) -> Receiver<bool> {
    let watched = backend.memory.of::<Watched>();
    let mut sessions = watched.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let end = sessions.ends.entry(session).or_insert_with(|| Sender::new(false)).subscribe();
    if !sessions.asks {
        sessions.asks = true;
        tokio::spawn(ask(backend.clone()));
    }
    end
}

/// Asks until nobody waits any more.
async fn ask(backend: Backend) {
    let watched = backend.memory.of::<Watched>();
    loop {
        tokio::time::sleep(EVERY).await;
        let waited_for: Vec<Uuid> = {
            let mut sessions = watched.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            sessions.ends.retain(|_, end| !end.is_closed());
            if sessions.ends.is_empty() {
                sessions.asks = false;
                return;
            }
            sessions.ends.keys().copied().collect()
        };
        match gone(&backend, &waited_for).await {
            Ok(gone) => {
                let mut sessions = watched.sessions.lock().unwrap_or_else(PoisonError::into_inner);
                for session in gone {
                    if let Some(end) = sessions.ends.remove(&session) {
                        end.send_replace(true);
                    }
                }
            }
            // The pages ask for themselves too, less often.
            Err(error) => tracing::warn!(%error, "could not look for sessions that ended"),
        }
    }
}

async fn gone(backend: &Backend, sessions: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT waited.id FROM unnest($1::uuid[]) AS waited (id)
         WHERE NOT EXISTS (SELECT FROM sessions s WHERE s.id = waited.id)",
    )
    .bind(sessions)
    .fetch_all(&mut *backend.system_connection().await?)
    .await?)
}
