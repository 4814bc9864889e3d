//! Whether the time of a response reveals its reason: a thousand responses for each state, compared with a
//! thousand for a name that does not exist (OWASP ASVS 5.0, V6.3.8).

use std::time::{Duration, Instant};

use crate::report::Line;

/// Responses per state.
pub const SAMPLES: usize = 1000;
/// The significance level at which two distributions count as different: in a hundred runs that compare like
/// with like, a line shows a difference by chance once.
const ALPHA: f64 = 0.01;

/// What a name leads to, and the label of its line. The first state is a name that does not exist.
pub type State = (&'static str, &'static str);

/// Returns a line for each state but the first. `ask` sends a request for the nth name of a state and waits
/// for the response; `at_once` requests run concurrently.
pub async fn beside_unknown<F: Future<Output = ()> + Send + 'static>(
    states: &'static [State],
    at_once: usize,
    ask: impl Fn(&'static str, usize) -> F + Clone + Send + 'static,
) -> Vec<Line> {
    let tasks: Vec<_> = (0..at_once)
        .map(|seat| {
            let ask = ask.clone();
            tokio::spawn(async move {
                let mut took = vec![Vec::new(); states.len()];
                for n in (seat..SAMPLES).step_by(at_once) {
                    // In another order each time, so that no state always follows a certain other.
                    for turn in 0..states.len() {
                        let state = (n / at_once + turn) % states.len();
                        let start = Instant::now();
                        ask(states[state].0, n).await;
                        took[state].push(start.elapsed());
                    }
                }
                took
            })
        })
        .collect();
    let mut took: Vec<Vec<Duration>> = vec![Vec::new(); states.len()];
    for task in tasks {
        for (all, some) in took.iter_mut().zip(task.await.unwrap()) {
            all.extend(some);
        }
    }
    let [unknown, others @ ..] = &*took else { return Vec::new() };
    states[1..]
        .iter()
        .zip(others)
        .map(|((_, what), times)| {
            let bound = critical(unknown.len(), times.len());
            Line::statistic(what, distance(unknown, times), "critical", bound)
        })
        .collect()
}

/// The Kolmogorov-Smirnov statistic D: the greatest distance between the empirical distributions of two
/// samples.
fn distance(one: &[Duration], other: &[Duration]) -> f64 {
    let (mut one, mut other) = (one.to_vec(), other.to_vec());
    one.sort_unstable();
    other.sort_unstable();
    let share = |sample: &[Duration], upto: Duration| {
        fraction(sample.partition_point(|time| *time <= upto), sample.len())
    };
    one.iter().chain(&other).map(|time| (share(&one, *time) - share(&other, *time)).abs()).fold(0.0, f64::max)
}

/// The value that D exceeds with a probability of [`ALPHA`] if both samples come from one distribution:
/// `sqrt(-ln(alpha / 2) / 2) * sqrt((n + m) / (n * m))`, the limit for large samples (N. V. Smirnov, "Table
/// for Estimating the Goodness of Fit of Empirical Distributions", Annals of Mathematical Statistics 19
/// (1948), pages 279 to 281; D. E. Knuth, The Art of Computer Programming, volume 2, section 3.3.1). For
/// twice 1,000 and 0.01 it is 0.073.
fn critical(n: usize, m: usize) -> f64 {
    (-(ALPHA / 2.0).ln() / 2.0).sqrt() * (fraction(1, n) + fraction(1, m)).sqrt()
}

fn fraction(of: usize, all: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap()) / f64::from(u32::try_from(all).unwrap())
}
