//! A line of the report.

use std::fmt;
use std::time::Duration;

/// The mark beside a ratio that exceeds its bound. `./dev bench` looks for it, and the browser side has the
/// same (end2end/bench/report.ts).
const OVER: &str = "**over**";

/// A measurement, beside its target or floor.
pub struct Line {
    what: &'static str,
    unit: &'static str,
    /// Digits after the decimal point.
    digits: usize,
    runs: Vec<Run>,
    beside: &'static str,
    at_most: Option<f64>,
}

/// One run: its figure, and the figure it is compared with, in the same unit.
struct Run {
    figure: f64,
    against: f64,
}

impl Line {
    /// Times that should stay below a target.
    pub fn target(what: &'static str, runs: &[Duration], target: Duration) -> Self {
        let runs = runs.iter().map(|took| (*took, target)).collect();
        Self { beside: "target", ..Self::floor(what, runs, Some(1.0)) }
    }

    /// Times compared with the COPY of the same rows, and the highest allowed ratio, if there is one.
    pub fn floor(what: &'static str, runs: Vec<(Duration, Duration)>, at_most: Option<f64>) -> Self {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let runs = runs
            .into_iter()
            .map(|(took, floor)| Run { figure: milliseconds(took), against: milliseconds(floor) })
            .collect();
        Self { what, unit: " ms", digits: 1, runs, beside: "COPY", at_most }
    }

    /// Times compared with others of the same run, and the highest allowed ratio.
    pub fn beside(
        what: &'static str,
        beside: &'static str,
        runs: Vec<(Duration, Duration)>,
        at_most: f64,
    ) -> Self {
        Self { beside, ..Self::floor(what, runs, Some(at_most)) }
    }

    /// Memory in MiB that should stay below a target.
    pub fn memory(what: &'static str, mebibytes: f64, target: f64) -> Self {
        let runs = vec![Run { figure: mebibytes, against: target }];
        Self { what, unit: " MiB", digits: 1, runs, beside: "target", at_most: Some(1.0) }
    }

    /// Seconds that should stay below a target.
    pub fn seconds(what: &'static str, figures: impl Iterator<Item = f64>, target: f64) -> Self {
        let runs = figures.map(|figure| Run { figure, against: target }).collect();
        Self { what, unit: " s", digits: 3, runs, beside: "target", at_most: Some(1.0) }
    }

    /// A statistic that should stay below a bound.
    pub fn statistic(what: &'static str, figure: f64, beside: &'static str, bound: f64) -> Self {
        let runs = vec![Run { figure, against: bound }];
        Self { what, unit: "", digits: 3, runs, beside, at_most: Some(1.0) }
    }

    /// The 95th percentile of many times of one run, which should stay below a target.
    pub fn p95(what: &'static str, mut times: Vec<Duration>, target: Duration) -> Self {
        times.sort_unstable();
        Self::target(what, &[times[times.len() * 95 / 100]], target)
    }

    /// The 99th percentile of many times of one run, which should stay below a target.
    pub fn p99(what: &'static str, mut times: Vec<Duration>, target: Duration) -> Self {
        times.sort_unstable();
        Self::target(what, &[times[times.len() * 99 / 100]], target)
    }
}

impl fmt::Display for Line {
    /// A row of the table: what was measured, the median, minimum and maximum of the runs, what it is
    /// compared with, the ratio, and its bound.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, unit, digits, runs, beside, at_most } = self;
        let figures = sorted(runs, |run| run.figure);
        let against = median(&sorted(runs, |run| run.against));
        let ratio = median(&sorted(runs, |run| run.figure / run.against));
        write!(f, "| {what} | {:.digits$}{unit} | ", median(&figures))?;
        if let [least, .., most] = figures[..] {
            write!(f, "{least:.digits$}\u{2013}{most:.digits$} of {}", figures.len())?;
        }
        write!(f, " | {beside} {against:.digits$}{unit} | {ratio:.2}")?;
        match at_most {
            Some(bound) if ratio > *bound => write!(f, " {OVER} | {bound} |"),
            Some(bound) => write!(f, " | {bound} |"),
            None => f.write_str(" | |"),
        }
    }
}

fn sorted(runs: &[Run], of: impl Fn(&Run) -> f64) -> Vec<f64> {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
