//! The adults of an export, each with the students they belong to.
//!
//! OneRoster says it in `agentSourcedIds`, on the student, on the adult or on both: any of them counts. School Data Sync
//! says it in `relationships.csv`, the student first. What an adult is to a student cannot be told from either, because
//! a role is that of the adult everywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Write;

use csv::StringRecord;
use domain::imports::export::{AGENT_UNKNOWN, AGENTS_UNKNOWN, DELTA, STUDENT_LINKS};
use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, OneRosterColumn};
use domain::imports::note::Note;
use domain::imports::remark::Remark;

use super::file::OneRosterFile;
use super::{Export, FILES};
use crate::tables::line::LineWriter;

/// Who in School Data Sync is no adult of a family.
const NOT_FAMILY: [&str; 2] = ["aide", "doctor"];

/// Writes the adults: those of a role of the kind, and those who belong to a student of this school.
pub(super) fn write<W: Write>(
    export: &Export,
    kind: &ImportDeclaration,
    here: Option<&str>,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let users = &export.users;
    let is_of_users = |note: &Note| note.code == DELTA && note.get("file") == FILES[0];
    let is_delta = emitter.reading.export.iter().any(is_of_users);
    let students = students(export, here);
    let elsewhere = |id: &str| !students.contains_key(id);
    let links = Links::of(export);
    let wanted = kind.oneroster;
    let is_wanted = |role: &str| wanted.roles.iter().any(|of| role.eq_ignore_ascii_case(of));
    let roles_of = |row| (export.roles.cell(row, "usersourcedid"), is_wanted(export.roles.cell(row, "role")));
    let adults = export.roles.live().map(roles_of).filter(|(_, is_wanted)| *is_wanted).map(|(id, _)| id);
    let adults: HashSet<&str> = adults.collect();
    // Whose user is deleted has no other role than one that is deleted too.
    let were = export.roles.all().map(|(_, row)| roles_of(row)).filter(|(_, is_wanted)| *is_wanted);
    let were: HashSet<&str> = were.map(|(id, _)| id).collect();
    let everybody: HashSet<&str> = users.all().map(|(_, row)| users.cell(row, "sourcedid")).collect();
    let roles = export.roles_of_users();
    let mut chosen = Vec::new();
    for (at, row) in users.all() {
        let id = users.cell(row, "sourcedid");
        let of = links.children.get(id);
        let is_gone = is_delta && users.is_deleted(row);
        let is_adult =
            is_wanted(users.cell(row, "role")) || adults.contains(id) || (is_gone && were.contains(id));
        // Students who name each other, and adults of other schools, are not of this list.
        let all_elsewhere = of.is_some_and(|of| of.iter().all(|child| elsewhere(child)));
        if !(is_adult || of.is_some()) || students.contains_key(id) || (all_elsewhere && here.is_some()) {
            continue;
        }
        let role = roles.get(id).filter(|_| !is_adult && !links.related.contains(id));
        let status = match role {
            // What a file of changes deletes was there before, and its links end.
            _ if is_gone && is_adult => "active".to_owned(),
            _ if users.is_deleted(row) => "tobedeleted".to_owned(),
            // A teacher whom a student names may be a tutor.
            Some(role) => format!("{role}, named as an adult"),
            None => match users.cell(row, "status") {
                "" => "active".to_owned(),
                status => status.to_lowercase(),
            },
        };
        let numbers = of.into_iter().flatten().filter(|child| here.is_none() || !elsewhere(child));
        let numbers: Vec<&str> = numbers.map(|child| students.get(child).copied().unwrap_or(child)).collect();
        chosen.push((at, row, status, numbers, is_gone && is_adult));
    }
    let asks_status = chosen.iter().any(|(_, _, status, ..)| status != "active");
    let ends = chosen.iter().any(|(.., is_gone)| *is_gone);
    let is_asked = |column: OneRosterColumn| match column {
        OneRosterColumn::Status => asks_status,
        OneRosterColumn::Gone => ends,
        _ => true,
    };
    let columns: Vec<_> = wanted.columns.iter().filter(|(_, column)| is_asked(*column)).collect();
    emitter.row(1, columns.iter().map(|(field, _)| kind.label(field).to_owned()).collect())?;
    for (at, row, status, numbers, is_gone) in chosen {
        let cell = |column: OneRosterColumn| match column {
            OneRosterColumn::Students => numbers.join("; "),
            OneRosterColumn::SourcedId => users.cell(row, "sourcedid").to_owned(),
            OneRosterColumn::GivenName => users.cell(row, "givenname").to_owned(),
            OneRosterColumn::FamilyName => users.cell(row, "familyname").to_owned(),
            OneRosterColumn::Email => users.cell(row, "email").to_owned(),
            OneRosterColumn::Phone => users.first(row, &["sms", "phone"]).to_owned(),
            OneRosterColumn::Status => status.clone(),
            OneRosterColumn::Gone if is_gone => "Yes".to_owned(),
            _ => String::new(),
        };
        let cells = columns.iter().map(|(_, column)| cell(*column)).collect();
        let unknown = agents(users, row).filter(|agent| !everybody.contains(agent));
        let remarks = unknown.map(|agent| Remark::Say(Note::new(AGENT_UNKNOWN).quoting(agent))).collect();
        emitter.remarked_row(u32::try_from(at + 2).unwrap_or(u32::MAX), cells, remarks)?;
    }
    emitter.reading.export.extend(links.notes());
    Ok(())
}

/// The adults who belong to a student, whatever their role.
pub(super) fn adults(export: &Export) -> HashSet<&str> {
    Links::of(export).children.into_keys().collect()
}

/// The people whom a user names.
fn agents<'r>(users: &OneRosterFile, row: &'r StringRecord) -> impl Iterator<Item = &'r str> {
    let agents = users.cell(row, "agentsourcedids").split(',').map(str::trim);
    agents.filter(|agent| !agent.is_empty())
}

/// The students of this school, by `sourcedId`, with the number that the roll has.
pub(super) fn students<'e>(export: &'e Export, here: Option<&str>) -> HashMap<&'e str, &'e str> {
    let users = &export.users;
    let is_student = |role: &str| role.eq_ignore_ascii_case("student");
    let periods = export.periods(is_student, here);
    let is_here = |row: &&StringRecord| {
        let period = periods.get(users.cell(row, "sourcedid"));
        let is_student = is_student(users.cell(row, "role")) || period.is_some();
        let listed: Vec<&str> = users.cell(row, "orgsourcedids").split(',').map(str::trim).collect();
        let has_role = |here: &str| period.is_some_and(|period| period.orgs.contains(here));
        is_student && here.is_none_or(|here| has_role(here) || listed.contains(&here))
    };
    let live = users.live().filter(is_here);
    live.map(|row| (users.cell(row, "sourcedid"), users.first(row, &["identifier", "sourcedid"]))).collect()
}

/// Who belongs to whom, as the export says it.
#[derive(Default)]
struct Links<'e> {
    /// The students of each adult, said on either side.
    children: BTreeMap<&'e str, BTreeSet<&'e str>>,
    /// The adults of `relationships.csv`, which says what they are to a student.
    related: HashSet<&'e str>,
    /// Adults whom students name, and who are not in the export.
    unknown: BTreeSet<&'e str>,
    /// Links between two students, or of somebody to themselves.
    of_students: BTreeSet<(&'e str, &'e str)>,
}

impl<'e> Links<'e> {
    /// Both ways are noted: who is a student tells which counts.
    fn of(export: &'e Export) -> Self {
        let (users, relationships) = (&export.users, &export.relationships);
        let students = students(export, None);
        let everybody: HashSet<&str> = users.all().map(|(_, row)| users.cell(row, "sourcedid")).collect();
        let mut links = Self::default();
        for row in users.live() {
            let id = users.cell(row, "sourcedid");
            for agent in agents(users, row) {
                if !everybody.contains(agent) && students.contains_key(id) {
                    links.unknown.insert(agent);
                }
                links.note(&students, id, agent);
            }
        }
        for row in relationships.live() {
            let role = relationships.cell(row, "relationshiprole");
            if !NOT_FAMILY.iter().any(|of| role.eq_ignore_ascii_case(of)) {
                let (one, other) = (
                    relationships.cell(row, "usersourcedid"),
                    relationships.cell(row, "relationshipusersourcedid"),
                );
                links.related.extend([one, other]);
                links.note(&students, one, other);
            }
        }
        links
    }

    fn note(&mut self, students: &HashMap<&'e str, &'e str>, one: &'e str, other: &'e str) {
        if students.contains_key(one) && (one == other || students.contains_key(other)) {
            self.of_students.insert((one.min(other), one.max(other)));
        }
        for (adult, child) in [(one, other), (other, one)] {
            if students.contains_key(child) && !students.contains_key(adult) {
                self.children.entry(adult).or_default().insert(child);
            }
        }
    }

    /// The links that are not imported.
    fn notes(&self) -> Vec<Note> {
        const SHOWN: usize = 5;
        let mut notes = Vec::new();
        if !self.unknown.is_empty() {
            let ids: Vec<&str> = self.unknown.iter().take(SHOWN).copied().collect();
            let more = if self.unknown.len() > SHOWN { " and others" } else { "" };
            let note = Note::new(AGENTS_UNKNOWN).with("rows", self.unknown.len());
            notes.push(note.with("ids", format!("{}{more}", ids.join(", "))));
        }
        if !self.of_students.is_empty() {
            notes.push(Note::new(STUDENT_LINKS).with("rows", self.of_students.len()));
        }
        notes
    }
}
