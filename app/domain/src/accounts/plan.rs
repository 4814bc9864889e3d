//! A plan: the accounts that would be created, row by row.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::change::{Highlight, UsernameChange};
use super::generate::generate;
use super::naming::{Candidate, Naming, name_and_group};
use super::taken::{TakenBy, TakenUsernames};
use super::username::{Username, UsernameError};
use crate::ids::{AccountId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use crate::operations::plan::{Plan, PlannedRow};

/// A proposed username.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsernameProposal {
    /// The username.
    pub username: Username,
    /// Whether staff typed it.
    pub typed: bool,
    /// The letters to highlight, in order; ranges may touch.
    pub highlights: Vec<Highlight>,
    /// The reasons.
    pub changes: Vec<UsernameChange>,
}

/// Why a username needs review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// Mail and web systems reserve this name.
    Reserved,
    /// It looks like an offensive word.
    Offensive,
    /// The first choice was taken, and the school wants to be asked.
    Clash,
}

impl fmt::Display for ReviewReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reserved => "Mail and web systems reserve this name. Accept it or change it.",
            Self::Offensive => "This may look like an offensive word. Accept it or change it.",
            Self::Clash => "The first choice is taken. Accept this one or change it.",
        })
    }
}

/// What is wrong with a typed username.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsernameProblem {
    /// It is not a valid username; the sentence says why.
    Invalid(String),
    /// It is taken.
    Taken {
        /// Who has it.
        by: TakenBy,
        /// One that is free, unless it is what the person has now.
        such_as: Option<Username>,
    },
}

impl From<UsernameError> for UsernameProblem {
    fn from(error: UsernameError) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// The result for one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedUsername {
    /// Ready to save.
    Ready(UsernameProposal),
    /// A person has to accept or change it first.
    NeedsReview(UsernameProposal, ReviewReason),
    /// The typed username cannot be used.
    Problem {
        /// As typed.
        typed: String,
        /// What is wrong, and what to do.
        problem: UsernameProblem,
    },
}

/// One account that would be created, or opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// The student it is for.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// See [`Candidate::group`].
    pub group: String,
    /// Admission number.
    pub admission_number: String,
    /// The result.
    pub made: PlannedUsername,
    /// The closed account that is opened again instead of a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopens: Option<AccountId>,
}

impl PlanRow {
    /// Name and group, as used in sentences.
    pub fn who(&self) -> String {
        name_and_group(&self.name, &self.group)
    }

    /// See [`PlannedUsername::username`].
    pub fn username(&self) -> Option<&Username> {
        self.made.username()
    }

    /// See [`PlannedUsername::complaint`].
    pub fn complaint(&self) -> Option<String> {
        self.made.complaint()
    }
}

impl PlannedUsername {
    /// The proposed username, unless what was typed cannot be used.
    pub fn username(&self) -> Option<&Username> {
        match self {
            Self::Ready(proposal) | Self::NeedsReview(proposal, _) => Some(&proposal.username),
            Self::Problem { .. } => None,
        }
    }

    /// Why the row cannot be saved, as a sentence: a pending review or a problem.
    pub fn complaint(&self) -> Option<String> {
        match self {
            Self::Ready(_) => None,
            Self::NeedsReview(_, review) => Some(review.to_string()),
            Self::Problem { problem: UsernameProblem::Invalid(why), .. } => Some(why.clone()),
            Self::Problem { typed, problem: UsernameProblem::Taken { by, such_as } } => Some(match such_as {
                Some(such_as) => format!("{typed} is taken by {by}. Choose another, such as {such_as}."),
                None => format!("{typed} is taken by {by}. Choose another."),
            }),
        }
    }
}

const PERSON: Tag = Tag::new(1);
const NAME: Tag = Tag::new(2);
const ADMISSION_NUMBER: Tag = Tag::new(3);
const USERNAME: Tag = Tag::new(4);
const REOPENS: Tag = Tag::new(5);

/// Encodes who gets which username, and their names. A row that is not ready has no username yet.
impl Facts for PlanRow {
    const FORM: FactsFormat = FactsFormat { name: "create_accounts", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields
            .id(PERSON, self.person.0)
            .text(NAME, &self.name)
            .text(ADMISSION_NUMBER, &self.admission_number);
        if let PlannedUsername::Ready(proposal) = &self.made {
            fields.text(USERNAME, proposal.username.as_str());
        }
        if let Some(account) = self.reopens {
            fields.id(REOPENS, account.0);
        }
    }
}

impl PlannedRow for PlanRow {
    fn is_ready(&self) -> bool {
        matches!(self.made, PlannedUsername::Ready(_))
    }
}

/// The accounts that would be created. The order does not depend on the order in which people were picked.
pub type AccountPlan = Plan<PlanRow>;

/// The figures above a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Ready to save.
    pub ready: u32,
    /// Of those, how many open a closed account again.
    pub reopened: u32,
    /// Of those, how many had a clash resolved.
    pub settled: u32,
    /// Of those, how many had their name simplified in some other way.
    pub simplified: u32,
    /// How many need review.
    pub review: u32,
    /// How many have a problem.
    pub problems: u32,
}

impl AccountPlan {
    /// Makes the plan. The same people, naming and taken usernames always give the same plan, in any order of
    /// `people`.
    pub fn make(naming: &Naming, people: &[Candidate], taken: &TakenUsernames) -> Self {
        Self::of(generate(naming, people, taken))
    }

    /// Counts the rows by kind.
    pub fn summary(&self) -> PlanSummary {
        let mut summary = PlanSummary::default();
        for row in &self.rows {
            match &row.made {
                PlannedUsername::Ready(proposal) => {
                    summary.ready += 1;
                    if row.reopens.is_some() {
                        summary.reopened += 1;
                        continue;
                    }
                    let settled =
                        proposal.changes.iter().any(|c| matches!(c, UsernameChange::Settled { .. }));
                    summary.settled += u32::from(settled);
                    summary.simplified += u32::from(!settled && !proposal.changes.is_empty());
                }
                PlannedUsername::NeedsReview(..) => summary.review += 1,
                PlannedUsername::Problem { .. } => summary.problems += 1,
            }
        }
        summary
    }
}
