//! What a list would do, row by row.

use serde::{Deserialize, Serialize};

use super::check::CellProblem;
use super::who::WhoProblem;
use super::{PasteColumn, PastedRow};
use crate::accounts::plan::{PlannedUsername, ReviewReason, UsernameProblem};
use crate::accounts::username::Username;
use crate::ids::PersonId;
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use crate::operations::plan::{Plan, PlannedRow};

/// What a row does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowDoes {
    /// Puts somebody on the roll, and makes their account.
    Create(Username),
    /// Makes the account of somebody who is on the roll.
    Account(PersonId, Username),
    /// Adds somebody who has an account to the group.
    Join(PersonId, Option<Username>),
    /// Nothing: they are in the group already.
    Stays(PersonId, Option<Username>),
    /// Nothing yet: somebody has to correct the row, or say who it is about.
    Waits(RowWaits),
}

/// Why a row waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWaits {
    /// The cell to look at.
    pub column: PasteColumn,
    /// What is wrong and what to do, as a sentence.
    pub sentence: String,
    /// The same as a stable word.
    pub code: String,
    /// Whether it can be said that it is the student who is on the roll, or someone else.
    pub asks: bool,
}

impl From<CellProblem> for RowWaits {
    fn from(problem: CellProblem) -> Self {
        let CellProblem { column, sentence, code } = problem;
        Self { column, sentence, code: code.to_owned(), asks: false }
    }
}

impl From<WhoProblem> for RowWaits {
    fn from(problem: WhoProblem) -> Self {
        Self {
            column: problem.column(),
            sentence: problem.sentence(),
            code: problem.code().to_owned(),
            asks: problem.asks(),
        }
    }
}

impl RowWaits {
    /// Takes a planned username, or says why the row waits. A clash that was resolved is ready whatever the school's
    /// pattern asks for elsewhere. Only somebody who may see the whole school is told who has a username.
    pub fn username(made: &PlannedUsername, names_people: bool) -> Result<Username, Self> {
        let (code, sentence) = match made {
            PlannedUsername::Ready(proposal)
            | PlannedUsername::NeedsReview(proposal, ReviewReason::Clash) => {
                return Ok(proposal.username.clone());
            }
            PlannedUsername::NeedsReview(proposal, ReviewReason::Reserved) => (
                "username_reserved",
                format!("{} is a name that mail and web systems reserve. Type another.", proposal.username),
            ),
            PlannedUsername::NeedsReview(proposal, ReviewReason::Offensive) => (
                "username_offensive",
                format!("{} may look like an offensive word. Type another.", proposal.username),
            ),
            PlannedUsername::Problem { typed, problem: UsernameProblem::Taken { such_as, .. } } => {
                let such_as =
                    such_as.as_ref().map(|such_as| format!(", such as {such_as}")).unwrap_or_default();
                let anonymous = format!("{typed} is taken. Choose another{such_as}.");
                let named = made.complaint().filter(|_| names_people);
                ("username_taken", named.unwrap_or(anonymous))
            }
            PlannedUsername::Problem { problem: UsernameProblem::Invalid(why), .. } => {
                ("username_invalid", why.clone())
            }
        };
        Err(Self { column: PasteColumn::Username, sentence, code: code.to_owned(), asks: false })
    }
}

/// A planned row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastePlanRow {
    /// Its index in the list.
    pub at: u32,
    /// Their name as pages show it.
    pub name: String,
    /// What it does.
    pub does: RowDoes,
    /// Admission number: as typed, as on the roll, or made.
    pub number: String,
    /// Email address, of somebody new.
    pub email: String,
}

impl PastePlanRow {
    /// The person, if they are stored.
    pub fn person(&self) -> Option<PersonId> {
        match &self.does {
            RowDoes::Create(_) | RowDoes::Waits(_) => None,
            RowDoes::Account(person, _) | RowDoes::Join(person, _) | RowDoes::Stays(person, _) => {
                Some(*person)
            }
        }
    }

    /// The username that they get or have.
    pub fn username(&self) -> Option<&Username> {
        match &self.does {
            RowDoes::Create(username) | RowDoes::Account(_, username) => Some(username),
            RowDoes::Join(_, username) | RowDoes::Stays(_, username) => username.as_ref(),
            RowDoes::Waits(_) => None,
        }
    }

    /// Whether it makes an account.
    pub fn makes_account(&self) -> bool {
        matches!(self.does, RowDoes::Create(_) | RowDoes::Account(..))
    }

    /// Why it waits, if it does.
    pub fn waits(&self) -> Option<&RowWaits> {
        match &self.does {
            RowDoes::Waits(waits) => Some(waits),
            _ => None,
        }
    }

    /// What it does, in a few words.
    pub fn words(&self) -> &str {
        match &self.does {
            RowDoes::Create(_) => "New account",
            RowDoes::Account(..) => "On the roll: gets an account and joins the group",
            RowDoes::Join(_, Some(_)) => "Has an account: joins the group",
            RowDoes::Join(_, None) => "Their account is closed: joins the group without it",
            RowDoes::Stays(..) => "In the group already",
            RowDoes::Waits(waits) => &waits.sentence,
        }
    }
}

const AT: Tag = Tag::new(1);
const DOES: Tag = Tag::new(2);
const PERSON: Tag = Tag::new(3);
const NAME: Tag = Tag::new(4);
const USERNAME: Tag = Tag::new(5);
const NUMBER: Tag = Tag::new(6);
const EMAIL: Tag = Tag::new(7);

impl Facts for PastePlanRow {
    const FORM: FactsFormat = FactsFormat { name: "paste_accounts", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        let does = match &self.does {
            RowDoes::Create(_) => 1,
            RowDoes::Account(..) => 2,
            RowDoes::Join(..) => 3,
            RowDoes::Stays(..) => 4,
            RowDoes::Waits(_) => 5,
        };
        fields.number(AT, u64::from(self.at)).number(DOES, does);
        if let Some(person) = self.person() {
            fields.id(PERSON, person.0);
        }
        fields.text(NAME, &self.name);
        if let Some(username) = self.username() {
            fields.text(USERNAME, username.as_str());
        }
        fields.text(NUMBER, &self.number).text(EMAIL, &self.email);
    }
}

impl PlannedRow for PastePlanRow {
    fn is_ready(&self) -> bool {
        self.waits().is_none()
    }
}

/// What a whole list would do.
pub type PastePlan = Plan<PastePlanRow>;

/// The figures of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PasteCounts {
    /// New people with new accounts.
    pub created: usize,
    /// Accounts for people who are on the roll.
    pub accounts: usize,
    /// People who have an account and join the group.
    pub joined: usize,
    /// People who are in the group already.
    pub stays: usize,
    /// Rows that wait.
    pub waiting: usize,
}

impl PasteCounts {
    /// Counts the rows of a plan.
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r PastePlanRow>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.does {
                RowDoes::Create(_) => &mut counts.created,
                RowDoes::Account(..) => &mut counts.accounts,
                RowDoes::Join(..) => &mut counts.joined,
                RowDoes::Stays(..) => &mut counts.stays,
                RowDoes::Waits(_) => &mut counts.waiting,
            } += 1;
        }
        counts
    }

    /// How many accounts are made.
    pub fn made(self) -> usize {
        self.created + self.accounts
    }
}

/// The rows of a list that are not empty, with their index.
pub fn filled(rows: &[PastedRow]) -> impl Iterator<Item = (u32, &PastedRow)> {
    (0u32..).zip(rows).filter(|(_, row)| !row.is_empty())
}
