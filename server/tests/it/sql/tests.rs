//! The finder and the check on small sources.

use sqlx::PgPool;

use super::check::check;
use super::finder::{DatabaseRole, Fills, Program};

fn read(source: &str) -> Program {
    Program::of(&[("wrong.rs".to_owned(), source.to_owned())])
}

fn statements(source: &str) -> Vec<String> {
    read(source).statements.into_iter().map(|statement| statement.sql).collect()
}

#[test]
fn a_literal_is_found_wherever_it_stands() {
    let source = r#"
        const KEPT: &str = "SELECT 1 AS kept";
        /// SELECT 2 is no statement here.
        async fn all(c: &mut PgConnection) {
            for statement in ["DELETE FROM a", "UPDATE a SET b = 1"] { sqlx::query(statement).execute(&mut *c).await?; }
            assert_eq!(run(c, "COPY a (b) FROM STDIN").await, 1);
            tracing::info!(rows, "Select what you like");
            sqlx::query("ROLLBACK").execute(c).await?;
        }
        #[cfg(test)]
        mod tests { fn none() { sqlx::query("SELECT 3"); } }
        #[sqlx::test(migrator = "crate::MIGRATOR")]
        async fn none(pool: PgPool) { sqlx::query("SELECT 4"); }
    "#;
    let expected =
        ["SELECT 1 AS kept", "DELETE FROM a", "UPDATE a SET b = 1", "COPY a (b) FROM STDIN", "ROLLBACK"];
    assert_eq!(statements(source), expected);
}

#[test]
fn what_macros_put_together_is_found_where_they_are_called() {
    let source = r#"
        macro_rules! chosen { ($table:literal) => { concat!("SELECT id FROM ", $table, " LIMIT ", 5) }; }
        macro_rules! load {
            ($table:literal, $columns:literal) => {
                Load {
                    stage: concat!("CREATE TEMPORARY TABLE loading AS SELECT ", $columns, " FROM ", $table),
                    copy: concat!("COPY loading (", $columns, ") FROM STDIN"),
                }
            };
        }
        async fn both(c: &mut PgConnection) {
            let ids: Vec<Uuid> = sqlx::query_scalar(chosen!("people")).fetch_all(&mut *c).await?;
            fill(c, crate::load!("people", "id, name"), ids).await?;
        }
    "#;
    let program = read(source);
    let found: Vec<_> =
        program.statements.iter().map(|statement| (&*statement.sql, statement.line)).collect();
    assert_eq!(
        found,
        [
            ("SELECT id FROM people LIMIT 5", 12),
            ("CREATE TEMPORARY TABLE loading AS SELECT id, name FROM people", 13),
            ("COPY loading (id, name) FROM STDIN", 13),
        ]
    );
    assert_eq!(program.statements[2].after, [program.statements[1].sql.clone()]);
    assert_eq!(program.problems, Vec::<String>::new());
}

#[test]
fn the_row_that_is_filled_is_known_from_the_call_the_variable_or_the_function() {
    let source = r#"
        struct Found;
        impl Found {
            async fn of(c: &mut PgConnection) -> Result<Option<Self>> {
                let given: Vec<Given> = if c.is_ok() { sqlx::query_as("SELECT 1").fetch_all(c).await? } else { vec![] };
                let called = sqlx::query_as::<_, Called>("SELECT 2").fetch_all(c).await?;
                let (one, other): (i32, i32) = sqlx::query_as("SELECT 3").bind(1).fetch_one(c).await?;
                Ok(sqlx::query_as("SELECT 4").fetch_optional(c).await?)
            }
        }
    "#;
    let program = read(source);
    let rows: Vec<_> = program
        .statements
        .iter()
        .map(|statement| match &statement.fills {
            Fills::Row(ty) => super::types::written(ty),
            Fills::Nothing | Fills::Value(_) => String::new(),
        })
        .collect();
    assert_eq!(rows, ["Given", "Called", "(i32,i32)", "Found"]);
    assert_eq!(program.problems, Vec::<String>::new());
}

#[test]
fn a_row_is_that_which_the_file_means() {
    let one = "#[derive(FromRow)] pub struct Row { one: i32 }";
    let sources = [
        ("src/rooms/mod.rs", one.to_owned()),
        ("src/rooms/lease/mod.rs", one.replace("one", "two")),
        (
            "src/rooms/queue.rs",
            "use super::Row;
            use crate::rooms::lease::{self, Row as Other};
            async fn all(c: C) {
                sqlx::query_as::<_, Row>(\"SELECT 1\");
                sqlx::query_as::<_, Other>(\"SELECT 2\");
                sqlx::query_as::<_, lease::Row>(\"SELECT 3\");
                type Pair = (i32, bool);
                sqlx::query_as::<_, Pair>(\"SELECT 4\");
            }"
            .to_owned(),
        ),
    ];
    let program = Program::of(&sources.map(|(name, source)| (name.to_owned(), source)));
    let meant: Vec<_> = program
        .statements
        .iter()
        .map(|statement| {
            let Fills::Row(ty) = &statement.fills else { panic!("{}", statement.sql) };
            match program.rows.columns(&statement.file, ty) {
                Ok(columns) => columns[0].name.to_owned(),
                Err(_) => super::types::written(&program.rows.meant(&statement.file, ty)),
            }
        })
        .collect();
    assert_eq!(meant, ["one", "two", "two", "(i32,bool)"]);
}

#[test]
fn a_statement_that_an_implementation_gives_fills_its_row() {
    let source = r#"
        macro_rules! look_up { ($inner:literal) => { concat!("SELECT found.* FROM (", $inner, ") found") }; }
        const SCHOOL: &str = look_up!("SELECT id FROM schools");
        impl Target for School { type Row = SchoolRow; const LOOK_UP: &'static str = SCHOOL; const KIND: &str = "school"; }
        async fn enter<T: Target>(b: &Backend, c: C) -> Result<T::Row> { Ok(sqlx::query_as(T::LOOK_UP).fetch_one(c).await?) }
        async fn seen(b: &Backend) { let c = b.enter(actor, ViewRoll, school).await?; sqlx::query("SELECT 1").execute(c); }
    "#;
    let program = read(source);
    let [_, given, seen] = &*program.statements else { panic!("{} statements", program.statements.len()) };
    assert_eq!(given.sql, "SELECT found.* FROM (SELECT id FROM schools) found");
    assert!(matches!(&given.fills, Fills::Row(ty) if super::types::written(ty) == "SchoolRow"));
    assert_eq!(seen.role, Some(DatabaseRole::App));
    assert_eq!(program.problems, Vec::<String>::new());
}

#[test]
fn a_row_that_nothing_names_and_a_statement_that_is_no_literal_are_told() {
    let source = "async fn one(c: C) {
        let unnamed = sqlx::query_as(\"SELECT 1\").fetch_all(c).await?;
        let value: i32 = sqlx::query_scalar(text).fetch_one(c).await?;
    }";
    let problems = read(source).problems;
    assert_eq!(problems.len(), 2);
    assert!(problems[0].starts_with("wrong.rs:2: what row this fills"), "{problems:?}");
    assert!(problems[1].starts_with("wrong.rs:3: its columns cannot be compared"), "{problems:?}");
}

#[test]
fn the_role_is_that_of_the_transaction_around_or_of_those_who_call() {
    let source = r#"
        async fn tenant(b: &Backend) { let t = b.tenant_transaction(x).await?; sqlx::query("SELECT 1"); }
        async fn system(b: &Backend) { let t = b.system_transaction().await?; sqlx::query("SELECT 2"); }
        async fn both(b: &Backend) { b.system_transaction().await?; b.tenant_transaction(x).await?; sqlx::query("SELECT 3"); }
        pub async fn anybody(c: &mut PgConnection) { sqlx::query("SELECT 4"); }
        async fn step(c: &mut PgConnection) { sqlx::query("SELECT 5"); }
        async fn steps(b: &Backend) { let mut t = b.tenant_transaction(x).await?; step(&mut t).await?; anybody(&mut t).await?; }
    "#;
    let roles: Vec<_> = read(source).statements.iter().map(|statement| statement.role).collect();
    assert_eq!(
        roles,
        [Some(DatabaseRole::App), Some(DatabaseRole::System), None, None, Some(DatabaseRole::App)]
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_wrong_column_is_told_with_its_line_and_what_to_do(pool: PgPool) {
    let program = read(
        "async fn one(c: C) {
            sqlx::query(\"SELECT id,
                    nam
                FROM schools\").execute(c).await?;
            load(c, \"COPY schools (id, nam) FROM STDIN\");
        }",
    );
    assert_eq!(
        check(&pool, &program).await,
        [
            "wrong.rs:3: column \"nam\" does not exist, for greencap_app: correct the statement, or make in a migration what it names",
            "wrong.rs:5: column \"nam\" of relation \"schools\" does not exist, for greencap_app: correct the statement, or make in a migration what it names"
        ]
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_statement_that_its_role_may_not_run_is_told(pool: PgPool) {
    let program = read(
        "async fn one(b: &Backend) { let c = b.tenant_transaction(x).await?; sqlx::query(\"DELETE FROM audit_events\").execute(c).await?; }
         async fn other(b: &Backend) { let c = b.tenant_transaction(x).await?; sqlx::query(\"DELETE FROM previews\").execute(c).await?; }",
    );
    let problems = check(&pool, &program).await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("wrong.rs:1: permission denied for table audit_events"), "{problems:?}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn columns_that_do_not_fit_the_row_are_told(pool: PgPool) {
    let program = read(
        "#[derive(sqlx::FromRow)]
        struct School { id: Uuid, #[sqlx(rename = \"code\")] short: String, name: i32, #[sqlx(flatten)] rest: Rest }
        #[derive(Debug, FromRow)]
        struct Rest { created_at: DateTime<Utc>, #[sqlx(default)] absent: bool, #[sqlx(skip)] made: Vec<u8>, missing: bool }
        async fn one(c: C) -> Result<Vec<School>> {
            let two: (Uuid, String) = sqlx::query_as(\"SELECT id, code, name FROM schools\").fetch_one(&mut *c).await?;
            let count: i32 = sqlx::query_scalar(\"SELECT count(*) FROM schools\").fetch_one(&mut *c).await?;
            Ok(sqlx::query_as(\"SELECT id, code, name, created_at, organisation_id FROM schools\").fetch_all(c).await?)
        }",
    );
    assert_eq!(
        check(&pool, &program).await,
        [
            "wrong.rs:6: 3 columns come and 2 are read: select what is read, and read what is selected",
            "wrong.rs:7: the column `count` is INT8, and `i32` is read from INT4: change the one or cast the other",
            "wrong.rs:8: `School` reads a column `missing`, which does not come: select it, or correct the name of one of them",
            "wrong.rs:8: no field of `School` reads the column `organisation_id`: leave it out, or add the field",
            "wrong.rs:8: the column `name` is TEXT, and `i32` is read from INT4: change the one or cast the other",
        ]
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn temporary_tables_are_there_for_those_who_read_them(pool: PgPool) {
    let program = read(
        "async fn fill(c: C) { copy(c, \"COPY gathered (id) FROM STDIN\"); }
         async fn begin(c: C) { sqlx::query(\"CREATE TEMPORARY TABLE gathered (id uuid) ON COMMIT DROP\").execute(c).await?; }",
    );
    assert_eq!(check(&pool, &program).await, Vec::<String>::new());
}
