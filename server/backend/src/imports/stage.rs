//! Reading a file in a separate process. Known columns are matched, and rows are stored without the cells of
//! columns that may hold secrets.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::guardians::import::name_order::is_asked;
use domain::ids::{ImportId, OrganisationId, SchoolId};
use domain::imports::dates::DateOrder;
use domain::imports::dates::evidence::OrderEvidence;
use domain::imports::deciding::Decision;
use domain::imports::fault::TableFault;
use domain::imports::kind::{ImportDeclaration, KindSlug};
use domain::imports::mapping::{LastTime, Mapping};
use domain::imports::reading::{FileReading, ReadOptions};
use domain::imports::remark::{Remark, TOO_MANY_CELLS};
use domain::imports::unsent::{LostMatch, Unsent};
use domain::imports::views::{ImportState, ImportView};
use domain::imports::words;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::queries::{StoredImport, load};
use super::spare::KeptColumns;
use super::{dates, decide, discard, kind, parts, senders, view};
use crate::tables::{ImportSchool, RawRow, Table};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// The number of rows in memory at a time.
const BATCH: usize = 5 * parts::PART;

/// The number of rows that show what a column holds.
const SHOWING: usize = 1000;

/// A file from a person or a program.
#[derive(Debug)]
pub struct ImportFile {
    /// The kind of list.
    pub kind: KindSlug,
    /// The school it is for.
    pub school: SchoolId,
    /// The file's name; empty for cells that were pasted.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// How to read it.
    pub options: ReadOptions,
    /// The same file, read in another way before.
    pub read_before: Option<ReadBefore>,
}

/// An import of the same file, read in another way. It is discarded; what someone chose for it is kept.
#[derive(Debug)]
pub struct ReadBefore {
    /// The import.
    pub import: ImportId,
    /// What was chosen and not sent.
    pub unsent: Unsent,
}

/// Reads a file of a kind for a school, as it shows itself how; see [`stage_as`].
pub async fn stage(
    backend: &Backend,
    actor: &Actor,
    kind: &KindSlug,
    school: SchoolId,
    file_name: &str,
    file: Vec<u8>,
) -> Result<ImportView> {
    let file = ImportFile {
        kind: kind.clone(),
        school,
        name: file_name.to_owned(),
        bytes: file,
        options: ReadOptions::default(),
        read_before: None,
    };
    stage_as(backend, actor, file).await
}

/// Reads a file and stores its rows. A file that cannot be read leaves nothing behind. The file itself is not kept:
/// who wants it read in another way sends it again.
pub async fn stage_as(backend: &Backend, actor: &Actor, file: ImportFile) -> Result<ImportView> {
    let ImportFile { kind, school, name: file_name, bytes: file, options, read_before } = file;
    let found = kind::find(backend, &kind)?;
    let kind = found.declaration();
    decide(actor, kind.permission, Resource::School(actor.organisation, school))?;
    // Take a slot first, then a connection: nobody holds a connection while waiting for a slot.
    let slot = backend.tables.slot().await?;
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ImportRoll, School(school)).await?;
    let file_name = match file_name.as_str() {
        "" => pasted_name(backend.now().with_timezone(&at.zone).date_naive()),
        name => tidy_name(name),
    };
    let for_school = ImportSchool { code: at.code.clone(), name: at.name.clone() };
    let mut table = slot.open(file, &file_name, kind, &for_school, &options).await?;
    let import: ImportId = backend.new_id();
    let of = (actor.organisation, school);
    let chosen = match read_before {
        Some(before) => {
            let replaced = before.import;
            let chosen = chosen_before(&mut transaction, kind, of, before).await?;
            discard::forget(&mut transaction, of, replaced).await?;
            chosen
        }
        None => None,
    };
    // The first rows show what columns hold where their names do not.
    let first = table.rows(BATCH).await?;
    let (mapping, lost) = matched(&mut transaction, kind, of, &table.header, &first, chosen.as_ref()).await?;
    let shown: Vec<Vec<String>> = first.iter().take(SHOWING).map(|row| row.cells.clone()).collect();
    let mapping = found.recognise(&at, &mut transaction, mapping, &shown).await?;
    let asks_name_order = is_asked(&mapping);
    let columns = KeptColumns::of(&mapping);
    sqlx::query(
        "INSERT INTO imports (id, organisation_id, school_id, kind, file_name, state, columns, mapping, row_count, created_by, created_at, kept)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)",
    )
    .bind(import.0)
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(kind.slug)
    .bind(&file_name)
    .bind(ImportState::Staged.slug())
    .bind(Json(&table.header))
    .bind(Json(&mapping))
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .bind(&columns.kept)
    .execute(&mut *transaction)
    .await?;
    let mut evidence = vec![OrderEvidence::default(); table.header.len()];
    for (evidence, name) in evidence.iter_mut().zip(&table.header) {
        evidence.note_name(name);
    }
    let to = (actor.organisation, import);
    let rows = keep_rows(&mut transaction, to, &columns, first, &mut table, &mut evidence).await?;
    let reading = FileReading { lost, asks_name_order, ..std::mem::take(&mut table.reading) };
    drop(table);
    dates::keep(&mut transaction, import, &evidence).await?;
    let (order, decisions) = chosen.map(|chosen| (chosen.order, chosen.decisions)).unwrap_or_default();
    sqlx::query("UPDATE imports SET row_count = $2, reading = $3, date_order = $4 WHERE id = $1")
        .bind(import.0)
        .bind(rows)
        .bind(Json(&reading))
        .bind(order.map(DateOrder::slug))
        .execute(&mut *transaction)
        .await?;
    let stored = StoredImport { decisions, ..load(&mut transaction, actor, import).await? };
    decide::count(&mut transaction, kind, &stored).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// What a list is called that was pasted.
fn pasted_name(day: NaiveDate) -> String {
    format!("Pasted on {}", words::short(day))
}

/// The last part of a path, without control characters that could affect a terminal or a page, cut to one
/// line's length.
fn tidy_name(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let length = name.chars().count();
    let name: String = name.trim().chars().skip(length.saturating_sub(120)).collect();
    if name.is_empty() { "file".to_owned() } else { name }
}

/// What someone chose for the same file, read in another way.
struct ChosenBefore {
    headers: Vec<String>,
    mapping: Mapping,
    decisions: Vec<Decision>,
    order: Option<DateOrder>,
}

#[derive(sqlx::FromRow)]
struct ChosenRow {
    columns: Json<Vec<String>>,
    mapping: Json<Mapping>,
    decisions: Option<Json<Vec<Decision>>>,
    date_order: Option<String>,
}

/// Returns what was chosen for an import of the same file, with what was not sent yet.
async fn chosen_before(
    connection: &mut PgConnection,
    kind: &ImportDeclaration,
    (organisation, school): (OrganisationId, SchoolId),
    ReadBefore { import, unsent }: ReadBefore,
) -> Result<Option<ChosenBefore>> {
    let before = sqlx::query_as::<_, ChosenRow>(
        "SELECT columns, mapping, decisions, date_order FROM imports
         WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND kind = $4",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(import.0)
    .bind(kind.slug)
    .fetch_optional(connection)
    .await?;
    Ok(before.map(|before| ChosenBefore {
        headers: before.columns.0,
        mapping: unsent.applied_to(kind, &before.mapping.0),
        decisions: unsent.decided(before.decisions.map(|decisions| decisions.0).unwrap_or_default()),
        order: unsent.dates.or_else(|| before.date_order.as_deref().and_then(DateOrder::from_slug)),
    }))
}

/// Matches columns the way someone chose for the same file before, then as for the last file of the same sender, or the
/// last one of this kind at this school. Returns the matches of the same file that its columns do not allow any more.
async fn matched(
    connection: &mut PgConnection,
    kind: &ImportDeclaration,
    at: (OrganisationId, SchoolId),
    headers: &[String],
    first: &[RawRow],
    chosen: Option<&ChosenBefore>,
) -> Result<(Mapping, Vec<LostMatch>)> {
    let last = senders::of(connection, at, kind.slug, headers).await?;
    let before = chosen.map(|chosen| LastTime {
        headers: &chosen.headers,
        mapping: &chosen.mapping,
        is_same_file: true,
    });
    let last = last.as_ref().map(|sender| LastTime {
        headers: &sender.headers,
        mapping: &sender.mapping,
        is_same_file: false,
    });
    let earlier: Vec<LastTime<'_>> = before.into_iter().chain(last).collect();
    let rows: Vec<Vec<String>> = first.iter().take(SHOWING).map(|row| row.cells.clone()).collect();
    let mapping = Mapping::matched(kind, headers, &rows, &earlier);
    let unmatched = before.map(|before| LostMatch::of(&before, &mapping)).unwrap_or_default();
    Ok((mapping, unmatched))
}

/// The share of rows with too many cells, in percent, above which a file is refused, if it has [`ENOUGH`] rows.
const SHIFTED: u64 = 20;

/// Fewer rows say nothing about a file.
const ENOUGH: u32 = 10;

/// Stores the rows in batches that fit in memory, and returns how many there were. Collects what their dates say about
/// the order of day and month.
async fn keep_rows(
    connection: &mut PgConnection,
    (organisation, import): (OrganisationId, ImportId),
    columns: &KeptColumns,
    mut rows: Vec<RawRow>,
    table: &mut Table<'_>,
    evidence: &mut [OrderEvidence],
) -> Result<i32> {
    let (mut count, mut shifted) = (0i32, 0u32);
    while !rows.is_empty() {
        count = count.saturating_add(i32::try_from(rows.len()).unwrap_or(i32::MAX));
        let has_more =
            |remark: &Remark| matches!(remark, Remark::Reject(note) if note.code == TOO_MANY_CELLS);
        let more = rows.iter().filter(|row| row.remarks.iter().any(has_more)).count();
        shifted = shifted.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        for row in &rows {
            dates::note(evidence, &row.cells);
        }
        parts::keep(connection, organisation, import, columns, &rows).await?;
        rows = table.rows(BATCH).await?;
    }
    let of = u32::try_from(count).unwrap_or_default();
    if of >= ENOUGH && u64::from(shifted) * 100 > u64::from(of) * SHIFTED {
        return Err(TableFault::Shifted { rows: shifted, of }.into());
    }
    Ok(count)
}
