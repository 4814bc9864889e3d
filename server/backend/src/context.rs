//! What every use case is given.

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

/// Everything that a use case needs from outside: cheap to clone, one per process.
#[derive(Clone)]
pub struct Backend {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Keys made from the pepper.
    pub keys: Arc<Keys>,
    /// The configuration.
    pub config: Arc<Config>,
    /// What reads files from outside.
    pub tables: Arc<TableReader>,
    /// What rooms keep in memory.
    pub memory: Arc<Memory>,
    /// What the rooms declare to the engines.
    pub rooms: &'static Rooms,
}

impl Backend {
    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The day it is in a time zone.
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// A new identifier: UUID version 7, from the clock and the randomness passed in.
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        I::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
