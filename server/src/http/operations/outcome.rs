//! The response after an approved operation has run: one arm for each kind.

use app::features::accounts::pages::printed::printed_page;
use app::features::cards::pages::made::made_page as cards_page;
use app::features::guardians::pages::autocreate::path_of;
use app::features::recovery::pages::codes::made_page;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::change_state::ChangeState;
use backend::accounts::create::CreateAccounts;
use backend::accounts::export::ExportAccounts;
use backend::accounts::paste::PasteAccounts;
use backend::accounts::portal_group::SetPortalGroup;
use backend::accounts::print::PrintInvitations;
use backend::accounts::rename::RenameAccounts;
use backend::cards::make::MakeCards;
use backend::data_rights::erase::ErasePerson;
use backend::guardians::access::restrictions::lift::LiftRestriction;
use backend::guardians::access::restrictions::narrow::NarrowRestriction;
use backend::guardians::autocreate::create::AutocreateGuardians;
use backend::guardians::duplicates::merge::MergePeople;
use backend::operations::{ApprovedRun, Operation, approvals, run_approved};
use backend::recovery::office_codes::MakeCodes;
use backend::school_year::now::FollowRoll;
use backend::school_year::rollover::RollOver;
use backend::{Backend, Error, Result};
use domain::authorization::actor::Actor;
use domain::ids::OperationId;

use crate::http::accounts::export::download;
use crate::http::accounts::{bulk, rename};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;

/// Runs an operation that the signed-in person asked for, and shows the result.
pub(super) async fn of(
    office: &OfficeRequest,
    backend: &Backend,
    operation: OperationId,
) -> Result<Response> {
    let actor = &office.who.actor;
    match approvals::kind_of(backend, actor, operation).await?.as_str() {
        CreateAccounts::KIND => {
            of_kind::<CreateAccounts>(backend, actor, operation, |_| {
                Redirect::to(&format!("/accounts/batches/{operation}?step=3")).into_response()
            })
            .await
        }
        PasteAccounts::KIND => {
            of_kind::<PasteAccounts>(backend, actor, operation, |done| {
                Redirect::to(&format!("/accounts/batches/{}", done.operation)).into_response()
            })
            .await
        }
        ChangeState::KIND => {
            of_kind::<ChangeState>(backend, actor, operation, |_| bulk::page_of(operation)).await
        }
        SetPortalGroup::KIND => {
            of_kind::<SetPortalGroup>(backend, actor, operation, |_| bulk::page_of(operation)).await
        }
        ErasePerson::KIND => {
            of_kind::<ErasePerson>(backend, actor, operation, |_| {
                Redirect::to("/data-rights/erased").into_response()
            })
            .await
        }
        RenameAccounts::KIND => {
            of_kind::<RenameAccounts>(backend, actor, operation, |_| rename::page_of(operation)).await
        }
        FollowRoll::KIND => {
            of_kind::<FollowRoll>(backend, actor, operation, |_| {
                Redirect::to("/school-year/nightly?done=now").into_response()
            })
            .await
        }
        RollOver::KIND => {
            of_kind::<RollOver>(backend, actor, operation, |_| {
                Redirect::to("/school-year?done=rolled-over").into_response()
            })
            .await
        }
        AutocreateGuardians::KIND => {
            of_kind::<AutocreateGuardians>(backend, actor, operation, |run| {
                Redirect::to(&format!("{}?done=created", path_of(run))).into_response()
            })
            .await
        }
        ExportAccounts::KIND => of_kind::<ExportAccounts>(backend, actor, operation, download).await,
        MakeCodes::KIND => {
            of_kind::<MakeCodes>(backend, actor, operation, |made| {
                html(StatusCode::OK, made_page(office.page.clone(), ("/approvals", "Approvals"), made))
            })
            .await
        }
        PrintInvitations::KIND => {
            of_kind::<PrintInvitations>(backend, actor, operation, |printed| {
                html(StatusCode::OK, printed_page(office.page.clone(), ("/approvals", "Approvals"), printed))
            })
            .await
        }
        MakeCards::KIND => {
            of_kind::<MakeCards>(backend, actor, operation, |made| {
                html(StatusCode::OK, cards_page(office.page.clone(), ("/approvals", "Approvals"), made))
            })
            .await
        }
        LiftRestriction::KIND => {
            of_kind::<LiftRestriction>(backend, actor, operation, |child| {
                Redirect::to(&format!("/students/{child}/access?done=lifted")).into_response()
            })
            .await
        }
        NarrowRestriction::KIND => {
            of_kind::<NarrowRestriction>(backend, actor, operation, |child| {
                Redirect::to(&format!("/students/{child}/access?done=changed")).into_response()
            })
            .await
        }
        MergePeople::KIND => {
            of_kind::<MergePeople>(backend, actor, operation, |_| {
                Redirect::to("/guardians/duplicates?done=merged").into_response()
            })
            .await
        }
        kind => Err(Error::unexpected(format!("nothing shows the outcome of {kind}"))),
    }
}

/// Runs an operation of one kind; a long one is shown on its page while a job runs it.
async fn of_kind<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    operation: OperationId,
    shown: impl FnOnce(O::Outcome) -> Response,
) -> Result<Response> {
    Ok(match run_approved::<O>(backend, actor, operation).await? {
        ApprovedRun::Ran(ran) => shown(ran.outcome),
        ApprovedRun::Queued => Redirect::to(&format!("/operations/{operation}")).into_response(),
    })
}
