//! Tests through the use cases, on a real PostgreSQL, with a real mail server on this machine. Numbers in
//! brackets are the attack cases of `docs/SECURITY.md`.

mod activating;
mod queueing;
mod replies;
mod sending;
mod ways_in;

use std::sync::Arc;

use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::{AccountId, BatchId, PersonId};
use domain::invitations::views::{InvitationLine, Recipients, SendReport};
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::deliveries::deliveries;
use super::send::send;
use crate::Backend;
use crate::accounts::create::save;
use crate::operations::ExpectedPlan;
use crate::testing::{FixedClock, SmtpSink, TestSchool, account, student};

/// A school with a mail server, and someone who may send.
struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    staff: Actor,
    sink: SmtpSink,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let sink = SmtpSink::start().await;
        let (mut backend, clock) = crate::testing::backend(pool);
        let mut config = (*backend.config).clone();
        config.smtp = Some(sink.url().parse().unwrap());
        config.mail_from = "Quillmere School <portal@quillmere.example>".parse().unwrap();
        config.base_url = "https://portal.quillmere.example".to_owned();
        backend.config = Arc::new(config);
        let school = TestSchool::new(&backend).await;
        let staff = school.actor(&backend, Role::AccountManager);
        Self { backend, clock, school, staff, sink }
    }

    /// A student with an account `n`, and the address `n@example.org`.
    async fn account(&self, n: &str) -> AccountId {
        self.person(n).await.1
    }

    async fn person(&self, n: &str) -> (PersonId, AccountId) {
        let email = format!("{n}@example.org");
        let person = student(&self.backend, &self.school, n, "Okoronta", n, Some(&email)).await;
        (person, account(&self.backend, &self.school, person, n).await)
    }

    /// A batch of students, each with a first name and an email address.
    async fn batch(&self, names: &[&str]) -> BatchId {
        for name in names {
            let email = format!("{name}@example.org");
            student(&self.backend, &self.school, name, "Okoronta", name, Some(&email)).await;
        }
        let everyone = Selection::Matching { filter: RollFilter::default() };
        let (school, ready) = (self.school.school, ExpectedPlan::WhateverIsReady);
        let saved =
            save(&self.backend, &self.staff, school, &everyone, &Naming::default(), ready).await.unwrap();
        let SaveOutcome::Saved(made) = saved else { panic!("{saved:?}") };
        made.id.unwrap()
    }

    async fn send(&self, ids: &[AccountId]) -> SendReport {
        let recipients = Recipients::Accounts { ids: ids.to_vec(), again: true };
        send(&self.backend, &self.staff, self.school.school, recipients).await.unwrap()
    }

    async fn lines(&self, account: AccountId) -> Vec<InvitationLine> {
        deliveries(&self.backend, &self.staff, self.school.school, account).await.unwrap()
    }

    /// The only invitation of an account.
    async fn line(&self, account: AccountId) -> InvitationLine {
        let mut lines = self.lines(account).await;
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.remove(0)
    }

    /// The link token and code of an account's latest invitation, as its message carries them.
    async fn secrets(&self, account: AccountId) -> (String, String) {
        let invitation = self.lines(account).await.remove(0).invitation;
        let secrets = self.backend.keys.invitations.secrets(invitation.0);
        (secrets.link, secrets.code.to_string())
    }

    async fn state(&self, account: AccountId) -> String {
        sqlx::query_scalar("SELECT account_state(id, state) FROM accounts WHERE id = $1")
            .bind(account.0)
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
    }

    async fn set_state(&self, account: AccountId, state: &str) {
        sqlx::query("UPDATE accounts SET state = $2 WHERE id = $1")
            .bind(account.0)
            .bind(state)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}
