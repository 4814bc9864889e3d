//! What an export says that it has, in `manifest.csv`, and the columns that its files must have.

use csv::StringRecord;
use domain::imports::export::{ABSENT, BULK_WITH_STATUS, DELTA, DELTA_WITHOUT_STATUS, NO_MANIFEST};
use domain::imports::fault::TableFault;
use domain::imports::note::Note;

use super::Export;
use super::file::OneRosterFile;

/// A file whose columns are looked at by name.
struct Needed<'e> {
    name: &'static str,
    file: &'e OneRosterFile,
    /// The columns without which no row can be understood; of several, one is enough.
    columns: &'static [&'static [&'static str]],
}

fn needed(export: &Export) -> [Needed<'_>; 8] {
    let of = |name, file, columns: &'static [&'static [&'static str]]| Needed { name, file, columns };
    [
        of("users.csv", &export.users, &[&["sourcedId"], &["givenName", "familyName"]]),
        of("orgs.csv", &export.orgs, &[&["sourcedId"]]),
        of("roles.csv", &export.roles, &[&["userSourcedId"], &["role"]]),
        of("enrollments.csv", &export.enrollments, &[&["userSourcedId"], &["classSourcedId"]]),
        of("classes.csv", &export.classes, &[&["sourcedId"]]),
        of("demographics.csv", &export.demographics, &[&["sourcedId", "userSourcedId"]]),
        of("relationships.csv", &export.relationships, &[&["userSourcedId"], &["relationshipUserSourcedId"]]),
        of("courses.csv", &export.courses, &[&["sourcedId"], &["title"]]),
    ]
}

/// Refuses an export that lacks a file which it says it has, or a column. Returns what else is odd.
pub(super) fn check(export: &Export, manifest: Option<&str>) -> Result<Vec<Note>, TableFault> {
    for Needed { name, file, columns } in needed(export).into_iter().filter(|needed| !needed.file.is_empty())
    {
        for columns in columns {
            if !columns.iter().any(|column| file.has(&column.to_lowercase())) {
                let column = columns.first().copied().unwrap_or_default().to_owned();
                return Err(TableFault::MissingColumn { column }.in_file(name));
            }
        }
    }
    let Some(manifest) = manifest else {
        // School Data Sync has none, and no such column.
        let is_oneroster = export.users.has("enableduser");
        return Ok(is_oneroster.then(|| Note::new(NO_MANIFEST)).into_iter().collect());
    };
    let said = OneRosterFile::read(manifest).map_err(|fault| fault.in_file("manifest.csv"))?;
    let mut notes = Vec::new();
    for Needed { name, file, .. } in needed(export) {
        let property = format!("file.{}", name.trim_end_matches(".csv"));
        let mut lines = said.live();
        let line = lines.find(|row| said.cell(row, "propertyname").eq_ignore_ascii_case(&property));
        let mode = line.map_or("", |row| said.cell(row, "value")).to_lowercase();
        let rows = |is_odd: &dyn Fn(bool, bool) -> bool| {
            let filled = |row: &StringRecord, column: &str| !file.cell(row, column).is_empty();
            let rows = file.all().map(|(_, row)| (filled(row, "status"), filled(row, "datelastmodified")));
            rows.filter(|(status, date)| is_odd(*status, *date)).count()
        };
        let mut tell = |code: &'static str, rows: usize| {
            if rows > 0 {
                notes.push(Note::new(code).with("file", name).with("rows", rows));
            }
        };
        match mode.as_str() {
            "bulk" | "delta" if file.is_missing() => {
                return Err(TableFault::MissingFile { file: name.to_owned() });
            }
            "absent" if !file.is_empty() => tell(ABSENT, 1),
            "bulk" => tell(BULK_WITH_STATUS, rows(&|status, date| status || date)),
            "delta" => {
                tell(DELTA, 1);
                tell(DELTA_WITHOUT_STATUS, rows(&|status, date| !status || !date));
            }
            _ => {}
        }
    }
    Ok(notes)
}
