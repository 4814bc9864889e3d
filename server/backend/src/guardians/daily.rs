//! What becomes due by the calendar: restrictions that begin or are to be reviewed, and students who come of age.

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::ids::OrganisationId;
use uuid::Uuid;

use super::access::restrictions::upkeep;
use super::of_age;
use crate::audit::record_all;
use crate::jobs::job::{Job, JobEnd, JobRun, Priority};
use crate::{Backend, Error, Result};

/// Does what is due. Every hour, because the day begins at another time in each organisation; whatever is done already is
/// not done again.
pub(crate) struct DueToday;

impl Job for DueToday {
    const NAME: &'static str = "guardians_due";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::hours(1));

    async fn run(run: JobRun) -> Result<JobEnd> {
        let organisations: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT id, time_zone FROM organisations ORDER BY id")
                .fetch_all(&mut *run.backend.system_connection().await?)
                .await?;
        for (organisation, zone) in organisations {
            if run.is_stopped() {
                return Ok(JobEnd::Stopped);
            }
            of_organisation(
                &run.backend,
                OrganisationId(organisation),
                zone.parse().map_err(Error::unexpected)?,
            )
            .await?;
        }
        Ok(JobEnd::Done)
    }
}

/// The same for one organisation, in one transaction.
pub(crate) async fn of_organisation(backend: &Backend, organisation: OrganisationId, zone: Tz) -> Result<()> {
    let today = backend.today(zone);
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let mut entries = upkeep::begin(backend, &mut transaction, organisation, today).await?;
    upkeep::remind(backend, &mut transaction, organisation, today).await?;
    of_age::tell::tell(backend, &mut transaction, organisation, today).await?;
    entries.extend(of_age::pass::pass(backend, &mut transaction, organisation, today).await?);
    record_all(backend, &mut transaction, &Actor::system(organisation), entries).await?;
    transaction.commit().await?;
    Ok(())
}
