//! What every kind of import has, however its rows are planned: its declaration, the tables it gathers in and writes to,
//! and their undo.

use domain::ids::{AccountId, PersonId};
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::Mapping;
use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgConnection;

use super::kind::Importing;
use super::{undo_log, write};
use crate::Result;
use crate::operations::OperationContext;
use crate::tenancy::places::SchoolContext;

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

/// How a kind is declared, written and undone.
pub(crate) trait WrittenKind: Send + Sync + 'static {
    /// State that is kept while an import is undone.
    type Undoing: Send;

    /// The declaration.
    const DECLARATION: &'static ImportDeclaration;
    /// Creates the temporary tables in which a plan is gathered.
    const GATHER: &'static [&'static str];
    /// Analyses them: PostgreSQL never analyses temporary tables by itself (PostgreSQL, "The Autovacuum
    /// Daemon").
    const GATHERED: &'static str;
    /// The tables it writes to, each after the tables it refers to.
    const WRITTEN: &'static [WrittenTable];
    /// Finds a row if everything that rows are compared with is as it was when the import `$2` of the organisation `$1`
    /// was planned. `None` if that cannot be told without planning it again.
    const IS_AS_PLANNED: Option<&'static str> = None;
    /// Counts the records of the school `$2` of the organisation `$1` that last on the day `$3`, and that a file can end.
    /// `None` if it cannot.
    const STANDING: Option<&'static str> = None;

    /// Tries the values of the first rows against what is known, for columns whose names do not say enough.
    fn recognise(
        _school: &SchoolContext,
        _connection: &mut PgConnection,
        mapping: Mapping,
        _rows: &[Vec<String>],
    ) -> impl Future<Output = Result<Mapping>> + Send {
        std::future::ready(Ok(mapping))
    }

    /// Whether what was gathered always needs a second person.
    fn alarms(
        _cx: &Importing<'_>,
        _connection: &mut PgConnection,
    ) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(false))
    }

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

/// How a kind is registered: one of the forms in which rows are planned.
pub(super) trait Registration: Send + Sync {
    /// The kind.
    type Kind: WrittenKind;
}

/// A [`WrittenKind`] with its types erased.
pub(super) trait AnyWritten: Send + Sync {
    fn declaration(&self) -> &'static ImportDeclaration;

    /// See [`WrittenKind::IS_AS_PLANNED`].
    fn is_as_planned(&self) -> Option<&'static str>;

    /// See [`WrittenKind::STANDING`].
    fn standing(&self) -> Option<&'static str>;

    /// See [`WrittenKind::recognise`].
    fn recognise<'a>(
        &'a self,
        school: &'a SchoolContext,
        connection: &'a mut PgConnection,
        mapping: Mapping,
        rows: &'a [Vec<String>],
    ) -> BoxFuture<'a, Result<Mapping>>;

    /// See [`WrittenKind::alarms`].
    fn alarms<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Writes what was gathered; see [`write::apply`].
    fn apply<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut OperationContext<'w>,
        rows: usize,
    ) -> BoxFuture<'a, Result<Vec<(AccountId, PersonId)>>>
    where
        'w: 'a;

    /// Undoes what was written; see [`undo_log::undo`].
    fn undo<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<u64>>;
}

impl<R: Registration> AnyWritten for R {
    fn declaration(&self) -> &'static ImportDeclaration {
        R::Kind::DECLARATION
    }

    fn is_as_planned(&self) -> Option<&'static str> {
        R::Kind::IS_AS_PLANNED
    }

    fn standing(&self) -> Option<&'static str> {
        R::Kind::STANDING
    }

    fn recognise<'a>(
        &'a self,
        school: &'a SchoolContext,
        connection: &'a mut PgConnection,
        mapping: Mapping,
        rows: &'a [Vec<String>],
    ) -> BoxFuture<'a, Result<Mapping>> {
        R::Kind::recognise(school, connection, mapping, rows).boxed()
    }

    fn alarms<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<bool>> {
        R::Kind::alarms(cx, connection).boxed()
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
        write::apply::<R::Kind>(cx, work, rows).boxed()
    }

    fn undo<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<u64>> {
        undo_log::undo::<R::Kind>(cx, connection).boxed()
    }
}
