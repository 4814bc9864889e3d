//! Responses whose timing does not reveal what was found (OWASP ASVS 5.0, V6.3.8).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Responses are sent at multiples of this interval, which is longer than a hash and the writes after it
/// take.
const INTERVAL: Duration = Duration::from_millis(250);

/// Runs `work`. If `waits` is true of the result, returns at the next multiple of [`INTERVAL`], so that two
/// paths to the same response cannot be told apart by small differences in time.
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
