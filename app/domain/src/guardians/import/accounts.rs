//! The accounts that a list of accounts makes: for adults, and for students who are on the roll. A login is never taken from
//! whom it belongs to.

use std::collections::{BTreeSet, HashMap};

use super::known::{Known, KnownAdult, KnownChild, KnownLogin};
use super::login::{
    ACCOUNT_CLOSED, ACCOUNT_LEFT_OUT, ACCOUNT_MADE, CLAIMED, Login, NO_ACCOUNT, NO_RIGHT, OTHER_USERNAME,
    STUDENT_LEFT,
};
use super::plan::{PlanRow, SAME_ACCOUNT, Terms, Trouble};
use super::row::AdultSaid;
use super::write::{AccountWrite, AdultRef, GuardiansWrite, NewUsername};
use crate::accounts::username::Username;
use crate::ids::PersonId;
use crate::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow, ShownPerson};
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;
use crate::roll::name::PersonName;

/// The code of a login that rows give to several people.
pub const LOGIN_TWICE: &str = "login_twice";
/// The code of a student to whom rows give several logins.
pub const TWO_LOGINS: &str = "student_two_logins";

/// Whether accounts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// The kind of list makes none.
    Never,
    /// The importer may not make any.
    NotAllowed,
    /// They are made.
    Made,
}

/// What becomes of an adult's account.
#[derive(Default)]
pub(super) struct AccountChange {
    pub(super) write: Option<AccountWrite>,
    pub(super) notes: Vec<Note>,
    pub(super) held: Option<Box<HeldRow>>,
}

/// The login that rows say of one adult.
pub(super) fn login_of<'a>(said: &[&'a AdultSaid]) -> Option<&'a Login> {
    said.iter().filter_map(|said| said.login.as_ref()).min_by(|one, other| one.text.cmp(&other.text))
}

/// What becomes of the account of an adult, by the login that rows have for them. `name` is their name afterwards.
pub(super) fn of_adult(
    owner: AdultRef,
    said: &[&AdultSaid],
    known: Option<&KnownAdult>,
    name: Option<&PersonName>,
    (terms, choice): (Terms, Option<ChoiceKind>),
) -> AccountChange {
    let mut change = AccountChange::default();
    let (Some(login), Some(name)) = (login_of(said), name) else { return change };
    if terms.accounts == Accounts::Never {
        return change;
    }
    if let Some(username) = known.and_then(|known| known.person.account.as_deref()) {
        if login.username.as_ref().is_none_or(|login| login.as_str() != username) {
            change.notes.push(Note::new(OTHER_USERNAME).with("username", username).quoting(&login.text));
        }
        return change;
    }
    if known.is_some_and(|known| known.has_closed_account) {
        change.notes.push(Note::new(ACCOUNT_CLOSED));
    } else if terms.accounts == Accounts::NotAllowed
        || known.is_some_and(|known| !known.is_reached || known.person.outranks)
    {
        change.notes.push(Note::new(NO_RIGHT));
    } else {
        match wanted(login, choice) {
            Wanted::Username(username) => {
                let (name, number) = (name.clone(), String::new());
                change.write = Some(AccountWrite { owner, is_student: false, username, name, number });
            }
            Wanted::Nothing => change.notes.push(Note::new(NO_ACCOUNT)),
            Wanted::Asked => change.held = Some(Box::new(asked(login, name, None))),
        }
    }
    change
}

/// What a login says of the username.
enum Wanted {
    Username(NewUsername),
    Nothing,
    Asked,
}

fn wanted(login: &Login, choice: Option<ChoiceKind>) -> Wanted {
    match (&login.username, choice) {
        (Some(username), _) => Wanted::Username(NewUsername::Given(username.clone())),
        (None, Some(ChoiceKind::MakeUsername)) => Wanted::Username(NewUsername::ByPattern),
        (None, Some(ChoiceKind::NoAccount)) => Wanted::Nothing,
        (None, _) => Wanted::Asked,
    }
}

/// Asks what becomes of a login that is no username.
fn asked(login: &Login, name: &PersonName, person: Option<ShownPerson>) -> HeldRow {
    let in_file = ShownPerson { name: name.full(), key: login.text.clone(), ..ShownPerson::default() };
    let choices = [ChoiceKind::MakeUsername, ChoiceKind::NoAccount].map(HeldChoice::of).to_vec();
    HeldRow::new(HeldReason::NoUsername, in_file, person.into_iter().collect(), choices)
}

/// Why a login cannot be that of `person`: it belongs to somebody else.
pub(super) fn claimed(known: &Known, login: &Login, person: Option<PersonId>) -> Option<Trouble> {
    let holder = known.logins.get(login.username.as_ref()?.as_str())?;
    (Some(holder.person) != person).then(|| Trouble::Rejected(claim(login, holder)))
}

/// The note about a login that belongs to somebody else, who is named if the importer may see them.
pub(super) fn claim(login: &Login, holder: &KnownLogin) -> Note {
    Note::new(CLAIMED).with("name", holder.name.as_deref().unwrap_or_default()).quoting(&login.text)
}

/// Whom a login of the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Owner {
    Adult(usize),
    Student(PersonId),
}

/// Logins that the file gives to several people, and students to whom it gives several logins. `owners` has each login of the
/// file with its row and whom it is for.
pub(super) fn contradictions(owners: &[(usize, &str, Owner)]) -> Vec<(usize, Trouble)> {
    let mut by_login: HashMap<&str, BTreeSet<Owner>> = HashMap::new();
    let mut by_student: HashMap<Owner, BTreeSet<&str>> = HashMap::new();
    for (_, login, owner) in owners {
        by_login.entry(login).or_default().insert(*owner);
        by_student.entry(*owner).or_default().insert(login);
    }
    let several = |owner: &Owner| {
        matches!(owner, Owner::Student(_)) && by_student.get(owner).is_some_and(|logins| logins.len() > 1)
    };
    let trouble = |(row, login, owner): &(usize, &str, Owner)| {
        let code = if by_login.get(login).is_some_and(|owners| owners.len() > 1) {
            LOGIN_TWICE
        } else if several(owner) {
            TWO_LOGINS
        } else {
            return None;
        };
        Some((*row, Trouble::Rejected(Note::new(code).quoting(login))))
    };
    owners.iter().filter_map(trouble).collect()
}

/// What becomes of the account of a student, the first of whose rows is `first`.
pub(super) fn of_student(
    (row, first): (&PlanRow<'_>, u32),
    login: &Login,
    student: PersonId,
    known: &Known,
    (terms, choices): (Terms, &Choices),
) -> Verdict<GuardiansWrite> {
    let skipped = |note: Note| Verdict::told(RowOutcome::Skipped, note);
    let Some(child) = known.children.person(student) else {
        return Verdict::rejected(Note::new(super::children::CHILD_UNKNOWN));
    };
    if first != row.number {
        return skipped(Note::new(SAME_ACCOUNT).with("row", first));
    }
    match (child.account.as_deref(), &login.username) {
        (Some(theirs), Some(username)) if theirs == username.as_str() => {
            return Verdict::unchanged(Vec::new(), None);
        }
        (Some(_), None) => return Verdict::unchanged(Vec::new(), None),
        (Some(theirs), Some(_)) => return other_username(row, login, (child, theirs), choices),
        (None, _) => {}
    }
    if child.has_left {
        return skipped(Note::new(STUDENT_LEFT));
    }
    if child.has_closed_account {
        return skipped(Note::new(ACCOUNT_CLOSED));
    }
    if terms.accounts != Accounts::Made {
        return Verdict::rejected(Note::new(NO_RIGHT));
    }
    match wanted(login, choices.of_login(row.number)) {
        Wanted::Asked => Verdict::held(asked(login, &child.name, Some(super::children::shown(child)))),
        Wanted::Nothing => skipped(Note::new(NO_ACCOUNT)),
        Wanted::Username(username) => {
            let (owner, name, number) = (AdultRef::Known(student), child.name.clone(), child.number.clone());
            let account = AccountWrite { owner, is_student: true, username, name, number };
            let write = GuardiansWrite { accounts: vec![account], ..GuardiansWrite::default() };
            Verdict {
                outcome: RowOutcome::Updated,
                code: ACCOUNT_MADE.into(),
                notes: Vec::new(),
                write: Some(write),
                held: None,
            }
        }
    }
}

/// A student who has another username: no file changes it.
fn other_username(
    row: &PlanRow<'_>,
    login: &Login,
    (child, theirs): (&KnownChild, &str),
    choices: &Choices,
) -> Verdict<GuardiansWrite> {
    if choices.of(row.number, HeldReason::OtherUsername).is_some() {
        return Trouble::LeftOut.verdict();
    }
    let in_file = ShownPerson { key: login.text.clone(), ..ShownPerson::default() };
    let shown = ShownPerson { account: theirs.to_owned(), ..super::children::shown(child) };
    let choices = vec![HeldChoice::of(ChoiceKind::LeaveOut)];
    Verdict::held(HeldRow::new(HeldReason::OtherUsername, in_file, vec![shown], choices))
}

/// Takes the usernames that the engine of accounts has made, or why it has made none.
pub fn settle(
    verdicts: &mut [Verdict<GuardiansWrite>],
    mut made: impl FnMut(&AccountWrite) -> Result<Username, String>,
) {
    for verdict in verdicts {
        let Some(write) = &mut verdict.write else { continue };
        let notes = &mut verdict.notes;
        write.accounts.retain_mut(|account| match made(account) {
            Ok(username) => {
                notes.push(Note::new(ACCOUNT_MADE).with("username", username.as_str()));
                account.username = NewUsername::Given(username);
                true
            }
            Err(why) => {
                notes.push(Note::new(ACCOUNT_LEFT_OUT).with("because", why));
                false
            }
        });
        if write.is_empty() {
            verdict.write = None;
            verdict.outcome = RowOutcome::Skipped;
            verdict.code = ACCOUNT_LEFT_OUT.into();
        }
    }
}
