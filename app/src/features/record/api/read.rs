//! A student's record.

use domain::ids::PersonId;
use domain::record::StudentRecord;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("record/read", holding ViewRoll);

/// Returns everything about one student.
#[server(endpoint = "record/read", input = Json)]
pub async fn read_record(person: PersonId) -> Result<StudentRecord, AppError> {
    let entered = crate::guard::enter("record/read")?;
    crate::guard::answer(backend::record::record(&entered.backend, &entered.actor, person).await)
}
