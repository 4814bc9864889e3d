//! What the database has to do with a kind of import. A kind says it in its own feature, beside the pure rules of
//! `domain::imports::kind::ImportKind`, and is listed in `rooms`.

use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::kind::{Declaration, ImportKind, KindSlug};
use domain::imports::plan::PlanCounts;
use domain::imports::views::LogLine;
use domain::operations::plan::PlanHash;
use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgConnection;

use super::planning;
use super::queries::Import;
use super::{undo_log, write};
use crate::operations::Work;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// What everything about one import is told.
pub(crate) struct Importing<'a> {
    pub(crate) backend: &'a Backend,
    pub(crate) actor: &'a Actor,
    pub(crate) school: &'a SchoolContext,
    pub(crate) import: ImportId,
    /// The day of the file, where the school is. Plans are made for it, so that they do not change overnight.
    pub(crate) day: NaiveDate,
    /// Whether what is looked up has to stay as it is until the transaction ends.
    pub(crate) locks: bool,
}

/// A table that a kind writes to: how what it wrote is kept for an undo, and undone. `$1` is the organisation and, but in
/// `before`, `$2` the import. In `import_before` and `import_writes` rows are told apart by `kind`, a word for the table.
pub(crate) struct WrittenTable {
    /// Puts the rows that will be changed into `import_before`, as they are.
    pub(crate) before: &'static str,
    /// Puts the rows that were made or changed into `import_writes`, as they became.
    pub(crate) after: &'static str,
    /// Removes the rows that were made.
    pub(crate) remove: &'static str,
    /// Puts back the rows that were changed.
    pub(crate) restore: &'static [&'static str],
}

/// How a kind is looked up, written and undone.
pub(crate) trait StoredKind: Send + Sync + 'static {
    /// How it is read and compared.
    type Rules: ImportKind;
    /// What is looked up once for all rows.
    type Known: Send + Sync;
    /// What is remembered while an import is undone.
    type Undoing: Send;

    /// Makes the temporary tables in which a plan is gathered.
    const GATHER: &'static [&'static str];
    /// Tells PostgreSQL how much there is in them: it never looks at temporary tables by itself (PostgreSQL, "The
    /// Autovacuum Daemon").
    const GATHERED: &'static str;
    /// The tables it writes to, each after those that it refers to.
    const WRITTEN: &'static [WrittenTable];

    /// Looks up what holds for all rows.
    fn begin(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> impl Future<Output = Result<Self::Known>> + Send;

    /// Looks up what the database holds with the keys of these rows.
    fn current(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        known: &Self::Known,
        rows: &[&<Self::Rules as ImportKind>::Row],
    ) -> impl Future<Output = Result<HashMap<String, <Self::Rules as ImportKind>::Current>>> + Send;

    /// Gathers what some rows write.
    fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: &[<Self::Rules as ImportKind>::Write],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Writes what was gathered, set by set.
    fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> impl Future<Output = Result<()>> + Send;

    /// Before an undo: keeps others away, and refuses it while something is built on the import.
    fn before_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> impl Future<Output = Result<Self::Undoing>> + Send;

    /// After it.
    fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: Self::Undoing,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// A [`StoredKind`] without its types.
pub(super) trait AnyKind: Send + Sync {
    fn declaration(&self) -> &'static Declaration;

    /// Plans every row and keeps the log; see [`planning::simulate`].
    fn simulate<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
        import: &'a Import,
    ) -> BoxFuture<'a, Result<Vec<LogLine>>>;

    /// Plans every row and gathers what the plan writes; see [`write::gather`].
    fn gather<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut Work<'w>,
        import: &'a Import,
    ) -> BoxFuture<'a, Result<(PlanCounts, PlanHash)>>
    where
        'w: 'a;

    /// Writes what was gathered; see [`write::apply`].
    fn apply<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut Work<'w>,
        rows: usize,
    ) -> BoxFuture<'a, Result<()>>
    where
        'w: 'a;

    /// Undoes what was written; see [`undo_log::undo`].
    fn undo<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<u64>>;
}

struct Registered<K>(PhantomData<fn() -> K>);

impl<K: StoredKind> AnyKind for Registered<K> {
    fn declaration(&self) -> &'static Declaration {
        K::Rules::DECLARATION
    }

    fn simulate<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
        import: &'a Import,
    ) -> BoxFuture<'a, Result<Vec<LogLine>>> {
        planning::simulate::<K>(cx, connection, import).boxed()
    }

    fn gather<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut Work<'w>,
        import: &'a Import,
    ) -> BoxFuture<'a, Result<(PlanCounts, PlanHash)>>
    where
        'w: 'a,
    {
        write::gather::<K>(cx, work, import).boxed()
    }

    fn apply<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut Work<'w>,
        rows: usize,
    ) -> BoxFuture<'a, Result<()>>
    where
        'w: 'a,
    {
        write::apply::<K>(cx, work, rows).boxed()
    }

    fn undo<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<u64>> {
        undo_log::undo::<K>(cx, connection).boxed()
    }
}

/// A kind, as `rooms` lists it.
#[derive(Clone, Copy)]
pub struct KindOfImport(&'static dyn AnyKind);

impl KindOfImport {
    /// As declared by this type.
    pub(crate) const fn of<K: StoredKind>() -> Self {
        Self(&Registered::<K>(PhantomData))
    }
}

/// The kind of this word.
pub(super) fn find(backend: &Backend, slug: &KindSlug) -> Result<&'static dyn AnyKind> {
    let mut kinds = backend.rooms.imports.iter().map(|kind| kind.0);
    kinds.find(|kind| kind.declaration().slug == slug.0).ok_or(Error::NotFound("kind of import"))
}
