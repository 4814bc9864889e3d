//! What an export has that Greencap has no place for: it is counted and told, never left out in silence.

use std::collections::HashSet;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use domain::imports::export::{CLASSES, ENROLLMENTS, UNREAD};
use domain::imports::fault::TableFault;
use domain::imports::note::Note;

use super::{Export, FILES, MANIFEST};
use crate::tables::archive::Archive;

/// Counts the classes that are no homerooms, the enrolments in them, and the rows of other files.
pub(super) fn notes(archive: &mut Archive<'_>, export: &Export) -> Result<Vec<Note>, TableFault> {
    let (classes, enrollments) = (&export.classes, &export.enrollments);
    let is_homeroom = |row: &&StringRecord| classes.cell(row, "classtype").eq_ignore_ascii_case("homeroom");
    let homerooms: HashSet<&str> =
        classes.live().filter(is_homeroom).map(|row| classes.cell(row, "sourcedid")).collect();
    let others = classes.live().filter(|row| !is_homeroom(row)).count();
    let outside = enrollments.live().map(|row| enrollments.cell(row, "classsourcedid"));
    let outside = outside.filter(|class| !homerooms.contains(class)).count();
    let mut counted = vec![(CLASSES, String::new(), others), (ENROLLMENTS, String::new(), outside)];
    for file in unread(archive) {
        let bytes = archive.part(&file)?.unwrap_or_default();
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
        counted.push((UNREAD, file, reader.byte_records().flatten().count()));
    }
    let told = counted.into_iter().filter(|(.., rows)| *rows > 0);
    Ok(told.map(|(code, file, rows)| Note::new(code).with("file", file).with("rows", rows)).collect())
}

/// The names of the files that are not read, each once and in order.
fn unread(archive: &Archive<'_>) -> Vec<String> {
    let name = |path: &String| path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    let is_read = |name: &String| name == MANIFEST || FILES.contains(&name.as_str());
    let is_csv =
        |name: &str| Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let is_table = |name: &String| is_csv(name) && !name.starts_with('.');
    let mut files: Vec<String> =
        archive.names().iter().map(name).filter(|name| is_table(name) && !is_read(name)).collect();
    files.sort_unstable();
    files.dedup();
    files
}
