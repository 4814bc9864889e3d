//! The format of a roll sent to the browser: plain text, one line per student, cells separated by tabs. It
//! compresses well and is read in one pass.
//!
//! The first line is [`FORMAT`]. Cells: person, name, search key ([`PLAIN`] if it follows from name, number
//! and username), admission number, year group, registration group, roll status, email; then, for students
//! with an account: its id, username, state, delivery, how the invitation ended, and the microseconds since 1970 of opening, expiry,
//! start of the status and last sign-in. Ids are 32 hexadecimal digits, other values are the slugs of their
//! types, and a missing time is an empty cell.

use std::fmt::Write as _;

use thiserror::Error;
use uuid::Uuid;

use super::{AccountPart, NEVER, RollSnapshot};
use crate::credentials::state::AccountState;
use crate::credentials::status::InvitationEnd;
use crate::ids::{AccountId, PersonId};
use crate::messages::delivery::DeliveryState;
use crate::roll::status::RollStatus;

/// The first line. A page older than its server finds a different one, and asks for a reload.
const FORMAT: &str = "greencap-roll 3";

/// Represents a [`plain_key`]. Cannot be a search key, because those start with a space.
const PLAIN: &str = "=";

/// Text that is not a roll in this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("line {line} of the roll could not be read; reload the page")]
pub struct SnapshotError {
    /// Starting at 1.
    pub line: usize,
}

impl RollSnapshot {
    /// Writes the roll for the browser.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.len() * 160 + FORMAT.len() + 1);
        out.push_str(FORMAT);
        out.push('\n');
        let mut plain = String::new();
        for row in 0..self.len() {
            let key = self.keys.get(row);
            let is_plain =
                plain_key(&mut plain, [self.names.get(row), self.numbers.get(row), self.usernames.get(row)])
                    && plain == key;
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", self.persons[row].0.simple());
            for text in [
                self.names.get(row),
                if is_plain { PLAIN } else { key },
                self.numbers.get(row),
                self.years.get(row),
                self.groups.get(row),
                self.rolls[row].slug(),
                self.emails.get(row),
            ] {
                out.push('\t');
                escape(&mut out, text);
            }
            if let Some(account) = &self.accounts[row] {
                let _ = write!(
                    out,
                    "\t{}\t{}\t{}\t{}\t{}",
                    account.id.0.simple(),
                    self.usernames.get(row),
                    account.state.slug(),
                    account.delivery.map_or("", DeliveryState::slug),
                    account.end.map_or("", InvitationEnd::slug)
                );
                for time in [account.opened_at, account.expires_at, account.since, account.last_sign_in_at] {
                    out.push('\t');
                    if time != NEVER {
                        let _ = write!(out, "{time}");
                    }
                }
            }
            out.push('\n');
        }
        out
    }

    /// Reads the output of [`Self::to_text`].
    pub fn from_text(text: &str) -> Result<Self, SnapshotError> {
        let mut lines = text.lines();
        if lines.next() != Some(FORMAT) {
            return Err(SnapshotError { line: 1 });
        }
        let mut read = Self::default();
        for (at, line) in lines.enumerate() {
            read.push_line(line).ok_or(SnapshotError { line: at + 2 })?;
        }
        Ok(read)
    }

    fn push_line(&mut self, line: &str) -> Option<()> {
        let mut cells = line.split('\t');
        let person = PersonId(Uuid::try_parse(cells.next()?).ok()?);
        let [name, key, number, year, group, roll, email] =
            std::array::from_fn(|_| cells.next().map(restored));
        let roll = RollStatus::from_slug(&roll?)?;
        self.years.push(&year?);
        self.groups.push(&group?);
        let (account, username) = match cells.next() {
            None => (None, ""),
            Some(id) => {
                let username = cells.next()?;
                let state = AccountState::from_slug(cells.next()?)?;
                let delivery = match cells.next()? {
                    "" => None,
                    slug => Some(DeliveryState::from_slug(slug)?),
                };
                let end = match cells.next()? {
                    "" => None,
                    slug => Some(InvitationEnd::from_slug(slug)?),
                };
                let mut times = [NEVER; 4];
                for time in &mut times {
                    let cell = cells.next()?;
                    if !cell.is_empty() {
                        *time = cell.parse().ok()?;
                    }
                }
                let [opened_at, expires_at, since, last_sign_in_at] = times;
                let id = AccountId(Uuid::try_parse(id).ok()?);
                let part =
                    AccountPart { id, state, delivery, end, opened_at, expires_at, since, last_sign_in_at };
                (Some(part), username)
            }
        };
        let (name, number) = (name?, number?);
        let mut key = key?;
        if key == PLAIN && !plain_key(key.to_mut(), [&name, &number, username]) {
            return None;
        }
        self.push_parts(person, [&name, &key, &number, &email?, username], roll, account);
        Some(())
    }
}

/// The search key of most people: the words of name, number and username in lower case without apostrophes,
/// as [`crate::roll::fold::fold`] would return. Returns `false` if they contain letters that need folding.
fn plain_key(key: &mut String, texts: [&str; 3]) -> bool {
    key.clear();
    for text in texts {
        let mut gap = true;
        for byte in text.bytes() {
            match byte {
                b'\'' | b'`' => {}
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    if std::mem::take(&mut gap) {
                        key.push(' ');
                    }
                    key.push(char::from(byte.to_ascii_lowercase()));
                }
                _ if byte.is_ascii() => gap = true,
                _ => return false,
            }
        }
    }
    true
}

/// Rows sent to the browser within another message, in the text format of a roll: the browser uses the same
/// reader for both, so that a first visit does not load a second one (decision 0009).
pub mod rows_as_text {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::RollSnapshot;
    use crate::roll::views::RollRow;

    /// Writes rows.
    pub fn serialize<S: Serializer>(rows: &[RollRow], to: S) -> Result<S::Ok, S::Error> {
        RollSnapshot::from_rows(rows).to_text().serialize(to)
    }

    /// Reads rows.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RollRow>, D::Error> {
        let roll = RollSnapshot::from_text(&String::deserialize(from)?).map_err(D::Error::custom)?;
        Ok((0..roll.len()).map(|row| roll.row(row)).collect())
    }
}

/// Names contain no control characters, but schools choose what to call a group.
fn escape(out: &mut String, text: &str) {
    if !text.contains(['\\', '\t', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
}

fn restored(cell: &str) -> std::borrow::Cow<'_, str> {
    if !cell.contains('\\') {
        return cell.into();
    }
    let mut text = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => break,
            },
            other => other,
        });
    }
    text.into()
}
