//! "New user": the form, who may be the same, and the new person.

use app::features::guardians::pages::new::{NewUser, new_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::contacts::attach::attach;
use backend::guardians::people::add::add as add_adult;
use backend::guardians::people::elsewhere::{ask as ask_elsewhere, is_known};
use backend::guardians::people::likely::likely;
use backend::guardians::people::logon::{check_logon, create_account};
use backend::record::record;
use backend::tenancy::target::InSchool;
use backend::{Backend, Error};
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::adult::{AdultForm, LogonType};
use domain::guardians::form::{ContactForm, YES};
use domain::ids::PersonId;
use serde::Deserialize;

use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The student whose contact is added, if one is.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct NewQuery {
    child: String,
}

/// The submitted form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct NewForm {
    child: String,
    sure: String,
    known: String,
    elsewhere: String,
    #[serde(flatten)]
    adult: AdultForm,
    #[serde(flatten)]
    contact: ContactForm,
}

/// The empty form.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<NewQuery>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let today = backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?.at.today;
    let child = child(&office, &backend, &query.child).await?;
    let logon =
        if office.page.me.may(Permission::ManageAccounts) { LogonType::Email } else { LogonType::Later };
    let adult = AdultForm { logon: logon.slug().to_owned(), ..AdultForm::default() };
    let new = NewUser { adult, contact: ContactForm::beginning(today), child, ..NewUser::default() };
    Ok(html(StatusCode::OK, new_page(office.page, new)))
}

/// Adds them; or asks first if there is somebody who may be the same.
pub(super) async fn add(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<NewForm>,
) -> Result<Response, PageError> {
    let child = child(&office, &backend, &form.child).await?;
    if let (YES, Some((id, _))) = (form.elsewhere.as_str(), &child) {
        let (actor, school) = (&office.who.actor, office.page.me.school.id);
        let asked = match form.adult.parse() {
            Ok(adult) => ask_elsewhere(&backend, actor, school, &adult, *id).await,
            Err(errors) => Err(errors.into()),
        };
        return match asked.map_err(told) {
            Ok(()) => Ok(Redirect::to("/guardians/tasks?asked=yes").into_response()),
            Err(Ok((errors, problem))) => {
                let (adult, contact) = (form.adult, form.contact);
                let new = NewUser { adult, contact, child, errors, problem, ..NewUser::default() };
                Ok(html(StatusCode::OK, new_page(office.page, new)))
            }
            Err(Err(error)) => Err(error.into()),
        };
    }
    let known = form.known.parse::<PersonId>().ok();
    let mut new = NewUser { adult: form.adult, contact: form.contact, child, ..NewUser::default() };
    let added = match (known, &new.child) {
        (Some(known), Some((child, _))) => {
            attach_known(&office, &backend, (known, *child), &new.contact).await.map(Some)
        }
        _ => add_or_ask(&office, &backend, &mut new, form.sure == YES).await,
    };
    Ok(match added.map_err(told) {
        Ok(Some(person)) => {
            let done = if known.is_none() && new.adult.logon_type().is_ok_and(LogonType::creates) {
                let (actor, school) = (&office.who.actor, office.page.me.school.id);
                if create_account(&backend, actor, school, person).await? {
                    "added_account"
                } else {
                    "added_review"
                }
            } else {
                "added"
            };
            match &new.child {
                Some((child, _)) if done != "added_review" => {
                    Redirect::to(&format!("/students/{child}?tab=contacts")).into_response()
                }
                _ => Redirect::to(&format!("/guardians/{person}/modify?done={done}")).into_response(),
            }
        }
        Ok(None) => html(StatusCode::OK, new_page(office.page, new)),
        Err(Ok((errors, problem))) => {
            // What is said of the pair has no field in this form.
            new.problem = problem.or_else(|| errors.of("student").map(str::to_owned));
            new.errors = errors;
            new.errors.0.retain(|error| error.field != "student");
            html(StatusCode::OK, new_page(office.page, new))
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Attaches the student to somebody who is known already.
async fn attach_known(
    office: &OfficeRequest,
    backend: &Backend,
    (known, child): (PersonId, PersonId),
    contact: &ContactForm,
) -> Result<PersonId, Error> {
    attach(backend, &office.who.actor, known, child, contact.parse()?).await?;
    Ok(known)
}

/// Adds the person; nobody if `new` now names somebody who may be the same.
async fn add_or_ask(
    office: &OfficeRequest,
    backend: &Backend,
    new: &mut NewUser,
    sure: bool,
) -> Result<Option<PersonId>, Error> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let adult = new.adult.parse();
    let logon = new.adult.logon_type();
    let contact = new.child.as_ref().map(|(child, _)| new.contact.parse().map(|facts| (*child, facts)));
    let (adult, logon, contact) = match (adult, logon, contact.transpose()) {
        (Ok(adult), Ok(logon), Ok(contact)) => (adult, logon, contact),
        (adult, logon, contact) => {
            let errors =
                [adult.err(), logon.err(), contact.err()].into_iter().flatten().flat_map(|errors| errors.0);
            let errors: FieldErrors = errors.collect();
            return Err(Error::Invalid(errors.in_order(&AdultForm::FIELDS)));
        }
    };
    let fits =
        if logon.creates() { check_logon(backend, actor, school, &adult, logon).await } else { Ok(()) };
    if !sure {
        new.likely = likely(backend, actor, school, &adult).await?;
        new.elsewhere = is_known(backend, actor, school, &adult).await?;
        if new.elsewhere || !new.likely.is_empty() {
            // Who has the address already may be the one who is meant: they are named beside the error.
            return match fits {
                Err(Error::Invalid(errors)) => {
                    new.errors = errors;
                    Ok(None)
                }
                other => other.map(|()| None),
            };
        }
    }
    fits?;
    add_adult(backend, actor, school, &adult, contact).await.map(Some)
}

/// The student that is named, with their name; none if none is.
async fn child(
    office: &OfficeRequest,
    backend: &Backend,
    id: &str,
) -> Result<Option<(PersonId, String)>, Error> {
    if id.is_empty() {
        return Ok(None);
    }
    let person: PersonId = id.parse().map_err(|_| Error::NotFound("student"))?;
    let found = record(backend, &office.who.actor, person).await?;
    Ok(Some((person, found.name)))
}
