//! The database side of a kind of import. A kind implements it in its own feature, beside the pure rules of
//! `domain::imports::kind::ImportKind`, and is listed in `rooms`.

use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, ImportId, OperationId, PersonId};
use domain::imports::kind::{ImportDeclaration, ImportKind, KindSlug};
use domain::imports::plan::PlanCounts;
use domain::imports::views::LogLine;
use domain::operations::plan::PlanHash;
use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgConnection;

use super::planning;
use super::queries::StoredImport;
use super::{undo_log, write};
use crate::operations::OperationContext;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// The context of one import.
pub(crate) struct Importing<'a> {
    pub(crate) backend: &'a Backend,
    pub(crate) actor: &'a Actor,
    pub(crate) school: &'a SchoolContext,
    pub(crate) import: ImportId,
    /// The file's date in the school's time zone. Plans use it so that they do not change overnight.
    pub(crate) day: NaiveDate,
    /// Whether what was changed by hand is replaced.
    pub(crate) replaces_edits: bool,
    /// Whether rows that are looked up are locked until the transaction ends.
    pub(crate) locks: bool,
    /// The operation that writes it, where one does.
    pub(crate) operation: Option<OperationId>,
}

/// The stored records that some rows may be about.
pub(crate) struct StoredMatches<C> {
    /// Those with the key of a row, at the school.
    pub(crate) keyed: HashMap<String, C>,
    /// Others that a row may be about, by its place among the rows that were asked about.
    pub(crate) others: HashMap<usize, Vec<C>>,
}

/// A table that a kind writes to: how its changes are recorded for an undo, and undone. `$1` is the
/// organisation and, except in `before`, `$2` the import. In `import_before` and `import_writes`, `kind` is a
/// word for the table.
pub(crate) struct WrittenTable {
    /// Copies the rows that will be changed into `import_before`, as they are.
    pub(crate) before: &'static str,
    /// Copies the rows that were created or changed into `import_writes`, as they became.
    pub(crate) after: &'static str,
    /// Removes the rows that were created.
    pub(crate) remove: &'static str,
    /// Restores the rows that were changed.
    pub(crate) restore: &'static [&'static str],
}

/// How a kind is looked up, written and undone.
pub(crate) trait StoredKind: Send + Sync + 'static {
    /// How it is read and compared.
    type Rules: ImportKind;
    /// What is looked up once for all rows.
    type Known: Send + Sync;
    /// State that is kept while an import is undone.
    type Undoing: Send;

    /// Creates the temporary tables in which a plan is gathered.
    const GATHER: &'static [&'static str];
    /// Analyses them: PostgreSQL never analyses temporary tables by itself (PostgreSQL, "The Autovacuum
    /// Daemon").
    const GATHERED: &'static str;
    /// Finds the people whose key was given to somebody else by what was gathered, and the key that they have now.
    const FREED: &'static str;
    /// The tables it writes to, each after the tables it refers to.
    const WRITTEN: &'static [WrittenTable];
    /// Finds a row if everything that rows are compared with is as it was when the import `$2` of the organisation `$1`
    /// was planned. `None` if that cannot be told without planning it again.
    const IS_AS_PLANNED: Option<&'static str> = None;

    /// Counts the records of the school `$2` of the organisation `$1` that last on the day `$3`, and that a file can end.
    /// `None` if it cannot.
    const STANDING: Option<&'static str> = None;

    /// Looks up what applies to all rows.
    fn begin(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> impl Future<Output = Result<Self::Known>> + Send;

    /// Looks up the stored records that these rows may be about.
    fn current(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        known: &Self::Known,
        rows: &[&<Self::Rules as ImportKind>::Row],
    ) -> impl Future<Output = Result<StoredMatches<<Self::Rules as ImportKind>::Current>>> + Send;

    /// Reads the earlier enrolments of these people, for files in which somebody has several rows.
    fn read_earlier(
        _cx: &Importing<'_>,
        _connection: &mut PgConnection,
        _matches: &mut StoredMatches<<Self::Rules as ImportKind>::Current>,
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Gathers what some rows write.
    fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: &[<Self::Rules as ImportKind>::Write],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Writes what was gathered, set by set. Returns the accounts that someone at a wrong address had opened, and that the
    /// file ended by correcting it.
    fn apply(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> impl Future<Output = Result<Vec<(AccountId, PersonId)>>> + Send;

    /// Runs before an undo: takes locks, and refuses if something is built on the import.
    fn before_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> impl Future<Output = Result<Self::Undoing>> + Send;

    /// Runs after an undo.
    fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: Self::Undoing,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// A [`StoredKind`] with its types erased.
pub(super) trait AnyKind: Send + Sync {
    fn declaration(&self) -> &'static ImportDeclaration;

    /// See [`StoredKind::IS_AS_PLANNED`].
    fn is_as_planned(&self) -> Option<&'static str>;

    /// See [`StoredKind::STANDING`].
    fn standing(&self) -> Option<&'static str>;

    /// Whether what was gathered always needs a second person.
    fn alarms<'a>(
        &'a self,
        _cx: &'a Importing<'a>,
        _connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<bool>> {
        std::future::ready(Ok(false)).boxed()
    }

    /// Plans every row and stores the log; see [`planning::simulate`].
    fn simulate<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
        import: &'a StoredImport,
    ) -> BoxFuture<'a, Result<Vec<LogLine>>>;

    /// Plans every row and gathers what the plan writes; see [`write::gather`].
    fn gather<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut OperationContext<'w>,
        import: &'a StoredImport,
    ) -> BoxFuture<'a, Result<(PlanCounts, PlanHash)>>
    where
        'w: 'a;

    /// Writes what was gathered; see [`write::apply`].
    fn apply<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut OperationContext<'w>,
        rows: usize,
    ) -> BoxFuture<'a, Result<Vec<(AccountId, PersonId)>>>
    where
        'w: 'a;

    /// The people whose key was given to somebody else; see [`write::freed`].
    fn freed<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<Vec<(PersonId, String)>>>;

    /// Undoes what was written; see [`undo_log::undo`].
    fn undo<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<u64>>;
}

struct Registered<K>(PhantomData<fn() -> K>);

impl<K: StoredKind> AnyKind for Registered<K> {
    fn declaration(&self) -> &'static ImportDeclaration {
        K::Rules::DECLARATION
    }

    fn is_as_planned(&self) -> Option<&'static str> {
        K::IS_AS_PLANNED
    }

    fn standing(&self) -> Option<&'static str> {
        K::STANDING
    }

    fn simulate<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
        import: &'a StoredImport,
    ) -> BoxFuture<'a, Result<Vec<LogLine>>> {
        planning::simulate::<K>(cx, connection, import).boxed()
    }

    fn gather<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut OperationContext<'w>,
        import: &'a StoredImport,
    ) -> BoxFuture<'a, Result<(PlanCounts, PlanHash)>>
    where
        'w: 'a,
    {
        write::gather::<K>(cx, work, import).boxed()
    }

    fn apply<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut OperationContext<'w>,
        rows: usize,
    ) -> BoxFuture<'a, Result<Vec<(AccountId, PersonId)>>>
    where
        'w: 'a,
    {
        write::apply::<K>(cx, work, rows).boxed()
    }

    fn freed<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<Vec<(PersonId, String)>>> {
        write::freed::<K>(connection).boxed()
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
    /// Wraps a declared kind.
    pub(crate) const fn of<K: StoredKind>() -> Self {
        Self(&Registered::<K>(PhantomData))
    }

    /// Wraps a kind of another form.
    pub(super) const fn from_static(kind: &'static dyn AnyKind) -> Self {
        Self(kind)
    }
}

/// Finds a kind by its slug.
pub(super) fn find(backend: &Backend, slug: &KindSlug) -> Result<&'static dyn AnyKind> {
    let mut kinds = backend.rooms.imports.iter().map(|kind| kind.0);
    kinds.find(|kind| kind.declaration().slug == slug.0).ok_or(Error::NotFound("kind of import"))
}
