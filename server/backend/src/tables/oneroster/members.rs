//! Classes and enrollments of a OneRoster export: which students are in which class, or which teachers have which.

use std::collections::HashMap;
use std::io::Write;

use csv::StringRecord;
use domain::imports::export::{DELETED_ENROLLMENTS, HOMEROOM_ENROLLMENTS, OTHER_ENROLLMENTS, OTHER_ROLES};
use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, OneRosterColumn};
use domain::imports::note::Note;

use super::super::line::LineWriter;
use super::{Export, families};

/// A class that is no homeroom.
struct Class<'e> {
    name: String,
    course: &'e str,
    course_code: &'e str,
}

/// Writes a row for each person and class of this school, except homerooms: those are registration groups. What has no row is
/// counted.
pub(super) fn write<W: Write>(
    export: &Export,
    kind: &ImportDeclaration,
    here: Option<&str>,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let enrollments = &export.enrollments;
    let (classes, homerooms_of) = (classes(export, here), export.homerooms());
    let is_wanted = |role: &str| kind.oneroster.roles.iter().any(|wanted| role.eq_ignore_ascii_case(wanted));
    let people = if is_wanted("student") { families::students(export, here) } else { everybody(export) };
    let columns = kind.oneroster.columns;
    emitter.row(1, columns.iter().map(|(field, _)| kind.label(field).to_owned()).collect())?;
    let (mut homerooms, mut other_roles, mut others, mut deleted) = (0, 0, 0, 0);
    for (at, row) in enrollments.all() {
        if enrollments.is_deleted(row) {
            deleted += 1;
            continue;
        }
        let class = enrollments.cell(row, "classsourcedid");
        if homerooms_of.contains_key(class) {
            homerooms += 1;
            continue;
        }
        if !is_wanted(enrollments.cell(row, "role")) {
            other_roles += 1;
            continue;
        }
        let person = people.get(enrollments.cell(row, "usersourcedid"));
        let (Some(class), Some(person)) = (classes.get(class), person) else {
            others += 1;
            continue;
        };
        let cell = |column: OneRosterColumn| match column {
            OneRosterColumn::Identifier => *person,
            OneRosterColumn::Class => class.name.as_str(),
            OneRosterColumn::Course => class.course,
            OneRosterColumn::CourseCode => class.course_code,
            OneRosterColumn::Starts => enrollments.cell(row, "begindate"),
            OneRosterColumn::Ends => enrollments.cell(row, "enddate"),
            _ => "",
        };
        let cells = columns.iter().map(|(_, column)| cell(*column).to_owned()).collect();
        emitter.row(u32::try_from(at + 2).unwrap_or(u32::MAX), cells)?;
    }
    let counted = [
        (HOMEROOM_ENROLLMENTS, homerooms),
        (OTHER_ROLES, other_roles),
        (OTHER_ENROLLMENTS, others),
        (DELETED_ENROLLMENTS, deleted),
    ];
    let told = counted.into_iter().filter(|(_, rows)| *rows > 0);
    emitter.reading.export.extend(told.map(|(code, rows)| Note::new(code).with("rows", rows)));
    Ok(())
}

/// The number of everybody in the export.
fn everybody(export: &Export) -> HashMap<&str, &str> {
    let users = &export.users;
    let number = |row| (users.cell(row, "sourcedid"), users.first(row, &["identifier", "sourcedid"]));
    users.live().map(number).collect()
}

/// The classes of this school, each under a name that no other has: its title, with its code or its id where several have the
/// same title.
fn classes<'e>(export: &'e Export, here: Option<&str>) -> HashMap<&'e str, Class<'e>> {
    let (classes, courses) = (&export.classes, &export.courses);
    let known: HashMap<&str, &StringRecord> =
        courses.live().map(|row| (courses.cell(row, "sourcedid"), row)).collect();
    let is_here = |row: &&StringRecord| {
        let school = classes.cell(row, "schoolsourcedid");
        here.is_none_or(|here| school.is_empty() || school == here)
    };
    let listed: Vec<&StringRecord> = classes
        .live()
        .filter(|row| !classes.cell(row, "classtype").eq_ignore_ascii_case("homeroom"))
        .filter(is_here)
        .collect();
    let title = |row| classes.first(row, &["title", "classcode"]);
    let with_code = |row| format!("{} ({})", title(row), classes.cell(row, "classcode"));
    let mut titles: HashMap<String, usize> = HashMap::new();
    for row in &listed {
        for name in [title(row).to_owned(), with_code(row)] {
            *titles.entry(name.to_lowercase()).or_default() += 1;
        }
    }
    let is_alone = |name: &str| titles.get(&name.to_lowercase()).is_none_or(|many| *many < 2);
    let class = |row: &'e StringRecord| {
        let id = classes.cell(row, "sourcedid");
        let name = match (title(row), with_code(row)) {
            (title, _) if is_alone(title) => title.to_owned(),
            (_, coded) if is_alone(&coded) => coded,
            (title, _) => format!("{title} ({id})"),
        };
        let course = known.get(classes.cell(row, "coursesourcedid"));
        let of_course = |column| course.map_or("", |course| courses.cell(course, column));
        (id, Class { name, course: of_course("title"), course_code: of_course("coursecode") })
    };
    listed.into_iter().map(class).collect()
}
