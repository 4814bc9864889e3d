//! The adults of an export, each with the students they belong to.
//!
//! OneRoster says it in `agentSourcedIds`, on the student, on the adult or on both: any of them counts. School Data Sync
//! says it in `relationships.csv`, the student first. What an adult is to a student cannot be told from either, because
//! a role is that of the adult everywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Write;

use csv::StringRecord;
use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, OneRosterColumn};

use super::Export;
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
    let students = students(export, here);
    let elsewhere = |id: &str| !students.contains_key(id);
    let children = children(export);
    let wanted = kind.oneroster;
    let is_wanted = |role: &str| wanted.roles.iter().any(|of| role.eq_ignore_ascii_case(of));
    let adults: HashSet<&str> = export
        .roles
        .live()
        .filter(|row| is_wanted(export.roles.cell(row, "role")))
        .map(|row| export.roles.cell(row, "usersourcedid"))
        .collect();
    emitter.row(1, wanted.columns.iter().map(|(field, _)| kind.label(field).to_owned()).collect())?;
    for (at, row) in users.all().filter(|(_, row)| !users.is_deleted(row)) {
        let id = users.cell(row, "sourcedid");
        let of = children.get(id);
        let is_adult = is_wanted(users.cell(row, "role")) || adults.contains(id) || of.is_some();
        // Students who name each other, and adults of other schools, are not of this list.
        let all_elsewhere = of.is_some_and(|of| of.iter().all(|child| elsewhere(child)));
        if !is_adult || students.contains_key(id) || (all_elsewhere && here.is_some()) {
            continue;
        }
        let numbers = of.into_iter().flatten().filter(|child| here.is_none() || !elsewhere(child));
        let numbers: Vec<&str> = numbers.map(|child| students.get(child).copied().unwrap_or(child)).collect();
        let cell = |column: OneRosterColumn| match column {
            OneRosterColumn::Students => numbers.join("; "),
            OneRosterColumn::SourcedId => id.to_owned(),
            OneRosterColumn::GivenName => users.cell(row, "givenname").to_owned(),
            OneRosterColumn::FamilyName => users.cell(row, "familyname").to_owned(),
            OneRosterColumn::Email => users.cell(row, "email").to_owned(),
            OneRosterColumn::Phone => users.first(row, &["sms", "phone"]).to_owned(),
            _ => String::new(),
        };
        let cells = wanted.columns.iter().map(|(_, column)| cell(*column)).collect();
        emitter.row(u32::try_from(at + 2).unwrap_or(u32::MAX), cells)?;
    }
    Ok(())
}

/// The students of this school, by `sourcedId`, with the number that the roll has.
fn students<'e>(export: &'e Export, here: Option<&str>) -> HashMap<&'e str, &'e str> {
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

/// The students of each adult, said on either side. Both ways are noted: who is a student tells which counts.
fn children(export: &Export) -> BTreeMap<&str, BTreeSet<&str>> {
    let (users, relationships) = (&export.users, &export.relationships);
    let mut children: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let everybody = students(export, None);
    let mut note = |one, other| {
        for (adult, child) in [(one, other), (other, one)] {
            if everybody.contains_key(child) && !everybody.contains_key(adult) {
                children.entry(adult).or_default().insert(child);
            }
        }
    };
    for row in users.live() {
        let agents = users.cell(row, "agentsourcedids").split(',').map(str::trim);
        for agent in agents.filter(|agent| !agent.is_empty()) {
            note(users.cell(row, "sourcedid"), agent);
        }
    }
    for row in relationships.live() {
        let role = relationships.cell(row, "relationshiprole");
        if !NOT_FAMILY.iter().any(|of| role.eq_ignore_ascii_case(of)) {
            note(
                relationships.cell(row, "usersourcedid"),
                relationships.cell(row, "relationshipusersourcedid"),
            );
        }
    }
    children
}
