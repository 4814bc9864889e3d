//! The sheet that goes back to who sent a file: just its faulty rows, in its own columns, with a last column that says
//! what is wrong. It counts like every exported list.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::header::headings;
use domain::imports::kind::ImportDeclaration;
use domain::imports::mend::problems;
use domain::imports::outcome::LogFilter;
use domain::imports::sent_back::{REASON, SheetFormat, is_reason};
use domain::imports::words;
use serde_json::json;

use super::log::{LoggedRow, rows};
use super::sheet::{csv, xlsx};
use super::target::{ImportFor, LoadedImport, enter};
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// The number of rows read at a time.
const PART: u16 = 2000;

/// Makes the sheet of an file's faulty rows. Columns that are not imported are in it with their headings, so that
/// the sheet is that of the sender; their cells are not kept, and empty.
#[tracing::instrument(skip_all, fields(import = %import))]
pub async fn send_back(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    format: SheetFormat,
) -> Result<Vec<u8>> {
    let Entered { transaction, at: LoadedImport { import, school, kind } } =
        enter(backend, actor, ImportFor::Reading(import)).await?;
    let faulty = import.counts.map_or(0, |counts| counts.shown(LogFilter::Faulty));
    let faulty = usize::try_from(faulty).map_err(Error::unexpected)?;
    let mut transaction = refuse_too_many(backend, transaction, actor, faulty).await?;
    let reason = import.headers.iter().position(|heading| is_reason(heading));
    let own = |cells: &[String]| -> Vec<String> {
        let columns = (0..import.headers.len()).filter(|at| Some(*at) != reason);
        columns.map(|at| cells.get(at).cloned().unwrap_or_default()).collect()
    };
    let mut lines = vec![with_reason(own(&headings(&import.headers)), REASON.to_owned())];
    let mut next = Some(0);
    while let Some(after) = next {
        let (part, more) = rows(&mut transaction, import.id, Some(LogFilter::Faulty), after, PART).await?;
        lines.extend(part.into_iter().map(|row| {
            let told = reasons(kind.declaration(), &row);
            with_reason(own(&row.cells), told)
        }));
        next = more;
    }
    let entry = AuditEntry::new(AuditAction::ImportLogExported)
        .subject("import", import.id.0)
        .details(json!({ "rows": faulty, "school": school.school.0 }));
    note(backend, &mut transaction, actor, entry, faulty).await?;
    transaction.commit().await?;
    match format {
        SheetFormat::Csv => csv(&lines),
        SheetFormat::Xlsx => xlsx(&lines),
    }
}

fn with_reason(mut cells: Vec<String>, reason: String) -> Vec<String> {
    cells.push(reason);
    cells
}

/// What is wrong with a row, in one cell.
fn reasons(kind: &ImportDeclaration, row: &LoggedRow) -> String {
    let told: Vec<String> = problems(&row.line).into_iter().map(|note| words::note(kind, note)).collect();
    told.join(" ")
}
