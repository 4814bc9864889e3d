//! Has PostgreSQL check each statement.

use std::collections::HashSet;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgErrorPosition, PgPool};
use sqlx::{AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Executor as _, Statement as _};
use sqlx::{SqlSafeStr as _, TypeInfo as _};
use syn::Type;

use super::finder::{DatabaseRole, Fills, Program, Statement};
use super::types::{name_of, read_from, written};

/// Files whose statements run as the owner of the database, on connections without a role.
const OF_THE_OWNER: [&str; 4] = [
    "server/backend/src/db.rs",
    "server/backend/src/db/",
    "server/src/cli/doctor.rs",
    "server/src/embedded/",
];

/// Which role asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Role(DatabaseRole),
    Owner,
}

/// The columns of a result.
type Columns = Vec<(String, String)>;

/// Returns what is wrong, one line each, beginning with the place.
pub async fn check(pool: &PgPool, program: &Program) -> Vec<String> {
    let options = pool.connect_options();
    let everyone = [As::Role(DatabaseRole::App), As::Role(DatabaseRole::System), As::Owner];
    let mut heard = Vec::new();
    for who in everyone {
        heard.push(ask_all(&options, program, who).await);
    }
    let mut problems = program.problems.clone();
    for (at, statement) in program.statements.iter().enumerate() {
        let answers: Vec<_> = everyone
            .iter()
            .zip(&mut heard)
            .filter(|(who, _)| may_run_as(statement, **who))
            .map(|(who, answers)| (who, std::mem::replace(&mut answers[at], Ok(Vec::new()))))
            .collect();
        let mut complaint = None;
        let mut columns = None;
        for (who, answer) in answers {
            match answer {
                Ok(found) => columns = columns.or(Some(found)),
                Err(error) => complaint = complaint.or_else(|| Some(complain(statement, *who, &error))),
            }
        }
        match (columns, complaint) {
            (Some(columns), _) => problems.extend(compare(program, statement, &columns)),
            (None, complaint) => problems.extend(complaint),
        }
    }
    problems.sort();
    problems.dedup();
    problems
}

fn may_run_as(statement: &Statement, who: As) -> bool {
    let of_the_owner = OF_THE_OWNER.iter().any(|file| statement.file.starts_with(file));
    match (who, statement.role) {
        (As::Owner, None) => of_the_owner,
        (As::Role(_), None) => !of_the_owner,
        (who, Some(role)) => who == As::Role(role),
    }
}

/// The columns of each statement's result, or why it is refused.
async fn ask_all(options: &PgConnectOptions, program: &Program, who: As) -> Vec<sqlx::Result<Columns>> {
    let mut connection = options.connect().await.expect("the database answers");
    let mut transaction = connection.begin().await.expect("it begins");
    let role = match who {
        As::Role(DatabaseRole::App) => "SET LOCAL ROLE greencap_app",
        As::Role(DatabaseRole::System) => "SET LOCAL ROLE greencap_system",
        As::Owner => "SELECT",
    };
    transaction.execute(role).await.expect("the migrations made the role");
    // What one part of the program creates, others fill and read.
    for statement in
        program.statements.iter().filter(|statement| is_temporary(&statement.sql) && !statement.is_composed)
    {
        // Any refusal is reported below.
        let _ = on_its_own(&mut transaction, &[], &statement.sql, Keep::Yes).await;
    }
    let mut answers = Vec::new();
    for statement in &program.statements {
        answers.push(on_its_own(&mut transaction, &statement.after, &statement.sql, Keep::No).await);
    }
    drop(transaction);
    connection.close().await.expect("it closes");
    answers
}

/// Whether what a statement creates is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Yes,
    No,
}

/// Runs in a savepoint, so that a refusal does not affect the other statements.
async fn on_its_own(
    connection: &mut PgConnection,
    before: &[String],
    sql: &str,
    keep: Keep,
) -> sqlx::Result<Columns> {
    let mut savepoint = connection.begin().await?;
    for earlier in before.iter().filter(|earlier| is_temporary(earlier)) {
        savepoint.execute(AssertSqlSafe(earlier.clone())).await?;
    }
    let answer = ask(&mut savepoint, sql, keep).await;
    match (keep, &answer) {
        (Keep::Yes, Ok(_)) => savepoint.commit().await?,
        _ => savepoint.rollback().await?,
    }
    answer
}

async fn ask(connection: &mut PgConnection, sql: &str, keep: Keep) -> sqlx::Result<Columns> {
    match first_word(sql) {
        "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH" | "VALUES" | "MERGE" | "TABLE" => {
            plan(connection, sql).await
        }
        "COPY" => {
            parse(connection, sql).await?;
            plan(connection, &copied(sql)).await
        }
        "CREATE" if is_temporary(sql) && keep == Keep::Yes => {
            connection.execute(AssertSqlSafe(sql.to_owned())).await.map(|_| Vec::new())
        }
        // The simple protocol accepts several commands.
        first if first.starts_with("BEGIN") => {
            for command in sql.split(';') {
                parse(connection, command).await?;
            }
            Ok(Vec::new())
        }
        "ANALYZE" | "LOCK" => connection.execute(AssertSqlSafe(sql.to_owned())).await.map(|_| Vec::new()),
        // Statements that concern the session, or whose object exists by then: only their grammar is checked.
        _ => parse(connection, sql).await,
    }
}

async fn parse(connection: &mut PgConnection, sql: &str) -> sqlx::Result<Columns> {
    let statement = (&mut *connection).prepare(AssertSqlSafe(sql.to_owned()).into_sql_str()).await?;
    let columns = statement.columns().iter();
    Ok(columns.map(|column| (column.name().to_owned(), column.type_info().name().to_owned())).collect())
}

/// Prepares a statement and has it planned, with NULL for each parameter: names and types are looked up when
/// it is prepared, permissions when it is about to run (PostgreSQL, "EXPLAIN": it runs nothing).
async fn plan(connection: &mut PgConnection, sql: &str) -> sqlx::Result<Columns> {
    let columns = parse(connection, sql).await?;
    connection.execute(AssertSqlSafe(format!("PREPARE checked AS {sql}"))).await?;
    let count: i32 = sqlx::query_scalar(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'checked'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let nulls = vec!["NULL"; usize::try_from(count).expect("not negative")].join(", ");
    let arguments = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
    let mut planning = connection.begin().await?;
    let planned = planning.execute(AssertSqlSafe(format!("EXPLAIN EXECUTE checked {arguments}"))).await;
    planning.rollback().await?;
    // A prepared statement survives a failed transaction.
    connection.execute("DEALLOCATE checked").await?;
    planned.map(|_| columns)
}

/// A statement that names what a COPY names.
fn copied(sql: &str) -> String {
    let rest = sql.trim_start().trim_start_matches("COPY").trim();
    let (what, loads) = match (rest.rsplit_once(" FROM "), rest.rsplit_once(" TO ")) {
        (Some((what, _)), None) => (what.trim(), true),
        (_, Some((what, _))) => (what.trim(), false),
        (None, None) => (rest, false),
    };
    if let Some(query) = what.strip_prefix('(').and_then(|what| what.strip_suffix(')')) {
        return query.to_owned();
    }
    let (table, columns) = match what.split_once('(') {
        Some((table, columns)) => (table.trim(), columns.trim_end_matches(')')),
        None => (what, ""),
    };
    let all = if columns.is_empty() { "*" } else { columns };
    match (loads, columns) {
        (true, "") => format!("INSERT INTO {table} SELECT {all} FROM {table}"),
        (true, columns) => format!("INSERT INTO {table} ({columns}) SELECT {all} FROM {table}"),
        (false, _) => format!("SELECT {all} FROM {table}"),
    }
}

fn is_temporary(sql: &str) -> bool {
    sql.trim_start().starts_with("CREATE TEMPORARY TABLE")
}

/// The first word after comments.
fn first_word(sql: &str) -> &str {
    let line = sql.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
    line.and_then(|line| line.split_whitespace().next()).unwrap_or_default()
}

/// Describes a refusal, with the line that PostgreSQL points at and what to do.
fn complain(statement: &Statement, who: As, error: &sqlx::Error) -> String {
    let refusal = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let Some(refusal) = refusal else {
        return format!("{}:{}: {error}", statement.file, statement.line);
    };
    let before = match refusal.position() {
        Some(PgErrorPosition::Original(at)) => statement.sql.chars().take(at.saturating_sub(1)).collect(),
        _ => String::new(),
    };
    let lines_down = if statement.is_composed { 0 } else { before.matches('\n').count() };
    let role = match who {
        As::Role(DatabaseRole::App) => "greencap_app",
        As::Role(DatabaseRole::System) => "greencap_system",
        As::Owner => "the database's owner",
    };
    let remedy = match refusal.code() {
        "42501" => "run it in the other kind of transaction, or grant it in a migration",
        // A parameter takes the type of the first place in which it is used.
        "42P18" | "42804" => "write the type after the parameter, such as $1::text, or correct the statement",
        _ => "correct the statement, or make in a migration what it names",
    };
    let (file, line, said) = (&statement.file, statement.line + lines_down, refusal.message());
    format!("{file}:{line}: {said}, for {role}: {remedy}")
}

/// How the columns of a result differ from what they fill.
fn compare(program: &Program, statement: &Statement, columns: &Columns) -> Vec<String> {
    let differences = match &statement.fills {
        Fills::Nothing => Vec::new(),
        Fills::Value(ty) => compare_values(columns, std::slice::from_ref(ty)),
        Fills::Row(ty) => match program.rows.meant(&statement.file, ty) {
            Type::Tuple(tuple) => {
                let types: Vec<_> = tuple.elems.iter().cloned().map(Some).collect();
                compare_values(columns, &types)
            }
            row => compare_fields(program, statement, columns, &row),
        },
    };
    let place = format!("{}:{}", statement.file, statement.line);
    differences.into_iter().map(|difference| format!("{place}: {difference}")).collect()
}

/// By position: the columns of a tuple or of a single value.
fn compare_values(columns: &Columns, types: &[Option<Type>]) -> Vec<String> {
    if columns.len() != types.len() {
        return vec![format!(
            "{} columns come and {} are read: select what is read, and read what is selected",
            columns.len(),
            types.len()
        )];
    }
    let pairs = columns.iter().zip(types);
    pairs.filter_map(|((name, found), ty)| mismatch(name, found, ty.as_ref()?)).collect()
}

/// By name: the columns of a struct.
fn compare_fields(program: &Program, statement: &Statement, columns: &Columns, row: &Type) -> Vec<String> {
    let wanted = match program.rows.columns(&statement.file, row) {
        Ok(wanted) => wanted,
        Err(problem) => return vec![problem],
    };
    let row = name_of(row);
    let mut differences = Vec::new();
    let mut seen = HashSet::new();
    for (name, found) in columns {
        if !seen.insert(name) {
            differences.push(format!("two columns are called `{name}`: give one of them another name by AS"));
        }
        match wanted.iter().find(|column| column.name == name) {
            Some(column) => differences.extend(column.ty.and_then(|ty| mismatch(name, found, ty))),
            None => differences.push(format!(
                "no field of `{row}` reads the column `{name}`: leave it out, or add the field"
            )),
        }
    }
    for column in wanted.iter().filter(|column| !column.optional && !seen.contains(&column.name.to_owned())) {
        differences.push(format!(
            "`{row}` reads a column `{}`, which does not come: select it, or correct the name of one of them",
            column.name
        ));
    }
    differences
}

fn mismatch(name: &str, found: &str, ty: &Type) -> Option<String> {
    let fitting = read_from(ty)?;
    let fits = fitting.iter().any(|name| name == found);
    (!fits).then(|| {
        format!(
            "the column `{name}` is {found}, and `{}` is read from {}: change the one or cast the other",
            written(ty),
            fitting.join(" or ")
        )
    })
}
