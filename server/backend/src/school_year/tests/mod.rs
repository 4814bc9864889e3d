//! The school year, through the doors that pages and commands use.

mod erasing;
mod rollover;
mod validity;
mod year;

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::school_year::follow::RollChange;
use sqlx::PgPool;

use super::nightly::{NightAsked, SchoolNight, of_organisation};
use crate::Backend;
use crate::testing::{FixedClock, TestSchool, backend};

/// A school with an office.
struct Office {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    manager: Actor,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let (backend, clock) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let manager = school.actor(&backend, Role::Administrator);
        Self { backend, clock, school, manager }
    }

    /// Moves the clock to noon of a day, back or ahead.
    fn go_to(&self, text: &str) {
        let noon = day(text).and_hms_opt(12, 0, 0).unwrap().and_utc();
        self.clock.advance(noon - self.backend.now());
    }

    /// The night of the clock's day.
    async fn night(&self) -> Vec<SchoolNight> {
        let today = self.backend.now().date_naive();
        let asked = NightAsked { day: today, typed: false, again: false, simulate: false };
        of_organisation(&self.backend, self.school.organisation, asked).await.unwrap()
    }

    /// Every night up to and including that of a day, as the job does them; returns what was done, by change.
    async fn nights_to(&self, last: &str) -> Vec<(NaiveDate, RollChange, u32)> {
        let mut told = Vec::new();
        while self.backend.now().date_naive() < day(last) {
            self.clock.advance(TimeDelta::days(1));
            for night in self.night().await {
                let today = self.backend.now().date_naive();
                told.extend(night.done.0.iter().map(|(change, count)| (today, *change, *count)));
            }
        }
        told
    }

    /// Runs a statement about one person.
    async fn change(&self, statement: &'static str, person: PersonId) {
        sqlx::query(statement).bind(person.0).execute(self.backend.database.raw()).await.unwrap();
    }

    async fn state(&self, person: PersonId) -> String {
        sqlx::query_scalar("SELECT state FROM accounts WHERE person_id = $1")
            .bind(person.0)
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
    }

    async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}
