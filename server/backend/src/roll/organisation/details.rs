//! The organisation's name, time zone and office.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;
use domain::roll::office::{OfficeContact, optional};
use domain::roll::school::InstitutionName;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use super::UNNAMED;
use super::time_zone::{TimeZone, TimeZoneError};
use crate::audit::{AuditEntry, alerts, record};
use crate::tenancy::target::{AnySchool, Organisation};
use crate::{Backend, Result};

/// The submitted form, or the current values as text to edit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganisationForm {
    /// The name; empty until one is chosen.
    pub name: String,
    /// The IANA name of the time zone.
    pub time_zone: String,
    /// The office's phone number.
    pub office_phone: String,
    /// The office's email address.
    pub office_email: String,
}

/// Valid details.
struct OrganisationDetails {
    name: InstitutionName,
    time_zone: TimeZone,
    office: OfficeContact,
}

impl OrganisationForm {
    fn parse(&self) -> Result<OrganisationDetails> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse::<InstitutionName>());
        let time_zone = errors.take("time_zone", self.time_zone.parse::<TimeZone>());
        let office = office(&mut errors, &self.office_phone, &self.office_email);
        if office.as_ref().is_some_and(OfficeContact::is_empty) {
            errors
                .push("office_phone", "Enter the office\u{2019}s phone number, its email address, or both.");
        }
        match (name, time_zone, office) {
            (Some(name), Some(time_zone), Some(office)) if errors.is_empty() => {
                Ok(OrganisationDetails { name, time_zone, office })
            }
            _ => Err(errors.into()),
        }
    }
}

/// Parses the two fields of an office.
pub(in crate::roll) fn office(errors: &mut FieldErrors, phone: &str, email: &str) -> Option<OfficeContact> {
    let phone = errors.take("office_phone", optional(phone));
    let email = errors.take("office_email", optional(email));
    Some(OfficeContact { phone: phone?, email: email? })
}

/// The organisation, as its settings page and set-up show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationView {
    /// Its values.
    pub form: OrganisationForm,
    /// Whether it has a school.
    pub has_school: bool,
    /// Whether the reader may change it.
    pub may_change: bool,
}

#[derive(sqlx::FromRow)]
struct OrganisationRow {
    name: String,
    time_zone: String,
    office_phone: Option<String>,
    office_email: Option<String>,
    has_school: bool,
}

/// Returns the organisation's details.
pub async fn details(backend: &Backend, actor: &Actor) -> Result<OrganisationView> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction;
    let row = load(&mut transaction, actor).await?;
    // Nobody has chosen either yet.
    let (name, time_zone) = if row.name == UNNAMED { Default::default() } else { (row.name, row.time_zone) };
    Ok(OrganisationView {
        form: OrganisationForm {
            name,
            time_zone,
            office_phone: row.office_phone.unwrap_or_default(),
            office_email: row.office_email.unwrap_or_default(),
        },
        has_school: row.has_school,
        may_change: decide(actor, Permission::ManageSettings, Resource::Organisation(actor.organisation))
            .is_ok(),
    })
}

async fn load(connection: &mut PgConnection, actor: &Actor) -> Result<OrganisationRow> {
    Ok(sqlx::query_as::<_, OrganisationRow>(
        "SELECT o.name, o.time_zone, o.office_phone, o.office_email,
                EXISTS (SELECT FROM schools s WHERE s.organisation_id = o.id) AS has_school
         FROM organisations o WHERE o.id = $1",
    )
    .bind(actor.organisation.0)
    .fetch_one(connection)
    .await?)
}

/// Changes the organisation's details. Every date and time is in the new zone from then on. Administrators are
/// alerted if replies to messages go to another address.
///
/// # Errors
/// Every invalid field at once; nothing is changed then.
#[tracing::instrument(skip_all)]
pub async fn change(backend: &Backend, actor: &Actor, form: &OrganisationForm) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let OrganisationDetails { name, time_zone, office } = form.parse()?;
    // A zone that the database does not know would break every statement that needs "today".
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)")
        .bind(time_zone.to_string())
        .fetch_one(&mut *transaction)
        .await?;
    if !known {
        return Err(FieldErrors::one("time_zone", TimeZoneError.to_string()).into());
    }
    let before = load(&mut transaction, actor).await?;
    let email = office.email.as_ref().map(ToString::to_string);
    sqlx::query(
        "UPDATE organisations SET name = $2, time_zone = $3, office_phone = $4, office_email = $5 WHERE id = $1",
    )
    .bind(actor.organisation.0)
    .bind(name.as_str())
    .bind(time_zone.to_string())
    .bind(office.phone.as_ref().map(ToString::to_string))
    .bind(&email)
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged).details(json!({
        "setting": "organisation", "name": name.as_str(), "time_zone": time_zone.to_string(),
        "office_phone": office.phone, "office_email": email,
    }));
    // Without an address before, replies went to the sender. While the organisation is set up there are none.
    if before.office_email != email && (before.office_email.is_some() || before.has_school) {
        alerts::raise(backend, &mut transaction, actor, entry).await?;
    } else {
        record(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
