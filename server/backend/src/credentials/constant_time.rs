//! Answers to strangers that come neither sooner nor later for what was found (OWASP ASVS 5.0, V6.3.8).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// What a stranger's question may take without its being seen: more than one hash and what is written after it.
const BEAT: Duration = Duration::from_millis(250);

/// Does something and, where `waits` says so of its end, answers on the next beat since the question. Two ways to one
/// answer of which one takes a little longer cannot be told apart: both answers come on the same beat.
pub async fn at_constant_time<T>(work: impl Future<Output = T>, waits: impl FnOnce(&T) -> bool) -> T {
    let began = Instant::now();
    let done = work.await;
    if waits(&done) {
        sleep_until(began + next_beat(began.elapsed())).await;
    }
    done
}

/// The first beat after a while.
fn next_beat(elapsed: Duration) -> Duration {
    let beats = elapsed.as_millis() / BEAT.as_millis() + 1;
    BEAT * u32::try_from(beats).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_on_the_beat_whatever_they_took() {
        for (took, comes) in [(0, 250), (31, 250), (249, 250), (251, 500), (900, 1000)] {
            assert_eq!(next_beat(Duration::from_millis(took)), Duration::from_millis(comes), "{took}");
        }
    }
}
