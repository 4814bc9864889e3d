//! What the browser is answered when an approved operation has run: one arm for each kind.

use app::features::recovery::pages::codes::made_page;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::change_state::ChangeState;
use backend::accounts::create::CreateAccounts;
use backend::accounts::export::ExportAccounts;
use backend::operations::{Operation, approvals, run_approved};
use backend::recovery::office_codes::MakeCodes;
use backend::{Backend, Error, Result};
use domain::ids::OperationId;

use crate::http::accounts::export::download;
use crate::http::desk::AtDesk;
use crate::http::family::html;

/// Runs an operation of the person at this desk, and shows what came of it.
pub(super) async fn of(desk: &AtDesk, backend: &Backend, operation: OperationId) -> Result<Response> {
    let actor = &desk.who.actor;
    match approvals::kind_of(backend, actor, operation).await?.as_str() {
        CreateAccounts::KIND => {
            run_approved::<CreateAccounts>(backend, actor, operation).await?;
            Ok(Redirect::to(&format!("/accounts/batches/{operation}?step=3")).into_response())
        }
        ChangeState::KIND => {
            run_approved::<ChangeState>(backend, actor, operation).await?;
            Ok(Redirect::to("/approvals?done=ran").into_response())
        }
        ExportAccounts::KIND => {
            Ok(download(run_approved::<ExportAccounts>(backend, actor, operation).await?.outcome))
        }
        MakeCodes::KIND => {
            let made = run_approved::<MakeCodes>(backend, actor, operation).await?.outcome;
            Ok(html(StatusCode::OK, made_page(desk.page.clone(), made)))
        }
        kind => Err(Error::unexpected(format!("nothing shows the outcome of {kind}"))),
    }
}
