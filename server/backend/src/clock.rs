//! Time, passed in, so that a test can set it.

use chrono::{DateTime, Utc};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock's home")]
    fn now(&self) -> DateTime<Utc> {
        // Whole microseconds: what PostgreSQL keeps, so that a time read back equals the time written.
        let now = DateTime::<Utc>::from(std::time::SystemTime::now());
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}
