//! Exporting an import's log as a spreadsheet file. It contains what the file contained, so it counts like
//! every exported list.

use csv::WriterBuilder;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::about::{people_in, source_values};
use domain::imports::header::headings;
use domain::imports::kind::ImportDeclaration;
use domain::imports::outcome::LogFilter;
use domain::imports::words;
use domain::spreadsheet::neutral;
use serde_json::json;

use super::log::{LoggedRow, rows};
use super::queries::StoredImport;
use super::target::{ImportFor, LoadedImport, enter};
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// The number of rows read at a time.
const PART: u16 = 2000;

/// A log that is being exported. The audit log already has the export; its parts are read as they are sent.
pub struct LogFile {
    backend: Backend,
    kind: &'static ImportDeclaration,
    import: StoredImport,
    filter: Option<LogFilter>,
}

/// Exports the log of an import: all its rows, or those of a filter.
#[tracing::instrument(skip_all, fields(import = %import))]
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    filter: Option<LogFilter>,
) -> Result<LogFile> {
    let Entered { transaction, at: LoadedImport { import, school, kind } } =
        enter(backend, actor, ImportFor::Reading(import)).await?;
    let rows = import.counts.map_or(0, |counts| filter.map_or(counts.total(), |filter| counts.shown(filter)));
    let rows = usize::try_from(rows).map_err(Error::unexpected)?;
    let mut transaction = refuse_too_many(backend, transaction, actor, rows).await?;
    let entry = AuditEntry::new(AuditAction::ImportLogExported)
        .subject("import", import.id.0)
        .details(json!({ "rows": rows, "school": school.school.0 }));
    note(backend, &mut transaction, actor, entry, rows).await?;
    transaction.commit().await?;
    Ok(LogFile { backend: backend.clone(), kind: kind.declaration(), import, filter })
}

impl LogFile {
    fn is_kept(&self, column: usize) -> bool {
        self.import.kept.as_ref().is_none_or(|kept| kept.get(column).copied().unwrap_or(false))
    }

    /// Returns the rows after `after` (0 for the first) as CSV, and where the next part begins. The file's
    /// own columns come first, so that rows can be corrected and imported again, followed by the outcome. Columns
    /// that were not imported are not there: their cells are not kept.
    /// Includes the heading if `after` is 0.
    pub async fn part(&self, after: u32) -> Result<(Vec<u8>, Option<u32>)> {
        let mut connection = self.backend.tenant_transaction(self.import.organisation).await?;
        let (rows, next) = rows(&mut connection, self.import.id, self.filter, after, PART).await?;
        let names = headings(&self.import.headers);
        let headers: Vec<(usize, &String)> =
            names.iter().enumerate().filter(|(at, _)| self.is_kept(*at)).collect();
        // The byte order mark tells Excel that the file is UTF-8.
        let beginning = if after == 0 { Vec::from("\u{FEFF}") } else { Vec::new() };
        let mut writer = WriterBuilder::new().flexible(true).from_writer(beginning);
        let is_of_families = people_in(self.kind, &self.import.mapping, &[]).is_some();
        if after == 0 {
            let own = [
                "Row in the file",
                "Result",
                "What happened",
                "Reason",
                "Value in the file",
                "File",
                "Sheet",
            ];
            // No name that a column of people has: the file may come again.
            let of_people = ["Student (of this row)", "Adults (of this row)"];
            let own =
                own.into_iter().chain(of_people.into_iter().filter(|_| is_of_families)).map(str::to_owned);
            writer
                .write_record(headers.iter().map(|(_, header)| neutral(header).into_owned()).chain(own))
                .map_err(Error::unexpected)?;
        }
        let sheet = self.import.reading.as_ref().and_then(|reading| reading.sheet.as_ref());
        let sheet = sheet.map_or("", |sheet| sheet.name.as_str());
        for LoggedRow { number, cells, line } in rows {
            let people = people_in(self.kind, &self.import.mapping, &cells);
            let people = people.map(|people| [people.child, people.adults.join("; ")]).into_iter().flatten();
            let values = source_values(&line.notes).into_iter().map(|(_, value)| value);
            let values = values.collect::<Vec<_>>().join("; ");
            let cells = headers.iter().map(|(at, _)| cells.get(*at).map_or("", String::as_str));
            let record = cells.map(|cell| neutral(cell).into_owned()).chain([
                number.to_string(),
                line.outcome.label().to_owned(),
                neutral(&words::line(self.kind, &line)).into_owned(),
                line.code.into_owned(),
                neutral(&values).into_owned(),
                neutral(&self.import.file_name).into_owned(),
                neutral(sheet).into_owned(),
            ]);
            let record = record.chain(people.map(|text| neutral(&text).into_owned()));
            writer.write_record(record).map_err(Error::unexpected)?;
        }
        Ok((writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))?, next))
    }
}
