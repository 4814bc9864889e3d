//! Once a day, how many students of each school are covered: the points of the chart.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;
use uuid::Uuid;

use super::board::guardian_kinds;
use crate::jobs::job::{Job, JobEnd, JobRun, Priority};
use crate::{Backend, Error, Result};

/// The daily count.
pub(crate) struct CountCoverage;

impl Job for CountCoverage {
    const NAME: &'static str = "guardian_coverage";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    /// Counts school by school. Run twice on a day, the later count stays.
    async fn run(run: JobRun) -> Result<JobEnd> {
        let mut connection = run.backend.system_connection().await?;
        let schools: Vec<CountedSchoolRow> = sqlx::query_as(
            "SELECT s.organisation_id, s.id, o.time_zone
             FROM schools s JOIN organisations o ON o.id = s.organisation_id ORDER BY s.id",
        )
        .fetch_all(&mut *connection)
        .await?;
        for school in schools {
            if run.is_stopped() {
                return Ok(JobEnd::Stopped);
            }
            count(&run.backend, &mut connection, &school, run.backend.now()).await?;
        }
        Ok(JobEnd::Done)
    }
}

#[derive(sqlx::FromRow)]
struct CountedSchoolRow {
    organisation_id: Uuid,
    id: Uuid,
    time_zone: String,
}

async fn count(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &CountedSchoolRow,
    now: DateTime<Utc>,
) -> Result<()> {
    let today = backend.today(school.time_zone.parse::<Tz>().map_err(Error::unexpected)?);
    sqlx::query(
        "INSERT INTO guardian_coverage (organisation_id, school_id, day, students, covered)
         SELECT $1, $2, $3, count(*), count(*) FILTER (WHERE best.step = 14)
         FROM (SELECT x.child_id, max(x.step) AS step FROM guardian_steps($1, $2, $3, $4, $5) x GROUP BY x.child_id) best
         ON CONFLICT (school_id, day) DO UPDATE SET students = excluded.students, covered = excluded.covered",
    )
    .bind(school.organisation_id)
    .bind(school.id)
    .bind(today)
    .bind(now)
    .bind(guardian_kinds())
    .execute(connection)
    .await?;
    Ok(())
}
