//! The context of every use case.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::Keys;
use crate::db::Database;
use crate::memory::Memory;
use crate::random::Random;
use crate::rooms::Rooms;
use crate::tables::TableReader;

/// Everything a use case needs from outside. One per process; cheap to clone.
#[derive(Clone)]
pub struct Backend {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Keys derived from the pepper.
    pub keys: Arc<Keys>,
    /// The configuration.
    pub config: Arc<Config>,
    /// Reads files from outside.
    pub tables: Arc<TableReader>,
    /// What rooms cache in memory.
    pub memory: Arc<Memory>,
    /// What the rooms declare to the engines.
    pub rooms: &'static Rooms,
}

impl Backend {
    /// The current time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The current date in a time zone.
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// Creates an id: UUID version 7, from this clock and randomness.
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        I::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
