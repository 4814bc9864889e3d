//! Processor time of this process and PostgreSQL together, as Linux counts it (proc(5), `/proc/<pid>/stat`).

use std::fs;

use sqlx::postgres::PgPool;

/// Ticks per second: `USER_HZ`, which is 100 wherever Linux runs today (time(7)).
const TICKS: f64 = 100.0;

/// The processes whose time is counted.
pub struct Processor {
    postmaster: String,
}

/// What a process has used, in ticks.
struct Used {
    parent: String,
    own: f64,
    /// Used by its children that have ended.
    ended: f64,
}

impl Processor {
    /// This process, and the PostgreSQL behind the pool, which runs on this machine.
    pub async fn of(pool: &PgPool) -> Self {
        let session: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(pool).await.unwrap();
        let Used { parent, .. } = used(&session.to_string()).unwrap();
        Self { postmaster: parent }
    }

    /// The seconds used so far.
    pub fn seconds(&self) -> f64 {
        let postmaster = used(&self.postmaster).unwrap();
        let mut ticks = postmaster.own + postmaster.ended + used("self").unwrap().own;
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            // Entries that are not processes, or have ended meanwhile, have nothing to read.
            match used(&entry.file_name().to_string_lossy()) {
                Some(used) if used.parent == self.postmaster => ticks += used.own,
                _ => {}
            }
        }
        ticks / TICKS
    }
}

fn used(process: &str) -> Option<Used> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Fields 4, and 14 to 17; the name before them ends at the last parenthesis.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some(Used {
        parent: (*fields.get(1)?).to_owned(),
        own: ticks(11)? + ticks(12)?,
        ended: ticks(13)? + ticks(14)?,
    })
}
