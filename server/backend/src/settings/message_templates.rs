//! Custom message templates, which a school, or an organisation for all its schools, uses instead of
//! Greencap's.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::roll::language::LanguageTag;
use serde_json::json;
use sqlx::PgConnection;

use super::SettingsOf;
use crate::audit::{AuditEntry, record};
use crate::messages::kind::MessageKind;
use crate::messages::templates::{TemplateSources, check};
use crate::{Backend, Result};

/// The longest part of a template, in bytes: a message is not a document.
pub const LONGEST: usize = 100_000;

/// Saves a template for a kind of message in one language.
///
/// # Errors
/// A field error names the part that is not a valid template, and the line.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    scope: SettingsOf,
    kind: &str,
    language: &LanguageTag,
    sources: &TemplateSources,
) -> Result<()> {
    let mut transaction = scope.enter(backend, actor).await?;
    let kind = known(backend, kind)?;
    let mut errors = FieldErrors::default();
    for (part, source) in sources.parts() {
        if source.len() > LONGEST {
            errors.push(part, format!("This part is longer than {LONGEST} bytes. Shorten it."));
        } else if let Err(error) = check(part, source) {
            errors.push(part, error);
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    sqlx::query(
        "INSERT INTO message_templates
             (organisation_id, school_id, kind, language, subject, body_text, body_html, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT ON CONSTRAINT message_templates_key DO UPDATE
         SET subject = excluded.subject, body_text = excluded.body_text, body_html = excluded.body_html,
             changed_at = excluded.changed_at",
    )
    .bind(actor.organisation.0)
    .bind(scope.school())
    .bind(kind.name())
    .bind(language.as_str())
    .bind(&sources.subject)
    .bind(&sources.body_text)
    .bind(&sources.body_html)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    note(backend, &mut transaction, actor, scope, kind.name(), language, "saved").await?;
    transaction.commit().await?;
    Ok(())
}

/// Removes a template, so that Greencap's own is used. Returns `false` if there was none.
pub async fn remove(
    backend: &Backend,
    actor: &Actor,
    scope: SettingsOf,
    kind: &str,
    language: &LanguageTag,
) -> Result<bool> {
    let mut transaction = scope.enter(backend, actor).await?;
    let kind = known(backend, kind)?;
    let removed = sqlx::query(
        "DELETE FROM message_templates
         WHERE organisation_id = $1 AND school_id IS NOT DISTINCT FROM $2 AND kind = $3 AND language = $4",
    )
    .bind(actor.organisation.0)
    .bind(scope.school())
    .bind(kind.name())
    .bind(language.as_str())
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if removed == 0 {
        return Ok(false);
    }
    note(backend, &mut transaction, actor, scope, kind.name(), language, "removed").await?;
    transaction.commit().await?;
    Ok(true)
}

/// Finds a kind of message by name.
fn known<'a>(backend: &'a Backend, name: &str) -> Result<&'a MessageKind> {
    backend.rooms.messages.iter().find(|kind| kind.name() == name).ok_or_else(|| {
        let names: Vec<&str> = backend.rooms.messages.iter().map(MessageKind::name).collect();
        FieldErrors::one(
            "kind",
            format!("There is no message called {name}. Choose one of: {}.", names.join(", ")),
        )
        .into()
    })
}

async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    scope: SettingsOf,
    kind: &str,
    language: &LanguageTag,
    what: &str,
) -> Result<()> {
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .details(json!({ "setting": "message_template", "message": kind, "language": language.as_str(), "template": what }));
    let entry = match scope {
        SettingsOf::School(school) => entry.subject("school", school.0),
        SettingsOf::Organisation => entry,
    };
    record(backend, connection, actor, entry).await
}
