//! What is wrong at the moment: logged when it begins and when it is over, not each time.

use std::time::Duration;

use crate::{Backend, Error};

/// The first wait while something that a worker needs is away; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest wait while something that a worker needs is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct Trouble {
    named: Option<&'static str>,
    times: u32,
}

impl Trouble {
    /// Notes that something is wrong; answers with how long to wait.
    pub(super) fn seen(&mut self, what: &'static str, detail: &dyn std::fmt::Display) -> Duration {
        if self.named != Some(what) {
            tracing::error!(%detail, "{what}; trying again until it is back");
            *self = Self { named: Some(what), times: 0 };
        }
        let pause = FIRST_PAUSE * 2_u32.saturating_pow(self.times.min(16));
        self.times += 1;
        pause.min(LONGEST_PAUSE)
    }

    pub(super) fn over(&mut self) {
        if let Some(what) = self.named.take() {
            tracing::info!("over: {what}");
        }
        self.times = 0;
    }
}

/// Up to a quarter longer, so that several workers do not all look at once.
pub(super) fn jittered(backend: &Backend, wait: Duration) -> Duration {
    let mut byte = [0];
    backend.random.fill(&mut byte);
    wait + wait * u32::from(byte[0]) / 1024
}

/// The whole chain of an error, for the log: what lies behind names no person.
pub(super) fn detail(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
