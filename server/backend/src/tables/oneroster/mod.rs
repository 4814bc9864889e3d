//! OneRoster CSV exports, versions 1.1 and 1.2 (1EdTech), and those of School Data Sync 2.1 (Microsoft): users, and
//! what orgs, roles, classes, enrollments and demographics add.
//!
//! A kind says which roles it accepts and which columns become which fields. Users are identified by
//! `identifier`, or else by `sourcedId`. The first day comes from the role if that has dates, otherwise from the
//! first of the user's enrollments. The last day comes from the role only: that a class has ended does not mean that
//! a student has left.
//!
//! Users with another role are not of this kind. Users whose role stands only in enrollments or nowhere, those who are
//! marked for deletion, disabled or of another status are kept as rows, with columns that decide what happens to them.

mod families;
mod file;
mod manifest;
mod members;
mod unread;
mod unsure;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Write;

use csv::StringRecord;
use domain::fold::fold;
use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, OneRosterColumn};
use domain::imports::reading::{ReadOptions, TextReading};

use self::file::OneRosterFile;
use super::archive::Archive;
use super::child::ImportSchool;
use super::decode::{Decoded, decode_all};
use super::line::LineWriter;

/// What roles and enrollments say about a user.
#[derive(Default)]
struct UserPeriod<'a> {
    starts: Option<&'a str>,
    ends: Option<&'a str>,
    is_open: bool,
    /// Whether the dates are those of a role.
    is_dated: bool,
    home_class: Option<&'a str>,
    grade: Option<&'a str>,
    orgs: HashSet<&'a str>,
}

impl<'a> UserPeriod<'a> {
    fn starts(&mut self, starts: &'a str) {
        // ISO dates sort as text in order of time.
        if !starts.is_empty() && self.starts.is_none_or(|first| starts < first) {
            self.starts = Some(starts);
        }
    }

    fn ends(&mut self, ends: &'a str) {
        self.is_open |= ends.is_empty();
        if !ends.is_empty() && self.ends.is_none_or(|last| ends > last) {
            self.ends = Some(ends);
        }
    }
}

/// The files of an export.
struct Export {
    users: OneRosterFile,
    orgs: OneRosterFile,
    roles: OneRosterFile,
    enrollments: OneRosterFile,
    classes: OneRosterFile,
    demographics: OneRosterFile,
    relationships: OneRosterFile,
    courses: OneRosterFile,
}

/// The files that are read, if the export has them.
const FILES: [&str; 8] = [
    "users.csv",
    "orgs.csv",
    "roles.csv",
    "enrollments.csv",
    "classes.csv",
    "demographics.csv",
    "relationships.csv",
    "courses.csv",
];

/// The file that says which others an export has.
const MANIFEST: &str = "manifest.csv";

impl Export {
    /// Takes the texts of [`FILES`], in their order.
    fn read(texts: &[(&str, Decoded<'_>)]) -> Result<Self, TableFault> {
        let mut files = texts
            .iter()
            .map(|(name, decoded)| OneRosterFile::read(&decoded.text).map_err(|fault| fault.in_file(name)));
        let mut next = || files.next().unwrap_or_else(|| Ok(OneRosterFile::default()));
        Ok(Self {
            users: next()?,
            orgs: next()?,
            roles: next()?,
            enrollments: next()?,
            classes: next()?,
            demographics: next()?,
            relationships: next()?,
            courses: next()?,
        })
    }

    /// What roles and enrollments say, by user.
    fn periods(&self, is_wanted: impl Fn(&str) -> bool, here: Option<&str>) -> HashMap<&str, UserPeriod<'_>> {
        let (roles, enrollments) = (&self.roles, &self.enrollments);
        let homerooms = self.homerooms();
        let mut periods: HashMap<&str, UserPeriod<'_>> = HashMap::new();
        for row in roles.live().filter(|row| is_wanted(roles.cell(row, "role"))) {
            let period = periods.entry(roles.cell(row, "usersourcedid")).or_default();
            period.orgs.insert(roles.cell(row, "orgsourcedid"));
            let starts = roles.first(row, &["begindate", "rolestartdate"]);
            let ends = roles.first(row, &["enddate", "roleenddate"]);
            if !starts.is_empty() || !ends.is_empty() {
                period.starts(starts);
                period.ends(ends);
                period.is_dated = true;
            }
            period.grade = Some(roles.cell(row, "grade")).filter(|grade| !grade.is_empty()).or(period.grade);
        }
        for row in enrollments.live().filter(|row| is_wanted(enrollments.cell(row, "role"))) {
            let period = periods.entry(enrollments.cell(row, "usersourcedid")).or_default();
            if let Some(title) = homerooms.get(enrollments.cell(row, "classsourcedid")) {
                period.home_class = Some(title);
            }
            let school = enrollments.cell(row, "schoolsourcedid");
            if !period.is_dated && here.is_none_or(|here| here == school) {
                period.starts(enrollments.cell(row, "begindate"));
            }
        }
        periods
    }

    /// The titles of the homerooms, by class.
    fn homerooms(&self) -> HashMap<&str, &str> {
        let classes = &self.classes;
        let homerooms =
            classes.live().filter(|row| classes.cell(row, "classtype").eq_ignore_ascii_case("homeroom"));
        homerooms.map(|row| (classes.cell(row, "sourcedid"), classes.cell(row, "title"))).collect()
    }

    /// Birth dates, by user.
    fn births(&self) -> HashMap<&str, &str> {
        let file = &self.demographics;
        let births = file
            .live()
            .map(|row| (file.first(row, &["usersourcedid", "sourcedid"]), file.cell(row, "birthdate")));
        births.filter(|(_, birth)| !birth.is_empty()).collect()
    }

    /// A role of each user who has one: in users.csv, or in roles.csv.
    fn roles_of_users(&self) -> HashMap<&str, &str> {
        let listed = self
            .roles
            .live()
            .map(|row| (self.roles.cell(row, "usersourcedid"), self.roles.cell(row, "role")));
        let own =
            self.users.live().map(|row| (self.users.cell(row, "sourcedid"), self.users.cell(row, "role")));
        listed.chain(own).filter(|(_, role)| !role.is_empty()).collect()
    }

    /// The users who have a role of any kind in roles.csv.
    fn with_a_role(&self) -> HashSet<&str> {
        let has_role = |row: &&StringRecord| !self.roles.cell(row, "role").is_empty();
        self.roles.live().filter(has_role).map(|row| self.roles.cell(row, "usersourcedid")).collect()
    }

    /// What decides whether a user is current. A status that the standard does not have is left as it is, and asked about
    /// like that of any other file.
    fn status<'r>(&self, user: &'r StringRecord) -> Cow<'r, str> {
        let (status, enabled) = (self.users.cell(user, "status"), self.users.cell(user, "enableduser"));
        if self.users.is_deleted(user) {
            return "tobedeleted".into();
        }
        match enabled.to_ascii_lowercase().as_str() {
            "false" | "0" | "no" | "f" | "n" => "disabled".into(),
            _ if !matches!(status.to_ascii_lowercase().as_str(), "" | "active") => status.into(),
            "" | "true" | "1" | "yes" | "t" | "y" => "active".into(),
            _ => format!("enabledUser {enabled}").into(),
        }
    }
}

/// An export has no sheets, and its column names are where the standard says.
fn refuse_choices(options: &ReadOptions) -> Result<(), TableFault> {
    match options {
        ReadOptions { sheet: Some(_), .. } => Err(TableFault::NoSheets),
        ReadOptions { header_row: Some(_), .. } => Err(TableFault::FixedHeader),
        _ => Ok(()),
    }
}

/// Reads the users of one school that the kind accepts.
pub(super) fn read<W: Write>(
    archive: &mut Archive<'_>,
    kind: &ImportDeclaration,
    school: &ImportSchool,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    refuse_choices(options)?;
    let bytes: Vec<Vec<u8>> =
        FILES.iter().map(|name| Ok(archive.part(name)?.unwrap_or_default())).collect::<Result<_, _>>()?;
    let files: Vec<(&str, &[u8])> = FILES.into_iter().zip(bytes.iter().map(Vec::as_slice)).collect();
    let texts: Vec<_> = FILES.into_iter().zip(decode_all(&files, options.encoding)?).collect();
    let export = Export::read(&texts)?;
    let manifest = archive.part(MANIFEST)?;
    let manifest = manifest.as_deref().map(String::from_utf8_lossy);
    emitter.reading.export = manifest::check(&export, manifest.as_deref())?;
    let users = &export.users;
    let here = this_school(&export.orgs, school)?;
    let wanted = kind.oneroster;
    let is_wanted = |role: &str| wanted.roles.iter().any(|wanted| role.eq_ignore_ascii_case(wanted));
    if write_others(&export, kind, here.as_deref(), emitter)? {
        emitter.reading.text = reading(&texts, &export, emitter.odd_names(), None);
        return Ok(());
    }
    if wanted.columns.iter().any(|(_, column)| *column == OneRosterColumn::HomeClass) {
        emitter.reading.export.extend(unread::notes(archive, &export)?);
    }
    let mut periods = export.periods(is_wanted, here.as_deref());
    let births = export.births();
    let with_a_role = export.with_a_role();
    // Whom a student names as an adult has a role, though School Data Sync has none for guardians.
    let adults = families::adults(&export);
    let mut enrolled = unsure::enrolled(&export.enrollments);

    let mut chosen = Vec::new();
    for (at, row) in users.all() {
        let id = users.cell(row, "sourcedid");
        let period = periods.remove(id).unwrap_or_default();
        // Version 1.1 has the role in users.csv, the others in roles.csv.
        let role = users.cell(row, "role");
        let has_role = !role.is_empty() || !period.orgs.is_empty();
        let has_no_role = !(has_role || with_a_role.contains(id) || adults.contains(id));
        if !is_wanted(role) && !has_no_role && (!role.is_empty() || period.orgs.is_empty()) {
            continue;
        }
        let enrolled = enrolled.remove(id).unwrap_or_default();
        let mut has_no_school = false;
        if let Some(here) = &here {
            let listed: Vec<&str> = users
                .cell(row, "orgsourcedids")
                .split(',')
                .map(str::trim)
                .filter(|org| !org.is_empty())
                .collect();
            let mut orgs = listed.iter().chain(&period.orgs).chain(&enrolled.schools);
            has_no_school = orgs.clone().all(|org| org.is_empty());
            if !has_no_school && !orgs.any(|org| org == here) {
                continue;
            }
        }
        let unsure = unsure::why(role, has_no_role.then_some(&enrolled), has_no_school);
        chosen.push((at, row, period, unsure));
    }
    // Columns that decide are there only if they have something to decide.
    let asks_role = chosen.iter().any(|(.., unsure)| unsure.is_some());
    let asks_status = chosen.iter().any(|(_, row, ..)| export.status(row) != "active");
    let is_asked = |column: OneRosterColumn| match column {
        OneRosterColumn::Role => asks_role,
        OneRosterColumn::Status => asks_status,
        _ => true,
    };
    let columns: Vec<_> = wanted.columns.iter().copied().filter(|(_, column)| is_asked(*column)).collect();

    emitter.row(1, columns.iter().map(|(field, _)| kind.label(field).to_owned()).collect())?;
    for (at, row, period, unsure) in chosen {
        let cell = |column: OneRosterColumn| match column {
            OneRosterColumn::Identifier => users.first(row, &["identifier", "sourcedid"]).to_owned(),
            OneRosterColumn::GivenName => users.cell(row, "givenname").to_owned(),
            OneRosterColumn::MiddleName => users.cell(row, "middlename").to_owned(),
            OneRosterColumn::FamilyName => users.cell(row, "familyname").to_owned(),
            OneRosterColumn::PreferredName => {
                users.first(row, &["preferredfirstname", "preferredgivenname"]).to_owned()
            }
            OneRosterColumn::BirthDate => {
                births.get(users.cell(row, "sourcedid")).copied().unwrap_or_default().to_owned()
            }
            OneRosterColumn::Email => users.cell(row, "email").to_owned(),
            OneRosterColumn::Phone => users.first(row, &["sms", "phone"]).to_owned(),
            OneRosterColumn::Grade => {
                grade(period.grade.unwrap_or_else(|| users.first(row, &["grades", "grade"])))
            }
            OneRosterColumn::HomeClass => period.home_class.unwrap_or_default().to_owned(),
            OneRosterColumn::Starts => period.starts.unwrap_or_default().to_owned(),
            OneRosterColumn::Ends => period.ends.filter(|_| !period.is_open).unwrap_or_default().to_owned(),
            OneRosterColumn::Role => {
                let usual = wanted.roles.first().copied().unwrap_or_default();
                unsure.clone().unwrap_or_else(|| usual.to_owned())
            }
            OneRosterColumn::Status => export.status(row).into_owned(),
            // Only of kinds whose rows are adults or memberships.
            _ => String::new(),
        };
        let cells = columns.iter().map(|(_, column)| cell(*column)).collect();
        emitter.row(u32::try_from(at + 2).unwrap_or(u32::MAX), cells)?;
    }
    emitter.last_row_taken()?;
    // Nobody chooses it.
    emitter.reading.header_row = None;
    let home_class = columns.iter().position(|(_, column)| *column == OneRosterColumn::HomeClass);
    emitter.reading.text = reading(&texts, &export, emitter.odd_names(), home_class);
    Ok(())
}

/// Writes the rows of a kind that has none for each user: adults with their students, or students with their classes.
/// Returns whether it is one.
fn write_others<W: Write>(
    export: &Export,
    kind: &ImportDeclaration,
    here: Option<&str>,
    emitter: &mut LineWriter<W>,
) -> Result<bool, TableFault> {
    let has = |column| kind.oneroster.columns.iter().any(|(_, of)| *of == column);
    if has(OneRosterColumn::Students) {
        families::write(export, kind, here, emitter)?;
    } else if has(OneRosterColumn::Class) {
        members::write(export, kind, here, emitter)?;
    } else {
        return Ok(false);
    }
    emitter.last_row_taken()?;
    // Nobody chooses it.
    emitter.reading.header_row = None;
    Ok(true)
}

/// How the export was read: as its users, or else as the first file that does not show its encoding.
fn reading(
    texts: &[(&str, Decoded<'_>)],
    export: &Export,
    names: &[(usize, String)],
    home_class: Option<usize>,
) -> Option<TextReading> {
    let (_, users) = texts.first()?;
    let other = texts.iter().find(|(_, decoded)| decoded.is_guessed()).filter(|_| !users.is_guessed());
    let Some((name, other)) = other else { return Some(users.reading(names)) };
    let classes = || export.classes.live().map(|row| export.classes.cell(row, "title").to_owned());
    let titles: Vec<(usize, String)> = match home_class.filter(|_| *name == "classes.csv") {
        Some(column) => classes().map(|title| (column, title)).collect(),
        None => Vec::new(),
    };
    Some(other.reading(&titles))
}

/// Finds this school among the export's organisations, if it has several schools.
fn this_school(orgs: &OneRosterFile, school: &ImportSchool) -> Result<Option<String>, TableFault> {
    let schools: Vec<&StringRecord> =
        orgs.live().filter(|row| orgs.cell(row, "type").eq_ignore_ascii_case("school")).collect();
    if schools.len() < 2 {
        return Ok(None);
    }
    let is_here = |row: &&&StringRecord| {
        orgs.cell(row, "identifier").eq_ignore_ascii_case(&school.code)
            || orgs.cell(row, "sourcedid").eq_ignore_ascii_case(&school.code)
            || fold(orgs.cell(row, "name")) == fold(&school.name)
    };
    let names = || schools.iter().map(|row| orgs.first(row, &["name", "sourcedid"]).to_owned()).collect();
    let found = schools.iter().find(is_here).map(|row| Some(orgs.cell(row, "sourcedid").to_owned()));
    found.ok_or_else(|| TableFault::OtherSchools { schools: names() })
}

/// The first of the grades, without the leading zero of the standard's vocabulary.
fn grade(grades: &str) -> String {
    let first = grades.split(',').next().unwrap_or_default().trim();
    match first.strip_prefix('0') {
        Some(digit) if digit.len() == 1 => digit.to_owned(),
        _ => first.to_owned(),
    }
}
