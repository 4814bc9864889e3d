//! Changing the settings of a page.

use std::collections::BTreeMap;

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::settings::{ChangeEffect, DeclaredSetting};
use serde_json::{Map, Value};

use super::SettingsOf;
use super::store::{set_values, stored};
use crate::audit::{AuditEntry, alerts, record};
use crate::authorization::roles::refuse_all_but_administrators;
use crate::{Backend, Error, Result};

/// Sets all of these settings, of an organisation or a school, to the submitted values, by name; a missing value counts
/// as empty. What stays as it is is not written. Notifies
/// administrators if a setting requires it, also of an attempt to loosen one that takes more permissions
/// ([`domain::settings::Guard`]).
///
/// # Errors
/// Every invalid field at once, or those that the actor may not loosen; nothing is changed then.
#[tracing::instrument(skip_all)]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    of: SettingsOf,
    settings: &[&'static dyn DeclaredSetting],
    typed: &BTreeMap<String, String>,
) -> Result<()> {
    let mut transaction = of.enter(backend, actor).await?;
    let mut errors = FieldErrors::default();
    let mut values = Vec::new();
    for setting in settings {
        let text = typed.get(setting.slug()).map_or("", String::as_str);
        if let Some(value) = errors.take(setting.slug(), setting.read(text)) {
            values.push((setting.slug(), value));
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let before = stored(&mut transaction, actor.organisation, of).await?;
    let effects: Vec<(&str, ChangeEffect)> = settings
        .iter()
        .zip(&values)
        .map(|(setting, (slug, value))| (*slug, setting.effect(before.get(*slug), value)))
        .collect();
    let refusals = effects.iter().filter_map(|(slug, effect)| Some((*slug, effect.refusal?)));
    let refusals: Vec<(&str, &str)> = refusals.collect();
    let mut transaction = if refusals.is_empty() {
        transaction
    } else {
        let wanted = Permission::ManageSettings;
        match refuse_all_but_administrators(backend, transaction, actor, wanted).await {
            Err(Error::Refused(_)) => {
                for (slug, refusal) in refusals {
                    errors.push(slug, refusal);
                }
                return Err(errors.into());
            }
            entered => entered?,
        }
    };
    let is_new = |(setting, (slug, value)): &(&&'static dyn DeclaredSetting, (&str, Value))| {
        setting.typed(before.get(*slug)) != setting.typed(Some(value))
    };
    let changed: Vec<(&str, Value)> =
        settings.iter().zip(values).filter(is_new).map(|(_, value)| value).collect();
    if changed.is_empty() {
        return Ok(());
    }
    set_values(backend, &mut transaction, actor.organisation, of, &changed).await?;
    let details: Map<String, Value> =
        changed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let entry = AuditEntry::new(AuditAction::SettingChanged).details(Value::Object(details));
    let entry = match of {
        SettingsOf::School(school) => entry.subject("school", school.0),
        SettingsOf::Organisation => entry,
    };
    if effects.iter().any(|(_, effect)| effect.alerts) {
        alerts::raise(backend, &mut transaction, actor, entry).await?;
    } else {
        record(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
