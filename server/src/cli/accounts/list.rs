//! `greencap accounts list`.

use crate::cli::out::say;
use backend::accounts::list::{AccountLine, list};
use clap::Args;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::roll::school::SchoolCode;
use domain::spreadsheet::neutral;
use serde_json::json;

use crate::cli::{ExitStatus, Failure, open, school};

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// Only accounts in this state: created, invited, active, suspended, locked or closed.
    #[arg(long, value_parser = state)]
    state: Option<AccountState>,
    /// Print one JSON object.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV with a header row. Cells that a spreadsheet would read as formulas start with an apostrophe.
    #[arg(long)]
    csv: bool,
}

fn state(word: &str) -> Result<AccountState, String> {
    AccountState::from_slug(word).ok_or_else(|| {
        let states = AccountState::ALL.map(AccountState::slug).join(", ");
        format!("\u{201c}{word}\u{201d} is not a state; use one of {states}")
    })
}

pub(super) async fn run(asked: List) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    let (actor, school) = school::find(&backend, Permission::ViewAccounts, &asked.school).await?;
    let accounts = list(&backend, &actor, school.school, asked.state).await?;
    if asked.json {
        say!("{}", json!({ "accounts": accounts }));
    } else if asked.csv {
        for cells in std::iter::once(["username", "key", "name", "state"]).chain(accounts.iter().map(cells)) {
            say!("{}", cells.map(csv_cell).join(","));
        }
    } else {
        for AccountLine { username, key, name, state } in accounts {
            say!("{username}\t{key}\t{name}\t{state}");
        }
    }
    Ok(ExitStatus::Done)
}

fn cells(line: &AccountLine) -> [&str; 4] {
    [&line.username, &line.key, &line.name, line.state]
}

/// Formats a CSV cell (RFC 4180, section 2), made safe for spreadsheets.
fn csv_cell(text: &str) -> String {
    let cell = neutral(text);
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into_owned()
    }
}
