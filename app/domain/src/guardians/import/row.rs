//! A row of a file about guardians, with only valid values.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::actions;
use super::addresses::{self, LabelledAddress, is_clear};
use super::column_groups::{CONTACT_FIELDS, FATHER, GROUPS, MOTHER, URGENT};
use super::fields as of;
use super::login::{self, Login};
use super::names::{self, ReadName};
use super::relation_words::{self, yes_or_no};
use super::row_child::{ChildFacts, ChildNumbers, read_child, read_children};
use crate::guardians::contact::{ContactFunction, ContactPriority};
use crate::guardians::relationship::Relationship;
use crate::imports::cells::{CellValue, Cells, ROUNDED};
use crate::imports::kind::ImportField;
use crate::imports::note::Note;
use crate::imports::value;
use crate::roll::address::EmailAddress;
use crate::roll::import::people::{ImportedPerson, NAME_TOO_LONG};
use crate::roll::language::LanguageTag;
use crate::roll::name::MAX_NAME_PART;

/// The code of a word for a relationship that Greencap does not know.
pub const RELATION_UNKNOWN: &str = "relation_unknown";
/// The code of an address or a number with nobody's name beside it.
pub const EMAIL_WITHOUT_NAME: &str = "email_without_name";
/// The code of a row that names no child.
pub const CHILD_MISSING: &str = "child_missing";
/// The code of a row that names no adult.
pub const NO_ADULT: &str = "no_adult";
/// The code of a cell that says neither yes nor no.
const NOT_YES_OR_NO: &str = "not_yes_or_no";
/// The code of a priority that is no number from 1 to 99.
const NOT_A_PRIORITY: &str = "not_a_priority";

/// A row: children, and adults who belong to each of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FamilyRow {
    /// The cell with the child's number, whole and in the parts that several numbers have.
    pub children: ChildNumbers,
    /// What else the row says of the child.
    pub child: ChildFacts,
    /// The adults.
    pub adults: Vec<AdultSaid>,
    /// Whether the row says that they belong together no longer.
    pub ends: bool,
    /// Whether the other system has the adult no longer, so that they belong to no student of it.
    pub is_gone: bool,
    /// The login of the student, if the row is about an account of theirs. It names no adults then.
    pub account_of_student: Option<Login>,
}

/// What a row says of one adult.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is said by a cell of its own")]
pub struct AdultSaid {
    /// The key in another system.
    pub key: Option<String>,
    /// The login in another system, in lists of accounts.
    pub login: Option<Login>,
    /// Name and addresses; `None` if the row has no name for the adult, but a key.
    pub person: Option<ImportedPerson>,
    /// Whether the name is that of two people.
    pub is_couple: bool,
    /// Mr, Dr.
    pub title: Option<String>,
    /// What the adult is to the child, with the word in the file.
    pub relationship: Option<(Relationship, String)>,
    /// What else they do, each said to be so or not.
    pub functions: Vec<(ContactFunction, bool)>,
    /// Whom to call first.
    pub priority: CellValue<ContactPriority>,
    /// Whether they have parental responsibility.
    pub responsible: CellValue<bool>,
    /// Whether the child lives with them.
    pub lives_with: CellValue<bool>,
    /// Whether the file says that they have no access.
    pub no_access: bool,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: CellValue<NaiveDate>,
    /// The lines of the postal address, and its postcode.
    pub postal: Option<(String, String)>,
    /// All addresses and numbers, with what the file says of them.
    pub addresses: Vec<LabelledAddress>,
    /// Whether a cell erases the email address.
    pub erases_email: bool,
    /// Whether a cell erases the phone number.
    pub erases_phone: bool,
}

/// The fields of one group of columns.
struct Group {
    number: u8,
    key: &'static ImportField,
    relationship: Option<&'static ImportField>,
    title: Option<&'static ImportField>,
    given: Option<&'static ImportField>,
    family: Option<&'static ImportField>,
    full: Option<&'static ImportField>,
    family_first: Option<&'static ImportField>,
    emails: Vec<&'static ImportField>,
    phones: Vec<&'static ImportField>,
    language: Option<&'static ImportField>,
    priority: Option<&'static ImportField>,
    responsible: Option<&'static ImportField>,
    lives_with: Option<&'static ImportField>,
    pickup: Option<&'static ImportField>,
    access: Option<&'static ImportField>,
    address: Vec<&'static ImportField>,
    postcode: Option<&'static ImportField>,
}

static READ: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let named = [MOTHER, FATHER, URGENT];
    let group = |number: u8| {
        let field = |field: ImportField| GROUPS.field(CONTACT_FIELDS, number, field.slug);
        let address =
            [of::ADDRESS, of::HOUSE_NAME, of::HOUSE_NUMBER, of::LINE_1, of::LINE_2, of::LINE_3, of::TOWN];
        Some(Group {
            number,
            key: field(of::KEY)?,
            relationship: field(of::RELATIONSHIP),
            title: field(of::TITLE),
            given: field(of::GIVEN),
            family: field(of::FAMILY),
            full: field(of::FULL_NAME),
            family_first: field(of::FAMILY_FIRST),
            emails: [of::EMAIL, of::OTHER_EMAIL, of::WORK_EMAIL].into_iter().filter_map(field).collect(),
            phones: [of::MOBILE, of::PHONE, of::OTHER_PHONE, of::HOME_PHONE, of::WORK_PHONE]
                .into_iter()
                .filter_map(field)
                .collect(),
            language: field(of::LANGUAGE),
            priority: field(of::PRIORITY),
            responsible: field(of::RESPONSIBILITY),
            lives_with: field(of::LIVES_WITH),
            pickup: field(of::PICKUP),
            access: field(of::ACCESS),
            address: address.into_iter().filter_map(field).collect(),
            postcode: field(of::POSTCODE),
        })
    };
    (1..=GROUPS.numbered).chain(named).filter_map(group).collect()
});

/// Reads a row of a list of contacts, or of links. It needs a child and an adult.
pub fn read(cells: &mut Cells<'_>) -> Option<FamilyRow> {
    let row = read_adult_alone(cells)?;
    let child = &row.child;
    let is_said = child.email.is_some() || child.name.is_some();
    // A row with no more than the key of an adult whom another row gives a student says more of the adult.
    let is_of_another =
        row.is_gone || row.adults.iter().any(|said| said.key.is_some() && said.person.is_some());
    if row.children.parts.is_empty() && !is_said && !is_of_another {
        cells.problem(Note::new(CHILD_MISSING));
    }
    Some(row)
}

/// Reads a row of a list of adults, who need no child.
pub fn read_adult_alone(cells: &mut Cells<'_>) -> Option<FamilyRow> {
    let children = read_children(cells);
    let child = read_child(cells);
    let mut adults = Vec::new();
    let groups = cells.groups();
    let in_file = || READ.iter().filter(|group| groups.contains(&group.number));
    // What is said of one adult's names is true of the others.
    let is_turned = in_file().filter_map(|group| group.family_first).any(|field| cells.has(field));
    for group in in_file() {
        adults.extend(read_adult(cells, group, is_turned));
    }
    if adults.is_empty() {
        cells.problem(Note::new(NO_ADULT));
    }
    // A row is kept until all are planned, and most have one adult: room for more would be most of the memory.
    adults.shrink_to_fit();
    let is_gone = actions::is_gone(cells);
    let ends = actions::ends(cells) || is_gone;
    Some(FamilyRow { children: children?, child, adults, ends, is_gone, account_of_student: None })
}

impl AdultSaid {
    /// What other systems call the adult: a key, a login.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.key.as_deref().into_iter().chain(self.login.as_ref().map(|login| login.text.as_str()))
    }
}

/// What another system calls the adult, unless a spreadsheet has rounded it.
fn adult_key(cells: &mut Cells<'_>, group: &Group) -> Option<String> {
    let CellValue::Value(text) = cells.text(group.key) else { return None };
    if let Ok(code) = value::code(&text) {
        return Some(code.into_owned()).filter(|code| !value::is_no_code(code));
    }
    cells.leave_out(group.key, &text, ROUNDED);
    None
}

/// Reads the name of an adult, in parts or whole. Whole names have the family name first if they are turned.
fn read_name(cells: &mut Cells<'_>, group: &Group, is_turned: bool) -> ReadName {
    let mut said = |field: Option<&'static ImportField>| match field {
        Some(field) => cells.name(field).value().map_or_else(String::new, ToString::to_string),
        None => String::new(),
    };
    let (given, family, full) = (said(group.given), said(group.family), said(group.full));
    let family_first = said(group.family_first);
    match family_first.as_str() {
        "" => names::read(&given, &family, &full, is_turned),
        whole => names::read(&given, &family, whole, true),
    }
}

/// Whether nobody can be called so. The name of an organisation is one, however it was divided.
fn is_too_long(name: &ReadName, is: Option<Relationship>, middle: &CellValue<String>) -> bool {
    let length = |part: &str| part.chars().count();
    let longest = match is {
        Some(Relationship::Organisation) => length(&name.given) + 1 + length(&name.family),
        _ => length(&name.given).max(length(&name.family)),
    };
    longest.max(middle.value().map_or(0, |middle| length(middle))) > MAX_NAME_PART
}

/// Leaves out the addresses of nobody knows whom.
fn leave_out_addresses(cells: &mut Cells<'_>, group: &Group, email: Option<&EmailAddress>) {
    if let (Some(email), Some(field)) = (email, group.emails.first()) {
        cells.leave_out(field, email.as_str(), EMAIL_WITHOUT_NAME);
    }
    let phones = addresses::phones(cells, &group.phones);
    let column = group.phones.iter().find(|field| cells.has(field));
    if let (Some(phone), Some(field)) = (&phones.first, column) {
        cells.leave_out(field, phone.as_str(), EMAIL_WITHOUT_NAME);
    }
}

fn read_adult(cells: &mut Cells<'_>, group: &Group, is_turned: bool) -> Option<AdultSaid> {
    let name = read_name(cells, group, is_turned);
    let key = adult_key(cells, group);
    let login = if group.number == 1 { login::read(cells) } else { None };
    let emails = addresses::emails(cells, &group.emails);
    let has_name = !name.given.is_empty() || !name.family.is_empty();
    if !has_name && key.is_none() && login.is_none() {
        // Nobody: a group of columns that this child does not use, or an address of nobody knows whom.
        leave_out_addresses(cells, group, emails.first.as_ref());
        return None;
    }
    let phones = addresses::phones(cells, &group.phones);
    let language = match group.language.map(|field| (field, cells.known(field))) {
        Some((field, CellValue::Value(text))) => cells.or_left_out(field, &text, text.parse::<LanguageTag>()),
        _ => CellValue::Nothing,
    };
    let relationship =
        group.relationship.and_then(|field| cells.text(field).value().map(ToString::to_string));
    let mut functions = Vec::new();
    let mut implied = match group.number {
        MOTHER => Some((Relationship::Mother, String::new())),
        FATHER => Some((Relationship::Father, String::new())),
        URGENT => Some((Relationship::EmergencyContact, String::new())),
        _ => None,
    };
    if let Some(word) = relationship {
        let (found, function, is_known) = relation_words::read(&word);
        functions.extend(function.map(|function| (function, true)));
        if !is_known {
            cells.note(Note::new(RELATION_UNKNOWN).quoting(&word));
        }
        implied = Some((found, if is_known { String::new() } else { word }));
    }
    if group.number == URGENT {
        functions.push((ContactFunction::Emergency, true));
    }
    let flags = [
        (ContactFunction::Emergency, (group.number == 1).then_some(&of::EMERGENCY)),
        (ContactFunction::Pickup, group.pickup),
        (ContactFunction::Payer, (group.number == 1).then_some(&of::PAYER)),
    ];
    for (function, field) in flags {
        if let Some(CellValue::Value(is_so)) = field.map(|field| yes_no(cells, field)) {
            functions.push((function, is_so));
        }
    }
    let mut flag =
        |field: Option<&'static ImportField>| field.map_or(CellValue::Nothing, |f| yes_no(cells, f));
    let (responsible, lives_with) = (flag(group.responsible), flag(group.lives_with));
    let no_access = flag(group.access) == CellValue::Value(false);
    let (starts_on, ends_on) = if group.number == 1 {
        cells.period(&of::START, &of::END)
    } else {
        (CellValue::Nothing, CellValue::Nothing)
    };
    let title = group
        .title
        .and_then(|field| cells.text(field).value().map(ToString::to_string))
        .or_else(|| name.title.clone());
    let is_couple = name.is_couple || title.as_deref().is_some_and(names::is_couple);
    let text = |part: String| if part.is_empty() { CellValue::Nothing } else { CellValue::Value(part) };
    let middle =
        if group.number == 1 { cells.name(&of::MIDDLE).map(Cow::into_owned) } else { CellValue::Nothing };
    if has_name && is_too_long(&name, implied.as_ref().map(|(relationship, _)| *relationship), &middle) {
        cells.problem(Note::new(NAME_TOO_LONG));
    }
    // Many systems have the address as the login.
    let by_login = login.as_ref().and_then(|login| login.email.clone());
    let erases_email = emails.erases;
    let email = emails.first.or(by_login);
    let person = has_name.then(|| ImportedPerson {
        given: text(name.given),
        middle: said_only(middle),
        family: text(name.family),
        preferred: CellValue::Nothing,
        born_on: CellValue::Nothing,
        language,
        email: email.map_or(CellValue::Nothing, CellValue::Value),
        phone: phones.first.map_or(CellValue::Nothing, CellValue::Value),
    });
    Some(AdultSaid {
        key,
        login,
        person,
        is_couple,
        title: title.filter(|title| title.chars().count() <= 40),
        relationship: implied,
        functions,
        priority: priority(cells, group.priority),
        responsible,
        lives_with,
        no_access,
        starts_on: starts_on.value().copied(),
        ends_on: said_only(ends_on),
        postal: postal(cells, group),
        addresses: if has_name { emails.all.into_iter().chain(phones.all).collect() } else { Vec::new() },
        erases_email,
        erases_phone: phones.erases,
    })
}

/// A blank cell says nothing of an adult: what the office has found out stays.
fn said_only<T>(cell: CellValue<T>) -> CellValue<T> {
    match cell {
        CellValue::Value(value) => CellValue::Value(value),
        CellValue::Empty | CellValue::Nothing => CellValue::Nothing,
    }
}

fn yes_no(cells: &mut Cells<'_>, field: &'static ImportField) -> CellValue<bool> {
    match cells.known(field) {
        CellValue::Value(text) if is_clear(&text) => CellValue::Empty,
        CellValue::Value(text) => {
            let read = yes_or_no(&text).ok_or(NOT_YES_OR_NO);
            cells.or_left_out(field, &text, read)
        }
        CellValue::Nothing | CellValue::Empty => CellValue::Nothing,
    }
}

fn priority(cells: &mut Cells<'_>, field: Option<&'static ImportField>) -> CellValue<ContactPriority> {
    let Some(field) = field else { return CellValue::Nothing };
    match cells.known(field) {
        CellValue::Value(text) if is_clear(&text) => CellValue::Empty,
        CellValue::Value(text) => {
            let number = value::whole_number(&text).ok().and_then(|number| number.parse::<u8>().ok());
            let read = number.and_then(|number| ContactPriority::try_from(number).ok()).ok_or(NOT_A_PRIORITY);
            cells.or_left_out(field, &text, read)
        }
        CellValue::Nothing | CellValue::Empty => CellValue::Nothing,
    }
}

fn postal(cells: &mut Cells<'_>, group: &Group) -> Option<(String, String)> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_behind_number = false;
    for field in &group.address {
        if let CellValue::Value(text) = cells.known(field) {
            match lines.last_mut().filter(|_| is_behind_number) {
                Some(number) => *number = format!("{number} {}", text.trim()),
                None => lines.push(text.trim().to_owned()),
            }
            is_behind_number = field.slug == of::HOUSE_NUMBER.slug;
        }
    }
    let postcode = group.postcode.and_then(|field| cells.known(field).value().map(ToString::to_string));
    let lines: String = lines.join("\n").chars().take(500).collect();
    (!lines.is_empty()).then(|| (lines, postcode.unwrap_or_default().chars().take(20).collect()))
}
