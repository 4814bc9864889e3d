//! Checks every SQL statement of the program, including those that no test runs: each is prepared and planned
//! on a migrated database under the role that runs it, and its columns are compared with the row that it
//! fills.

mod check;
mod finder;
mod functions;
mod macros;
mod reader;
mod rows;
mod tests;
mod types;

use std::path::Path;

use sqlx::PgPool;

use check::check;
use finder::Program;

/// If there are fewer statements, or fewer whose transaction is known, the finder is missing some.
const STATEMENTS: usize = 300;
const OF_KNOWN_ROLE: usize = 100;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn every_statement_fits_the_database_and_the_row_that_it_fills(pool: PgPool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let program = Program::in_folders(root, &["server/backend/src", "server/src"]);
    let known = program.statements.iter().filter(|statement| statement.role.is_some()).count();
    assert!(program.statements.len() > STATEMENTS, "{} statements found", program.statements.len());
    assert!(known > OF_KNOWN_ROLE, "{known} found in transactions: see functions::Function");
    let problems = check(&pool, &program).await;
    assert!(problems.is_empty(), "{}\n{} in all", problems.join("\n"), problems.len());
}
