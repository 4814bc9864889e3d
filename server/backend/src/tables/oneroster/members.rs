//! Classes and enrollments of a OneRoster export: which students are in which class.

use std::collections::HashMap;
use std::io::Write;

use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, OneRosterColumn};

use super::super::line::LineWriter;
use super::{Export, families};

/// Writes a row for each student and class of this school, except homerooms: those are registration groups.
pub(super) fn write<W: Write>(
    export: &Export,
    kind: &ImportDeclaration,
    here: Option<&str>,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let (enrollments, classes) = (&export.enrollments, &export.classes);
    let titles: HashMap<&str, &str> = classes
        .live()
        .filter(|row| !classes.cell(row, "classtype").eq_ignore_ascii_case("homeroom"))
        .filter(|row| {
            let school = classes.cell(row, "schoolsourcedid");
            here.is_none_or(|here| school.is_empty() || school == here)
        })
        .map(|row| (classes.cell(row, "sourcedid"), classes.first(row, &["title", "classcode"])))
        .collect();
    let students = families::students(export, here);
    let columns = kind.oneroster.columns;
    emitter.row(1, columns.iter().map(|(field, _)| kind.label(field).to_owned()).collect())?;
    let is_student = |role: &str| kind.oneroster.roles.iter().any(|wanted| role.eq_ignore_ascii_case(wanted));
    for (at, row) in enrollments.all() {
        let title = titles.get(enrollments.cell(row, "classsourcedid"));
        let student = students.get(enrollments.cell(row, "usersourcedid"));
        let (Some(title), Some(student)) = (title, student) else { continue };
        if enrollments.is_deleted(row) || !is_student(enrollments.cell(row, "role")) {
            continue;
        }
        let cell = |column: OneRosterColumn| match column {
            OneRosterColumn::Identifier => *student,
            OneRosterColumn::Class => *title,
            OneRosterColumn::Starts => enrollments.cell(row, "begindate"),
            OneRosterColumn::Ends => enrollments.cell(row, "enddate"),
            _ => "",
        };
        let cells = columns.iter().map(|(_, column)| cell(*column).to_owned()).collect();
        emitter.row(u32::try_from(at + 2).unwrap_or(u32::MAX), cells)?;
    }
    Ok(())
}
