//! The login that a list of accounts has for somebody, and whether a row is about a student.

use super::lists::{GUARDIAN_OR_NOT, LOGON, STUDENTS};
use super::row::{self, FamilyRow};
use super::row_child;
use crate::accounts::username::Username;
use crate::fold::fold;
use crate::imports::cells::{CellValue, Cells, MADE_A_DATE, ROUNDED};
use crate::imports::made_date::is_made_a_date;
use crate::imports::note::Note;
use crate::imports::value;
use crate::roll::address::EmailAddress;

/// The code of a login that belongs to somebody else.
pub const CLAIMED: &str = "login_claimed";
/// The code of an account that a row makes.
pub const ACCOUNT_MADE: &str = "account_made";
/// The code of an account that is there under another username.
pub const OTHER_USERNAME: &str = "other_username";
/// The code of an account that was closed, and stays so.
pub const ACCOUNT_CLOSED: &str = "account_closed";
/// The code of an account that a person has to make.
pub const ACCOUNT_LEFT_OUT: &str = "account_left_out";
/// The code of an account that this importer may not make.
pub const NO_RIGHT: &str = "account_no_right";
/// The code of an account that is not made by decision.
pub const NO_ACCOUNT: &str = "account_not_wanted";
/// The code of a student who has left.
pub const STUDENT_LEFT: &str = "account_student_left";
/// The code of a row about a student that has no login.
pub const LOGIN_MISSING: &str = "login_missing";

/// A login of another system.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Login {
    /// As the file has it, in small letters.
    pub text: String,
    /// The username that it is here; none if the rules for usernames refuse it, as they do each email address.
    pub username: Option<Username>,
    /// The email address that it is, if it is one.
    pub email: Option<EmailAddress>,
}

impl Login {
    /// Takes a login as a file has it.
    pub fn new(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let email = if text.contains('@') { text.parse().ok() } else { None };
        Self { username: text.parse().ok(), email, text }
    }
}

/// Reads the login of a row, unless a spreadsheet has spoilt it.
pub(super) fn read(cells: &mut Cells<'_>) -> Option<Login> {
    let CellValue::Value(text) = cells.text(&LOGON) else { return None };
    let why = match value::code(&text) {
        Err(_) => ROUNDED,
        Ok(_) if is_made_a_date(&text) => MADE_A_DATE,
        Ok(code) if value::is_no_code(&code) => return None,
        Ok(code) => return Some(Login::new(&code)),
    };
    cells.leave_out(&LOGON, &text, why);
    None
}

/// Reads a row of a list of accounts: an adult, or a student who is on the roll.
pub fn read_row(cells: &mut Cells<'_>) -> Option<FamilyRow> {
    let is_student = cells.text(&GUARDIAN_OR_NOT).value().is_some_and(|word| is_student(word));
    if is_student {
        return read_student(cells);
    }
    row::read_adult_alone(cells)
}

/// A student's row says which student, and which login; their name and addresses are those of the roll.
fn read_student(cells: &mut Cells<'_>) -> Option<FamilyRow> {
    let login = read(cells);
    if login.is_none() {
        cells.problem(Note::new(LOGIN_MISSING));
    }
    let mut row = row_child::read_children_alone(cells)?;
    let by_login = login.as_ref().and_then(|login| login.email.as_ref());
    row.child.email =
        row.child.email.or_else(|| row_child::own_email(cells)).or(by_login.map(EmailAddress::comparable));
    row.account_of_student = Some(login?);
    Some(row)
}

fn is_student(word: &str) -> bool {
    let mut word = fold(word);
    word.retain(|c| c != ' ');
    STUDENTS.contains(&word.as_str())
}
