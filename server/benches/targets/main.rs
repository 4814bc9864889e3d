//! `./dev bench`, the server side: each figure beside its target or floor, and their ratio, on the PostgreSQL
//! that `DATABASE_URL` names. Prints the rows of a table, which `./dev bench` puts into `docs/benchmarks.md`.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed, and says where")]

mod access;
mod accounts;
mod autocreate;
mod duplicates;
mod families;
mod floor;
mod guardian_files;
mod imports;
mod lists;
mod mail;
mod memory;
mod pastes;
mod plain;
mod processor;
mod recoveries;
mod refusals;
mod report;
mod scene;
mod school_year;
mod timing;

use report::Line;

/// Measures everything, or what the arguments name.
fn main() {
    // Cargo adds `--bench`.
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    // Many accounts first, then files of guardians: a memory peak must be measured before larger ones.
    for area in [
        "many-accounts",
        "guardian-files",
        "lists",
        "accounts",
        "pastes",
        "mail",
        "imports",
        "access",
        "families",
        "recoveries",
        "autocreate",
        "duplicates",
        "school-year",
    ] {
        if asked.is_empty() || asked.iter().any(|word| word == area) {
            runtime.block_on(measure(area)).iter().for_each(|line| println!("{line}"));
        }
    }
}

async fn measure(area: &str) -> Vec<Line> {
    match area {
        "many-accounts" => accounts::hundred_thousand().await,
        "lists" => lists::hundred_thousand().await,
        "accounts" => accounts::thousand().await,
        "pastes" => pastes::two_thousand().await,
        "mail" => mail::thousand().await,
        "imports" => imports::all().await,
        "guardian-files" => guardian_files::all().await,
        "access" => access::all().await,
        "autocreate" => autocreate::all().await,
        "families" => families::all().await,
        "duplicates" => duplicates::hundred_thousand().await,
        "school-year" => school_year::all().await,
        _ => recoveries::lines().await,
    }
}
