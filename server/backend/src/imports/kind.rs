//! The database side of a kind of import. A kind implements it in its own feature, beside the pure rules of
//! `domain::imports::kind::ImportKind`, and is listed in `rooms`.

use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::ids::{ImportId, OperationId, PersonId};
use domain::imports::kind::{ImportKind, KindSlug};
use domain::imports::plan::PlanCounts;
use domain::imports::views::LogLine;
use domain::operations::plan::PlanHash;
use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgConnection;

use super::planning;
use super::queries::StoredImport;
use super::write;
use super::written::{AnyWritten, Registration, WrittenKind};
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

/// How a kind is looked up whose rows are planned one by one.
pub(crate) trait StoredKind: WrittenKind {
    /// How it is read and compared.
    type Rules: ImportKind;
    /// What is looked up once for all rows.
    type Known: Send + Sync;

    /// Finds the people whose key was given to somebody else by what was gathered, and the key that they have now.
    const FREED: &'static str;

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
}

/// A kind with its types erased.
pub(super) trait AnyKind: AnyWritten {
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

    /// The people whose key was given to somebody else; see [`write::freed`].
    fn freed<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<Vec<(PersonId, String)>>>;
}

struct Registered<K>(PhantomData<fn() -> K>);

impl<K: StoredKind> Registration for Registered<K> {
    type Kind = K;
}

impl<K: StoredKind> AnyKind for Registered<K> {
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

    fn freed<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<Vec<(PersonId, String)>>> {
        write::freed::<K>(connection).boxed()
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
