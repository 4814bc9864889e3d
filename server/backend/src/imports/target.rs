//! Entering a use case about an import.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Resource;
use domain::ids::ImportId;

use super::kind::{self, AnyKind};
use super::queries::{ImportRow, StoredImport};
use crate::tenancy::enter::{Entered, look_up};
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::{LookUp, SchoolContextRow, Target, decide_found};
use crate::{Backend, Result};

/// An import, and what it is needed for.
#[derive(Debug, Clone, Copy)]
pub(super) enum ImportFor {
    /// Reading it.
    Reading(ImportId),
    /// Changing it: nobody else can change it until the transaction ends.
    Changing(ImportId),
}

/// An import, its school and its kind.
pub(super) struct LoadedImport {
    pub(super) import: StoredImport,
    pub(super) school: SchoolContext,
    pub(super) kind: &'static dyn AnyKind,
}

#[derive(sqlx::FromRow)]
pub(super) struct LoadedImportRow {
    #[sqlx(flatten)]
    import: ImportRow,
    #[sqlx(flatten)]
    school: SchoolContextRow,
}

/// Enters a use case about an import.
pub(super) async fn enter(
    backend: &Backend,
    actor: &Actor,
    import: ImportFor,
) -> Result<Entered<LoadedImport>> {
    backend.enter(actor, Permission::ImportRoll, import).await
}

/// Looks up an import and takes the given lock.
macro_rules! import {
    ($locks:literal) => {
        look_up!(
            "SELECT i.id, i.organisation_id, i.school_id, i.kind, i.file_name, i.state, i.columns, i.mapping, i.row_count, i.kept, i.replaces_edits, i.decisions,
                    i.plan_hash, i.counts, i.findings, i.date_orders, i.date_order, i.created_at, i.committed_at, i.undone_at, i.reading, i.operation_id, s.code, s.name AS school_name, o.time_zone
             FROM imports i JOIN schools s ON s.id = i.school_id JOIN organisations o ON o.id = i.organisation_id
             WHERE i.organisation_id = entered.organisation AND i.id = entered.key::uuid",
            $locks
        )
    };
}

impl Target for ImportFor {
    type Place = LoadedImport;
    type Row = LoadedImportRow;
    const KIND: &'static str = "import";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up(self) -> LookUp<LoadedImportRow> {
        match self {
            Self::Reading(_) => sqlx::query_as::<_, LoadedImportRow>(import!("")),
            Self::Changing(_) => sqlx::query_as::<_, LoadedImportRow>(import!("FOR UPDATE OF i")),
        }
    }

    fn key(self) -> Option<String> {
        let (Self::Reading(import) | Self::Changing(import)) = self;
        Some(import.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: LoadedImportRow,
    ) -> Result<LoadedImport> {
        let school = row.school.context(backend, actor, permission)?;
        let import = StoredImport::try_from(row.import)?;
        let kind = kind::find(backend, &import.kind)?;
        let whole = Resource::School(actor.organisation, school.school);
        decide_found(actor, permission, whole, Self::KIND)?;
        decide_found(actor, kind.declaration().permission, whole, Self::KIND)?;
        Ok(LoadedImport { import, school, kind })
    }
}
