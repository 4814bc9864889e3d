//! Current problems: logged once when they begin and once when they are over.

use std::time::Duration;

use crate::{Backend, Error};

/// The first pause while something that a worker needs is unavailable; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause while something that a worker needs is unavailable.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct RepeatedFailure {
    named: Option<&'static str>,
    times: u32,
}

impl RepeatedFailure {
    /// Records a problem and returns how long to wait.
    pub(super) fn seen(&mut self, what: &'static str, detail: &dyn std::fmt::Display) -> Duration {
        if self.named != Some(what) {
            tracing::error!(%detail, "{what}; retrying");
            *self = Self { named: Some(what), times: 0 };
        }
        let pause = FIRST_PAUSE * 2_u32.saturating_pow(self.times.min(16));
        self.times += 1;
        pause.min(LONGEST_PAUSE)
    }

    pub(super) fn over(&mut self) {
        if let Some(what) = self.named.take() {
            tracing::info!("recovered: {what}");
        }
        self.times = 0;
    }
}

/// Adds up to a quarter, so that workers do not all retry at once.
pub(super) fn jittered(backend: &Backend, wait: Duration) -> Duration {
    let mut byte = [0];
    backend.random.fill(&mut byte);
    wait + wait * u32::from(byte[0]) / 1024
}

/// The error and its sources, for the log. The sources name no person.
pub(super) fn detail(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
