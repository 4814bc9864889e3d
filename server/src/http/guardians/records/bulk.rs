//! What is done to several guardians of the list: the question, and its answers. Forms rather than links, because the ticked
//! people may be many.

use app::features::accounts::pages::printed::printed_page;
use app::features::guardians::pages::bulk::bulk_page;
use app::features::guardians::pages::list::{ListNotice, query};
use app::features::recovery::pages::codes::ask_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::accounts::print::{PrintEnd, print};
use backend::guardians::bulk::ask::ask as question;
use backend::guardians::bulk::cancel::cancel;
use backend::guardians::bulk::export::export as export_chosen;
use backend::guardians::bulk::people::{chosen_for, outdated};
use backend::guardians::bulk::run::{self, BulkEnd};
use backend::recovery::office_codes::ask_for_codes;
use backend::{Backend, Error};
use domain::accounts::export::ExportFormat;
use domain::guardians::bulk::{ChosenGuardians, GuardianAction, GuardianFilter};
use domain::guardians::form::YES;
use domain::guardians::views::AccountFilter;
use domain::ids::PersonId;
use domain::operations::plan::PlanHash;
use domain::roll::selection::Selection;

use super::list::page;
use crate::http::accounts::bulk;
use crate::http::accounts::export::download;
use crate::http::cards::make as cards;
use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;
use crate::http::recovery::list_of;

/// A form: the action, whom it is for, and the list they were chosen from. Each ticked guardian has a field of their own.
pub(super) struct BulkForm {
    fields: Vec<(String, String)>,
}

impl BulkForm {
    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// What to do.
    ///
    /// # Errors
    /// For anything that is no action.
    fn action(&self) -> Result<GuardianAction, Error> {
        GuardianAction::from_slug(self.field("action"))
            .ok_or_else(|| Error::conflict("no_action", "Choose what to do for these guardians."))
    }

    fn filter(&self) -> GuardianFilter {
        let accounts = AccountFilter::read(self.field("account"));
        GuardianFilter { words: self.field("q").to_owned(), accounts }
    }

    fn chosen(&self) -> ChosenGuardians {
        if self.field("all") == YES {
            return ChosenGuardians::Matching(self.filter());
        }
        let ticked = self.fields.iter().filter(|(field, _)| field == "guardian");
        ChosenGuardians::Ticked(ticked.filter_map(|(_, id)| id.parse::<PersonId>().ok()).collect())
    }
}

/// Says what an action would do.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let form = BulkForm { fields };
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let asked = match form.action() {
        Ok(action @ (GuardianAction::Cards | GuardianAction::Change(_))) => {
            return match chosen_for(&backend, actor, school, &form.chosen(), action).await {
                Ok(selection) => asked_of_all(office, &backend, selection, action).await,
                Err(error) => refused(office, &backend, &form, error).await,
            };
        }
        Ok(action) => {
            question(&backend, actor, school, &form.chosen(), action).await.map(|asked| (action, asked))
        }
        Err(error) => Err(error),
    };
    match asked {
        Ok((action, asked)) => {
            let back = format!("/guardians?{}", query(&form.filter()));
            Ok(html(StatusCode::OK, bulk_page(office.page, action, form.chosen(), back, asked)))
        }
        Err(error) => refused(office, &backend, &form, error).await,
    }
}

/// The question before cards, or before a change of accounts: it is the same for everyone.
pub(in crate::http::guardians) async fn asked_of_all(
    office: OfficeRequest,
    backend: &Backend,
    selection: Selection,
    action: GuardianAction,
) -> Result<Response, PageError> {
    let school = office.page.me.school.id;
    if let GuardianAction::Change(change) = action {
        bulk::simulated(office, backend, (school, Among::Guardians, &selection), change).await
    } else {
        let whose = (school, selection, Among::Guardians);
        cards::question(office, backend, whose, None, list_of(Among::Guardians)).await
    }
}

/// Sends invitations, or cancels them.
pub(super) async fn invitations(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let form = BulkForm { fields };
    let (actor, school, chosen) = (&office.who.actor, office.page.me.school.id, form.chosen());
    let end = match form.action() {
        Ok(GuardianAction::Invite(standing)) => run::invite(&backend, actor, school, &chosen, standing).await,
        Ok(GuardianAction::Cancel) => cancel(&backend, actor, school, &chosen).await.map(|report| {
            BulkEnd::Done(usize::try_from(report.revoked + report.cancelled).unwrap_or(usize::MAX))
        }),
        Ok(_) => Err(outdated()),
        Err(error) => Err(error),
    };
    answer(office, &backend, &form, end).await
}

/// Creates accounts: those that were shown.
pub(super) async fn create(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let form = BulkForm { fields };
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let end = match form.field("seen").parse::<PlanHash>() {
        Ok(seen) => run::create(&backend, actor, school, &form.chosen(), seen).await,
        Err(_) => Err(outdated()),
    };
    answer(office, &backend, &form, end).await
}

/// Prints invitation codes, or goes on to one-time codes.
pub(super) async fn accounts(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let form = BulkForm { fields };
    let chosen = form.chosen();
    let end = match form.action() {
        Ok(GuardianAction::Codes) => return codes(office, &backend, &form).await,
        Ok(GuardianAction::Print) => match printed(&office, &backend, &chosen).await {
            Ok(PrintEnd::Printed(printed)) => {
                let list = list_of(Among::Guardians);
                return Ok(html(StatusCode::OK, printed_page(office.page, list, printed)));
            }
            Ok(PrintEnd::Waits) => Ok(BulkEnd::Waits),
            Ok(PrintEnd::Nobody) => Ok(BulkEnd::Done(0)),
            Err(error) => Err(error),
        },
        Ok(_) => Err(outdated()),
        Err(error) => Err(error),
    };
    answer(office, &backend, &form, end).await
}

/// Makes invitation codes on paper.
async fn printed(
    office: &OfficeRequest,
    backend: &Backend,
    chosen: &ChosenGuardians,
) -> Result<PrintEnd, Error> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let selection = chosen_for(backend, actor, school, chosen, GuardianAction::Print).await?;
    print(backend, actor, school, (Among::Guardians, selection)).await
}

/// The question before one-time codes: it is the same for everyone.
async fn codes(office: OfficeRequest, backend: &Backend, form: &BulkForm) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let selection = match chosen_for(backend, actor, school, &form.chosen(), GuardianAction::Codes).await {
        Ok(selection) => selection,
        Err(error) => return refused(office, backend, form, error).await,
    };
    let found = ask_for_codes(backend, actor, school, (Among::Guardians, &selection)).await?;
    let selection = serde_json::to_string(&selection).map_err(Error::unexpected)?;
    let whose = (school, selection, Among::Guardians.slug());
    Ok(html(StatusCode::OK, ask_page(office.page, whose, list_of(Among::Guardians), found)))
}

/// The file.
pub(super) async fn export(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let form = BulkForm { fields };
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let format =
        if form.field("format") == ExportFormat::Csv.slug() { ExportFormat::Csv } else { ExportFormat::Xlsx };
    match export_chosen(&backend, actor, school, &form.chosen(), format).await {
        Ok(file) => Ok(download(file)),
        Err(error) => Err(PageError::from(error).back_to("/guardians", "Guardians")),
    }
}

async fn answer(
    office: OfficeRequest,
    backend: &Backend,
    form: &BulkForm,
    end: Result<BulkEnd, Error>,
) -> Result<Response, PageError> {
    let list = format!("/guardians?{}", query(&form.filter()));
    Ok(match end {
        Ok(BulkEnd::Done(many)) => {
            Redirect::to(&format!("{list}&did={}&many={many}", form.field("action"))).into_response()
        }
        Ok(BulkEnd::Created(batch)) => {
            Redirect::to(&format!("/accounts/batches/{batch}?step=3")).into_response()
        }
        Ok(BulkEnd::Queued(operation)) => Redirect::to(&format!("/operations/{operation}")).into_response(),
        Ok(BulkEnd::Waits) => Redirect::to("/approvals?done=asked").into_response(),
        Err(error) => refused(office, backend, form, error).await?,
    })
}

/// The list, with why nothing was done and the action that was chosen.
async fn refused(
    office: OfficeRequest,
    backend: &Backend,
    form: &BulkForm,
    error: Error,
) -> Result<Response, PageError> {
    let (_, problem) = told(error)?;
    let notice = ListNotice { done: None, problem, chosen: form.action().ok() };
    page(office, backend, form.filter(), None, notice).await
}
