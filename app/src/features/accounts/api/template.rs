//! A school's username pattern.

use domain::accounts::template::UsernameTemplate;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/template", holding ViewAccounts);

/// Returns the school's template.
#[server(endpoint = "accounts/template", input = Json, output = Json)]
pub async fn read_template(school: SchoolId) -> Result<UsernameTemplate, AppError> {
    let entered = crate::guard::enter("accounts/template")?;
    crate::guard::answer(
        backend::accounts::template::template(&entered.backend, &entered.actor, school).await,
    )
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/set_template", holding ManageSettings);

/// Changes the school's template for new accounts.
#[server(endpoint = "accounts/set_template", input = Json, output = Json)]
pub async fn set_template(school: SchoolId, template: UsernameTemplate) -> Result<(), AppError> {
    let entered = crate::guard::enter("accounts/set_template")?;
    let (backend, actor) = (&entered.backend, &entered.actor);
    let among = backend::accounts::create::Among::Students;
    crate::guard::answer(
        backend::accounts::template::set_template(backend, actor, school, among, &template).await,
    )
}
