use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgPool;

use crate::data_rights::catalogue::{APART, held};
use crate::data_rights::schedule::heading;
use crate::rooms::ROOMS;

/// A column that refers to a person or to an account, by a foreign key or by its name.
const REFERRING: &str = "
    SELECT c.relname::text, a.attname::text FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname <> 'organisation_id' AND t.typname IN ('uuid', '_uuid')
      AND (EXISTS (SELECT FROM pg_constraint k
                   WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)
                     AND k.confrelid IN ('people'::regclass, 'accounts'::regclass))
           OR a.attname ~ '(^|_)(person|people|adult|child|account|survivor|except|in_name_of)(_id|_ids)?$')
      AND a.attname !~ '_by$'
    ORDER BY 1, 2";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_table_says_what_it_holds_on_a_person(pool: PgPool) {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> '_sqlx_migrations'
         ORDER BY 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let mut known: Vec<&str> =
        held().map(|held| held.table).chain(APART.iter().map(|(table, ..)| *table)).collect();
    known.sort_unstable();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    assert_eq!(
        known, tables,
        "add a new table to data_rights::catalogue: what it holds on a person, or why it holds nothing"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_column_that_refers_to_a_person_is_exported(pool: PgPool) {
    let found: Vec<(String, String)> = sqlx::query_as(REFERRING).fetch_all(&pool).await.unwrap();
    let known: BTreeMap<&str, &[&str]> = held().map(|held| (held.table, held.columns)).collect();
    let missing: Vec<String> = found
        .iter()
        .filter(|(table, column)| {
            !known.get(table.as_str()).is_some_and(|columns| columns.contains(&column.as_str()))
        })
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "list these columns in data_rights::catalogue");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_secret_is_exported(pool: PgPool) {
    let secrets: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
           AND NOT a.attisdropped AND (t.typname IN ('bytea', '_bytea') OR a.attname ~ '(hash|secret|credential)')",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let shown: Vec<String> = secrets
        .iter()
        .filter(|(table, column)| {
            held().any(|held| held.table == table && !held.read.contains(&format!(",{column}")))
        })
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(shown, Vec::<String>::new(), "name these among the secrets in data_rights::catalogue");
}

#[test]
fn every_kind_of_data_has_a_name_and_no_two_have_the_same() {
    let kept = ROOMS.retention.iter().flat_map(|retention| {
        let rules = retention.rules.iter().map(|rule| rule.table);
        rules.chain(retention.stays.iter().map(|stays| stays.table))
    });
    for table in kept {
        assert_ne!(heading(table), table, "give {table} a name in data_rights::catalogue");
    }
    let mut names = BTreeSet::new();
    let twice: Vec<&str> = held()
        .map(|held| held.heading)
        .chain(APART.iter().map(|(_, heading, _)| *heading))
        .filter(|name| !names.insert(*name))
        .collect();
    assert_eq!(twice, Vec::<&str>::new());
}
