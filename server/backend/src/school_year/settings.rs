//! The periods of a school, on their settings page.

use std::collections::BTreeMap;

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;
use domain::ids::{OrganisationId, SchoolId};
use domain::school_year::settings::{
    CLOSED_AFTER, Days, ERASED_AFTER, OPENS_BEFORE, STAFF_SUSPENDED_AFTER, STOPPED_SHARE, SUSPENDED_AFTER,
    StoppedShare,
};
use domain::settings::{Setting, SettingFacts, SettingValue};
use serde_json::{Map, Value};
use sqlx::PgConnection;

use crate::audit::{AuditEntry, alerts, record};
use crate::settings::{SettingField, SettingsView, of_school, set_for_school};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// The settings that are days, in the order of the page.
const DAYS: [&Setting<Days>; 5] =
    [&OPENS_BEFORE, &SUSPENDED_AFTER, &STAFF_SUSPENDED_AFTER, &CLOSED_AFTER, &ERASED_AFTER];

/// Returns the fields of the page.
pub async fn load(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<SettingsView> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageSettings, School(school)).await?;
    let mut fields = Vec::new();
    for setting in DAYS {
        fields.push(field(&mut transaction, at.organisation, school, setting).await?);
    }
    fields.push(field(&mut transaction, at.organisation, school, &STOPPED_SHARE).await?);
    let may_change =
        decide(actor, Permission::ManageSettings, Resource::School(actor.organisation, school)).is_ok();
    Ok(SettingsView { fields, may_change })
}

async fn field<T: SettingValue>(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
    setting: &Setting<T>,
) -> Result<SettingField> {
    let value = of_school(connection, organisation, school, setting).await?;
    Ok(SettingField {
        slug: setting.slug,
        label: setting.label,
        hint: (setting.hint)(SettingFacts { people: 0 }),
        value: value.typed(),
    })
}

/// Saves what was typed, all or nothing. Administrators are told of what was made looser.
///
/// # Errors
/// A sentence at each field that cannot be read.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    typed: &BTreeMap<String, String>,
) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageSettings, School(school)).await?;
    let mut errors = FieldErrors::default();
    let days = DAYS.map(|setting| (setting, errors.take(setting.slug, read(setting, typed))));
    let share: Option<StoppedShare> = errors.take(STOPPED_SHARE.slug, read(&STOPPED_SHARE, typed));
    let (Some(share), true) = (share, errors.0.is_empty()) else { return Err(errors.into()) };
    let mut change = Change { backend, at: (at.organisation, school), details: Map::new(), alerts: false };
    for (setting, value) in days {
        if let Some(value) = value {
            change.set(&mut transaction, setting, &value).await?;
        }
    }
    change.set(&mut transaction, &STOPPED_SHARE, &share).await?;
    if change.details.is_empty() {
        return Ok(());
    }
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("school", school.0)
        .details(Value::Object(change.details));
    if change.alerts {
        alerts::raise(backend, &mut transaction, actor, entry).await?;
    } else {
        record(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn read<T: SettingValue>(
    setting: &Setting<T>,
    typed: &BTreeMap<String, String>,
) -> std::result::Result<T, domain::settings::InvalidSetting> {
    T::read(typed.get(setting.slug).map(String::as_str).unwrap_or_default())
}

/// What a form changes.
struct Change<'a> {
    backend: &'a Backend,
    at: (OrganisationId, SchoolId),
    details: Map<String, Value>,
    alerts: bool,
}

impl Change<'_> {
    async fn set<T: SettingValue>(
        &mut self,
        connection: &mut PgConnection,
        setting: &Setting<T>,
        value: &T,
    ) -> Result<()> {
        let (organisation, school) = self.at;
        let before = of_school(connection, organisation, school, setting).await?;
        if before.typed() == value.typed() {
            return Ok(());
        }
        set_for_school(self.backend, connection, organisation, school, setting, value).await?;
        self.alerts |= setting.guard.effect(&before, value).alerts;
        self.details.insert(setting.slug.to_owned(), Value::String(value.typed()));
        Ok(())
    }
}
