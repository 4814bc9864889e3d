//! A student's record.

use domain::ids::PersonId;
use domain::roll::views::StudentRecord;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/record", holding ViewRoll);

/// Everything about one student.
#[server(endpoint = "roll/record", input = Json)]
pub async fn read_record(person: PersonId) -> Result<StudentRecord, AppError> {
    let entered = crate::guard::enter("roll/record")?;
    crate::guard::answer(backend::roll::record::record(&entered.backend, &entered.actor, person).await)
}
