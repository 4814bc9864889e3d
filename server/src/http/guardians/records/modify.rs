//! "Modify user": details, and the students that are attached.

use app::features::guardians::pages::modify::{AttachForm, ModifyUser, modify_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::contacts::attach::attach as attach_student;
use backend::guardians::people::change::change;
use backend::guardians::people::shown::guardian;
use backend::guardians::people::students::{NamedStudent, named};
use backend::tenancy::target::InSchool;
use backend::{Backend, Error};
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::access::Opening;
use domain::guardians::adult::AdultForm;
use domain::guardians::form::ContactForm;
use domain::ids::PersonId;
use serde::Deserialize;

use super::{done, opened_word, person};
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ModifyQuery {
    done: String,
    student: String,
}

/// What a form had, that was not taken.
#[derive(Default)]
struct Refused {
    details: Option<(AdultForm, FieldErrors)>,
    attach: Option<AttachForm>,
    problem: Option<String>,
}

/// The page.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Query(query): Query<ModifyQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let attach = match query.student.parse::<PersonId>() {
        Ok(student) => Some(meant(&office, &backend, student).await?),
        Err(_) => None,
    };
    page(office, &backend, &id, Refused { attach, ..Refused::default() }).await
}

/// Changes their details.
pub(super) async fn details(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(form): Form<AdultForm>,
) -> Result<Response, PageError> {
    let changed = match form.details() {
        Ok(details) => change(&backend, &office.who.actor, person(&id)?, &details).await,
        Err(errors) => Err(errors.into()),
    };
    Ok(match changed.map_err(told) {
        Ok(()) => Redirect::to(&format!("/guardians/{id}/modify?done=saved")).into_response(),
        Err(Ok((errors, problem))) => {
            let refused = Refused { details: Some((form, errors)), problem, ..Refused::default() };
            page(office, &backend, &id, refused).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

/// The submitted form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AttachFields {
    student: String,
    chosen: String,
    #[serde(flatten)]
    contact: ContactForm,
}

/// Attaches a student.
pub(super) async fn attach(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(fields): Form<AttachFields>,
) -> Result<Response, PageError> {
    let mut form = AttachForm {
        student: fields.student,
        chosen: fields.chosen.parse().ok(),
        contact: fields.contact,
        ..AttachForm::default()
    };
    let attached = attach_named(&office, &backend, person(&id)?, &mut form).await;
    Ok(match attached.map_err(told) {
        Ok(opening) => {
            let done = opened_word(opening, "attached");
            Redirect::to(&format!("/guardians/{id}/modify?done={done}")).into_response()
        }
        Err(Ok((errors, problem))) => {
            form.errors = errors;
            page(office, &backend, &id, Refused { attach: Some(form), problem, ..Refused::default() }).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Attaches the student who is named, if that is one; otherwise `form` then offers those who are meant.
async fn attach_named(
    office: &OfficeRequest,
    backend: &Backend,
    adult: PersonId,
    form: &mut AttachForm,
) -> Result<Opening, Error> {
    let actor = &office.who.actor;
    let mut found = named(backend, actor, office.page.me.school.id, &form.student).await?;
    let one = match (form.chosen, found.as_slice()) {
        (Some(chosen), many) if many.iter().any(|student| student.person == chosen) => Ok(chosen),
        (_, [one]) if one.elsewhere.is_none() => Ok(one.person),
        (_, [_]) => Err("This student is at another school. Choose them if they are the one you mean."),
        (_, []) if form.student.trim().is_empty() => Err("Enter an admission number or a name."),
        (_, []) => Err("No student at your schools has this admission number or name."),
        _ => Err("Several students match. Choose one of them."),
    };
    if found.len() > 1 || found.iter().any(|student| student.elsewhere.is_some()) {
        form.choices = std::mem::take(&mut found);
    }
    let mut errors = FieldErrors::default();
    let child = errors.take("student", one);
    let facts = form.contact.parse();
    if let Err(wrong) = &facts {
        errors.0.extend(wrong.0.iter().cloned());
    }
    match (child, facts) {
        (Some(child), Ok(facts)) => {
            attach_student(backend, actor, adult, child, facts).await.map(|attached| attached.opened)
        }
        _ => Err(errors.into()),
    }
}

/// The form that attaches a student who is known already.
async fn meant(office: &OfficeRequest, backend: &Backend, student: PersonId) -> Result<AttachForm, Error> {
    let found = backend::record::record(backend, &office.who.actor, student).await?;
    let enrolment = found.enrolments.into_iter().next();
    let number = enrolment.as_ref().map(|one| one.admission_number.clone()).unwrap_or_default();
    let choice = NamedStudent {
        person: student,
        name: found.name,
        admission_number: number.clone(),
        group: enrolment.map(|one| one.group).unwrap_or_default(),
        elsewhere: None,
    };
    Ok(AttachForm {
        student: number,
        choices: vec![choice],
        chosen: Some(student),
        contact: beginning(office, backend).await?,
        errors: FieldErrors::default(),
    })
}

/// The fields of a contact that begins today.
async fn beginning(office: &OfficeRequest, backend: &Backend) -> Result<ContactForm, Error> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let today = backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?.at.today;
    Ok(ContactForm::beginning(today))
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    refused: Refused,
) -> Result<Response, PageError> {
    let shown = guardian(backend, &office.who.actor, person(id)?).await?;
    let (details, details_errors) =
        refused.details.unwrap_or_else(|| (shown.form.clone(), FieldErrors::default()));
    let attach = match refused.attach {
        Some(attach) => attach,
        None => AttachForm { contact: beginning(&office, backend).await?, ..AttachForm::default() },
    };
    let history = backend::record::record(backend, &office.who.actor, shown.person).await?.history;
    let user = ModifyUser { shown, details, details_errors, attach, history, problem: refused.problem };
    Ok(html(StatusCode::OK, modify_page(office.page, user)))
}
