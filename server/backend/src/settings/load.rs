//! A page of settings, as its reader sees it.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::settings::{DeclaredSetting, SettingFacts};

use super::SettingsOf;
use super::store::stored;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Result};

/// A setting as its form shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingField {
    /// Its name in the form.
    pub slug: &'static str,
    /// The label.
    pub label: &'static str,
    /// The hint below the label; may be empty.
    pub hint: String,
    /// The current value, as typed.
    pub value: String,
}

/// The settings of an organisation or a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsView {
    /// The requested settings, in the order requested.
    pub fields: Vec<SettingField>,
    /// Whether the reader may change them.
    pub may_change: bool,
}

/// Returns the current values of these settings.
pub async fn load(
    backend: &Backend,
    actor: &Actor,
    of: SettingsOf,
    settings: &[&'static dyn DeclaredSetting],
) -> Result<SettingsView> {
    let (mut connection, at) = match of {
        SettingsOf::Organisation => (
            backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction,
            Resource::Organisation(actor.organisation),
        ),
        SettingsOf::School(school) => {
            (of.enter(backend, actor).await?, Resource::School(actor.organisation, school))
        }
    };
    let stored = stored(&mut connection, actor.organisation, of).await?;
    let people: i64 = sqlx::query_scalar("SELECT count(*) FROM people WHERE organisation_id = $1")
        .bind(actor.organisation.0)
        .fetch_one(&mut *connection)
        .await?;
    let facts = SettingFacts { people: people.unsigned_abs() };
    let fields = settings
        .iter()
        .map(|setting| SettingField {
            slug: setting.slug(),
            label: setting.label(),
            hint: setting.hint(facts),
            value: setting.typed(stored.get(setting.slug())),
        })
        .collect();
    let may_change = decide(actor, Permission::ManageSettings, at).is_ok();
    Ok(SettingsView { fields, may_change })
}
