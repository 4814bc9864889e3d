//! Whose settings and templates: those of a school, or of the whole organisation.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::settings::SettingScope;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::tenancy::target::{InSchool, Organisation};
use crate::{Backend, Result};

/// Whose they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsOf {
    /// One school's.
    School(SchoolId),
    /// The organisation's: settings of all its schools, and templates of those without one for a message.
    Organisation,
}

impl SettingsOf {
    /// Those of a scope, for people who work at this school.
    pub fn scope(scope: SettingScope, school: SchoolId) -> Self {
        match scope {
            SettingScope::Organisation => Self::Organisation,
            SettingScope::School => Self::School(school),
        }
    }

    /// The school, as it is stored.
    pub(super) fn school(self) -> Option<Uuid> {
        match self {
            Self::School(school) => Some(school.0),
            Self::Organisation => None,
        }
    }

    /// Opens a transaction for somebody who may change them.
    pub(super) async fn enter(
        self,
        backend: &Backend,
        actor: &Actor,
    ) -> Result<Transaction<'static, Postgres>> {
        Ok(match self {
            Self::School(school) => {
                backend.enter(actor, Permission::ManageSettings, InSchool(school)).await?.transaction
            }
            Self::Organisation => {
                backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction
            }
        })
    }
}
