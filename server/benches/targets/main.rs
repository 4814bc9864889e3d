//! `./dev bench`, the server's half: each figure beside its target or its floor, and their ratio, on the PostgreSQL that
//! `DATABASE_URL` names. Prints the rows of a table; `./dev bench` puts them into `docs/benchmarks.md`.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed, and says where")]

mod accounts;
mod floor;
mod imports;
mod lists;
mod mail;
mod memory;
mod report;
mod scene;

use report::Line;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // The many first: their peak of memory is to be that of a fresh process.
        print(accounts::hundred_thousand().await);
        print(lists::hundred_thousand().await);
        print(accounts::thousand().await);
        print(mail::thousand().await);
        print(imports::all().await);
    });
}

fn print(lines: Vec<Line>) {
    for line in lines {
        println!("{line}");
    }
}
