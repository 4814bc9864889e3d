//! `greencap nightly`.

use backend::school_year::nightly::{SchoolNight, nights};
use chrono::NaiveDate;
use clap::Args;
use domain::operations::progress::counted;
use domain::school_year::follow::RollChange;
use domain::school_year::night::{NightCounts, NightOutcome};
use domain::when::{long_day, typed_day};
use serde_json::{Map, Value, json};

use super::out::say;
use super::{ExitStatus, Failure, open};

/// Make accounts follow the roll: open, disable, close and erase what is due. Greencap does this every night by itself.
#[derive(Debug, Args)]
pub(super) struct NightlyCommand {
    /// The day, such as 2027-09-01; today if it is left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<NaiveDate>,
    /// Say what would happen without changing anything.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn day(typed: &str) -> Result<NaiveDate, String> {
    let sentence = "Enter the day as year, month and day, such as 2027-09-01.";
    typed_day(typed).ok().flatten().ok_or_else(|| sentence.to_owned())
}

pub(super) async fn run(asked: NightlyCommand) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    let done = nights(&backend, asked.date, asked.simulate).await?;
    if let Some(sentence) = done.iter().find_map(|night| night.refused.clone()) {
        return Err(Failure::Failed(sentence));
    }
    if asked.json {
        let schools: Vec<Value> = done.iter().map(object).collect();
        say!("{}", json!({ "simulated": asked.simulate, "schools": schools }));
    } else {
        for night in &done {
            print(night, asked.simulate);
        }
        if let Some(day) = asked.date.filter(|day| !asked.simulate && *day > backend.now().date_naive()) {
            say!(
                "Nights before {} change nothing any more. To go on from today, choose Release at /school-year/nightly.",
                long_day(day)
            );
        }
    }
    let waits = done.iter().any(|night| night.outcome.waits_for_people());
    Ok(if waits { ExitStatus::DoneWithRejected } else { ExitStatus::Done })
}

fn object(night: &SchoolNight) -> Value {
    let counts = |of: &NightCounts| -> Map<String, Value> {
        RollChange::ALL.iter().map(|change| (change.slug().to_owned(), of.sum(&[*change]).into())).collect()
    };
    json!({
        "school": night.code,
        "outcome": night.outcome.slug(),
        "due": counts(&night.due),
        "done": counts(&night.done),
        "kept": night.kept,
    })
}

fn print(night: &SchoolNight, simulated: bool) {
    say!("{}: {}", night.code, night.outcome.label());
    for change in RollChange::ALL {
        let count = night.done.sum(&[change]);
        if count > 0 {
            say!("{count:>8}  {}", change.label());
        }
    }
    let what = if simulated { "would change" } else { "changed" };
    say!("{} {what}.", counted(night.done.all(), "account", "accounts"));
    if night.outcome != NightOutcome::Done && night.due.all() > night.done.all() {
        let waits = night.due.all() - night.done.all();
        say!("{} for a person: see /school-year/nightly.", counted(waits, "more waits", "more wait"));
    }
    if night.kept > 0 {
        say!(
            "{} left and can still be used: see /school-year/nightly.",
            counted(night.kept, "account of somebody who", "accounts of people who")
        );
    }
    if simulated {
        say!("This was a simulation. Nothing was changed.");
    }
}
