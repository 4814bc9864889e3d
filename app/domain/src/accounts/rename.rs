//! Changing usernames: the plan, and how long an old username still signs in.
//!
//! A username belongs to its person permanently, so the old one stays theirs and nobody else ever gets it.

use std::collections::HashMap;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::change::UsernameChange;
use super::generate::generate;
use super::naming::{Candidate, HeldAccount, Naming, name_and_group};
use super::plan::{PlanRow, PlannedUsername, UsernameProblem};
use super::taken::TakenUsernames;
use super::username::Username;
use crate::ids::{AccountId, OperationId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use crate::operations::past::PastOperation;
use crate::operations::plan::{Plan, PlannedRow};

/// How many days an old username still signs in: 0 to 365.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct OldUsernameDays(i32);

/// An invalid number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a whole number of days from 0 to 365.")]
pub struct OldUsernameDaysError;

impl OldUsernameDays {
    /// The default.
    pub const USUAL: Self = Self(30);
    /// The old username stops at once.
    pub const NONE: Self = Self(0);

    /// The moment until which a username replaced at `now` still signs in; `None` if it stops at once.
    pub fn after(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        (self.0 > 0).then(|| now + TimeDelta::days(self.0.into()))
    }
}

impl TryFrom<i32> for OldUsernameDays {
    type Error = OldUsernameDaysError;

    fn try_from(days: i32) -> Result<Self, OldUsernameDaysError> {
        if (0..=365).contains(&days) { Ok(Self(days)) } else { Err(OldUsernameDaysError) }
    }
}

impl FromStr for OldUsernameDays {
    type Err = OldUsernameDaysError;

    fn from_str(text: &str) -> Result<Self, OldUsernameDaysError> {
        text.trim().parse::<i32>().map_err(|_| OldUsernameDaysError)?.try_into()
    }
}

impl From<OldUsernameDays> for i32 {
    fn from(days: OldUsernameDays) -> Self {
        days.0
    }
}

/// One username that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameRow {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub person: PersonId,
    /// The owner's name as pages show it.
    pub name: String,
    /// See [`Candidate::group`].
    pub group: String,
    /// Admission number.
    pub admission_number: String,
    /// The current username.
    pub from: Username,
    /// The new one.
    pub made: PlannedUsername,
}

impl RenameRow {
    /// Name and group, as used in sentences.
    pub fn who(&self) -> String {
        name_and_group(&self.name, &self.group)
    }

    /// Whether the new username is one that the same person had before.
    pub fn is_former(&self) -> bool {
        match &self.made {
            PlannedUsername::Ready(proposal) | PlannedUsername::NeedsReview(proposal, _) => {
                proposal.username != self.from && proposal.changes.contains(&UsernameChange::TheirsAgain)
            }
            PlannedUsername::Problem { .. } => false,
        }
    }

    /// The new username, unless what was typed cannot be used.
    pub fn username(&self) -> Option<&Username> {
        self.made.username()
    }

    /// Why the row cannot be saved, as a sentence.
    pub fn complaint(&self) -> Option<String> {
        self.made.complaint()
    }
}

const ACCOUNT: Tag = Tag::new(1);
const PERSON: Tag = Tag::new(2);
const FROM: Tag = Tag::new(3);
const TO: Tag = Tag::new(4);

/// Encodes whose username changes from what to what. A row that is not ready has no new username yet.
impl Facts for RenameRow {
    const FORM: FactsFormat = FactsFormat { name: "rename_accounts", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account.0).id(PERSON, self.person.0).text(FROM, self.from.as_str());
        if let PlannedUsername::Ready(proposal) = &self.made {
            fields.text(TO, proposal.username.as_str());
        }
    }
}

impl PlannedRow for RenameRow {
    fn is_ready(&self) -> bool {
        matches!(self.made, PlannedUsername::Ready(_))
    }
}

/// The usernames that would change.
pub type RenamePlan = Plan<RenameRow>;

impl RenamePlan {
    /// Makes the plan for people with an account ([`Candidate::account`]), and counts those whose username
    /// already is what the naming makes. Usernames that a person has now or had before are free for that
    /// person alone.
    pub fn make(naming: &Naming, people: Vec<Candidate>, taken: &TakenUsernames) -> (Self, Unchanged) {
        let mut held: HashMap<PersonId, HeldAccount> = HashMap::with_capacity(people.len());
        let people: Vec<Candidate> = people
            .into_iter()
            .filter_map(|mut candidate| {
                let account = *candidate.account.take()?;
                // The current one first: who fits the pattern keeps what they have.
                candidate.reserved.insert(0, account.username.clone());
                held.insert(candidate.person, account);
                Some(candidate)
            })
            .collect();
        let mut unchanged = Unchanged::default();
        let rows = generate(naming, &people, taken)
            .into_iter()
            .filter_map(|row| {
                let account = held.remove(&row.person)?;
                let fits = row.username() == Some(&account.username);
                let row = RenameRow::of(row, account);
                if !fits {
                    return Some(row);
                }
                unchanged.count += 1;
                unchanged.first.get_or_insert(row);
                None
            })
            .collect();
        (Self::of(rows), unchanged)
    }
}

/// Those whose username already is what the naming makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unchanged {
    /// How many.
    pub count: u32,
    /// The first of them: who it is, if only one person was chosen.
    pub first: Option<RenameRow>,
}

impl RenameRow {
    fn of(mut row: PlanRow, account: HeldAccount) -> Self {
        // What they have now is no suggestion.
        if let PlannedUsername::Problem { problem: UsernameProblem::Taken { such_as, .. }, .. } =
            &mut row.made
        {
            such_as.take_if(|username| *username == account.username);
        }
        // Nor is it a former one.
        if let PlannedUsername::Ready(made) | PlannedUsername::NeedsReview(made, _) = &mut row.made
            && made.username == account.username
        {
            made.changes.retain(|change| *change != UsernameChange::TheirsAgain);
        }
        Self {
            account: account.id,
            person: row.person,
            name: row.name,
            group: row.group,
            admission_number: row.admission_number,
            from: account.username,
            made: row.made,
        }
    }
}

/// A change of usernames before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameView {
    /// The usernames that would change.
    pub plan: RenamePlan,
    /// Those who already fit.
    pub unchanged: Unchanged,
    /// How many were left out, by reason.
    pub left_out: Vec<crate::accounts::action::LeftAlone>,
    /// How many days an old username signs in.
    pub days: OldUsernameDays,
}

/// The result of changing usernames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenameOutcome {
    /// They changed.
    Renamed {
        /// The operation, to look at and to undo; `None` if there was nothing to change.
        operation: Option<OperationId>,
        /// How many changed.
        changed: usize,
        /// Rows that need a decision; only if the change was allowed to continue without them.
        waiting: Vec<RenameRow>,
    },
    /// The roll has changed since the plan was shown. Nothing was changed.
    Drifted,
    /// It needs a second person's approval. Nothing was changed yet.
    Waits,
    /// A job changes them.
    Queued(OperationId),
}

/// A change of usernames that was made, in the list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameSummary {
    /// The operation.
    pub operation: PastOperation,
    /// The name of one of its people whom the reader may see.
    pub first: Option<String>,
}

impl RenameSummary {
    /// Whose usernames changed, as used in lists and sentences.
    pub fn who(&self) -> String {
        match (&self.first, self.operation.size) {
            (Some(name), 1) => name.clone(),
            (Some(name), 2) => format!("{name} and 1 other"),
            (Some(name), many) => format!("{name} and {} others", many.saturating_sub(1)),
            (None, 1) => "1 person".to_owned(),
            (None, many) => format!("{many} people"),
        }
    }
}

/// A change of usernames that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameDetail {
    /// The operation: who changed them, when, how many, and whether that was undone.
    pub operation: PastOperation,
    /// Until when the old usernames sign in, if they still do.
    pub old_until: Option<DateTime<Utc>>,
    /// At most [`RENAME_ROWS`] people, by name.
    pub people: Vec<RenamedPerson>,
}

impl RenameDetail {
    /// The change as the list of changes names it.
    pub fn summary(&self) -> RenameSummary {
        let first = self.people.first().map(|person| person.name.clone());
        RenameSummary { operation: self.operation.clone(), first }
    }
}

/// How many people the page of a change lists.
pub const RENAME_ROWS: usize = 500;

/// Someone whose username changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedPerson {
    /// The person.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// The username they were given; after an undo the one they have again.
    pub username: String,
    /// The one before, for those who may see it.
    pub former: Option<String>,
}

/// A username that someone had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerUsername {
    /// The username; `None` for those who may not see it.
    pub username: Option<String>,
    /// Until when it signs in, if that is not over. If it was stopped, until when that can be undone.
    pub signs_in_until: Option<DateTime<Utc>>,
    /// When staff stopped it early, if they did.
    pub stopped_at: Option<DateTime<Utc>>,
}

impl FormerUsername {
    /// What ends when staff stop an old username.
    pub const WHAT_ENDS: &'static str = "If you stop it, nobody can sign in with it. The current username, the password and open sessions stay as they are, and links in earlier messages still work. The old username stays reserved for this person.";

    /// Whether it signs in.
    pub fn signs_in(&self) -> bool {
        self.signs_in_until.is_some() && self.stopped_at.is_none()
    }

    /// Until when the stop of one of these can be undone; `None` if none is stopped.
    pub fn undoable_until(former: &[Self]) -> Option<DateTime<Utc>> {
        former.iter().filter(|one| one.stopped_at.is_some()).filter_map(|one| one.signs_in_until).max()
    }

    /// Whether and until when it signs in; `day` puts a time into words.
    pub fn sentence(&self, day: impl Fn(DateTime<Utc>) -> String) -> String {
        match (self.signs_in_until, self.stopped_at) {
            (Some(_), Some(stopped)) => format!("Stopped: {}. No longer signs in", day(stopped)),
            (Some(until), None) => format!("Signs in until {}", day(until)),
            (None, _) => "No longer signs in".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
