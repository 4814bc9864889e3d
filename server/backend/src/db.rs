//! The database: its pool, its migrations, and bulk loading.

use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{PgConnection, Postgres, Transaction};

/// Every migration, embedded in the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Opens a pool. Connections are made when first needed, so that a server starts before its database does.
pub fn pool(options: PgConnectOptions, size: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        // Long enough for a burst, short enough that a page says "try again" while the database is away.
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy_with(options.application_name("greencap"))
}

/// Begins a transaction that sees one moment of the database and can change nothing.
pub async fn begin_read_only(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await
}

/// How many bytes of COPY data are gathered before they are handed to PostgreSQL: bounds the memory of a bulk load.
const COPY_CHUNK: usize = 256 * 1024;

/// Loads rows by COPY in text format (PostgreSQL, "COPY", section "Text Format"): the fastest way in, one statement
/// however many rows.
pub async fn copy_rows<R>(
    connection: &mut PgConnection,
    statement: &'static str,
    rows: impl IntoIterator<Item = R>,
    mut write: impl FnMut(&mut CopyRow<'_>, R),
) -> sqlx::Result<u64> {
    // A connection keeps the plans of its foreign key checks. One made while a table was empty reads all of it for each
    // row: minutes instead of seconds after a bulk load.
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

/// One row on its way into COPY.
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

    /// A text column; signs that mean something to COPY are escaped.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        for c in value.chars() {
            match c {
                '\\' => self.buffer.push_str("\\\\"),
                '\n' => self.buffer.push_str("\\n"),
                '\r' => self.buffer.push_str("\\r"),
                '\t' => self.buffer.push_str("\\t"),
                // PostgreSQL text holds no NUL.
                '\0' => {}
                other => self.buffer.push(other),
            }
        }
        self
    }

    /// A column whose text form needs no escape: a number, a UUID, a date.
    pub fn plain(&mut self, value: impl std::fmt::Display) -> &mut Self {
        use std::fmt::Write as _;
        self.separate();
        // Writing to a String does not fail.
        let _ = write!(self.buffer, "{value}");
        self
    }

    /// A time, in ISO 8601 with its zone.
    pub fn time(&mut self, value: chrono::DateTime<chrono::Utc>) -> &mut Self {
        self.plain(value.format("%Y-%m-%d %H:%M:%S%.6f+00"))
    }

    /// A bytea column, in hex format.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.separate();
        self.buffer.push_str("\\\\x");
        data_encoding::HEXLOWER.encode_append(value, self.buffer);
        self
    }

    /// NULL.
    pub fn null(&mut self) -> &mut Self {
        self.separate();
        self.buffer.push_str("\\N");
        self
    }

    /// A text column that may be NULL.
    pub fn text_or_null(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.null(),
        }
    }

    /// A plain column that may be NULL.
    pub fn plain_or_null(&mut self, value: Option<impl std::fmt::Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.null(),
        }
    }
}
