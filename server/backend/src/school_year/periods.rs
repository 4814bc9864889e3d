//! The periods of an organisation's schools.

use std::collections::HashMap;

use domain::ids::{OrganisationId, SchoolId};
use domain::school_year::settings::{
    CLOSED_AFTER, ERASED_AFTER, OPENS_BEFORE, Periods, STAFF_SUSPENDED_AFTER, STOPPED_SHARE, SUSPENDED_AFTER,
};
use domain::settings::{Setting, SettingValue};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Result;

#[derive(sqlx::FromRow)]
struct SchoolSettingRow {
    school_id: Uuid,
    setting: Option<String>,
    value: Option<Json<Value>>,
}

/// Returns the periods of every school of an organisation.
pub(super) async fn of_schools(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<HashMap<SchoolId, Periods>> {
    let rows = sqlx::query_as::<_, SchoolSettingRow>(
        "SELECT s.id AS school_id, g.setting, g.value
         FROM schools s LEFT JOIN settings g ON g.organisation_id = s.organisation_id AND g.school_id = s.id
         WHERE s.organisation_id = $1",
    )
    .bind(organisation.0)
    .fetch_all(connection)
    .await?;
    let mut stored: HashMap<SchoolId, HashMap<String, Value>> = HashMap::new();
    for row in rows {
        let of_school = stored.entry(SchoolId(row.school_id)).or_default();
        if let (Some(setting), Some(Json(value))) = (row.setting, row.value) {
            of_school.insert(setting, value);
        }
    }
    Ok(stored.into_iter().map(|(school, values)| (school, periods(&values))).collect())
}

fn periods(values: &HashMap<String, Value>) -> Periods {
    Periods {
        opens: of(values, &OPENS_BEFORE),
        suspended: of(values, &SUSPENDED_AFTER),
        staff_suspended: of(values, &STAFF_SUSPENDED_AFTER),
        closed: of(values, &CLOSED_AFTER),
        erased: of(values, &ERASED_AFTER),
        share: of(values, &STOPPED_SHARE),
    }
}

fn of<T: SettingValue>(values: &HashMap<String, Value>, setting: &Setting<T>) -> T {
    setting.value(values.get(setting.slug))
}
