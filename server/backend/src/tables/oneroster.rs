//! OneRoster CSV exports, versions 1.1 and 1.2 (1EdTech): users, and what orgs, roles, classes and
//! enrollments add.
//!
//! A kind says which roles it accepts and which columns become which fields. Users are identified by
//! `identifier`, or else by `sourcedId`. The first and last day come from the role if version 1.2 gives its
//! dates, otherwise from the first and last of the user's enrollments; there is a last day only if each
//! enrollment has one.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use csv::StringRecord;
use domain::fold::fold;
use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, OneRosterColumn};

use super::archive::Archive;
use super::child::ImportSchool;
use super::line::LineWriter;

/// One file of the export: its columns by name, and its rows.
#[derive(Default)]
struct OneRosterFile {
    columns: HashMap<String, usize>,
    rows: Vec<StringRecord>,
}

impl OneRosterFile {
    fn read(archive: &mut Archive<'_>, name: &str) -> Result<Self, TableFault> {
        let Some(bytes) = archive.part(name)? else { return Ok(Self::default()) };
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let header = reader.headers().map_err(|_| TableFault::Damaged)?;
        let columns = header.iter().enumerate().map(|(at, name)| (name.to_lowercase(), at)).collect();
        let rows = reader.into_records().collect::<Result<_, _>>().map_err(|_| TableFault::Damaged)?;
        Ok(Self { columns, rows })
    }

    fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        self.columns.get(column).and_then(|at| row.get(*at)).unwrap_or_default().trim()
    }

    /// Rows that are not marked for deletion, as in delta exports.
    fn live(&self) -> impl Iterator<Item = (usize, &StringRecord)> {
        self.rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !self.cell(row, "status").eq_ignore_ascii_case("tobedeleted"))
    }
}

/// When and where a user is, collected from the other files.
#[derive(Default)]
struct UserPeriod<'a> {
    starts: Option<&'a str>,
    ends: Option<&'a str>,
    is_open: bool,
    home_class: Option<&'a str>,
    orgs: HashSet<&'a str>,
}

impl<'a> UserPeriod<'a> {
    fn note(&mut self, starts: &'a str, ends: &'a str) {
        // ISO dates sort as text in order of time.
        if !starts.is_empty() && self.starts.is_none_or(|first| starts < first) {
            self.starts = Some(starts);
        }
        self.is_open |= ends.is_empty();
        if !ends.is_empty() && self.ends.is_none_or(|last| ends > last) {
            self.ends = Some(ends);
        }
    }
}

/// Reads the users of one school that the kind accepts.
pub(super) fn read<W: Write>(
    archive: &mut Archive<'_>,
    kind: &ImportDeclaration,
    school: &ImportSchool,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let [users, orgs, roles, enrollments, classes] =
        ["users.csv", "orgs.csv", "roles.csv", "enrollments.csv", "classes.csv"]
            .map(|name| OneRosterFile::read(archive, name));
    let (users, orgs, roles, enrollments, classes) = (users?, orgs?, roles?, enrollments?, classes?);
    let here = this_school(&orgs, school)?;
    let homerooms: HashMap<&str, &str> = classes
        .live()
        .filter(|(_, row)| classes.cell(row, "classtype").eq_ignore_ascii_case("homeroom"))
        .map(|(_, row)| (classes.cell(row, "sourcedid"), classes.cell(row, "title")))
        .collect();

    let wanted = kind.oneroster;
    let is_wanted = |role: &str| wanted.roles.iter().any(|wanted| role.eq_ignore_ascii_case(wanted));
    let mut times: HashMap<&str, UserPeriod<'_>> = HashMap::new();
    let mut dated = HashSet::new();
    for (_, row) in roles.live().filter(|(_, row)| is_wanted(roles.cell(row, "role"))) {
        let user = roles.cell(row, "usersourcedid");
        let time = times.entry(user).or_default();
        time.orgs.insert(roles.cell(row, "orgsourcedid"));
        let (starts, ends) = (roles.cell(row, "begindate"), roles.cell(row, "enddate"));
        if !starts.is_empty() || !ends.is_empty() {
            time.note(starts, ends);
            dated.insert(user);
        }
    }
    for (_, row) in enrollments.live().filter(|(_, row)| is_wanted(enrollments.cell(row, "role"))) {
        let user = enrollments.cell(row, "usersourcedid");
        let time = times.entry(user).or_default();
        if let Some(title) = homerooms.get(enrollments.cell(row, "classsourcedid")) {
            time.home_class = Some(title);
        }
        let elsewhere = here.as_ref().is_some_and(|here| here != enrollments.cell(row, "schoolsourcedid"));
        if !dated.contains(user) && !elsewhere {
            time.note(enrollments.cell(row, "begindate"), enrollments.cell(row, "enddate"));
        }
    }

    emitter.row(1, wanted.columns.iter().map(|(field, _)| kind.label(field).to_owned()).collect())?;
    for (at, row) in users.live() {
        let id = users.cell(row, "sourcedid");
        let time = times.remove(id).unwrap_or_default();
        // Version 1.1 has the role in users.csv, version 1.2 only in roles.csv.
        let role = users.cell(row, "role");
        if !(is_wanted(role) || (role.is_empty() && !time.orgs.is_empty())) {
            continue;
        }
        if let Some(here) = &here {
            let listed = users.cell(row, "orgsourcedids").split(',').any(|org| org.trim() == here);
            if !listed && !time.orgs.contains(here.as_str()) {
                continue;
            }
        }
        let first = |names: &[&str]| {
            names
                .iter()
                .map(|name| users.cell(row, name))
                .find(|cell| !cell.is_empty())
                .unwrap_or("")
                .to_owned()
        };
        let cell = |column: OneRosterColumn| match column {
            OneRosterColumn::Identifier => first(&["identifier", "sourcedid"]),
            OneRosterColumn::GivenName => first(&["givenname"]),
            OneRosterColumn::MiddleName => first(&["middlename"]),
            OneRosterColumn::FamilyName => first(&["familyname"]),
            OneRosterColumn::PreferredName => first(&["preferredfirstname"]),
            OneRosterColumn::Email => first(&["email"]),
            OneRosterColumn::Phone => first(&["sms", "phone"]),
            OneRosterColumn::Grade => grade(&first(&["grades"])),
            OneRosterColumn::HomeClass => time.home_class.unwrap_or_default().to_owned(),
            OneRosterColumn::Starts => time.starts.unwrap_or_default().to_owned(),
            OneRosterColumn::Ends => time.ends.filter(|_| !time.is_open).unwrap_or_default().to_owned(),
        };
        let cells = wanted.columns.iter().map(|(_, column)| cell(*column)).collect();
        emitter.row(u32::try_from(at + 2).unwrap_or(u32::MAX), cells)?;
    }
    Ok(())
}

/// Finds this school among the export's organisations, if it has several schools.
fn this_school(orgs: &OneRosterFile, school: &ImportSchool) -> Result<Option<String>, TableFault> {
    let schools: Vec<&StringRecord> = orgs
        .live()
        .map(|(_, row)| row)
        .filter(|row| orgs.cell(row, "type").eq_ignore_ascii_case("school"))
        .collect();
    if schools.len() < 2 {
        return Ok(None);
    }
    schools
        .into_iter()
        .find(|row| {
            orgs.cell(row, "identifier").eq_ignore_ascii_case(&school.code)
                || orgs.cell(row, "sourcedid").eq_ignore_ascii_case(&school.code)
                || fold(orgs.cell(row, "name")) == fold(&school.name)
        })
        .map(|row| Some(orgs.cell(row, "sourcedid").to_owned()))
        .ok_or(TableFault::OtherSchools)
}

/// The first of the grades, without the leading zero of the standard's vocabulary.
fn grade(grades: &str) -> String {
    let first = grades.split(',').next().unwrap_or_default().trim();
    match first.strip_prefix('0') {
        Some(digit) if digit.len() == 1 => digit.to_owned(),
        _ => first.to_owned(),
    }
}
