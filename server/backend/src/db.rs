//! The database: its pool, its migrations, and bulk loading.

mod rewritten;
pub mod roles;
pub mod standing;
pub mod upgrade;
pub mod words;

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

pub use upgrade::{UpgradeError, bring_up_to_date};

/// Every migration, embedded in the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// The connection pool. It can only be used through [`crate::Backend::tenant_transaction`] and its
/// neighbours, which set whose rows are visible.
#[derive(Debug, Clone)]
pub struct Database {
    pool: PgPool,
}

impl Database {
    /// Wraps a pool.
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }

    /// How many connections are open, and how many of them are not in use.
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The pool itself, as the owner of the database: for tests to prepare and inspect data.
    #[cfg(feature = "testing")]
    pub fn raw(&self) -> &PgPool {
        &self.pool
    }
}

/// Opens a pool. Connections are made when first needed, so that a server starts before its database does.
pub fn pool(options: PgConnectOptions, size: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        // Long enough for a burst, short enough that a page says "try again" while the database is
        // unavailable.
        .acquire_timeout(Duration::from_secs(5))
        // PostgreSQL compiles statements that it considers expensive, which takes up to three seconds each
        // time, and our bulk statements then need only a tenth of a second. Set after connecting, because a
        // pooler in between may refuse options.
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::query("SET jit = off").execute(connection).await.map(drop) })
        })
        .connect_lazy_with(options.application_name("greencap"))
}

/// How many bytes of COPY data are buffered before they are sent to PostgreSQL; limits the memory of a bulk
/// load.
const COPY_CHUNK: usize = 256 * 1024;

/// The target of [`load_rows`]; made by [`into!`].
#[derive(Debug, Clone, Copy)]
pub struct LoadTarget {
    /// Creates an empty temporary table with these columns.
    pub stage: &'static str,
    /// Fills it.
    pub copy: &'static str,
    /// Inserts its rows into the real table.
    pub insert: &'static str,
}

/// Names a table and some of its columns for [`load_rows`]; columns left out get their default.
macro_rules! into {
    ($table:literal, $columns:literal) => {
        $crate::db::LoadTarget {
            stage: concat!(
                "CREATE TEMPORARY TABLE loading ON COMMIT DROP AS SELECT ",
                $columns,
                " FROM ",
                $table,
                " WITH NO DATA"
            ),
            copy: concat!("COPY pg_temp.loading (", $columns, ") FROM STDIN"),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (",
                $columns,
                ") SELECT ",
                $columns,
                " FROM pg_temp.loading"
            ),
        }
    };
}
pub(crate) use into;

/// Loads rows into a table with row-level security. COPY refuses such tables, so it fills a temporary one,
/// which writes no write-ahead log, and one INSERT copies the rows under the role's policies. Runs in a
/// transaction.
pub async fn load_rows<R>(
    connection: &mut PgConnection,
    into: LoadTarget,
    rows: impl IntoIterator<Item = R>,
    write: impl FnMut(&mut CopyRow<'_>, R),
) -> sqlx::Result<u64> {
    sqlx::query(into.stage).execute(&mut *connection).await?;
    copy_rows(connection, into.copy, rows, write).await?;
    let loaded = sqlx::query(into.insert).execute(&mut *connection).await?.rows_affected();
    sqlx::query("DROP TABLE pg_temp.loading").execute(&mut *connection).await?;
    Ok(loaded)
}

/// Fills a temporary table by COPY in text format (PostgreSQL, "COPY", section "Text Format"): the fastest
/// way to load data, with one statement for any number of rows.
pub async fn copy_rows<R>(
    connection: &mut PgConnection,
    statement: &'static str,
    rows: impl IntoIterator<Item = R>,
    mut write: impl FnMut(&mut CopyRow<'_>, R),
) -> sqlx::Result<u64> {
    // A connection caches the plans of its foreign key checks. A plan made while a table was empty reads the
    // whole table for each row: minutes instead of seconds after a bulk load.
    sqlx::query("DISCARD PLANS").execute(&mut *connection).await?;
    let mut copy = connection.copy_in_raw(statement).await?;
    let mut buffer = String::with_capacity(COPY_CHUNK + 4096);
    for row in rows {
        let mut line = CopyRow { buffer: &mut buffer, first: true };
        write(&mut line, row);
        buffer.push('\n');
        if buffer.len() >= COPY_CHUNK {
            copy.send(buffer.as_bytes()).await?;
            buffer.clear();
        }
    }
    copy.send(buffer.as_bytes()).await?;
    copy.finish().await
}

/// A row for COPY.
pub struct CopyRow<'a> {
    buffer: &'a mut String,
    first: bool,
}

impl CopyRow<'_> {
    fn separate(&mut self) {
        if !std::mem::replace(&mut self.first, false) {
            self.buffer.push('\t');
        }
    }

    /// Adds a text column; characters special to COPY are escaped.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        for c in value.chars() {
            match c {
                '\\' => self.buffer.push_str("\\\\"),
                '\n' => self.buffer.push_str("\\n"),
                '\r' => self.buffer.push_str("\\r"),
                '\t' => self.buffer.push_str("\\t"),
                // PostgreSQL text cannot contain NUL.
                '\0' => {}
                other => self.buffer.push(other),
            }
        }
        self
    }

    /// Adds a column whose text form needs no escaping: a number, a UUID, a date.
    pub fn plain(&mut self, value: impl std::fmt::Display) -> &mut Self {
        use std::fmt::Write as _;
        self.separate();
        // Writing to a String does not fail.
        let _ = write!(self.buffer, "{value}");
        self
    }

    /// Adds a time, in ISO 8601 with its zone.
    pub fn time(&mut self, value: chrono::DateTime<chrono::Utc>) -> &mut Self {
        self.plain(value.format("%Y-%m-%d %H:%M:%S%.6f+00"))
    }

    /// Adds a bytea column, in hex format.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.separate();
        self.buffer.push_str("\\\\x");
        data_encoding::HEXLOWER.encode_append(value, self.buffer);
        self
    }

    /// Adds NULL.
    pub fn null(&mut self) -> &mut Self {
        self.separate();
        self.buffer.push_str("\\N");
        self
    }

    /// Adds a text column that may be NULL.
    pub fn text_or_null(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.null(),
        }
    }

    /// Adds a plain column that may be NULL.
    pub fn plain_or_null(&mut self, value: Option<impl std::fmt::Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.null(),
        }
    }
}

/// The limit of a query for a page of this many rows: one more, to find out whether there is a next page
/// ([`domain::lists::page::Page::of`]).
pub(crate) fn one_more(page: usize) -> i64 {
    i64::try_from(page).unwrap_or(i64::MAX).saturating_add(1)
}
