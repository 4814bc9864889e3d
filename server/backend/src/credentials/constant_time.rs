//! Answers to strangers whose timing does not tell what was found (OWASP ASVS 5.0, V6.3.8).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Answers are sent at multiples of this: more than one hash and what is written after it takes.
const INTERVAL: Duration = Duration::from_millis(250);

/// Does something and, if `waits` says so of its result, returns at the next multiple of [`INTERVAL`]. Two paths to the
/// same answer that take slightly different times cannot be told apart, because both answer at the same moment.
pub async fn in_constant_time<T>(work: impl Future<Output = T>, waits: impl FnOnce(&T) -> bool) -> T {
    let began = Instant::now();
    let done = work.await;
    if waits(&done) {
        sleep_until(began + rounded_up(began.elapsed())).await;
    }
    done
}

/// The first multiple of [`INTERVAL`] after this time.
fn rounded_up(elapsed: Duration) -> Duration {
    let intervals = elapsed.as_millis() / INTERVAL.as_millis() + 1;
    INTERVAL * u32::try_from(intervals).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_sent_at_fixed_intervals_however_long_they_took() {
        for (took, sent) in [(0, 250), (31, 250), (249, 250), (251, 500), (900, 1000)] {
            assert_eq!(rounded_up(Duration::from_millis(took)), Duration::from_millis(sent), "{took}");
        }
    }
}
