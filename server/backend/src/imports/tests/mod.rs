//! Imports on a real PostgreSQL.

mod by_hand;
mod committing;
mod dates;
mod deciding;
mod files;
mod guard;
mod guarding;
mod held;
mod kept;
mod large;
mod logs;
mod mending;
mod oneroster;
mod phones;
mod readdressing;
mod reading;
mod repeats;
mod reports;
mod reused;
mod senders;
mod sent_back;
mod undoing;
mod workbooks;

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::imports::held::HeldDecision;
use domain::imports::kind::KindSlug;
use domain::imports::plan::PlanCounts;
use domain::imports::views::{CommitOutcome, ImportView, LogLine};
use domain::imports::words;
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{commit, log, settle, simulate, stage};
use crate::testing::{TestSchool, backend};
use crate::{Backend, Result};

/// A school, and someone who imports files to its roll.
struct Office {
    backend: Backend,
    school: TestSchool,
    actor: Actor,
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let actor = school.actor(&backend, Role::AccountManager);
        Self { backend, school, actor }
    }

    async fn stage(&self, name: &str, file: &[u8]) -> Result<ImportView> {
        stage::stage(&self.backend, &self.actor, &students(), self.school.school, name, file.to_vec()).await
    }

    /// Stages and simulates a file without problems.
    async fn check(&self, csv: &str) -> ImportView {
        let staged = self.stage("students.csv", csv.as_bytes()).await.unwrap();
        simulate::simulate(&self.backend, &self.actor, staged.id).await.unwrap()
    }

    async fn commit(&self, import: &ImportView) -> Result<CommitOutcome> {
        commit::commit(&self.backend, &self.actor, import.id, import.plan.unwrap()).await
    }

    /// Imports a file.
    async fn import(&self, csv: &str) -> ImportView {
        let checked = self.check(csv).await;
        self.written(&checked).await
    }

    /// Imports a file, accepting what its held rows propose.
    async fn import_confirmed(&self, csv: &str) -> ImportView {
        let checked = self.check(csv).await;
        let decided = self.decide(&checked, HeldDecision::Proposals).await;
        self.written(&decided).await
    }

    async fn decide(&self, import: &ImportView, decision: HeldDecision) -> ImportView {
        settle::settle(&self.backend, &self.actor, import.id, decision).await.unwrap()
    }

    async fn written(&self, checked: &ImportView) -> ImportView {
        match self.commit(checked).await.unwrap() {
            CommitOutcome::Done { import } => import,
            CommitOutcome::Drifted { differing, .. } => panic!("nobody else writes here: {differing:?}"),
            CommitOutcome::Queued { .. } | CommitOutcome::Waits => {
                panic!("so few rows are no job, and end nothing")
            }
        }
    }

    async fn lines(&self, import: &ImportView) -> Vec<LogLine> {
        let page = log::page(&self.backend, &self.actor, import.id, None, 0, 1000).await.unwrap();
        page.lines.into_iter().map(|named| named.line).collect()
    }

    /// Everything on the roll that an import writes, as lines to compare.
    async fn roll(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws('|', e.admission_number, p.given_name, p.family_name, p.born_on, p.language, e.year_group,
                    e.starts_on, e.ends_on, e.latest,
                    (SELECT string_agg(a.value || CASE WHEN a.is_primary THEN '*' ELSE '' END, ',' ORDER BY a.comparable)
                     FROM addresses a WHERE a.person_id = p.id))
             FROM enrolments e JOIN people p ON p.id = e.person_id ORDER BY e.admission_number COLLATE \"C\", e.starts_on",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }
}

fn students() -> KindSlug {
    KindSlug::from(&STUDENTS)
}

/// The message of a log line.
fn message(line: &LogLine) -> String {
    words::line(&STUDENTS, &line.line)
}

fn counts(added: u32, updated: u32, unchanged: u32, skipped: u32, rejected: u32) -> PlanCounts {
    PlanCounts { added, updated, unchanged, skipped, rejected, ..PlanCounts::default() }
}
